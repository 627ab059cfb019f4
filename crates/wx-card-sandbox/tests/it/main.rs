//! The sandbox from outside: what it refuses and what it does.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

mod batchget;
mod bench;
mod clients;
mod codes;
mod control;
mod create;
mod deposit;
mod faults;
mod faulty_server;
mod kinds;
mod offers;
mod pages;
mod requests;
mod server;
mod state_file;
mod stock;
mod tokens;
mod update;
