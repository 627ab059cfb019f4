//! Tills that redeem while everything breaks, and a ledger that is held against what they were told.
//!
//! Many tills redeem codes through a handful of clients, some of them the same code at the same time. About a fifth of
//! the requests go wrong in every way that the sandbox knows, tokens die in storms, and over real sockets the server is
//! restarted again and again. In the end what the tills were told must fit the ledger:
//!
//! - no code is redeemed twice, and no two callers are told that they redeemed it;
//! - what is said to be redeemed is redeemed;
//! - what was redeemed was redeemed by somebody who was told that it ran or may have run.
//!
//! `cargo xtask soak --minutes N --seed S` runs it over hyper; the tests run a short one in process.

mod claim;
mod random;
mod soak;
mod till;
mod weather;

pub use claim::{Book, Claim};
pub use random::Seeded;
pub use soak::{Problem, Report, Round, Soak};
pub use weather::Pace;
