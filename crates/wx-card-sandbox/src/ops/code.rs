//! `/card/code/…`: codes.

pub(super) mod checkcode;
pub(super) mod consume;
pub(super) mod decrypt;
pub(super) mod deposit;
pub(super) mod get;
pub(super) mod getdepositcount;
pub(super) mod mark;
pub(super) mod unavailable;
pub(super) mod update;
