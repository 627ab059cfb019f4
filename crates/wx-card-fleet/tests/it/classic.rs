//! The classic endpoint, at which every token kills the one before.

use serde_json::json;
use wx_redis_fixture::Redis;

use crate::fleet::{Fleet, Tally};
use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_fleets_over_one_store_have_no_token_war() {
    let (world, redis) = (World::open().await, Redis::start().unwrap());
    let options = format!("--store {} --source classic", redis.url());
    let mut both = Fleet::start(4, &world, &options).await;
    both.0
        .extend(Fleet::start(4, &world, &format!("{options} --poll 20")).await.0);
    both.burst(100, "both").await.assert_well();
    for storms in 1..=3 {
        both.storm(&world).await.assert_well();
        let ledger = world.ledger();
        assert_eq!(ledger.token_fetches(), storms + 1, "{ledger:?}");
        assert!(ledger.refused() <= 32 * storms, "{ledger:?}");
    }
}

/// The war that is not there in the other test is seen where it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_without_a_store_kill_each_others_tokens() {
    let world = World::open().await;
    let mut pair = Fleet::start(2, &world, "--source classic").await;
    for _ in 0..3 {
        for worker in &mut pair.0 {
            let order = json!({"do": "burst", "callers": 1, "what": "query"});
            worker.ask::<Tally>(&order).await.assert_well();
        }
    }
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.refused()), (6, 4), "{ledger:?}");
}
