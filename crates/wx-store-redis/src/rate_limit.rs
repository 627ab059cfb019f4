//! A limit of calls that a fleet shares.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use wx_core::system::SystemClock;
use wx_core::{Clock as _, RateLimit, RateLimitError, StoreError};

use crate::RedisTokenStore;
use crate::error::Failure;
use crate::value::waited;

/// The most that Redis takes for a number in a script; nobody makes so many calls.
const ENDLESS: u64 = 999_999_999_999_999;

/// How often Redis is asked again while it cannot be reached.
const PAUSE: Duration = Duration::from_secs(1);

/// How many calls all processes of a fleet together may make for one account.
///
/// It is kept beside the account's tokens, counts by the clock of Redis, and its day is that of Beijing. Give all processes
/// the same numbers. What Redis lost with a restart is not remembered: the day then begins anew.
///
/// A step that Redis may have run twice, because the connection broke, counts twice.
#[derive(Debug)]
#[must_use]
pub struct RedisRateLimit {
    store: RedisTokenStore,
    key: String,
    /// The time between two calls, in hundredths of a millisecond.
    interval: u64,
    per_day: u64,
    patience: Duration,
    /// Calls that were made without asking, and that Redis does not know of yet.
    owed: AtomicU64,
}

impl RedisRateLimit {
    pub(crate) fn new(store: RedisTokenStore, key: String) -> Self {
        Self {
            store,
            key,
            interval: 0,
            per_day: ENDLESS,
            patience: Duration::from_secs(30),
            owed: AtomicU64::new(0),
        }
    }

    /// At most so many calls a second, evenly spread; 0 is taken for 1.
    pub fn per_second(mut self, calls: u32) -> Self {
        self.interval = 100_000_u64.div_ceil(calls.max(1).into());
        self
    }

    /// At most so many calls a day.
    pub fn per_day(mut self, calls: u64) -> Self {
        self.per_day = calls.min(ENDLESS);
        self
    }

    /// How long a call waits for a Redis that cannot be reached before the limit fails; 30 seconds unless told otherwise.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Takes one call; how long to wait for it, or none when the day is used up.
    async fn take(&self) -> Result<Option<Duration>, Failure> {
        let owed = self.owed.swap(0, Ordering::Relaxed);
        let numbers = [self.interval, self.per_day, owed].map(|number| number.to_string());
        let taken = self.store.limit(&self.key, &numbers).await.and_then(waited);
        if taken.is_err() {
            self.owed.fetch_add(owed, Ordering::Relaxed);
        }
        taken
    }
}

#[async_trait]
impl RateLimit for RedisRateLimit {
    async fn acquire(&self) -> Result<(), RateLimitError> {
        let mut paused = Duration::ZERO;
        loop {
            match self.take().await {
                Ok(Some(wait)) => {
                    if !wait.is_zero() {
                        SystemClock::new().sleep(wait).await;
                    }
                    return Ok(());
                }
                Ok(None) => {
                    let message = format!("the {} calls of this day are used up; go on tomorrow", self.per_day);
                    return Err(RateLimitError::used_up(message));
                }
                Err(failure) if self.patience <= paused => {
                    return Err(RateLimitError::failed(StoreError::new(failure)));
                }
                Err(failure) => {
                    tracing::warn!(error = %StoreError::new(failure), "the shared limit cannot be asked; trying again");
                    SystemClock::new().sleep(PAUSE).await;
                    paused += PAUSE;
                }
            }
        }
    }

    fn spent(&self, calls: u64) {
        self.owed.fetch_add(calls, Ordering::Relaxed);
    }
}
