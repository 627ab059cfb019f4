//! Futures are polled by hand: no runtime, no sleeps, no luck.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Mutex as StdMutex;
use std::sync::atomic::AtomicUsize;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::sync::oneshot;

use super::*;
use crate::test_util::{FixedEntropy, ManualClock};
use crate::{ErrCode, ErrorKind, Secret};

type Got = Result<Arc<TimedSecret>, Error>;

/// Fetches that end when the test says so.
#[derive(Default)]
struct Fetches {
    begun: AtomicUsize,
    running: StdMutex<Option<oneshot::Sender<Result<TimedSecret, Error>>>>,
}

impl Fetches {
    fn begin(&self) -> impl Future<Output = Result<TimedSecret, Error>> + use<> {
        let (sender, receiver) = oneshot::channel();
        self.begun.fetch_add(1, Ordering::Relaxed);
        *self.running.lock().unwrap() = Some(sender);
        async { receiver.await.unwrap() }
    }

    fn count(&self) -> usize {
        self.begun.load(Ordering::Relaxed)
    }

    fn end(&self, result: Result<TimedSecret, Error>) {
        let sender = self.running.lock().unwrap().take().unwrap();
        assert!(sender.send(result).is_ok(), "the fetch was dropped");
    }
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn ready(poll: Poll<Got>) -> Got {
    match poll {
        Poll::Ready(got) => got,
        Poll::Pending => panic!("still waiting"),
    }
}

fn timed(secret: &str, clock: &ManualClock) -> TimedSecret {
    TimedSecret::starting_at(
        clock.now(),
        Secret::new(secret),
        Duration::from_secs(7200),
        &FixedEntropy::new(),
    )
}

fn failure() -> Error {
    Error::refused(
        "/cgi-bin/stable_token".into(),
        true,
        ErrCode::BUSY,
        "busy".to_owned(),
        None,
    )
}

fn secret(got: &Got) -> &str {
    got.as_ref().unwrap().secret().expose()
}

struct Bench {
    clock: ManualClock,
    cache: Cache,
    fetches: Fetches,
}

impl Bench {
    fn cold() -> Self {
        Self {
            clock: ManualClock::at(1_000_000),
            cache: Cache::default(),
            fetches: Fetches::default(),
        }
    }

    fn holding(secret: &str) -> Self {
        let bench = Self::cold();
        {
            let mut first = pin!(bench.get());
            assert!(poll(first.as_mut()).is_pending());
            bench.fetches.end(Ok(timed(secret, &bench.clock)));
            assert_eq!(self::secret(&ready(poll(first))), secret);
        }
        bench.fetches.begun.store(0, Ordering::Relaxed);
        bench
    }

