//! Redis that is not there, comes back, hangs, or is no master any more.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use wx_core::TokenStore;
use wx_redis_fixture::Redis;
use wx_store_redis::RedisTokenStore;

use crate::{LEASE, Other, PLENTY, SHORT, builder, failure, held, key, seen, store, text, token};

#[tokio::test]
async fn a_store_is_built_before_redis_is_there_and_finds_it_later() {
    let mut redis = Redis::start().unwrap();
    redis.kill();
    let store = store(&redis);
    let why = failure(&store).await;
    assert!(why.contains("refused"), "{why}");
    redis.restart().unwrap();
    assert_eq!(held(&store).await, None);
}

#[tokio::test]
async fn a_restart_between_two_calls_is_not_noticed() {
    let mut redis = Redis::builder().keeps_data().start().unwrap();
    let store = store(&redis);
    assert!(store.save_if_newer(&key(), &token("token", 7)).await.unwrap());
    for _ in 0..3 {
        redis.restart().unwrap();
        assert_eq!(held(&store).await, text("token", 7));
    }
    let lease = store.lease(&key(), LEASE).await.unwrap().unwrap();
    redis.restart().unwrap();
    assert_eq!(store.lease(&key(), LEASE).await.unwrap(), None);
    store.release(&key(), &lease).await.unwrap();
    redis.restart().unwrap();
    assert!(store.lease(&key(), LEASE).await.unwrap().is_some());
}

#[tokio::test]
async fn a_redis_that_lost_everything_is_filled_anew() {
    let mut redis = Redis::start().unwrap();
    let store = store(&redis);
    assert!(store.save_if_newer(&key(), &token("token", 7)).await.unwrap());
    redis.restart().unwrap();
    assert_eq!(held(&store).await, None);
    assert!(store.save_if_newer(&key(), &token("token", 7)).await.unwrap());
    assert_eq!(held(&store).await, text("token", 7));
}

#[tokio::test]
async fn a_server_that_forgot_the_steps_is_told_them_again() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    for version in 1..4 {
        let _done: String = other.ask("SCRIPT FLUSH").await;
        assert!(store.save_if_newer(&key(), &token("token", version)).await.unwrap());
    }
}

#[tokio::test]
async fn a_redis_that_hangs_fails_calls_in_time_and_serves_them_when_it_goes_on() {
    let redis = Redis::start().unwrap();
    let store = builder(&redis).timeout(SHORT).build().unwrap();
    // Over a connection that is there, and over one that is about to be made.
    for _ in 0..2 {
        redis.pause().unwrap();
        assert_eq!(failure(&store).await, "Redis did not answer within 100ms");
        assert_eq!(failure(&store).await, "Redis did not answer within 100ms");
        redis.resume().unwrap();
        let serves = async {
            // On a busy machine a short time may be over once more.
            while store.load(&key()).await.is_err() {}
        };
        tokio::time::timeout(PLENTY, serves).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_do_not_wait_for_each_others_timeouts_one_after_the_other() {
    let redis = Redis::start().unwrap();
    let store = builder(&redis).timeout(SHORT).build().unwrap();
    redis.pause().unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..200 {
        let store = store.clone();
        tasks.spawn(async move { store.load(&key()).await.is_err() });
    }
    let failed = tokio::time::timeout(PLENTY / 3, tasks.join_all()).await.unwrap();
    assert!(failed.iter().all(|failed| *failed));
}

#[tokio::test]
async fn a_connection_that_the_server_closed_is_replaced_within_the_call() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    let mut version = 0;
    for _ in 0..20 {
        let _closed: u64 = other.ask("CLIENT KILL TYPE normal SKIPME yes").await;
        version += 1;
        assert!(store.save_if_newer(&key(), &token("token", version)).await.unwrap());
        let _closed: u64 = other.ask("CLIENT KILL TYPE normal SKIPME yes").await;
        let lease = store.lease(&key(), LEASE).await.unwrap().unwrap();
        let _closed: u64 = other.ask("CLIENT KILL TYPE normal SKIPME yes").await;
        store.release(&key(), &lease).await.unwrap();
    }
}

/// How many connections the server has taken since its start.
async fn connections(other: &Other) -> u64 {
    let info: String = other.ask("INFO stats").await;
    let count = info
        .lines()
        .find_map(|line| line.strip_prefix("total_connections_received:"));
    count.unwrap().trim().parse().unwrap()
}

#[tokio::test]
async fn after_a_failover_the_connection_to_the_old_master_is_let_go() {
    let (old, new) = (Redis::start().unwrap(), Redis::start().unwrap());
    let (store, other) = (store(&old), Other::of(&old).await);
    assert!(store.save_if_newer(&key(), &token("token", 7)).await.unwrap());
    let before = connections(&other).await;
    let _done: String = other.ask(&format!("REPLICAOF 127.0.0.1 {}", new.port())).await;
    for tries in 1..4 {
        let error = store.save_if_newer(&key(), &token("token", 8)).await.unwrap_err();
        assert!(seen(&error).contains("READONLY"), "{}", seen(&error));
        // The master may be behind the same name by now: no connection is kept.
        assert_eq!(connections(&other).await, before + tries);
    }
    let _done: String = other.ask("REPLICAOF NO ONE").await;
    assert!(store.save_if_newer(&key(), &token("token", 8)).await.unwrap());
    assert_eq!(held(&store).await, text("token", 8));
}

/// A way to the server on which the first answer that begins with `answer` is lost, together with the connection.
async fn losing(port: u16, answer: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut is_lost = false;
        // One connection after the other is enough for one store.
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_server, mut to_server) = server.into_split();
            let there = tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
            let mut bytes = [0; 4096];
            while let Ok(length @ 1..) = from_server.read(&mut bytes).await {
                if !is_lost && bytes.starts_with(answer) {
                    is_lost = true;
                    break;
                }
                to_client.write_all(&bytes[..length]).await.unwrap();
            }
            there.abort();
        }
    });
    own
}

