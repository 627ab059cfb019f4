//! A clock that is wrong on purpose.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use wx_core::Clock;
use wx_core::system::SystemClock;

/// The machine's clock, moved by some seconds; handles move together. It waits as long as the machine's does.
#[derive(Clone, Debug)]
pub(crate) struct MovedClock(Arc<AtomicI64>);

impl MovedClock {
    /// A clock that is `seconds` fast, or slow where they are negative.
    pub(crate) fn by(seconds: i64) -> Self {
        Self(Arc::new(AtomicI64::new(seconds)))
    }

    /// Moves it `seconds` forward, or back; says how fast it is now.
    pub(crate) fn forward(&self, seconds: i64) -> i64 {
        self.0.fetch_add(seconds, Ordering::Relaxed) + seconds
    }
}

#[async_trait]
impl Clock for MovedClock {
    fn now(&self) -> SystemTime {
        let (now, offset) = (SystemClock::new().now(), self.0.load(Ordering::Relaxed));
        let distance = Duration::from_secs(offset.unsigned_abs());
        let moved = if offset < 0 {
            now.checked_sub(distance)
        } else {
            now.checked_add(distance)
        };
        moved.unwrap_or(now)
    }

    async fn sleep(&self, duration: Duration) {
        SystemClock::new().sleep(duration).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_as_wrong_as_it_is_told_to_be() {
        let (clock, machine) = (MovedClock::by(-600), SystemClock::new());
        let handle = clock.clone();
        assert!(clock.now() + Duration::from_secs(599) < machine.now());
        assert_eq!(handle.forward(1_200), 600);
        assert!(machine.now() + Duration::from_secs(599) < clock.now());
    }
}
