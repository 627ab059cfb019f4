//! What happens, told to logs and to whoever watches.

use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use crate::{ErrCode, Error, RetryReason, StoreError, TokenKind};

/// Is told what happens: the place to count calls, failures by class, retries and refreshes, and to measure latency.
///
/// It is called on the way of each call, by the task that makes it: it must be quick and must not block.
/// Nothing that it is given is secret.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// use wx_core::{Event, Observer};
///
/// /// With the `metrics` crate this would be `counter!(…)` and `histogram!(…)`.
/// #[derive(Debug, Default)]
/// struct Counters {
///     calls: AtomicU64,
///     failures: AtomicU64,
///     retries: AtomicU64,
/// }
///
/// impl Observer for Counters {
///     fn observe(&self, event: &Event<'_>) {
///         match event {
///             Event::Call { error, .. } => {
///                 self.calls.fetch_add(1, Ordering::Relaxed);
///                 self.failures.fetch_add(u64::from(error.is_some()), Ordering::Relaxed);
///             }
///             Event::Retry { .. } => {
///                 self.retries.fetch_add(1, Ordering::Relaxed);
///             }
///             _ => {}
///         }
///     }
/// }
/// ```
pub trait Observer: fmt::Debug + Send + Sync + 'static {
    /// Takes note of `event`.
    fn observe(&self, event: &Event<'_>);
}

/// Something that happened.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// One request was answered, or failed.
    #[non_exhaustive]
    Attempt {
        /// Name of the operation, such as `ConsumeCode`; the path where it has none.
        operation: &'a str,
        /// Path of the request.
        path: &'a str,
        /// Which attempt of its call it was, from 1 on.
        attempt: u32,
        /// How long it took.
        elapsed: Duration,
        /// What went wrong, if anything did.
        error: Option<&'a Error>,
    },
    /// A call has come to its end, with all its attempts. Token and ticket calls are calls too.
    #[non_exhaustive]
    Call {
        /// Name of the operation, such as `ConsumeCode`; the path where it has none.
        operation: &'a str,
        /// Path of the request.
        path: &'a str,
        /// How many times it was sent.
        attempts: u32,
        /// How long it took, waits included.
        elapsed: Duration,
        /// What went wrong, if anything did.
        error: Option<&'a Error>,
    },
    /// A token or ticket was fetched, or could not be.
    #[non_exhaustive]
    Refresh {
        /// What was fetched.
        what: TokenKind,
        /// How long it took.
        elapsed: Duration,
        /// What went wrong, if anything did.
        error: Option<&'a Error>,
    },
    /// The token store failed. What is at hand goes on, or is fetched without it.
    #[non_exhaustive]
    Store {
        /// What was to be loaded or saved.
        what: TokenKind,
        /// What went wrong.
        error: &'a StoreError,
    },
    /// A call will be sent again.
    #[non_exhaustive]
    Retry {
        /// Name of the operation, such as `ConsumeCode`; the path where it has none.
        operation: &'a str,
        /// Path of the request.
        path: &'a str,
        /// Which attempt has failed, from 1 on.
        attempt: u32,
        /// Why it is sent again.
        reason: RetryReason,
        /// How long is waited before.
        wait: Duration,
    },
}

/// Logs `event` and tells it to `observer`.
pub(crate) fn report(observer: Option<&dyn Observer>, event: &Event<'_>) {
    log(event);
    if let Some(observer) = observer {
        observer.observe(event);
    }
}

/// The names and levels are a contract: `docs/observability.md`.
fn log(event: &Event<'_>) {
    match *event {
        Event::Attempt {
            operation,
            path,
            attempt,
            elapsed,
            error,
        } => tracing::debug!(
            operation,
            path,
            attempt,
            outcome = outcome(error),
            errcode = errcode(error),
            rid = error.and_then(Error::rid),
            elapsed_ms = millis(elapsed),
            "attempt",
        ),
        Event::Call {
            operation,
            path,
            attempts,
            elapsed,
            error,
        } => tracing::debug!(
            operation,
            path,
            attempts,
            outcome = outcome(error),
            errcode = errcode(error),
            rid = error.and_then(Error::rid),
            may_have_run = error.map(Error::may_have_run),
            elapsed_ms = millis(elapsed),
            "call",
        ),
        Event::Refresh { what, elapsed, error } => tracing::info!(
            what = what.as_str(),
            outcome = outcome(error),
            errcode = errcode(error),
            rid = error.and_then(Error::rid),
            elapsed_ms = millis(elapsed),
            "refresh",
        ),
        Event::Store { what, error } => tracing::warn!(
            what = what.as_str(),
            cause = error.source().map(tracing::field::display),
            "store",
        ),
        Event::Retry {
            operation,
            path,
            attempt,
            reason,
            wait,
        } => tracing::warn!(
            operation,
            path,
            attempt,
            reason = reason.as_str(),
            wait_ms = millis(wait),
            "retry",
        ),
    }
}

/// How it ended, in one word.
fn outcome(error: Option<&Error>) -> &'static str {
    error.map_or("ok", |error| error.kind().as_str())
}

fn errcode(error: Option<&Error>) -> Option<i64> {
    error.and_then(Error::errcode).map(ErrCode::get)
}

pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
