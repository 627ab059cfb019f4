//! Every order in which threads can run through the cache, and faults that some order must show.
//!
//! Two to four threads; each may be stopped before each step at a lock or a number of the cache, for any other to go
//! on. No order is left out, but those that cannot come to anything else than one that was tried.

mod faults;

use std::pin::{Pin, pin};
use std::sync::atomic::AtomicUsize;
use std::task::{Context, Waker};

use async_trait::async_trait;
use shuttle::future::{block_on, yield_now};
use shuttle::thread;
use tokio::sync::Notify;

use super::*;
use crate::sync::interleaved::explore;
use crate::test_util::{FixedEntropy, ManualClock};
use crate::{ErrCode, Secret};

type Got = Result<Arc<TimedSecret>, Error>;

/// What one thread does.
type Act = fn(&Bench);

const WRONG: ErrCode = ErrCode::new(40125);

/// A clock that no thread moves: of the orders of what is no step, not all are tried.
#[derive(Clone, Debug)]
struct Still {
    clock: ManualClock,
    /// Whether a wait never ends, or ends at once.
    is_patient: bool,
}

#[async_trait]
impl Clock for Still {
    fn now(&self) -> SystemTime {
        self.clock.now()
    }

    async fn sleep(&self, _: Duration) {
        if self.is_patient {
            std::future::pending().await
        }
    }
}

/// Fetches that bring `1`, `2` and so on.
#[derive(Debug)]
struct Source {
    clock: Still,
    /// Counted by leaders only, one after the other: the order is that of the steps at the cache's lock.
    begun: AtomicUsize,
    /// Which fetch fails, and of what.
    fault: Option<(usize, ErrCode)>,
    /// Which fetch brings `1` again.
    stale: Option<usize>,
    /// How often somebody was about to clear the cache.
    clears: AtomicU64,
    gate: Notify,
}

impl Source {
    async fn fetch(self: Arc<Self>, need: Need) -> Result<TimedSecret, Error> {
        if let Some(barred) = need.barred {
            return Err(barred);
        }
        let number = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
        let asked = self.clock.now();
        yield_now().await;
        if let Some((_, errcode)) = self.fault.filter(|(fetch, _)| *fetch == number) {
            return Err(Error::refused("/token".into(), true, errcode, String::new(), None).of_token_call());
        }
        let number = if self.stale == Some(number) { 1 } else { number };
        let (secret, life) = (Secret::new(number.to_string()), Duration::from_secs(7200));
        Ok(TimedSecret::starting_at(asked, secret, life, &FixedEntropy::new()))
    }
}

/// A cache, and where it fetches from.
#[derive(Debug)]
struct Bench {
    source: Arc<Source>,
    cache: Cache,
    /// What it held at the beginning.
    first: Option<Arc<TimedSecret>>,
}

impl Bench {
    fn cold() -> Self {
        let clock = Still {
            clock: ManualClock::at(1_000_000),
            is_patient: true,
        };
        Self {
            source: Arc::new(Source {
                clock,
                begun: AtomicUsize::new(0),
                fault: None,
                stale: None,
                clears: AtomicU64::default(),
                gate: Notify::new(),
            }),
            cache: Cache::default(),
            first: None,
        }
    }

    /// One that holds `1`, fetched so many seconds ago.
    fn holding(age: u64) -> Self {
        let mut bench = Self::cold();
        bench.first = bench.get().ok();
        bench.clock().clock.advance(Duration::from_secs(age));
        bench
    }

    fn fresh() -> Self {
        Self::holding(10)
    }

    fn usable() -> Self {
        Self::holding(7100)
    }

    fn with(mut self, set: impl FnOnce(&mut Source)) -> Self {
        set(Arc::get_mut(&mut self.source).unwrap());
        self
    }

    fn failing(self, fetch: usize, errcode: ErrCode) -> Self {
        self.with(|source| source.fault = Some((fetch, errcode)))
    }

    /// One whose fetch of that number brings `1` again.
    fn bringing_1(self, fetch: usize) -> Self {
        self.with(|source| source.stale = Some(fetch))
    }

    /// One in which nobody waits for the refresh of what serves.
    fn impatient(self) -> Self {
        self.with(|source| source.clock.is_patient = false)
    }

    /// One whose fetch has been begun by somebody who is gone.
    fn left(self) -> Self {
        self.give_up();
        self
    }

    fn clock(&self) -> &Still {
        &self.source.clock
    }

    fn fetch(&self, need: Need) -> impl Future<Output = Result<TimedSecret, Error>> + Send + use<> {
        Arc::clone(&self.source).fetch(need)
    }

    fn fetches(&self) -> usize {
        self.source.begun.load(Ordering::Relaxed)
    }

