//! `/card/paycell/…`: paying from within a card.

mod set;

pub use set::{SetPayCell, SetPayCellResponse};
