//! `/card/testwhitelist/…`: users who may take cards before their approval.

mod set;

pub use set::{SetTestWhitelist, SetTestWhitelistResponse};
