//! What stands in Redis, and what is made of it when it is not what it should be.

use std::time::Duration;

use wx_core::{Secret, StoredToken, TokenKey, TokenKind, TokenStore};
use wx_redis_fixture::Redis;

use crate::{DUE, LEASE, LIFE, Other, builder, held, key, store, text, token};

const VALUE: &str = "{wx-card:wx0000000000000001}:access_token";
const LEASED: &str = "{wx-card:wx0000000000000001}:access_token:lease";
const VERSION: &str = "{wx-card:wx0000000000000001}:access_token:version";

#[tokio::test]
async fn a_token_is_kept_whole_with_its_version_and_what_is_left_of_its_life() {
    let redis = Redis::start().unwrap();
    let store = store(&redis);
    assert_eq!(store.load(&key()).await.unwrap(), None);
    assert!(store.save_if_newer(&key(), &token("token", 7)).await.unwrap());
    let found = store.load(&key()).await.unwrap().unwrap();
    assert_eq!((found.secret, found.version), (Secret::new("token"), 7));
    for (left, whole) in [(found.refresh_in, DUE), (found.expires_in, LIFE)] {
        assert!(left <= whole && whole - left < Duration::from_secs(60), "{left:?}");
    }
}

#[tokio::test]
async fn keys_have_a_hash_tag_and_an_end() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    let lease = store.lease(&key(), LEASE).await.unwrap().unwrap();
    store
        .save_if_newer(&key(), &token("token", lease.version()))
        .await
        .unwrap();
    let mut keys: Vec<String> = other.ask("KEYS *").await;
    keys.sort_unstable();
    assert_eq!(keys, [VALUE, LEASED, VERSION]);
    for (key, longest) in [
        (VALUE, LIFE),
        (LEASED, LEASE),
        (VERSION, Duration::from_secs(7 * 24 * 3600)),
    ] {
        let left: u64 = other.ask(&format!("PTTL {key}")).await;
        let left = Duration::from_millis(left);
        assert!(left <= longest && left > longest / 2, "{key}: {left:?}");
    }
}

#[tokio::test]
async fn a_value_says_its_format_version_and_times_by_the_servers_clock() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    store.save_if_newer(&key(), &token("token", 7)).await.unwrap();
    let value: String = other.ask(&format!("GET {VALUE}")).await;
    let words: Vec<&str> = value.split(' ').collect();
    let ["1", "7", from, refresh_at, expires_at, sum, "token"] = words[..] else {
        panic!("{value}");
    };
    let [from, refresh_at, expires_at] = [from, refresh_at, expires_at].map(|moment| moment.parse::<u64>().unwrap());
    assert_eq!([refresh_at - from, expires_at - from], [6_900_000, 7_200_000]);
    let (seconds, _micros): (u64, u64) = other.ask("TIME").await;
    assert!(from / 1000 <= seconds && seconds < from / 1000 + 60);
    assert_eq!(sum.len(), 40);
}

#[tokio::test]
async fn another_prefix_is_another_world() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), builder(&redis).prefix("mine").build().unwrap());
    store.save_if_newer(&key(), &token("token", 7)).await.unwrap();
    assert_eq!(held(&other).await, None);
    let keys: Vec<String> = Other::of(&redis).await.ask("KEYS {mine:*").await;
    assert!(keys.is_empty());
    other.save_if_newer(&key(), &token("token", 7)).await.unwrap();
    let keys: Vec<String> = Other::of(&redis).await.ask("KEYS {mine:*:access_token").await;
    assert_eq!(keys, ["{mine:wx0000000000000001}:access_token"]);
}

#[tokio::test]
async fn a_token_that_is_over_is_gone() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    let short = StoredToken::new("token".into(), 7, Duration::ZERO, Duration::from_millis(30));
    assert!(store.save_if_newer(&key(), &short).await.unwrap());
    // Redis' own clock is the matter here, and one of its commands waits for it.
    let _nobody: Option<(String, String)> = other.ask("BLPOP nothing 0.04").await;
    assert_eq!(held(&store).await, None);
    assert!(store.save_if_newer(&key(), &token("older", 6)).await.unwrap());
    assert_eq!(held(&store).await, text("older", 6));
}

#[tokio::test]
async fn a_token_without_any_life_is_not_kept_and_takes_the_place_of_the_older() {
    let redis = Redis::start().unwrap();
    let store = store(&redis);
    assert!(store.save_if_newer(&key(), &token("old", 7)).await.unwrap());
    let dead = StoredToken::new("new".into(), 8, Duration::ZERO, Duration::ZERO);
    assert!(store.save_if_newer(&key(), &dead).await.unwrap());
    assert_eq!(held(&store).await, None);
}

#[tokio::test]
async fn an_endless_life_is_taken() {
    let redis = Redis::start().unwrap();
    let store = store(&redis);
    let endless = StoredToken::new("token".into(), 7, Duration::MAX, Duration::MAX);
    assert!(store.save_if_newer(&key(), &endless).await.unwrap());
    let found = store.load(&key()).await.unwrap().unwrap();
    assert!(found.expires_in > LIFE && found.refresh_in > LIFE);
    assert!(store.lease(&key(), Duration::MAX).await.unwrap().is_some());
    assert!(store.lease(&key(), Duration::ZERO).await.unwrap().is_none());
}

