//! Suites that prove that your own implementation of a trait keeps its contract.
//!
//! They are for tests, on loopback: unlike everything else in this crate they open sockets, start threads and read the
//! clock, and only where a test calls them.

pub mod http_send;