    fn get(&self) -> Got {
        block_on(self.cache.get(self.clock(), |need| self.fetch(need)))
    }

    /// The text of what serves.
    fn text(&self) -> String {
        text(&self.get())
    }

    fn refresh(&self) -> Got {
        block_on(self.cache.refresh(self.clock(), |need| self.fetch(need)))
    }

    /// A caller who asks, and is dropped where it first waits.
    fn give_up(&self) {
        is_pending(&mut pin!(self.cache.get(self.clock(), |need| self.fetch(need))));
    }

    /// A call that was sent with what there was at the beginning, and was refused.
    fn reject(&self) -> bool {
        self.cache.reject(self.first.as_ref().unwrap())
    }

    fn clear(&self) {
        self.source.clears.fetch_add(1, Ordering::Relaxed);
        self.cache.clear();
    }

    /// A page that was signed so many seconds ago.
    fn report(&self, ago: u64) -> bool {
        let now = self.clock().now();
        self.cache.report(now - Duration::from_secs(ago), now)
    }

    /// Nothing has gone wrong that would last: a last caller gets this one, after so many fetches in all.
    fn settles(&self, last: &str, fetches: usize) {
        assert_eq!((&*self.text(), self.fetches()), (last, fetches));
    }
}

fn is_pending<F: Future>(future: &mut Pin<&mut F>) -> bool {
    future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
        .is_pending()
}

fn text(got: &Got) -> String {
    got.as_ref().unwrap().secret().expose().to_owned()
}

/// Lets `threads` run at the same time, in every order, each time followed by `after`.
#[expect(clippy::print_stdout, reason = "how much was tried is told to whoever looks")]
fn race<const N: usize>(begin: fn() -> Bench, threads: [Act; N], after: Act) {
    let orders = explore(move || {
        let bench = Arc::new(begin());
        let running = threads.map(|act| {
            let bench = Arc::clone(&bench);
            thread::spawn(move || act(&bench))
        });
        for thread in running {
            thread.join().unwrap();
        }
        after(&bench);
    });
    println!("{N} threads, {orders} orders");
}

#[test]
fn cold_callers_share_one_fetch() {
    let get: Act = |bench| assert_eq!(bench.text(), "1");
    let once: Act = |bench| bench.settles("1", 1);
    race(Bench::cold, [get; 2], once);
    race(Bench::cold, [get; 3], once);
    race(Bench::cold, [get; 4], once);
}

#[test]
fn whoever_is_dropped_leaves_the_fetch_to_the_others() {
    let get: Act = |bench| assert_eq!(bench.text(), "1");
    let once: Act = |bench| bench.settles("1", 1);
    race(Bench::cold, [Bench::give_up, get], once);
    race(Bench::cold, [Bench::give_up, get, get], once);
    race(Bench::cold, [Bench::give_up, Bench::give_up, get], once);
    race(|| Bench::cold().left(), [get; 3], once);
}

#[test]
fn a_refresh_that_is_dropped_is_driven_on_while_the_usable_one_serves() {
    let get: Act = |bench| assert!(["1", "2"].contains(&&*bench.text()));
    let once: Act = |bench| bench.settles("2", 2);
    race(Bench::usable, [Bench::give_up, get], once);
    race(Bench::usable, [Bench::give_up, get, get], once);
    race(|| Bench::usable().left(), [get; 3], once);
}

#[test]
fn what_is_rejected_is_not_taken_from_a_fetch_of_before() {
    // The fetch that was left brings the rejected one, which the service gave before it was refused.
    let begin = || Bench::usable().bringing_1(2).left();
    let again: Act = |bench| {
        bench.reject();
        assert_eq!(bench.text(), "3");
    };
    let anew: Act = |bench| bench.settles("3", 3);
    race(begin, [again; 2], anew);
    race(begin, [again; 3], anew);
}

#[test]
fn what_was_being_fetched_when_the_cache_was_cleared_is_begun_anew() {
    let clear_and_get: Act = |bench| {
        bench.clear();
        assert_ne!(bench.text(), "1");
    };
    let begin = || Bench::cold().left();
    race(begin, [clear_and_get; 2], |bench| {
        assert_ne!(bench.text(), "1");
        assert!(bench.fetches() <= 3);
    });
}

#[test]
fn a_failure_is_that_of_those_who_waited_for_it() {
    let begin = || Bench::cold().failing(1, ErrCode::BUSY);
    let get: Act = |bench| {
        let was_over = bench.cache.failures.load(Ordering::Relaxed) > 0;
        if let Err(error) = bench.get() {
            assert!(!was_over && error.errcode() == Some(ErrCode::BUSY));
        }
    };
    let once_more: Act = |bench| bench.settles("2", 2);
    race(begin, [get; 2], once_more);
    race(begin, [get; 3], once_more);
    race(begin, [get, get, Bench::give_up], once_more);
}

