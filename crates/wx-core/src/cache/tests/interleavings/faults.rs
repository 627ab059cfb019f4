//! Caches with a fault: there must be an order that shows it, or the search proves nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;

/// Whether the search finds an order in which something goes wrong.
fn shows<const N: usize>(begin: fn() -> Bench, threads: [Act; N], after: Act) -> bool {
    catch_unwind(AssertUnwindSafe(|| race(begin, threads, after))).is_err()
}

/// Fetches without another look at what the one before may have brought.
async fn get_without_a_second_look(bench: &Bench) -> Got {
    match bench.cache.look(bench.clock()) {
        (Span::Fresh, Some(fresh)) => Ok(fresh),
        _ => {
            let leader = bench.cache.refresh.lock().await;
            let need = bench.cache.need();
            bench
                .cache
                .fetch(leader, bench.clock(), need, |need| bench.fetch(need))
                .await
        }
    }
}

#[test]
fn no_second_look_after_waiting_is_found() {
    let get: Act = |bench| drop(block_on(get_without_a_second_look(bench)));
    assert!(shows(Bench::cold, [get; 2], |bench| bench.settles("1", 1)));
}

#[test]
fn rejecting_whatever_is_there_is_found() {
    let refresh: Act = |bench| drop(bench.refresh());
    let reject: Act = |bench| {
        bench.cache.drop_if(|_| true);
    };
    assert!(shows(Bench::fresh, [refresh, reject], |bench| bench.settles("2", 2)));
}

#[test]
fn looking_and_dropping_in_two_steps_is_found() {
    let refresh: Act = |bench| drop(bench.refresh());
    let reject: Act = |bench| {
        let (_, present) = bench.cache.look(bench.clock());
        if present.is_some_and(|present| present.secret().expose() == "1") {
            bench.cache.drop_if(|_| true);
        }
    };
    assert!(shows(Bench::fresh, [refresh, reject], |bench| bench.settles("2", 2)));
}

#[test]
fn bringing_a_rejected_one_back_is_found() {
    let pause: Act = |bench| {
        if let (Span::Usable, Some(usable)) = bench.cache.look(bench.clock()) {
            bench.cache.write().current = Some(Arc::new(TimedSecret::clone(&usable).paused_at(bench.clock().now())));
        }
    };
    let again: Act = |bench| {
        bench.reject();
        assert_ne!(bench.text(), "1");
    };
    assert!(shows(Bench::usable, [pause, again], |_| ()));
}

/// Takes part in whatever failure it finds, as if it had waited for it.
async fn get_with_any_failure(bench: &Bench) -> Got {
    let leader = bench.cache.refresh.lock().await;
    if let Some(error) = &leader.error {
        return Err(error.clone());
    }
    let need = bench.cache.need();
    bench
        .cache
        .fetch(leader, bench.clock(), need, |need| bench.fetch(need))
        .await
}

#[test]
fn an_old_failure_is_found() {
    let get: Act = |bench| {
        let was_over = bench.cache.failures.load(Ordering::Relaxed) > 0;
        let got = block_on(get_with_any_failure(bench));
        assert!(got.is_ok() || !was_over);
    };
    let begin = || Bench::cold().failing(1, ErrCode::BUSY);
    assert!(shows(begin, [get; 2], |_| ()));
}

#[test]
fn waiting_for_a_refresh_is_found() {
    let refresh: Act = |bench| {
        drop(block_on(bench.cache.refresh(bench.clock(), |need| {
            let source = Arc::clone(&bench.source);
            async {
                source.gate.notified().await;
                source.fetch(need).await
            }
        })));
    };
    let get: Act = |bench| {
        drop(block_on(bench.cache.refresh.lock()));
        bench.text();
        bench.source.gate.notify_one();
    };
    assert!(shows(Bench::fresh, [refresh, get], |_| ()));
}

/// Takes what a fetch brings that somebody has left, whatever it is.
async fn get_with_any_fetch(bench: &Bench) -> Got {
    let mut leader = bench.cache.refresh.lock().await;
    match &mut leader.running {
        Some(running) => {
            let fetched = running.ended().await?;
            Ok(bench.cache.swap(&mut leader, bench.clock(), fetched))
        }
        None => {
            let need = bench.cache.need();
            bench
                .cache
                .fetch(leader, bench.clock(), need, |need| bench.fetch(need))
                .await
        }
    }
}

#[test]
fn taking_what_was_fetched_before_it_was_rejected_is_found() {
    let again: Act = |bench| {
        bench.reject();
        assert_ne!(text(&block_on(get_with_any_fetch(bench))), "1");
    };
    assert!(shows(|| Bench::usable().bringing_1(2).left(), [again], |_| ()));
}

#[test]
fn beginning_anew_what_somebody_has_left_is_found() {
    let give_up: Act = |bench| {
        bench.give_up();
        // As if the fetch were the caller's own.
        block_on(async { bench.cache.refresh.lock().await.running = None });
    };
    let get: Act = |bench| drop(bench.get());
    assert!(shows(Bench::cold, [give_up, get], |bench| bench.settles("1", 1)));
}
