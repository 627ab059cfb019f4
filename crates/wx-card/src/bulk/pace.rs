//! When to pause, and when to stop.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use wx_core::{ErrClass, Error, RateLimitError};

/// Why a batch could not be settled for now.
pub(crate) enum Halt {
    /// A call failed.
    Failed(Error),
    /// A call failed and may have run; it does no harm to try again all the same. Its attempts are counted.
    Again(Error),
    /// No more calls may be made.
    Limit(RateLimitError),
    /// The run is to stop.
    Stopped,
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// How often in a row one batch meets the limit of the minute before the run stops: an hour.
const MOST_MINUTES: u32 = 60;

/// How often in a row one batch fails otherwise: with the pauses below in some five minutes.
const MOST_FAILURES: u32 = 10;

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The failures of a batch in a row.
#[derive(Default)]
pub(super) struct Troubles {
    minutes: u32,
    failures: u32,
}

impl Troubles {
    /// How long to pause after `error`; none if the run shall stop.
    ///
    /// `spread` is another number for each batch, so that those that paused together do not come back together.
    pub(super) fn pause(&mut self, error: &Error, is_harmless: bool, now: SystemTime, spread: u64) -> Option<Duration> {
        let spread = Duration::from_millis(spread % 8 * 250);
        if error.class() == Some(ErrClass::Throttle) {
            self.minutes += 1;
            return (self.minutes <= MOST_MINUTES).then(|| until_next_minute(now) + spread);
        }
        // A token that is refused now may be good after the next fetch.
        let passes = is_harmless || error.is_retryable() || error.class() == Some(ErrClass::Token);
        self.failures += 1;
        let doubled = FIRST_PAUSE.saturating_mul(1 << self.failures.min(7).saturating_sub(1));
        (passes && self.failures <= MOST_FAILURES).then(|| doubled.min(LONGEST_PAUSE) + spread)
    }
}

fn until_next_minute(now: SystemTime) -> Duration {
    let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    Duration::from_secs(60 - seconds % 60)
}
