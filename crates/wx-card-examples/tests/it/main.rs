//! The programs, run against a sandbox.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bench;
mod many_accounts;
mod programs;
mod tenants;
mod token_server;
