//! Fleets of real processes against a sandbox, whose ledger says how often they fetched.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "only a test function counts as a test, its helpers do not"
)]

mod classic;
mod clocks;
mod cold_start;
mod crowd;
mod expiry;
mod fleet;
mod leader;
mod misfortunes;
mod redis;
mod redis_down;
mod world;
mod wx_java;
