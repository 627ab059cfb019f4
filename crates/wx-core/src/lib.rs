//! Calls to the WeChat API over any HTTP stack.

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