#[test]
fn whoever_waited_for_a_fetch_that_failed_does_not_repeat_it() {
    let begin = || Bench::cold().failing(1, ErrCode::BUSY);
    let get: Act = |bench| {
        let mut get = pin!(bench.cache.get(bench.clock(), |need| bench.fetch(need)));
        let waits = is_pending(&mut get);
        let was_over = bench.cache.failures.load(Ordering::Relaxed) > 0;
        if waits && !was_over {
            assert!(block_on(get).is_err());
        }
    };
    race(begin, [get; 2], |_| ());
    race(begin, [get; 3], |_| ());
}

#[test]
fn whoever_waited_for_a_refresh_does_not_repeat_it() {
    let refresh: Act = |bench| {
        let mut refresh = pin!(bench.cache.refresh(bench.clock(), |need| bench.fetch(need)));
        let waits = is_pending(&mut refresh);
        let (_, present) = bench.cache.look(bench.clock());
        if waits && present.is_some_and(|present| present.secret().expose() == "1") {
            assert_eq!(text(&block_on(refresh)), "2");
        }
    };
    race(Bench::fresh, [refresh; 2], |_| ());
    race(Bench::fresh, [refresh; 3], |_| ());
}

#[test]
fn a_usable_one_is_refreshed_once() {
    let get: Act = |bench| assert!(["1", "2"].contains(&&*bench.text()));
    let impatient = || Bench::usable().impatient();
    for begin in [Bench::usable, impatient] {
        race(begin, [get; 2], |bench| bench.settles("2", 2));
        race(begin, [get; 3], |bench| bench.settles("2", 2));
    }
}

#[test]
fn a_usable_one_outlives_a_refresh_that_fails() {
    let patient = || Bench::usable().failing(2, ErrCode::BUSY);
    let impatient = || Bench::usable().failing(2, ErrCode::BUSY).impatient();
    let get: Act = |bench| assert_eq!(bench.text(), "1");
    for begin in [patient, impatient] {
        race(begin, [get; 2], |bench| bench.settles("1", 2));
        race(begin, [get; 3], |bench| bench.settles("1", 2));
    }
}

#[test]
fn whoever_can_be_served_does_not_wait_for_a_refresh() {
    // Who waited for this refresh would wait for ever: it does not end before the other has been served.
    let refresh: Act = |bench| {
        let refresh = bench.cache.refresh(bench.clock(), |need| {
            let source = Arc::clone(&bench.source);
            async {
                source.gate.notified().await;
                source.fetch(need).await
            }
        });
        block_on(refresh).unwrap();
    };
    let get: Act = |bench| {
        bench.get().unwrap();
        bench.source.gate.notify_one();
    };
    race(Bench::fresh, [refresh, get], |bench| bench.settles("2", 2));
    race(Bench::usable, [refresh, get], |bench| assert!(bench.fetches() <= 3));
}

#[test]
fn rejecting_the_old_one_never_drops_the_new_one() {
    let refresh: Act = |bench| assert_eq!(text(&bench.refresh()), "2");
    let reject: Act = |bench| {
        bench.reject();
    };
    race(Bench::fresh, [refresh, reject], |bench| bench.settles("2", 2));
    race(Bench::fresh, [refresh, reject, reject], |bench| bench.settles("2", 2));
}

#[test]
fn callers_who_were_refused_with_one_fetch_one_more() {
    let again: Act = |bench| {
        bench.reject();
        assert_eq!(bench.text(), "2");
    };
    let get: Act = |bench| assert!(["1", "2"].contains(&&*bench.text()));
    race(Bench::fresh, [again, again], |bench| bench.settles("2", 2));
    race(Bench::fresh, [again, again, get], |bench| bench.settles("2", 2));
    race(Bench::usable, [again, again, get], |bench| bench.settles("2", 2));
}

#[test]
fn a_refresh_that_fails_does_not_bring_the_rejected_one_back() {
    let begin = || Bench::usable().failing(2, ErrCode::BUSY);
    let get: Act = |bench| drop(bench.get());
    let again: Act = |bench| {
        bench.reject();
        assert!(!bench.get().is_ok_and(|got| got.secret().expose() == "1"));
    };
    let another: Act = |bench| bench.settles("3", 3);
    race(begin, [get, again], another);
    race(begin, [get, get, again], another);
}

