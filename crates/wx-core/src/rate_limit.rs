//! How many calls may be made.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

/// A limit that is asked before each call.
#[async_trait]
pub trait RateLimit: fmt::Debug + Send + Sync + 'static {
    /// Returns when one more call may be made.
    ///
    /// # Errors
    ///
    /// That there is none to be had for long, such as until tomorrow: who asks stops cleanly and can go on later.
    async fn acquire(&self) -> Result<(), RateLimitError>;

    /// Calls were made without asking: repeats after a failure. It does nothing unless it is implemented.
    fn spent(&self, calls: u64) {
        let _ = calls;
    }

    /// Calls were made on this day by an earlier run of the same work.
    ///
    /// A limit that outlives the process knows of them, and does nothing, as this does unless it is implemented.
    fn spent_before(&self, calls: u64) {
        let _ = calls;
    }
}

#[async_trait]
impl RateLimit for Arc<dyn RateLimit> {
    async fn acquire(&self) -> Result<(), RateLimitError> {
        (**self).acquire().await
    }

    fn spent(&self, calls: u64) {
        (**self).spent(calls);
    }

    fn spent_before(&self, calls: u64) {
        (**self).spent_before(calls);
    }
}

/// Why no more calls may be made for now.
#[derive(Debug)]
pub struct RateLimitError {
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl RateLimitError {
    /// The calls are used up; `message` says which and until when.
    #[must_use]
    pub fn used_up(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    /// The limit itself failed, for the reason that `source` gives. It is shown: it must not hold a secret.
    #[must_use]
    pub fn failed(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            message: String::from("the rate limit failed"),
            source: Some(source.into()),
        }
    }
}

impl fmt::Display for RateLimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for RateLimitError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
