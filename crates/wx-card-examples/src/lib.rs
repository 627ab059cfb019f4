//! Programs to copy from: many accounts in one service, and one token server for many services.
//!
#![doc = include_str!("../README.md")]

pub mod account;
pub mod from_token_server;
pub mod journal;
pub mod settings;
pub mod tenants;
pub mod token_server;

mod answer;
