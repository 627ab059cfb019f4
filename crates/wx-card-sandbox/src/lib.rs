//! A card service of your own for tests: the WeChat card API, enforced.
//!
#![doc = include_str!("../README.md")]

mod control;
mod decode;
mod fault;
mod fields;
mod form;
mod ids;
mod ledger;
mod ops;
mod path;
mod picture;
mod query;
mod reason;
mod refusal;
mod router;
mod sandbox;
mod server;
mod service;
mod state;
mod tls;
mod token;

pub use control::ControlError;
pub use sandbox::{Builder, DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};
pub use server::Server;
