//! Beside WxJava: its keys, its values, and both sides in turn.

use std::time::Duration;

use wx_core::{Secret, StoredToken, TokenKey, TokenKind, TokenStore};
use wx_redis_fixture::Redis;
use wx_store_redis::{BuildErrorKind, Layout, RedisTokenStore, SealKey};

use crate::{DUE, LEASE, LIFE, Other, builder, held, key, text, token};

const VALUE: &str = "wx:access_token:wx0000000000000001";

fn layout() -> Layout {
    Layout::WxJava { prefix: "wx".into() }
}

fn store(redis: &Redis) -> RedisTokenStore {
    builder(redis).layout(layout()).build().unwrap()
}

/// What WxJava does when it has fetched a token.
async fn wx_java_saves(other: &Other, text: &str) {
    let _done: String = other.ask(&format!("SETEX {VALUE} 7200 {text}")).await;
}

async fn loaded(store: &RedisTokenStore) -> StoredToken {
    store.load(&key()).await.unwrap().unwrap()
}

#[tokio::test]
async fn wx_java_finds_our_token_as_plain_text_with_an_end() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    for (kind, at) in [
        (TokenKind::AccessToken, VALUE),
        (TokenKind::CardTicket, "wx:ticket:key:wx0000000000000001:wx_card"),
        (TokenKind::JsapiTicket, "wx:ticket:key:wx0000000000000001:jsapi"),
    ] {
        let key = TokenKey::new("wx0000000000000001", kind);
        let lease = store.lease(&key, LEASE).await.unwrap().unwrap();
        assert!(
            store
                .save_if_newer(&key, &token("ours", lease.version()))
                .await
                .unwrap()
        );
        assert_eq!(other.ask::<String>(&format!("GET {at}")).await, "ours");
        let left: u64 = other.ask(&format!("TTL {at}")).await;
        assert!((7100..=7200).contains(&left), "{left}");
        let found = store.load(&key).await.unwrap().unwrap();
        assert_eq!((found.secret, found.version), (Secret::new("ours"), lease.version()));
        assert!(found.refresh_in <= DUE && DUE - found.refresh_in < Duration::from_secs(60));
    }
}

#[tokio::test]
async fn beside_its_keys_stand_ours_and_none_is_endless() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    let lease = store.lease(&key(), LEASE).await.unwrap().unwrap();
    store
        .save_if_newer(&key(), &token("ours", lease.version()))
        .await
        .unwrap();
    let mut keys: Vec<String> = other.ask("KEYS *").await;
    keys.sort_unstable();
    let beside = ["known", "lease", "version"].map(|what| format!("{{{VALUE}}}:wx-card:{what}"));
    assert_eq!(keys, [&[VALUE.to_owned()][..], &beside].concat());
    for key in keys {
        assert!(other.ask::<i64>(&format!("PTTL {key}")).await > 0, "{key}");
    }
    let known: String = other
        .ask("GET {wx:access_token:wx0000000000000001}:wx-card:known")
        .await;
    assert!(!known.contains("ours"), "the token stands in one place only: {known}");
}

#[tokio::test]
async fn a_token_of_wx_java_is_taken_with_what_is_left_of_its_life() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    wx_java_saves(&other, "java").await;
    let found = loaded(&store).await;
    assert_eq!(found.secret, Secret::new("java"));
    assert!(found.expires_in <= LIFE && LIFE - found.expires_in < Duration::from_secs(60));
    assert_eq!(found.expires_in - found.refresh_in, Duration::from_secs(300));
    let again = loaded(&store).await;
    assert_eq!((again.secret, again.version), (found.secret, found.version));
}

#[tokio::test]
async fn a_token_of_wx_java_is_newer_than_whatever_it_took_the_place_of() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    let mut last = 0;
    for round in 0..5 {
        let lease = store.lease(&key(), LEASE).await.unwrap().unwrap();
        assert!(lease.version() > last);
        assert!(
            store
                .save_if_newer(&key(), &token(&format!("ours{round}"), lease.version()))
                .await
                .unwrap()
        );
        store.release(&key(), &lease).await.unwrap();
        wx_java_saves(&other, &format!("java{round}")).await;
        let found = loaded(&store).await;
        assert_eq!(found.secret, Secret::new(format!("java{round}")));
        assert!(found.version > lease.version());
        last = found.version;
    }
}

