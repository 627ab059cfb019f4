//! Where access tokens and tickets come from.

mod authorizer;
mod forced;
mod service;
mod source;

pub use authorizer::{AuthorizerToken, Platform};
pub(crate) use forced::Forced;
pub(crate) use service::TICKET_PATH;
pub use service::{ClassicToken, StableToken};
pub use source::{Grant, IntoTokenSource, TokenAsk, TokenSource, token_source_fn};
