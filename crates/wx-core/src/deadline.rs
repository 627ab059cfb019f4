//! Ending what takes too long.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use crate::Clock;

/// Drives `future` for at most `limit`; `None` when that is over.
///
/// Without a limit, and as long as `future` is ready at once, it costs no timer. The future stays where it is: one that
/// was handed in would lie here twice.
pub(crate) async fn within<F: Future + ?Sized>(
    clock: &dyn Clock,
    limit: Option<Duration>,
    mut future: Pin<&mut F>,
) -> Option<F::Output> {
    let Some(limit) = limit else {
        return Some(future.await);
    };
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
    use std::pin::pin;

    use super::*;
    use crate::test_util::ManualClock;

    #[tokio::test]
    async fn what_is_ready_comes_before_the_end_and_costs_no_timer() {
        let clock = ManualClock::at(0);
        assert_eq!(within(&clock, Some(Duration::ZERO), pin!(ready(1))).await, Some(1));
        assert_eq!(within(&clock, None, pin!(ready(1))).await, Some(1));
        assert!(clock.slept().is_empty());
    }

    #[tokio::test]
    async fn what_hangs_is_ended() {
        let clock = ManualClock::at(0);
        let limit = Duration::from_secs(3);
        assert_eq!(within(&clock, Some(limit), pin!(pending::<()>())).await, None);
        assert_eq!(clock.slept(), [limit]);
    }
}
