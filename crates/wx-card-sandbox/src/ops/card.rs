//! `/card/…`: cards.

mod check;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod modifystock;
