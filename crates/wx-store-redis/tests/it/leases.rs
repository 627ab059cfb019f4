//! Who may fetch, and whose token stands.

use tokio::task::JoinSet;
use wx_core::{StoreLease, TokenStore};
use wx_redis_fixture::Redis;

use crate::{LEASE, Other, held, key, store, text, token};

#[tokio::test(flavor = "multi_thread")]
async fn of_many_tasks_over_several_connections_one_gets_the_lease() {
    let redis = Redis::start().unwrap();
    let stores = [store(&redis), store(&redis), store(&redis)];
    for _ in 0..10 {
        let mut tasks = JoinSet::new();
        for task in 0..30 {
            let store = stores[task % 3].clone();
            tasks.spawn(async move { store.lease(&key(), LEASE).await.unwrap() });
        }
        let got: Vec<StoreLease> = tasks.join_all().await.into_iter().flatten().collect();
        let [lease] = got[..] else { panic!("{got:?}") };
        stores[0].release(&key(), &lease).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_save_at_once_the_newest_stands() {
    let redis = Redis::start().unwrap();
    let stores = [store(&redis), store(&redis)];
    let mut tasks = JoinSet::new();
    for version in 1..=40_u64 {
        let store = stores[usize::from(version % 2 == 0)].clone();
        tasks.spawn(async move { store.save_if_newer(&key(), &token("token", version)).await.unwrap() });
    }
    let stored = tasks.join_all().await;
    assert!(stored.contains(&true));
    assert_eq!(held(&stores[0]).await, text("token", 40));
}

#[tokio::test]
async fn an_older_version_and_the_same_again_are_not_stored() {
    let redis = Redis::start().unwrap();
    let store = store(&redis);
    assert!(store.save_if_newer(&key(), &token("b", 10)).await.unwrap());
    for (text, version) in [("a", 9), ("c", 10), ("b", 10)] {
        assert!(!store.save_if_newer(&key(), &token(text, version)).await.unwrap());
    }
    assert_eq!(held(&store).await, text("b", 10));
    assert!(store.save_if_newer(&key(), &token("c", 11)).await.unwrap());
    assert_eq!(held(&store).await, text("c", 11));
}

#[tokio::test]
async fn a_lease_is_above_all_leases_before_and_all_that_was_saved() {
    let redis = Redis::start().unwrap();
    let store = store(&redis);
    let mut last = 0;
    for _ in 0..20 {
        let lease = store.lease(&key(), LEASE).await.unwrap().unwrap();
        assert!(lease.version() > last);
        last = lease.version() + 1000;
        assert!(store.save_if_newer(&key(), &token("token", last)).await.unwrap());
        store.release(&key(), &lease).await.unwrap();
    }
}

#[tokio::test]
async fn versions_go_on_rising_after_redis_lost_everything() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    let before = store.lease(&key(), LEASE).await.unwrap().unwrap();
    store
        .save_if_newer(&key(), &token("old", before.version()))
        .await
        .unwrap();
    // Its clock has moved on by a millisecond at least when it answers.
    let _done: String = other.ask("FLUSHALL").await;
    let _nobody: Option<(String, String)> = other.ask("BLPOP nothing 0.002").await;
    let after = store.lease(&key(), LEASE).await.unwrap().unwrap();
    assert!(before.version() < after.version());
}

#[tokio::test]
async fn a_lease_that_was_given_back_can_be_had_at_once() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), store(&redis));
    let lease = store.lease(&key(), LEASE).await.unwrap().unwrap();
    assert_eq!(other.lease(&key(), LEASE).await.unwrap(), None);
    other
        .release(&key(), &StoreLease::new(lease.version() - 1))
        .await
        .unwrap();
    other
        .release(&key(), &StoreLease::new(lease.version() + 1))
        .await
        .unwrap();
    assert_eq!(other.lease(&key(), LEASE).await.unwrap(), None);
    store.release(&key(), &lease).await.unwrap();
    assert!(other.lease(&key(), LEASE).await.unwrap().is_some());
}

#[tokio::test]
async fn a_lease_of_a_dead_owner_ends_by_itself_and_its_late_token_gives_way() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    let dead = store
        .lease(&key(), std::time::Duration::from_millis(20))
        .await
        .unwrap()
        .unwrap();
    let _nobody: Option<(String, String)> = other.ask("BLPOP nothing 0.03").await;
    let next = store.lease(&key(), LEASE).await.unwrap().unwrap();
    assert!(
        store
            .save_if_newer(&key(), &token("next", next.version()))
            .await
            .unwrap()
    );
    assert!(
        !store
            .save_if_newer(&key(), &token("late", dead.version()))
            .await
            .unwrap()
    );
    store.release(&key(), &dead).await.unwrap();
    assert_eq!(store.lease(&key(), LEASE).await.unwrap(), None);
    assert_eq!(held(&store).await, text("next", next.version()));
}
