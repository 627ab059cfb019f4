//! Programs to copy from: many accounts in one service, and one token server for many services.
//!
#![doc = include_str!("../README.md")]

pub mod from_token_server;
pub mod settings;
pub mod tenants;
pub mod token_server;

mod answer;

/// The examples of the page on tokens, which use all the stores.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../../docs/tokens.md")]
    mod english {}

    #[doc = include_str!("../../../docs/tokens.zh-CN.md")]
    mod chinese {}
}
