//! A token store: `TokenStore` on Redis.
//!
#![doc = include_str!("../README.md")]
// On docs.rs each item says which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod error;
mod layout;
mod link;
mod rate_limit;
mod script;
#[cfg(feature = "seal")]
mod seal;
mod server;
mod store;
#[cfg(feature = "tls")]
mod tls;
mod value;

pub use builder::RedisTokenStoreBuilder;
pub use error::{BuildError, BuildErrorKind};
pub use layout::Layout;
pub use rate_limit::RedisRateLimit;
#[cfg(feature = "seal")]
pub use seal::SealKey;
pub use store::RedisTokenStore;
