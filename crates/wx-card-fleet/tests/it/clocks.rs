//! Machines that disagree about the time.

use serde_json::{Value, json};
use wx_redis_fixture::Redis;

use crate::fleet::{Fleet, Worker};
use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_that_are_ten_minutes_wrong_do_not_matter() {
    let (world, redis) = (World::open().await, Redis::start().unwrap());
    let mut workers = Vec::new();
    for seconds in [0, 600, -600, 0, 600, -600, 300, -300] {
        let options = format!("--store {} --clock {seconds}", redis.url());
        workers.push(Worker::start(&world, &options).await);
    }
    let mut fleet = Fleet(workers);
    fleet.burst(100, "both").await.assert_well();
    for storms in 1..=3 {
        fleet.storm(&world).await.assert_well();
        assert_eq!(world.ledger().token_fetches(), storms + 1);
    }
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.ticket_fetches()), (4, 1), "{ledger:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_jumps_costs_no_fetch_and_no_call() {
    let (world, redis) = (World::open().await, Redis::start().unwrap());
    let mut fleet = Fleet::start(4, &world, &format!("--store {}", redis.url())).await;
    fleet.load(4, "both").await;
    fleet.goes_on(20).await;
    // To where the token is due, to where it would be dead, to long after that, and to before it was made.
    for seconds in [6_950, 350, 86_400, -3_600, -90_100] {
        fleet.ask::<Value>(&json!({"do": "clock", "forward": seconds})).await;
        fleet.goes_on(20).await;
    }
    fleet.stop().await.assert_well();
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.ticket_fetches()), (1, 1), "{ledger:?}");
}
