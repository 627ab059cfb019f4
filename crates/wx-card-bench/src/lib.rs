//! What the programs of this crate share: the answers, and a transport that gives them without a socket.
//!
#![doc = include_str!("../README.md")]

pub mod bodies;
pub mod canned;
pub mod cases;
