//! The process that fetches for all dies in the middle, or takes too long.

use std::time::Duration;

use serde_json::json;
use wx_redis_fixture::Redis;

use crate::fleet::{Fleet, Tally, Worker};
use crate::world::{World, until};

const LEASE: Duration = Duration::from_secs(1);

/// A fleet of which the first has the lease and waits for its answer, and the others wait for it.
async fn led(world: &World, redis: &Redis, source: &str, what: &str, late: Duration) -> (Worker, Fleet) {
    let options = format!(
        "--store {} --source {source} --lease {}",
        redis.url(),
        LEASE.as_millis()
    );
    let mut fleet = Fleet::start(8, world, &options).await;
    let mut leader = fleet.0.remove(0);
    world.delay_a_token(late);
    let order = json!({"do": "burst", "callers": 20, "what": what});
    leader.order(&order).await;
    until("the leader asks", || world.ledger().hindered() == 1).await;
    for worker in &mut fleet.0 {
        worker.order(&order).await;
    }
    (leader, fleet)
}

async fn answers(fleet: &mut Fleet) -> Tally {
    let mut tallies = Vec::new();
    for worker in &mut fleet.0 {
        tallies.push(worker.answer().await);
    }
    Tally::sum(tallies)
}

async fn another_takes_over(source: &str) -> World {
    let (world, redis) = (World::open().await, Redis::start().unwrap());
    let (leader, mut fleet) = led(&world, &redis, source, "both", Duration::from_secs(600)).await;
    leader.kill().await;
    let tally = answers(&mut fleet).await;
    tally.assert_well();
    // It took no longer than what was left of the lease, and what a busy machine adds.
    assert!(tally.longest_ms < 3_000, "{tally:?}");
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.ticket_fetches()), (2, 1), "{ledger:?}");
    assert_eq!(ledger.refused(), 0, "{ledger:?}");
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_leader_is_killed_another_takes_over() {
    let world = another_takes_over("stable").await;
    assert_eq!(world.ledger().new_tokens(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_classic_token_that_died_with_the_leader_is_missed_by_nobody() {
    let world = another_takes_over("classic").await;
    assert_eq!(world.ledger().new_tokens(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_that_is_late_takes_what_another_has_fetched() {
    let (world, redis) = (World::open().await, Redis::start().unwrap());
    // The token that the leader is given is dead when it hears of it: a classic one kills the one before.
    let (mut leader, mut fleet) = led(&world, &redis, "classic", "query", LEASE * 3).await;
    answers(&mut fleet).await.assert_well();
    leader.answer::<Tally>().await.assert_well();
    fleet.0.push(leader);
    fleet.burst(20, "both").await.assert_well();
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.ticket_fetches()), (2, 1), "{ledger:?}");
    assert_eq!(ledger.refused(), 0, "{ledger:?}");
}
