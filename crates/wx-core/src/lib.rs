//! Calls to the WeChat API over any HTTP stack.

mod clock;
mod entropy;
mod http_send;
mod secret;
#[cfg(feature = "system")]
pub mod system;

pub use clock::Clock;
pub use entropy::Entropy;
pub use http_send::{HttpSend, SendError, SendErrorKind, http_send_fn};
pub use secret::Secret;
