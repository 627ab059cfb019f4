//! `/card/code/…`: codes, the single coupons in users' hands.

mod consume;
mod get;

pub use consume::{CardRef, ConsumeCode, ConsumeCodeResponse};
pub use get::{CodeCard, FormField, GetCode, GetCodeResponse, UserCardStatus, UserInfo};
