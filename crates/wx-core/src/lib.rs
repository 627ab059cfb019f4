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
//! - A call is sent once. It is sent once more only after its token was refused, when nothing has run.
//! - One fetch of a token at a time, whoever many wait for it; a refused token is dropped by its value, so that fifty
//!   callers who were refused with the old one do not drop the new one.
//! - No secret is ever shown: not in `Debug`, `Display`, an error's chain or a log line.
//!
//! # Features
//!
//! - `system`: the machine's clock and randomness, to be handed to [`Core::builder`].
//! - `test-util`: a scripted transport, a manual clock, fixed entropy; outside semver.

mod answer;
mod base_url;
mod cache;
mod call;
mod clock;
mod entropy;
mod errcode;
mod error;
mod http_send;
mod lease;
mod pipeline;
mod retry;
mod secret;
#[cfg(feature = "system")]
pub mod system;
#[cfg(feature = "test-util")]
pub mod test_util;
mod ticket;
mod token;

pub use base_url::{BaseUrl, InvalidBaseUrl};
pub use call::{Answer, Call};
pub use clock::Clock;
pub use entropy::Entropy;
pub use errcode::{ErrClass, ErrCode};
pub use error::{Error, ErrorKind};
pub use http_send::{HttpSend, SendError, SendErrorKind, http_send_fn};
pub use pipeline::{Core, CoreBuilder};
pub use secret::Secret;
pub use ticket::{CardTicket, JsapiTicket};
pub use token::TokenEndpoint;