#[tokio::test]
async fn a_token_that_was_fetched_before_we_saw_that_of_wx_java_gives_way_to_it() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    let lease = store.lease(&key(), LEASE).await.unwrap().unwrap();
    wx_java_saves(&other, "java").await;
    let found = loaded(&store).await;
    assert!(
        !store
            .save_if_newer(&key(), &token("ours", lease.version()))
            .await
            .unwrap()
    );
    assert_eq!(held(&store).await, text("java", found.version));
}

#[tokio::test]
async fn a_token_of_wx_java_that_is_refused_makes_room_for_ours() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    wx_java_saves(&other, "java").await;
    let refused = loaded(&store).await;
    let lease = store.lease(&key(), LEASE).await.unwrap().unwrap();
    assert!(lease.version() > refused.version);
    assert!(
        store
            .save_if_newer(&key(), &token("ours", lease.version()))
            .await
            .unwrap()
    );
    assert_eq!(other.ask::<String>(&format!("GET {VALUE}")).await, "ours");
}

#[tokio::test]
async fn a_token_that_wx_java_expired_is_gone() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    store.save_if_newer(&key(), &token("ours", 7)).await.unwrap();
    let _done: bool = other.ask(&format!("EXPIRE {VALUE} 0")).await;
    assert_eq!(held(&store).await, None);
    assert!(store.save_if_newer(&key(), &token("ours again", 6)).await.unwrap());
}

#[tokio::test]
async fn what_wx_java_takes_for_dead_is_not_there_and_is_overwritten() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    for dead in [format!("SET {VALUE} java"), format!("SET {VALUE} java PX 1900")] {
        let _done: String = other.ask(&dead).await;
        assert_eq!(held(&store).await, None, "{dead}");
    }
    let lease = store.lease(&key(), LEASE).await.unwrap().unwrap();
    assert!(
        store
            .save_if_newer(&key(), &token("ours", lease.version()))
            .await
            .unwrap()
    );
    assert_eq!(held(&store).await, text("ours", lease.version()));
}

#[tokio::test]
async fn a_token_of_wx_java_that_is_near_its_end_is_due() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    let _done: String = other.ask(&format!("SETEX {VALUE} 200 java")).await;
    let found = loaded(&store).await;
    assert_eq!(found.refresh_in, Duration::ZERO);
    assert!(found.expires_in > Duration::from_secs(100));
}

#[tokio::test]
async fn what_another_codec_wrote_is_left_to_it() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    for value in [&b"\"java\""[..], b"\x03\x84java", b"{\"token\":\"java\"}", b"ja va"] {
        other.set(VALUE, value).await;
        let _set: bool = other.ask(&format!("EXPIRE {VALUE} 7200")).await;
        let error = store.load(&key()).await.unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("a codec for strings"), "{value:?}: {cause}");
    }
    for make in [
        "RPUSH list a",
        "HSET hash a b",
        "SADD set a",
        "ZADD zset 1 a",
        "XADD stream * a b",
    ] {
        let (command, rest) = make.split_once(' ').unwrap();
        let (_, values) = rest.split_once(' ').unwrap();
        let _gone: u64 = other.ask(&format!("DEL {VALUE}")).await;
        let _made: redis::Value = other.ask(&format!("{command} {VALUE} {values}")).await;
        store.load(&key()).await.unwrap_err();
    }
}

#[tokio::test]
async fn an_empty_value_is_none() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    other.set(VALUE, b"").await;
    let _set: bool = other.ask(&format!("EXPIRE {VALUE} 7200")).await;
    assert_eq!(held(&store).await, None);
}

#[tokio::test]
async fn the_lock_of_wx_java_is_left_alone() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    let lock = "wx:lock:wx0000000000000001:accessTokenLock";
    let _made: u64 = other.ask(&format!("HSET {lock} owner 1")).await;
    let lease = store.lease(&key(), LEASE).await.unwrap().unwrap();
    store
        .save_if_newer(&key(), &token("ours", lease.version()))
        .await
        .unwrap();
    store.release(&key(), &lease).await.unwrap();
    assert_eq!(other.ask::<String>(&format!("HGET {lock} owner")).await, "1");
}

#[test]
fn what_wx_java_is_to_read_cannot_be_sealed() {
    let builder = RedisTokenStore::builder("redis://127.0.0.1").layout(layout());
    let error = builder.seal(SealKey::new([7; 32])).build().unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::Layout);
}
