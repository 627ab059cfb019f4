//! A clock that tests move.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;

use crate::Clock;

/// A clock that stands still until it is moved; sleeping moves it. Clones share the time.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    now: SystemTime,
    slept: Vec<Duration>,
}

impl ManualClock {
    /// A clock at `seconds` after the Unix epoch.
    #[must_use]
    pub fn at(seconds: u64) -> Self {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        Self(Arc::new(Mutex::new(State { now, slept: Vec::new() })))
    }

    /// Moves the time on.
    pub fn advance(&self, duration: Duration) {
        self.state().now += duration;
    }

    /// Every sleep so far.
    #[must_use]
    pub fn slept(&self) -> Vec<Duration> {
        self.state().slept.clone()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        self.state().now
    }

    async fn sleep(&self, duration: Duration) {
        let mut state = self.state();
        state.slept.push(duration);
        state.now += duration;
    }
}
