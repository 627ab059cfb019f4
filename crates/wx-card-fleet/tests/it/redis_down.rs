//! The store dies, hangs, or forgets, while everybody calls.

use wx_redis_fixture::Redis;

use crate::fleet::Fleet;
use crate::world::World;

async fn fleet(size: usize, world: &World, redis: &Redis) -> Fleet {
    Fleet::start(size, world, &format!("--store {}", redis.url())).await
}

/// Redis is killed and comes back while eight processes call; then one more process starts.
async fn killed_and_restarted(mut redis: Redis) -> World {
    let world = World::open().await;
    let mut old = fleet(8, &world, &redis).await;
    old.load(4, "both").await;
    old.goes_on(20).await;
    redis.kill();
    old.goes_on(20).await;
    redis.restart().unwrap();
    old.goes_on(20).await;
    old.stop().await.assert_well();
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.ticket_fetches()), (1, 1), "{ledger:?}");
    fleet(1, &world, &redis).await.burst(20, "both").await.assert_well();
    assert_eq!(world.ledger().refused(), 0);
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_comes_back_empty_is_filled_with_the_same_token() {
    let world = killed_and_restarted(Redis::start().unwrap()).await;
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.ticket_fetches()), (2, 2), "{ledger:?}");
    assert_eq!((ledger.new_tokens(), ledger.new_tickets()), (1, 1), "{ledger:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_comes_back_with_its_data_has_the_token() {
    let world = killed_and_restarted(Redis::builder().keeps_data().start().unwrap()).await;
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.ticket_fetches()), (1, 1), "{ledger:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_token_and_redis_are_both_gone_each_process_fetches_the_same_one() {
    let (world, mut redis) = (World::open().await, Redis::start().unwrap());
    let mut fleet = fleet(8, &world, &redis).await;
    fleet.load(4, "query").await;
    fleet.goes_on(20).await;
    redis.kill();
    world.expire();
    fleet.goes_on(20).await;
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.new_tokens()), (1 + 8, 2), "{ledger:?}");
    // It recovers by itself: the next token is fetched once again.
    redis.restart().unwrap();
    fleet.goes_on(20).await;
    world.expire();
    fleet.goes_on(20).await;
    fleet.stop().await.assert_well();
    let ledger = world.ledger();
    assert_eq!(
        (ledger.token_fetches(), ledger.new_tokens()),
        (1 + 8 + 1, 3),
        "{ledger:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_hangs_holds_up_nobody_who_has_a_token() {
    let (world, redis) = (World::open().await, Redis::start().unwrap());
    let mut old = fleet(4, &world, &redis).await;
    old.load(4, "both").await;
    old.goes_on(20).await;
    let mut cold = fleet(1, &world, &redis).await;
    let mut strict = Fleet::start(1, &world, &format!("--store {} --without-store fail", redis.url())).await;
    redis.pause().unwrap();
    old.goes_on(20).await;

    // Who has none waits for the store as long as that may take, and fetches the same one; or fails if told so.
    let tally = cold.burst(20, "query").await;
    tally.assert_well();
    assert!(tally.longest_ms < 3_000, "{tally:?}");
    let tally = strict.burst(20, "query").await;
    assert_eq!((tally.done, tally.failed), (0, 20), "{tally:?}");
    assert_eq!(tally.errors.len(), 1, "{tally:?}");
    assert_eq!(world.ledger().token_fetches(), 2);

    redis.resume().unwrap();
    strict.burst(20, "both").await.assert_well();
    old.goes_on(20).await;
    let tally = old.stop().await;
    tally.assert_well();
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.ticket_fetches()), (2, 1), "{ledger:?}");
    assert_eq!(ledger.refused(), 0, "{ledger:?}");
}