    fn get(&self) -> impl Future<Output = Got> {
        self.cache.get(&self.clock, |_| self.fetches.begin())
    }
}

#[test]
fn fifty_cold_callers_make_one_fetch() {
    let bench = Bench::cold();
    let mut callers: Vec<_> = (0..50).map(|_| Box::pin(bench.get())).collect();
    for caller in &mut callers {
        assert!(poll(caller.as_mut()).is_pending());
    }
    assert_eq!(bench.fetches.count(), 1);
    bench.fetches.end(Ok(timed("a", &bench.clock)));
    for caller in &mut callers {
        assert_eq!(secret(&ready(poll(caller.as_mut()))), "a");
    }
    assert_eq!(bench.fetches.count(), 1);
}

#[test]
fn a_failure_is_shared_by_those_who_waited_and_not_cached() {
    let bench = Bench::cold();
    let mut callers: Vec<_> = (0..50).map(|_| Box::pin(bench.get())).collect();
    for caller in &mut callers {
        assert!(poll(caller.as_mut()).is_pending());
    }
    bench.fetches.end(Err(failure()));
    for caller in &mut callers {
        let error = ready(poll(caller.as_mut())).unwrap_err();
        assert_eq!(
            (error.kind(), error.errcode()),
            (ErrorKind::Refused, Some(ErrCode::BUSY))
        );
    }
    assert_eq!(bench.fetches.count(), 1);
    let mut later = pin!(bench.get());
    assert!(poll(later.as_mut()).is_pending());
    assert_eq!(bench.fetches.count(), 2);
}

#[test]
fn a_dropped_leader_leaves_its_fetch_to_the_next() {
    let bench = Bench::cold();
    let mut leader = Box::pin(bench.get());
    let mut next = pin!(bench.get());
    assert!(poll(leader.as_mut()).is_pending());
    assert!(poll(next.as_mut()).is_pending());
    drop(leader);
    assert!(poll(next.as_mut()).is_pending());
    assert_eq!(bench.fetches.count(), 1);
    bench.fetches.end(Ok(timed("a", &bench.clock)));
    assert_eq!(secret(&ready(poll(next))), "a");
}

#[test]
fn a_fetch_that_was_left_half_a_minute_ago_is_begun_anew() {
    let bench = Bench::cold();
    assert!(poll(pin!(bench.get())).is_pending());
    bench.clock.advance(Duration::from_secs(30));
    let mut next = pin!(bench.get());
    assert!(poll(next.as_mut()).is_pending());
    assert_eq!(bench.fetches.count(), 2);
    bench.fetches.end(Ok(timed("b", &bench.clock)));
    assert_eq!(secret(&ready(poll(next))), "b");
}

#[test]
fn a_fetch_that_was_left_and_has_failed_is_begun_anew() {
    let bench = Bench::cold();
    assert!(poll(pin!(bench.get())).is_pending());
    bench.fetches.end(Err(failure()));
    let mut next = pin!(bench.get());
    assert!(poll(next.as_mut()).is_pending());
    assert_eq!(bench.fetches.count(), 2);
    bench.fetches.end(Ok(timed("b", &bench.clock)));
    assert_eq!(secret(&ready(poll(next))), "b");
}

#[test]
fn a_fetch_from_before_the_cache_was_cleared_is_begun_anew() {
    let bench = Bench::cold();
    assert!(poll(pin!(bench.get())).is_pending());
    bench.cache.clear();
    assert!(poll(pin!(bench.get())).is_pending());
    assert_eq!(bench.fetches.count(), 2);
}

#[test]
fn the_usable_one_is_served_while_one_refreshes() {
    let bench = Bench::holding("a");
    bench.clock.advance(Duration::from_secs(7100));
    // The clock moves by itself, so that the second for which the first caller waits is over at once.
    for _ in 0..3 {
        assert_eq!(secret(&ready(poll(pin!(bench.get())))), "a");
    }
    assert_eq!(bench.fetches.count(), 1);
    assert_eq!(bench.clock.slept(), [Duration::from_secs(1)], "only the first waits");
    bench.fetches.end(Ok(timed("b", &bench.clock)));
    assert_eq!(secret(&ready(poll(pin!(bench.get())))), "b");
}

#[test]
fn the_usable_one_outlives_a_failed_refresh() {
    let bench = Bench::holding("a");
    bench.clock.advance(Duration::from_secs(7100));
    assert_eq!(secret(&ready(poll(pin!(bench.get())))), "a");
    bench.fetches.end(Err(failure()));
    assert_eq!(secret(&ready(poll(pin!(bench.get())))), "a");
}

#[test]
fn one_that_dies_while_its_refresh_fails_is_not_served() {
    let bench = Bench::holding("a");
    bench.clock.advance(Duration::from_secs(7199));
    let clock = bench.clock.clone();
    let fetch = move |_| {
        let clock = clock.clone();
        async move {
            clock.advance(Duration::from_secs(2));
            Err(failure())
        }
    };
    assert!(ready(poll(pin!(bench.cache.get(&bench.clock, fetch)))).is_err());
}

#[test]
fn after_a_failed_refresh_nobody_tries_again_at_once() {
    let bench = Bench::holding("a");
    bench.clock.advance(Duration::from_secs(7100));
    assert_eq!(secret(&ready(poll(pin!(bench.get())))), "a");
    bench.fetches.end(Err(failure()));
    for _ in 0..3 {
        assert_eq!(secret(&ready(poll(pin!(bench.get())))), "a");
    }
    assert_eq!(bench.fetches.count(), 1);
    bench.clock.advance(Duration::from_secs(30));
    assert_eq!(secret(&ready(poll(pin!(bench.get())))), "a");
    assert_eq!(bench.fetches.count(), 2);
}

#[test]
fn while_the_quota_of_the_day_is_used_up_it_is_asked_for_once_a_minute() {
    let bench = Bench::holding("a");
    bench.clock.advance(Duration::from_secs(7000));
    let used_up = || Error::refused("/".into(), true, ErrCode::new(45009), String::new(), None);
    let fetches = AtomicUsize::new(0);
    let mut seconds = 0;
    // The token dies in the middle of it.
    while seconds < 300 {
        let got = ready(poll(pin!(bench.cache.get(&bench.clock, |need: Need| {
            let barred = need.barred;
            fetches.fetch_add(usize::from(barred.is_none()), Ordering::Relaxed);
            async move { Err(barred.unwrap_or_else(used_up)) }
        }))));
        assert_eq!(got.is_ok(), seconds < 200, "{seconds}");
        bench.clock.advance(Duration::from_secs(10));
        seconds += 10;
    }
    let fetches = fetches.load(Ordering::Relaxed);
    assert!((4..=6).contains(&fetches), "{fetches}");
}

#[test]
fn one_that_stays_the_same_until_its_end_is_not_fetched_by_every_caller() {
    let bench = Bench::holding("a");
    bench.clock.advance(Duration::from_secs(7100));
    assert_eq!(secret(&ready(poll(pin!(bench.get())))), "a");
    bench.fetches.end(Ok(timed("a", &bench.clock)));
    for _ in 0..50 {
        assert_eq!(secret(&ready(poll(pin!(bench.get())))), "a");
    }
    assert_eq!(bench.fetches.count(), 1);
    bench.clock.advance(Duration::from_secs(99));
    assert!(
        poll(pin!(bench.get())).is_pending(),
        "it is dead at the time that was known first"
    );
}

#[test]
fn a_failure_is_not_shared_with_who_can_be_served() {
    let bench = Bench::cold();
    let mut first = pin!(bench.get());
    let mut forced = pin!(bench.cache.refresh(&bench.clock, |_| bench.fetches.begin()));
    let mut last = pin!(bench.get());
    assert!(poll(first.as_mut()).is_pending());
    assert!(poll(forced.as_mut()).is_pending());
    assert!(poll(last.as_mut()).is_pending());
    bench
        .fetches
        .end(Ok(timed("a", &bench.clock).paused_at(bench.clock.now())));
    assert_eq!(secret(&ready(poll(first))), "a");
    bench.clock.advance(Duration::from_secs(7000));
    assert!(poll(forced.as_mut()).is_pending());
    bench.fetches.end(Err(failure()));
    assert!(ready(poll(forced)).is_err());
    assert_eq!(secret(&ready(poll(last))), "a");
}

#[test]
fn a_dead_one_is_never_served() {
    let bench = Bench::holding("a");
    bench.clock.advance(Duration::from_secs(7200));
    let mut caller = pin!(bench.get());
    assert!(poll(caller.as_mut()).is_pending());
    bench.fetches.end(Err(failure()));
    assert!(ready(poll(caller)).is_err());
}

#[test]
fn only_the_rejected_one_is_dropped() {
    let bench = Bench::holding("a");
    let a = ready(poll(pin!(bench.get()))).unwrap();
    bench.cache.reject(&a);
    let mut caller = pin!(bench.get());
    assert!(poll(caller.as_mut()).is_pending());
    bench.fetches.end(Ok(timed("b", &bench.clock)));
    assert_eq!(secret(&ready(poll(caller))), "b");
    // Forty-nine others were refused with `a` as well; `b` stays.
    bench.cache.reject(&a);
    assert_eq!(secret(&ready(poll(pin!(bench.get())))), "b");
}

#[test]
fn a_forced_refresh_serves_the_old_one_meanwhile_and_happens_once() {
    let bench = Bench::holding("a");
    let mut first = pin!(bench.cache.refresh(&bench.clock, |_| bench.fetches.begin()));
    let mut second = pin!(bench.cache.refresh(&bench.clock, |_| bench.fetches.begin()));
    assert!(poll(first.as_mut()).is_pending());
    assert!(poll(second.as_mut()).is_pending());
    assert_eq!(secret(&ready(poll(pin!(bench.get())))), "a");
    bench.fetches.end(Ok(timed("b", &bench.clock)));
    assert_eq!(secret(&ready(poll(first))), "b");
    assert_eq!(secret(&ready(poll(second))), "b");
    assert_eq!(bench.fetches.count(), 1);
}

#[test]
fn a_failed_forced_refresh_leaves_the_old_one() {
    let bench = Bench::holding("a");
    let mut forced = pin!(bench.cache.refresh(&bench.clock, |_| bench.fetches.begin()));
    assert!(poll(forced.as_mut()).is_pending());
    bench.fetches.end(Err(failure()));
    assert!(ready(poll(forced)).is_err());
    assert_eq!(secret(&ready(poll(pin!(bench.get())))), "a");
}

#[test]
fn two_caches_do_not_block_each_other() {
    let (one, other) = (Bench::cold(), Bench::holding("b"));
    let mut waiting = pin!(one.get());
    assert!(poll(waiting.as_mut()).is_pending());
    assert_eq!(secret(&ready(poll(pin!(other.get())))), "b");
}
