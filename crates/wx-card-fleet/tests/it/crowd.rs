//! Ten thousand callers at once in one process.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;
use wx_card::CardClient;
use wx_card::types::GetColors;
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET};
use wx_http_hyper::HyperClient;

use crate::world::World;

const CALLERS: usize = 10_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn none_of_ten_thousand_fails_when_the_token_dies_under_them() {
    let world = World::open().await;
    let http = HyperClient::builder()
        .no_proxy()
        .timeout(Duration::from_secs(120))
        .build()
        .unwrap();
    let client = CardClient::builder(DEFAULT_APP_ID, DEFAULT_APP_SECRET, http)
        .base_url(world.base_url().parse().unwrap())
        .build();
    let (world, answered) = (Arc::new(world), Arc::new(AtomicUsize::new(0)));
    let mut calls = JoinSet::new();
    for _ in 0..CALLERS {
        let (client, world, answered) = (client.clone(), Arc::clone(&world), Arc::clone(&answered));
        calls.spawn(async move {
            let result = client.get_colors(&GetColors::new()).await;
            if answered.fetch_add(1, Ordering::SeqCst) == CALLERS / 4 {
                // Thousands stand in line with it, and the fetch of the next has to come through all the same.
                world.expire();
            }
            result
        });
    }
    for result in calls.join_all().await {
        result.unwrap();
    }
    let ledger = world.ledger();
    assert_eq!(ledger.token_fetches(), 2, "{ledger:?}");
    assert!(ledger.refused() > 0, "{ledger:?}");
}