#[test]
fn clearing_while_one_is_fetched_costs_one_fetch_at_most() {
    let get: Act = |bench| drop(bench.get().unwrap());
    let clear_and_get: Act = |bench| {
        bench.clear();
        bench.get().unwrap();
    };
    let at_most_once_more: Act = |bench| {
        bench.get().unwrap();
        assert!(bench.fetches() <= 2);
    };
    race(Bench::cold, [get, clear_and_get], at_most_once_more);
    race(Bench::cold, [get, get, clear_and_get], at_most_once_more);
    race(Bench::fresh, [get, get, clear_and_get], at_most_once_more);
}

#[test]
fn wrong_credentials_are_tried_once() {
    let get: Act = |bench| assert_eq!(bench.get().unwrap_err().kind(), ErrorKind::Credential);
    let begin = || Bench::cold().failing(1, WRONG);
    let once: Act = |bench| assert_eq!(bench.fetches(), 1);
    race(begin, [get; 3], once);
    race(begin, [Bench::give_up, get, get], once);
}

#[test]
fn whoever_drives_on_a_refresh_does_not_begin_it_anew() {
    // The service gives the one again that was reported, and that was known when the fetch began.
    let begin = || {
        let bench = Bench::fresh().bringing_1(2);
        bench.report(5);
        bench.left()
    };
    let get: Act = |bench| assert_eq!(bench.text(), "1");
    let once: Act = |bench| bench.settles("1", 2);
    race(begin, [get; 3], once);
    let refresh: Act = |bench| assert_eq!(text(&bench.refresh()), "2");
    race(|| Bench::usable().left(), [refresh], |bench| bench.settles("2", 2));
    let rejected = || {
        let bench = Bench::usable().bringing_1(2);
        bench.reject();
        bench.left()
    };
    race(rejected, [get; 3], once);
}

#[test]
fn wrong_credentials_are_tried_again_after_a_clearing_that_the_fetch_did_not_see() {
    let begin = || Bench::cold().failing(1, WRONG);
    let get: Act = |bench| {
        let got = block_on(bench.cache.get(bench.clock(), |need| {
            let source = Arc::clone(&bench.source);
            async {
                let was_cleared = source.clears.load(Ordering::Relaxed) > 0;
                if !was_cleared {
                    // What is there at the gate says that the clearing came later.
                    source.gate.notify_one();
                }
                source.fetch(need).await
            }
        }));
        assert_eq!(got.unwrap_err().kind(), ErrorKind::Credential);
    };
    race(begin, [get, Bench::clear], |bench| {
        let mut came_later = pin!(bench.source.gate.notified());
        let came_later = !is_pending(&mut came_later);
        assert!(bench.get().is_ok() || !came_later);
    });
}

#[test]
fn a_report_never_costs_the_one_that_a_refresh_has_brought() {
    let refresh: Act = |bench| assert_eq!(text(&bench.refresh()), "2");
    let report: Act = |bench| {
        if bench.report(5) {
            bench.source.clears.fetch_add(1, Ordering::Relaxed);
        }
    };
    let stays: Act = |bench| {
        assert!(bench.source.clears.load(Ordering::Relaxed) <= 1);
        bench.settles("2", 2);
    };
    race(Bench::fresh, [refresh, report], stays);
    race(Bench::fresh, [refresh, report, report], stays);
}

#[test]
fn of_many_reports_one_a_minute_is_heeded() {
    // The one that is there by the time of the other report was there when its page was signed, too.
    let report_and_get: Act = |bench| {
        bench.report(0);
        assert!(["1", "2"].contains(&&*bench.text()));
    };
    race(Bench::fresh, [report_and_get; 2], |bench| bench.settles("2", 2));
    race(Bench::fresh, [report_and_get; 3], |bench| bench.settles("2", 2));
}

#[test]
fn what_is_reported_goes_on_if_there_is_no_other() {
    let failing = || Bench::fresh().failing(2, ErrCode::BUSY);
    let given_again = || Bench::fresh().bringing_1(2);
    let report_and_get: Act = |bench| {
        bench.report(0);
        assert_eq!(bench.text(), "1");
    };
    for begin in [failing, given_again] {
        race(begin, [report_and_get; 2], |bench| bench.settles("1", 2));
        race(begin, [report_and_get; 3], |bench| bench.settles("1", 2));
    }
}

#[test]
fn a_report_does_not_stop_a_refresh_that_was_left() {
    let get: Act = |bench| assert!(["1", "2"].contains(&&*bench.text()));
    let report_and_get: Act = |bench| {
        bench.report(5);
        assert!(["1", "2"].contains(&&*bench.text()));
    };
    let begin = || Bench::usable().left();
    let once: Act = |bench| bench.settles("2", 2);
    race(begin, [report_and_get, get], once);
    race(begin, [report_and_get, report_and_get, get], once);
}
