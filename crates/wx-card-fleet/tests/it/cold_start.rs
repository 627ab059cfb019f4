//! Everybody wants a token, and nobody has one.

use wx_redis_fixture::Redis;

use crate::fleet::{Fleet, Worker};
use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_thousand_cold_callers_fetch_one_token_and_one_ticket() {
    let (world, redis) = (World::open().await, Redis::start().unwrap());
    let mut fleet = Fleet::start(8, &world, &format!("--store {}", redis.url())).await;
    let tally = fleet.burst(500, "both").await;
    tally.assert_well();
    assert_eq!(tally.done, 4_000);
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.ticket_fetches()), (1, 1), "{ledger:?}");
    assert_eq!(ledger.asked("/card/getcolors"), 2_000);
    assert_eq!(ledger.refused(), 0);

    // Who comes later finds them there.
    let mut late = Fleet::start(1, &world, &format!("--store {}", redis.url())).await;
    late.burst(10, "both").await.assert_well();
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.ticket_fetches()), (1, 1), "{ledger:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sealed_is_shared_as_well() {
    let (world, redis) = (World::open().await, Redis::start().unwrap());
    let (options, key) = (format!("--store {}", redis.url()), "c0ffee00".repeat(8));
    let mut workers = Vec::new();
    for _ in 0..4 {
        workers.push(Worker::start_with(&world, &options, &[("WX_SEAL_KEY", &key)]).await);
    }
    let mut fleet = Fleet(workers);
    fleet.burst(100, "both").await.assert_well();
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.ticket_fetches()), (1, 1), "{ledger:?}");
}

/// What the other tests count would be counted if it happened.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_store_each_process_fetches_for_itself() {
    let world = World::open().await;
    let mut fleet = Fleet::start(4, &world, "").await;
    fleet.burst(100, "both").await.assert_well();
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.ticket_fetches()), (4, 4), "{ledger:?}");
    assert_eq!((ledger.new_tokens(), ledger.new_tickets()), (1, 1), "{ledger:?}");
}
