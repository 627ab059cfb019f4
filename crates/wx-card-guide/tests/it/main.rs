//! The guides are whole.

#![expect(
    clippy::unwrap_used,
    reason = "only a test function counts as a test, its helpers do not"
)]

mod page;
mod pages;
