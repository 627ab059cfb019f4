//! Suites that prove that your own implementation of a trait keeps its contract.
//!
//! They are for tests: [`http_send`] opens sockets on loopback, and both start threads and read the machine's clock,
//! unlike everything else in this crate, and only where a test calls them.

pub mod http_send;
mod report;
mod rule;
mod seen;
mod time;
pub mod token_store;
