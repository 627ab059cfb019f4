//! The sandbox from outside: what it refuses and what it does.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

mod batchget;
mod bench;
mod clients;
mod codes;
mod control;
mod corpus;
mod create;
mod deposit;
mod faults;
mod faulty_server;
mod hostile;
mod kinds;
mod named_requests;
mod offers;
mod pages;
mod pictures;
mod requests;
mod secrecy;
mod server;
#[path = "../../../../fuzz/service.rs"]
mod service;
mod state_file;
mod stock;
mod tokens;
mod update;
