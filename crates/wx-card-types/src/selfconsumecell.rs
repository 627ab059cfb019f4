//! `/card/selfconsumecell/…`: redeeming by the user.

mod set;

pub use set::{SetSelfConsumeCell, SetSelfConsumeCellResponse};
