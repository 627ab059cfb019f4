//! The command as a process, against a sandbox or a hostile server on loopback.

#![expect(
    clippy::unwrap_used,
    reason = "only a test function counts as a test, its helpers do not"
)]

mod bodies;
mod bulk;
mod code_files;
mod failures;
mod faults;
mod guide;
mod hints;
mod hostile;
mod images;
mod life;
mod lists;
mod manage;
mod redeem;
mod run;
mod secrecy;
mod serving;
mod sign;
mod token_store;
mod usage;
mod world;
