//! Tills that work while everything breaks, and a ledger that is held against what they were told.
//!
//! Many tills redeem codes, change stocks and create cards through a handful of clients, some of them the same code at
//! the same time. About a fifth of the requests go wrong in every way that the sandbox knows, tokens die in storms, and
//! over real sockets the server is restarted again and again. Each request bears the name of the call that it is sent
//! for, so the ledger tells for which call a code was redeemed, a stock moved, a card made. What a call was told must
//! fit what was done for it:
//!
//! - no code is redeemed twice, and no call runs twice;
//! - what was told that it ran did, and what was told that it did not, or that it cannot have, did not;
//! - what is said to be redeemed is, and was by then;
//! - a stock that is said to be read or set was so, and a card that is said to be created is the call's own.
//!
//! `cargo xtask soak --minutes N --seed S` runs it over hyper; the tests run a short one in process.

mod book;
mod call;
mod claim;
mod effects;
mod random;
mod reckoning;
mod soak;
mod till;
mod weather;

pub use book::{Book, Deed};
pub use call::tap;
pub use claim::{Claim, Told};
pub use effects::Effects;
pub use random::Seeded;
pub use reckoning::{Reckoning, Tally};
pub use soak::{Problem, Report, Round, Soak};
pub use weather::Pace;
