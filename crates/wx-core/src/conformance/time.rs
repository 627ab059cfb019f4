//! Waiting and measuring without any runtime: the suite runs in whichever one the transport needs.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

/// A future that is handed around.
pub(super) type Running<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The moment of now, to measure how long a call takes.
#[expect(
    clippy::disallowed_methods,
    reason = "the suite measures real transports over real sockets; no clock of the caller's could move them"
)]
pub(super) fn now() -> Instant {
    Instant::now()
}

/// Is ready after a while. Its thread ends when it is dropped.
pub(super) struct Timer {
    state: Arc<Mutex<Wait>>,
    /// Its end wakes the thread.
    _alive: Sender<()>,
}

#[derive(Default)]
struct Wait {
    over: bool,
    waker: Option<Waker>,
}

impl Timer {
    pub(super) fn after(duration: Duration) -> Self {
        let state = Arc::new(Mutex::new(Wait::default()));
        let (alive, gone) = channel();
        thread::spawn({
            let state = Arc::clone(&state);
            move || {
                if gone.recv_timeout(duration) == Err(RecvTimeoutError::Timeout) {
                    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                    state.over = true;
                    if let Some(waker) = state.waker.take() {
                        waker.wake();
                    }
                }
            }
        });
        Self { state, _alive: alive }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.over {
            return Poll::Ready(());
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

/// How a guarded future ended.
pub(super) enum Guarded<T> {
    Done(T),
    /// It did not end within the time that it had.
    Hung,
    /// It panicked, with this message.
    Panicked(String),
}

/// Runs `future` for at most `limit`, and catches its panic.
pub(super) async fn guarded<T>(limit: Duration, future: impl Future<Output = T> + Send) -> Guarded<T> {
    let mut future = Box::pin(future);
    // Its thread is started for those only that are not done at once.
    let mut timer = None;
    poll_fn(move |context| {
        // What a panic leaves behind is dropped and not looked at again.
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Ready(value)) => Poll::Ready(Guarded::Done(value)),
            Ok(Poll::Pending) => {
                let timer = timer.get_or_insert_with(|| Timer::after(limit));
                Pin::new(timer).poll(context).map(|()| Guarded::Hung)
            }
            Err(panic) => Poll::Ready(Guarded::Panicked(message(&*panic))),
        }
    })
    .await
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a value that is no text".to_owned())
}

/// Runs all of `futures` at the same time.
pub(super) async fn join_all<T: Send>(futures: impl IntoIterator<Item = Running<'_, T>>) -> Vec<T> {
    let mut running: Vec<_> = futures.into_iter().map(|future| (Some(future), None)).collect();
    poll_fn(|context| {
        for (future, result) in &mut running {
            if let Some(polled) = future
                && let Poll::Ready(value) = polled.as_mut().poll(context)
            {
                (*future, *result) = (None, Some(value));
            }
        }
        if running.iter().any(|(future, _)| future.is_some()) {
            return Poll::Pending;
        }
        Poll::Ready(())
    })
    .await;
    running.into_iter().filter_map(|(_, result)| result).collect()
}

/// Is ready with the first's value, or with nothing as soon as the second is ready.
pub(super) async fn unless<T>(mut first: Running<'_, T>, second: impl Future<Output = ()> + Send) -> Option<T> {
    let mut second = Box::pin(second);
    poll_fn(|context| {
        if let Poll::Ready(value) = first.as_mut().poll(context) {
            return Poll::Ready(Some(value));
        }
        second.as_mut().poll(context).map(|()| None)
    })
    .await
}
