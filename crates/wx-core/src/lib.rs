//! Calls to the WeChat API over any HTTP stack: transport trait, tokens, tickets, errors.
//!
//! [`Core`] takes a [`Call`] (path, body, whether sending it twice is harmless), adds the access token, sends it through
//! your [`HttpSend`], reads the envelope, and gives back an [`Answer`] or an [`Error`] that knows whether the call may
//! have run.
//!
//! It is *not* a client for cards: it knows no operation. The crate `wx-card` does, and stands on this one.
//! It is no HTTP stack either: take `wx-http-hyper`, or implement [`HttpSend`], which has one method.
//!
//! ```
//! use std::sync::Arc;
//!
//! use wx_core::{Call, Core, Error, HttpSend};
//! # use wx_core::test_util::{FixedEntropy, ManualClock, Reply, Script};
//!
//! async fn colors(core: &Core) -> Result<(), Error> {
//!     let answer = core.call(&Call::get("/card/getcolors")).await?;
//!     println!("{} bytes after {} attempt(s)", answer.body().len(), answer.attempts());
//!     Ok(())
//! }
//!
//! # let http = Script::new([Reply::token("T"), Reply::json("{\"errcode\":0,\"colors\":[]}")]);
//! # let (clock, entropy) = (ManualClock::at(0), FixedEntropy::new());
//! let http: Arc<dyn HttpSend> = Arc::new(http);
//! let core = Core::builder("wx0000000000000001", "the app secret", http, Arc::new(clock), Arc::new(entropy)).build();
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(colors(&core)).unwrap();
//! ```
//!
//! # What holds everywhere
//!
//! - Nothing here does I/O, reads a clock, the environment or randomness by itself; all of it is handed in.
//! - One pipeline sends every request, those for tokens and tickets too.
//! - A call that must not run twice is sent again only when it certainly did not run: [`RetryPolicy`] has the table.
//! - One fetch of a token at a time, whoever many wait for it; a refused token is dropped by its value, so that fifty
//!   callers who were refused with the old one do not drop the new one.
//! - No secret is ever shown: not in `Debug`, `Display`, an error's chain or a log line.
//!
//! # Features
//!
//! - `system`: the machine's clock and randomness, to be handed to [`Core::builder`].
//! - `test-util`: a scripted transport, a manual clock, fixed entropy, and the suites that try a transport or a token
//!   store of your own; outside semver.
//! - `tower`: `http_send_service`, which makes a transport from any `tower_service::Service` over HTTP.

// On docs.rs each item says which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod base_url;
mod cache;
mod call;
mod clock;
#[cfg(feature = "test-util")]
pub mod conformance;
mod deadline;
mod entropy;
mod errcode;
mod error;
mod http_send;
#[cfg(feature = "tower")]
mod http_send_service;
mod observe;
mod pipeline;
mod rate_limit;
mod retry;
mod secret;
mod sharing;
mod sync;
#[cfg(feature = "system")]
pub mod system;
mod targets;
#[cfg(feature = "test-util")]
pub mod test_util;
mod ticket;
mod timed_secret;
mod token;
mod token_kind;
mod token_store;

pub use base_url::{BaseUrl, InvalidBaseUrl};
pub use call::{Answer, Call};
pub use clock::Clock;
pub use entropy::Entropy;
pub use errcode::{ErrClass, ErrCode, Explanation};
pub use error::{Error, ErrorKind};
pub use http_send::{HttpSend, SendError, SendErrorKind, http_send_fn};
#[cfg(feature = "tower")]
pub use http_send_service::http_send_service;
pub use observe::{Event, Observer};
pub use pipeline::{Core, CoreBuilder};
pub use rate_limit::{RateLimit, RateLimitError};
pub use retry::{RetryPolicy, RetryReason};
pub use secret::Secret;
pub use sharing::{SharingPolicy, WithoutStore};
pub use ticket::{CardTicket, JsapiTicket, TicketKind};
pub use token::{
    AuthorizerToken, ClassicToken, Grant, IntoTokenSource, Platform, StableToken, TokenAsk, TokenSource,
    token_source_fn,
};
pub use token_kind::TokenKind;
pub use token_store::{MemoryTokenStore, StoreError, StoreLease, StoredToken, TokenKey, TokenRecord, TokenStore};