async fn store_behind(port: u16) -> RedisTokenStore {
    let store = RedisTokenStore::builder(format!("redis://127.0.0.1:{port}")).timeout(PLENTY);
    let store = store.build().unwrap();
    assert_eq!(held(&store).await, None);
    store
}

#[tokio::test]
async fn a_lease_whose_answer_was_lost_is_got_nevertheless() {
    let redis = Redis::start().unwrap();
    let through = store_behind(losing(redis.port(), b":").await).await;
    let lease = through.lease(&key(), LEASE).await.unwrap().unwrap();
    assert_eq!(store(&redis).lease(&key(), LEASE).await.unwrap(), None);
    assert_eq!(through.lease(&key(), LEASE).await.unwrap(), None);
    through.release(&key(), &lease).await.unwrap();
    assert!(store(&redis).lease(&key(), LEASE).await.unwrap().is_some());
}

#[tokio::test]
async fn a_token_that_was_stored_without_an_answer_counts_as_stored() {
    let redis = Redis::start().unwrap();
    let through = store_behind(losing(redis.port(), b"$6\r\nstored").await).await;
    assert!(through.save_if_newer(&key(), &token("token", 7)).await.unwrap());
    assert_eq!(held(&through).await, text("token", 7));
    assert!(!through.save_if_newer(&key(), &token("token", 7)).await.unwrap());
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_the_connection_to_the_others() {
    let redis = Redis::start().unwrap();
    let store = store(&redis);
    for _ in 0..50 {
        let call = store.clone();
        let task = tokio::spawn(async move { call.load(&key()).await });
        tokio::task::yield_now().await;
        task.abort();
        assert_eq!(held(&store).await, None);
    }
}

#[test]
fn a_store_serves_one_runtime_after_the_other_and_refuses_to_work_without_any() {
    let redis = Redis::start().unwrap();
    let store = store(&redis);
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    for version in 1..4 {
        let saved = runtime().block_on(store.save_if_newer(&key(), &token("token", version)));
        assert!(saved.unwrap());
    }
    let (key, store): (_, RedisTokenStore) = (key(), store);
    let mut load = store.load(&key);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(error)) = load.as_mut().poll(&mut context) else {
        panic!("it went on without a runtime");
    };
    assert!(seen(&error).contains("tokio runtime"), "{}", seen(&error));
}

#[tokio::test]
async fn a_caller_who_leaves_while_it_connects_keeps_nobody_waiting() {
    let redis = Redis::start().unwrap();
    let store = store(&redis);
    redis.pause().unwrap();
    let key = key();
    let mut left = std::pin::pin!(store.load(&key));
    // It has begun to connect, and from here on nobody drives it.
    std::future::poll_fn(|context| {
        assert!(left.as_mut().poll(context).is_pending());
        std::task::Poll::Ready(())
    })
    .await;
    tokio::task::yield_now().await;
    redis.resume().unwrap();
    assert_eq!(held(&store).await, None);
}
