//! Tokens and tickets end, by time or by the service's whim, while everybody needs them.

use std::time::Duration;

use serde_json::{Value, json};
use wx_redis_fixture::Redis;

use crate::fleet::{Fleet, Tally};
use crate::redis::Connection;
use crate::world::{World, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_the_end_of_its_life_one_process_fetches_the_next() {
    let world = World::with_token_life(Duration::from_secs(6)).await;
    let redis = Redis::start().unwrap();
    let mut fleet = Fleet::start(8, &world, &format!("--store {}", redis.url())).await;
    world.align();
    fleet.load(4, "both").await;
    until("the second token and ticket", || {
        let ledger = world.ledger();
        ledger.new_tokens() == 2 && ledger.new_tickets() == 2
    })
    .await;
    fleet.goes_on(20).await;
    fleet.stop().await.assert_well();
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.new_tickets()), (2, 2), "{ledger:?}");
    // The service gives the same ticket until its end; whoever asks before that asks once more.
    assert!(ledger.ticket_fetches() <= 3, "{ledger:?}");
    // The next one is there before the end, but a busy machine may be late; then each of the 32 callers is refused once.
    assert!(ledger.refused() <= 32, "{ledger:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_time_the_service_kills_all_tokens_one_process_fetches_one() {
    let (world, redis) = (World::open().await, Redis::start().unwrap());
    let mut fleet = Fleet::start(8, &world, &format!("--store {}", redis.url())).await;
    for storms in 1..=4 {
        fleet.storm(&world).await.assert_well();
        let ledger = world.ledger();
        assert_eq!(
            (ledger.token_fetches(), ledger.new_tokens()),
            (storms + 1, storms + 1),
            "{ledger:?}"
        );
        // Each of the 32 callers was refused at most once a storm.
        assert!(ledger.refused() <= 32 * storms, "{ledger:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_that_pages_report_is_fetched_once_for_all() {
    let (world, redis) = (World::open().await, Redis::start().unwrap());
    let mut fleet = Fleet::start(8, &world, &format!("--store {}", redis.url())).await;
    fleet.burst(50, "both").await.assert_well();
    world.expire();
    for report in fleet.ask::<Value>(&json!({"do": "report"})).await {
        assert_eq!(report, json!({"dropped": true}));
    }
    fleet.burst(50, "both").await.assert_well();
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.ticket_fetches()), (2, 2), "{ledger:?}");
    // What everybody signs with now is what the service takes.
    for mut payload in fleet.ask::<Value>(&json!({"do": "sign"})).await {
        payload["openid"] = "oAlice".into();
        world.control("choose-card", &payload);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_was_fetched_again_before_it_died_is_not_tried_again() {
    let (world, redis) = (World::open().await, Redis::start().unwrap());
    let mut fleet = Fleet::start(2, &world, &format!("--store {}", redis.url())).await;
    let call = json!({"do": "burst", "callers": 1, "what": "query"});
    fleet.0[0].ask::<Tally>(&call).await.assert_well();
    // The store forgets, and the other process is given the same token under a later version.
    Connection::open(&redis).await.ask(&["FLUSHALL"]).await;
    fleet.0[1].ask::<Tally>(&call).await.assert_well();
    world.expire();
    fleet.0[0].ask::<Tally>(&call).await.assert_well();
    fleet.0[1].ask::<Tally>(&call).await.assert_well();
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.new_tokens()), (3, 2), "{ledger:?}");
}
