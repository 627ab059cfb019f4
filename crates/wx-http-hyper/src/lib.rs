//! An HTTP backend: `HttpSend` on hyper, rustls and tokio.
//!
#![doc = include_str!("../README.md")]
// On docs.rs each item says which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
mod builder;
mod client;
mod connect;
mod error;
mod proxy;
mod start;
mod stream;
mod target;
mod tls;
mod tls_error;

pub use builder::HyperClientBuilder;
pub use client::HyperClient;
pub use error::{BuildError, BuildErrorKind};
pub use proxy::Proxy;
pub use tls::Roots;
pub use tls_error::{TlsError, TlsErrorKind};
