//! The limit of calls that a fleet shares.

use std::error::Error as _;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;
use wx_core::RateLimit;
use wx_redis_fixture::Redis;

use crate::{Other, PLENTY, SHORT, builder, store};

const ACCOUNT: &str = "wx0000000000000001";
const CALLS: &str = "{wx-card:wx0000000000000001}:calls";

/// How many calls a limit gives before it is used up.
async fn taken(limit: &impl RateLimit) -> u32 {
    let mut taken = 0;
    while limit.acquire().await.is_ok() {
        taken += 1;
    }
    taken
}

#[tokio::test]
async fn the_calls_of_a_day_are_those_of_all_processes() {
    let redis = Redis::start().unwrap();
    let mut processes = JoinSet::new();
    for _ in 0..4 {
        let limit = store(&redis).rate_limit(ACCOUNT).per_day(50);
        processes.spawn(async move { taken(&limit).await });
    }
    let shares = processes.join_all().await;
    assert_eq!(shares.iter().sum::<u32>(), 50, "{shares:?}");
    let error = store(&redis)
        .rate_limit(ACCOUNT)
        .per_day(50)
        .acquire()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the 50 calls of this day are used up; go on tomorrow"
    );
}

#[tokio::test]
async fn accounts_have_limits_of_their_own() {
    let redis = Redis::start().unwrap();
    let store = store(&redis);
    for account in [ACCOUNT, "wx0000000000000002"] {
        assert_eq!(taken(&store.rate_limit(account).per_day(3)).await, 3, "{account}");
    }
}

#[tokio::test]
async fn repeats_count_and_those_of_an_earlier_run_are_known() {
    let redis = Redis::start().unwrap();
    let limit = store(&redis).rate_limit(ACCOUNT).per_day(10);
    limit.acquire().await.unwrap();
    limit.spent(4);
    limit.spent_before(1000);
    assert_eq!(taken(&limit).await, 5);
}

#[tokio::test]
async fn yesterday_does_not_count() {
    let redis = Redis::start().unwrap();
    let (limit, other) = (store(&redis).rate_limit(ACCOUNT).per_day(3), Other::of(&redis).await);
    other.set(CALLS, b"12345 1000 0").await;
    assert_eq!(taken(&limit).await, 3);
}

#[tokio::test]
async fn calls_are_spread_over_the_seconds() {
    let redis = Redis::start().unwrap();
    let [one, two] = [(); 2].map(|()| store(&redis).rate_limit(ACCOUNT).per_second(100));
    let began = Instant::now();
    for _ in 0..10 {
        one.acquire().await.unwrap();
        two.acquire().await.unwrap();
    }
    // Nineteen steps of ten milliseconds: only less would be wrong.
    assert!(began.elapsed() >= Duration::from_millis(189), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_moment_far_ahead_is_from_a_clock_that_was_set_back() {
    let redis = Redis::start().unwrap();
    let limit = builder(&redis).build().unwrap().rate_limit(ACCOUNT).per_second(1000);
    limit.acquire().await.unwrap();
    let other = Other::of(&redis).await;
    let held: String = other.ask(&format!("GET {CALLS}")).await;
    let [day, calls, following] = held.split(' ').collect::<Vec<_>>().try_into().unwrap();
    let far = following.parse::<u64>().unwrap() + 3600 * 100_000;
    other.set(CALLS, format!("{day} {calls} {far}").as_bytes()).await;
    tokio::time::timeout(PLENTY, limit.acquire()).await.unwrap().unwrap();
}

#[tokio::test]
async fn something_else_under_the_key_begins_the_day_anew() {
    let redis = Redis::start().unwrap();
    let (limit, other) = (store(&redis).rate_limit(ACCOUNT).per_day(2), Other::of(&redis).await);
    let _pushed: u32 = other.ask(&format!("LPUSH {CALLS} x")).await;
    assert_eq!(taken(&limit).await, 2);
}

#[tokio::test]
async fn who_is_patient_waits_for_redis_to_come_back() {
    let mut redis = Redis::start().unwrap();
    redis.kill();
    let limit = store(&redis).rate_limit(ACCOUNT).per_day(1);
    let waiting = tokio::spawn(async move { limit.acquire().await.map(|()| limit) });
    redis.restart().unwrap();
    let limit = waiting.await.unwrap().unwrap();
    assert_eq!(taken(&limit).await, 0);
}

#[tokio::test]
async fn who_is_not_is_told_why_and_owes_what_it_owed() {
    let mut redis = Redis::start().unwrap();
    let limit = store(&redis).rate_limit(ACCOUNT).per_day(5).patience(Duration::ZERO);
    limit.spent(3);
    redis.kill();
    let error = limit.acquire().await.unwrap_err();
    assert_eq!(error.to_string(), "the rate limit failed");
    assert!(error.source().is_some());
    redis.restart().unwrap();
    assert_eq!(taken(&limit).await, 2);
}

#[tokio::test]
async fn a_redis_that_hangs_is_not_waited_for_longer_than_told() {
    let redis = Redis::start().unwrap();
    let store = builder(&redis).timeout(SHORT).build().unwrap();
    let limit = store.rate_limit(ACCOUNT).patience(Duration::ZERO);
    redis.pause().unwrap();
    let outcome = limit.acquire().await;
    redis.resume().unwrap();
    assert!(outcome.is_err());
}