#[tokio::test]
async fn a_version_that_no_lease_has_is_refused() {
    let redis = Redis::start().unwrap();
    let store = store(&redis);
    assert!(store.save_if_newer(&key(), &token("token", u64::MAX)).await.is_err());
    assert_eq!(held(&store).await, None);
    let highest = 999_999_999_999_998;
    assert!(store.save_if_newer(&key(), &token("token", highest)).await.unwrap());
    assert_eq!(held(&store).await, text("token", highest));
}

#[tokio::test]
async fn a_value_of_any_other_type_is_not_there_and_is_overwritten() {
    for make in ["RPUSH", "SADD", "HSET", "ZADD", "XADD"] {
        let redis = Redis::start().unwrap();
        let (store, other) = (store(&redis), Other::of(&redis).await);
        for at in [VALUE, LEASED, VERSION] {
            let words = match make {
                "HSET" => "a b",
                "ZADD" => "1 a",
                "XADD" => "* a b",
                _ => "a",
            };
            let _made: redis::Value = other.ask(&format!("{make} {at} {words}")).await;
        }
        assert_eq!(held(&store).await, None, "{make}");
        let lease = store.lease(&key(), LEASE).await.unwrap().unwrap();
        assert!(
            store
                .save_if_newer(&key(), &token("token", lease.version()))
                .await
                .unwrap()
        );
        assert_eq!(held(&store).await, text("token", lease.version()), "{make}");
        store.release(&key(), &lease).await.unwrap();
        assert!(store.lease(&key(), LEASE).await.unwrap().unwrap().version() > lease.version());
    }
}

#[tokio::test]
async fn a_value_that_is_cut_off_or_changed_is_not_there_and_is_overwritten() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    store.save_if_newer(&key(), &token("token", 7)).await.unwrap();
    let value: Vec<u8> = other.ask(&format!("GET {VALUE}")).await;
    let mut damaged: Vec<Vec<u8>> = (0..value.len()).map(|end| value[..end].to_vec()).collect();
    damaged.extend((0..value.len()).map(|at| {
        let mut changed = value.clone();
        changed[at] ^= 1;
        changed
    }));
    damaged.push([&value[..], b"x"].concat());
    damaged.push(vec![0xff, 0, b'1']);
    for bytes in damaged {
        other.set(VALUE, &bytes).await;
        assert_eq!(held(&store).await, None, "{bytes:?}");
    }
    assert!(store.save_if_newer(&key(), &token("new", 1)).await.unwrap());
    assert_eq!(held(&store).await, text("new", 1));
}

#[tokio::test]
async fn a_lease_or_a_count_that_cannot_be_read_stops_nobody() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    let before = store.lease(&key(), LEASE).await.unwrap().unwrap();
    for damaged in ["", "lease", "7", "7 8", "9999999999999999 1 word", "-1 1 word"] {
        other.set(LEASED, damaged.as_bytes()).await;
        other.set(VERSION, damaged.as_bytes()).await;
        let lease = store.lease(&key(), LEASE).await.unwrap().unwrap();
        assert!(lease.version() >= before.version(), "{damaged}");
    }
    // One that was meant for ever is none.
    other.set(LEASED, b"7 1 word").await;
    assert!(store.lease(&key(), LEASE).await.unwrap().is_some());
}

#[tokio::test]
async fn a_token_from_before_the_clock_was_set_back_is_due_and_no_older() {
    let redis = Redis::start().unwrap();
    let (store, other) = (store(&redis), Other::of(&redis).await);
    // To the step a value from the future is what one is after the clock was set back.
    let (from, due, end) = (4_000_000_000_000_u64, 4_000_000_100_000_u64, 4_000_000_200_000_u64);
    let script = format!("return redis.sha1hex('1 7 {from} {due} {end} token')");
    let mut eval = redis::cmd("EVAL");
    let sum: String = eval.arg(script).arg(0).query_async(&mut other.0.clone()).await.unwrap();
    other
        .set(VALUE, format!("1 7 {from} {due} {end} {sum} token").as_bytes())
        .await;
    let found = store.load(&key()).await.unwrap().unwrap();
    assert_eq!(
        (found.refresh_in, found.expires_in),
        (Duration::ZERO, Duration::from_secs(200))
    );
    other.set(LEASED, b"7 4000000000000 word").await;
    let _set: bool = other.ask(&format!("PEXPIRE {LEASED} 10000")).await;
    assert!(store.lease(&key(), LEASE).await.unwrap().is_some());
}

#[tokio::test]
async fn each_account_and_each_kind_has_its_own() {
    let redis = Redis::start().unwrap();
    let store = store(&redis);
    let apps = ["wx1", "wx1:", "wx1}", "{wx1", "wx1}:access_token", ""];
    let keys: Vec<TokenKey> = apps
        .iter()
        .flat_map(|app| TokenKind::ALL.map(|kind| TokenKey::new(*app, kind)))
        .collect();
    for (version, key) in (1..).zip(&keys) {
        assert!(
            store.save_if_newer(key, &token("token", version)).await.unwrap(),
            "{key:?}"
        );
        assert!(store.lease(key, LEASE).await.unwrap().is_some(), "{key:?}");
    }
    for (version, key) in (1..).zip(&keys) {
        assert_eq!(store.load(key).await.unwrap().unwrap().version, version, "{key:?}");
    }
}
