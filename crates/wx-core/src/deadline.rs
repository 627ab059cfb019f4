//! Ending what takes too long.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use crate::Clock;

/// Drives `future` for at most `limit`; `None` when that is over.
///
/// Without a limit, and as long as `future` is ready at once, it costs no timer.
pub(crate) async fn within<T>(
    clock: &dyn Clock,
    limit: Option<Duration>,
    future: impl Future<Output = T>,
) -> Option<T> {
    let Some(limit) = limit else {
        return Some(future.await);
    };
    let mut future = pin!(future);
    let mut timer: Option<Pin<Box<dyn Future<Output = ()> + Send + '_>>> = None;
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        let timer = timer.get_or_insert_with(|| clock.sleep(limit));
        timer.as_mut().poll(context).map(|()| None)
    })
    .await
}

#[cfg(all(test, feature = "test-util"))]
mod tests {
    use std::future::{pending, ready};

    use super::*;
    use crate::test_util::ManualClock;

    #[tokio::test]
    async fn what_is_ready_comes_before_the_end_and_costs_no_timer() {
        let clock = ManualClock::at(0);
        assert_eq!(within(&clock, Some(Duration::ZERO), ready(1)).await, Some(1));
        assert_eq!(within(&clock, None, ready(1)).await, Some(1));
        assert!(clock.slept().is_empty());
    }

    #[tokio::test]
    async fn what_hangs_is_ended() {
        let clock = ManualClock::at(0);
        let limit = Duration::from_secs(3);
        assert_eq!(within(&clock, Some(limit), pending::<()>()).await, None);
        assert_eq!(clock.slept(), [limit]);
    }
}
