//! A fetch that belongs to nobody: whoever leads drives it on.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use super::{Need, same};
use crate::deadline::within;
use crate::timed_secret::TimedSecret;
use crate::{Clock, Error};

/// How long a fetch is gone on with. It is as long as a call takes at most, unless a policy says more.
const LONGEST: Duration = Duration::from_secs(30);

/// How long a caller who has one that serves waits for the next: what comes quickly serves at once, and what hangs does
/// not keep the caller.
const PATIENCE: Duration = Duration::from_secs(1);

type Fetch = Pin<Box<dyn Future<Output = Result<TimedSecret, Error>> + Send>>;

/// A fetch that has begun and not ended. A leader who is dropped, because its time is over, leaves it to the next:
/// begun anew by each, a slow one would never end, and each would count against the day's quota.
pub(super) struct Running {
    fetch: Fetch,
    since: SystemTime,
    /// How often the cache had been cleared by then.
    clears: u64,
    /// What had been refused last by then.
    refused: Option<Arc<TimedSecret>>,
    /// Whether the source was not to be asked.
    was_barred: bool,
    /// Whether a caller who has one that serves has waited for it.
    was_waited_for: bool,
}

impl Running {
    pub(super) fn new(fetch: Fetch, since: SystemTime, clears: u64, need: &Need) -> Self {
        Self {
            fetch,
            since,
            clears,
            refused: need.refused.clone(),
            was_barred: need.barred.is_some(),
            was_waited_for: false,
        }
    }

    /// Whether it is gone on with.
    pub(super) fn is_worth_it(&self, now: SystemTime, clears: u64) -> bool {
        self.clears == clears && now.duration_since(self.since).is_ok_and(|since| since < LONGEST)
    }

    pub(super) fn clears(&self) -> u64 {
        self.clears
    }

    pub(super) fn was_barred(&self) -> bool {
        self.was_barred
    }

    /// What somebody needs who has not begun it. What was refused before it began may come again: the service was asked
    /// with that known, and would give callers in a hurry the same one for ever, of which none would do.
    pub(super) fn judged_by(&self, need: &Need) -> Need {
        let is_known = need
            .refused
            .as_ref()
            .is_some_and(|refused| same(self.refused.as_ref(), refused));
        Need {
            refused: need.refused.clone().filter(|_| !is_known),
            ..need.clone()
        }
    }

    pub(super) async fn ended(&mut self) -> Result<TimedSecret, Error> {
        self.fetch.as_mut().await
    }

    /// What it has come to by now, or, where nobody has waited for it yet, a little later.
    pub(super) async fn soon(&mut self, clock: &dyn Clock) -> Option<Result<TimedSecret, Error>> {
        if self.was_waited_for {
            return poll_fn(|context| {
                Poll::Ready(match self.fetch.as_mut().poll(context) {
                    Poll::Ready(result) => Some(result),
                    Poll::Pending => None,
                })
            })
            .await;
        }
        self.was_waited_for = true;
        within(clock, Some(PATIENCE), self.fetch.as_mut()).await
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("since", &self.since)
            .finish_non_exhaustive()
    }
}
