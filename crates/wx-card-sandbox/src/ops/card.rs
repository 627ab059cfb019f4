//! `/card/…`: cards.

pub(super) mod batchget;
mod check;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod getcolors;
pub(super) mod modifystock;
mod rules;
pub(super) mod update;
