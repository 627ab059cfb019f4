//! How many calls this process may make.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use wx_core::{Core, RateLimit, RateLimitError};

/// A limit of this process, by the clock of a client.
///
/// Its day is that of Beijing. Other processes and other calls of the account do not count; leave room for them.
#[derive(Debug)]
#[must_use]
pub struct LocalRateLimit {
    core: Core,
    interval: Duration,
    per_day: u64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// When the next call may be made.
    next: SystemTime,
    day: u64,
    calls: u64,
}

/// Longer than calls queue up; whoever would wait longer was told another time before.
const LONGEST_QUEUE: Duration = Duration::from_secs(600);

impl LocalRateLimit {
    /// Without any limit yet; `core` has the clock.
    pub fn new(core: &Core) -> Self {
        Self {
            core: core.clone(),
            interval: Duration::ZERO,
            per_day: u64::MAX,
            state: Mutex::new(State {
                next: UNIX_EPOCH,
                day: 0,
                calls: 0,
            }),
        }
    }

    /// At most so many calls a second, evenly spread; 0 is taken for 1.
    pub fn per_second(mut self, calls: u32) -> Self {
        self.interval = Duration::from_secs(1) / calls.max(1);
        self
    }

    /// At most so many calls a day.
    pub fn per_day(mut self, calls: u64) -> Self {
        self.per_day = calls;
        self
    }

    /// Takes one call; how long to wait for it, or none when the day is used up.
    fn take(&self) -> Option<Duration> {
        let now = self.core.now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.turn_to(day(now));
        if self.per_day <= state.calls {
            return None;
        }
        state.calls += 1;
        let wait = state.next.duration_since(now).unwrap_or_default();
        // A clock that was set back does not make anybody wait until it has caught up.
        let wait = if wait < LONGEST_QUEUE { wait } else { Duration::ZERO };
        state.next = now + wait + self.interval;
        Some(wait)
    }
}

impl State {
    fn turn_to(&mut self, day: u64) {
        if self.day != day {
            (self.day, self.calls) = (day, 0);
        }
    }
}

#[async_trait]
impl RateLimit for LocalRateLimit {
    async fn acquire(&self) -> Result<(), RateLimitError> {
        match self.take() {
            Some(Duration::ZERO) => {}
            Some(wait) => self.core.sleep(wait).await,
            None => {
                let message = format!("the {} calls of this day are used up; go on tomorrow", self.per_day);
                return Err(RateLimitError::used_up(message));
            }
        }
        Ok(())
    }

    fn spent_before(&self, calls: u64) {
        self.spent(calls);
    }

    fn spent(&self, calls: u64) {
        let today = day(self.core.now());
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.turn_to(today);
        state.calls = state.calls.saturating_add(calls);
    }
}

/// The day in Beijing, counted from 1970-01-01.
pub(super) fn day(now: SystemTime) -> u64 {
    let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    seconds.saturating_add(8 * 3600) / 86_400
}
