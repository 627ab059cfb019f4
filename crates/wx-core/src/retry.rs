//! Whether a failed attempt is repeated, and when.

use std::time::Duration;

use crate::{ErrClass, Error, ErrorKind};

mod budget;

pub(crate) use budget::Budget;

/// How often and for how long a call that failed is sent again.
///
/// | outcome | call that may be repeated | call that must not run twice |
/// | --- | --- | --- |
/// | certainly not sent | wait, again | wait, again |
/// | perhaps sent: timed out, interrupted, unreadable | wait, again | error, [`may_have_run`](Error::may_have_run) |
/// | token refused | new token, again at once, only once | the same |
/// | limit of the minute (45011) | in the next minute, if [`total`](Self::total) allows | the same |
/// | busy (-1) | wait, again | error, [`may_have_run`](Error::may_have_run) |
/// | quota of the day, any other refusal | error | error |
///
/// Waits are drawn at random between [`base`](Self::base) and three times the wait before, so that callers who failed
/// together do not come back together. Nothing is waited for after the last attempt, and the error is that attempt's.
///
/// Repeats also draw on a [`budget`](Self::budget) that all calls of a client share, so that an outage is not
/// multiplied.
///
/// ```
/// use std::time::Duration;
///
/// use wx_core::RetryPolicy;
///
/// let policy = RetryPolicy::default().retries(4).total(Duration::from_secs(10));
/// # let _ = policy;
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
pub struct RetryPolicy {
    retries: u32,
    base: Duration,
    longest: Duration,
    total: Duration,
    budget: u32,
}

impl Default for RetryPolicy {
    /// Two more attempts after the first, waits of 0.1 to 5 seconds, none that ends later than 30 seconds after the
    /// call began, and a budget of 100.
    fn default() -> Self {
        Self {
            retries: 2,
            base: Duration::from_millis(100),
            longest: Duration::from_secs(5),
            total: Duration::from_secs(30),
            budget: 100,
        }
    }
}

impl RetryPolicy {
    /// One attempt a call, whatever comes of it. A refused token is dropped all the same, so that the next call
    /// fetches a new one.
    pub fn off() -> Self {
        Self::default().retries(0)
    }

    /// How many times a call may be sent besides the first time. 0 is [`off`](Self::off).
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// The shortest wait.
    pub fn base(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// The longest wait, save the one for the next minute.
    pub fn longest(mut self, longest: Duration) -> Self {
        self.longest = longest;
        self
    }

    /// How long after its begin a call may still be sent again, where it has no deadline of its own
    /// ([`Core::with_deadline`](crate::Core::with_deadline)), which then counts instead.
    ///
    /// It ends no attempt: the transport bounds its own time.
    pub fn total(mut self, total: Duration) -> Self {
        self.total = total;
        self
    }

    /// How many repeats all calls together may make out of the full. Ten successful calls give one back.
    /// The repeat after a refused token is not counted.
    pub fn budget(mut self, budget: u32) -> Self {
        self.budget = budget;
        self
    }

    pub(crate) fn total_time(&self) -> Duration {
        self.total
    }

    pub(crate) fn new_budget(&self) -> Budget {
        Budget::new(self.budget)
    }
}

/// Why a call is sent again.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum RetryReason {
    /// The service is busy (-1), and repeating is harmless.
    Busy,
    /// The limit of the minute is reached (45011).
    MinuteLimit,
    /// The request was certainly not sent.
    NotSent,
    /// The access token was refused, and a new one is fetched.
    TokenRefused,
    /// The request may have been sent, and repeating is harmless.
    Unclear,
}

impl RetryReason {
    /// One word for logs and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::MinuteLimit => "minute_limit",
            Self::NotSent => "not_sent",
            Self::TokenRefused => "token_refused",
            Self::Unclear => "unclear",
        }
    }
}

/// What to do after a failed attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Next {
    /// Hand the error to the caller.
    GiveUp,
    /// Drop the token that was refused and send once more: a refused token means that nothing ran.
    RefreshToken,
    /// Send once more after a wait.
    Wait(RetryReason, Duration),
}

/// How far a call has come when an attempt fails.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    /// How many times it was sent, or tried to be.
    pub(crate) attempts: u32,
    /// Whether the last request may have arrived.
    pub(crate) reached: bool,
    /// Whether its token was replaced already.
    pub(crate) refreshed: bool,
    /// The wait before this attempt; zero before the first.
    pub(crate) waited: Duration,
    /// How much of its time is left.
    pub(crate) left: Duration,
    /// How long it is until the next minute begins.
    pub(crate) next_minute: Duration,
    /// Where between the shortest and the longest the next wait shall be: 0 to 255.
    pub(crate) jitter: u8,
}

/// How much later than the begin of the minute callers come back at most, so that they do not come all at once.
const MINUTE_JITTER: Duration = Duration::from_secs(2);

/// Decides what follows `error`.
pub(crate) fn next(policy: &RetryPolicy, error: &Error, progress: Progress) -> Next {
    if progress.attempts > policy.retries {
        return Next::GiveUp;
    }
    if error.is_refused_token() {
        return if progress.refreshed {
            Next::GiveUp
        } else {
            Next::RefreshToken
        };
    }
    match reason(error, progress.reached) {
        Some(reason) => {
            let wait = match reason {
                RetryReason::MinuteLimit => progress.next_minute + portion(MINUTE_JITTER, progress.jitter),
                _ => backoff(policy, progress),
            };
            if wait < progress.left {
                Next::Wait(reason, wait)
            } else {
                Next::GiveUp
            }
        }
        None => Next::GiveUp,
    }
}

/// Why the call may be sent again, if it may.
fn reason(error: &Error, reached: bool) -> Option<RetryReason> {
    // What may have arrived is repeated only where that is harmless, also of a call that merely prepares another.
    if reached && !error.is_idempotent() {
        return None;
    }
    match (error.kind(), error.class()) {
        (ErrorKind::Transport, _) if !reached => Some(RetryReason::NotSent),
        (ErrorKind::Transport | ErrorKind::Protocol, _) => Some(RetryReason::Unclear),
        (ErrorKind::Refused, Some(ErrClass::Busy)) => Some(RetryReason::Busy),
        (ErrorKind::Refused, Some(ErrClass::Throttle)) => Some(RetryReason::MinuteLimit),
        _ => None,
    }
}

/// Somewhere between the base and three times the wait before, never beyond the longest.
fn backoff(policy: &RetryPolicy, progress: Progress) -> Duration {
    let upper = progress.waited.max(policy.base).saturating_mul(3).min(policy.longest);
    let base = policy.base.min(policy.longest);
    base + portion(upper.saturating_sub(base), progress.jitter)
}

/// `jitter` 255ths of `span`.
fn portion(span: Duration, jitter: u8) -> Duration {
    span / 255 * u32::from(jitter)
}

#[cfg(test)]
mod tests;
