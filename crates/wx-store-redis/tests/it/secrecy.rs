//! What is sealed, and what is never shown.

use std::io;
use std::sync::{Arc, Mutex};

use tracing_subscriber::fmt::MakeWriter;
use wx_core::{TokenKey, TokenKind, TokenStore};
use wx_redis_fixture::Redis;
use wx_store_redis::{Layout, RedisTokenStore, SealKey};

use crate::{CANARY, LEASE, Other, PLENTY, SHORT, builder, held, key, seen, store, text, token};

const VALUE: &str = "{wx-card:wx0000000000000001}:access_token";

fn sealed(redis: &Redis, byte: u8) -> RedisTokenStore {
    builder(redis).seal(SealKey::new([byte; 32])).build().unwrap()
}

async fn raw(other: &Other) -> Vec<u8> {
    other.ask(&format!("GET {VALUE}")).await
}

#[tokio::test]
async fn a_sealed_token_cannot_be_read_in_redis() {
    let redis = Redis::start().unwrap();
    let (store, other) = (sealed(&redis, 1), Other::of(&redis).await);
    assert!(store.save_if_newer(&key(), &token(CANARY, 7)).await.unwrap());
    assert_eq!(held(&store).await, text(CANARY, 7));
    assert_eq!(held(&sealed(&redis, 1)).await, text(CANARY, 7));
    let value = raw(&other).await;
    assert!(!value.windows(6).any(|window| window == b"canary"));
    assert!(store.save_if_newer(&key(), &token(CANARY, 8)).await.unwrap());
    assert_ne!(raw(&other).await, value);
}

#[tokio::test]
async fn a_token_under_another_key_or_none_is_not_there_and_is_overwritten() {
    let redis = Redis::start().unwrap();
    let stores = [sealed(&redis, 1), sealed(&redis, 2), store(&redis)];
    for writer in 0..3 {
        // The lowest version there is: to each of them the others' value is none.
        assert!(stores[writer].save_if_newer(&key(), &token("token", 1)).await.unwrap());
        for (reader, store) in stores.iter().enumerate() {
            let expected = if reader == writer { text("token", 1) } else { None };
            assert_eq!(held(store).await, expected, "{reader} reads {writer}'s");
        }
    }
}

#[tokio::test]
async fn a_sealed_token_cannot_be_moved_to_another_account_or_version() {
    let redis = Redis::start().unwrap();
    let (store, other) = (sealed(&redis, 1), Other::of(&redis).await);
    assert!(store.save_if_newer(&key(), &token("token", 7)).await.unwrap());
    let value = raw(&other).await;
    let elsewhere = TokenKey::new("wx0000000000000001", TokenKind::CardTicket);
    other.set("{wx-card:wx0000000000000001}:card_ticket", &value).await;
    assert_eq!(store.load(&elsewhere).await.unwrap(), None);
    // Whoever may write can make the sum right, but not the seal.
    let script = format!(
        "local v = redis.call('GET', '{VALUE}')
         local f, n, a, b, c, s, t = string.match(v, '^(%S+) (%d+) (%d+) (%d+) (%d+) (%x+) (.+)$')
         n, c = ARGV[1], string.format('%.0f', c + ARGV[2])
         s = redis.sha1hex(table.concat({{f, n, a, b, c, t}}, ' '))
         redis.call('SET', '{VALUE}', table.concat({{f, n, a, b, c, s, t}}, ' '))
         return t"
    );
    for (version, later, expected) in [("7", "0", text("token", 7)), ("8", "0", None), ("7", "60000", None)] {
        other.set(VALUE, &value).await;
        let mut eval = redis::cmd("EVAL");
        eval.arg(&script).arg(0).arg(version).arg(later);
        let _token: Vec<u8> = eval.query_async(&mut other.0.clone()).await.unwrap();
        assert_eq!(held(&store).await, expected, "{version} {later}");
    }
}

#[tokio::test]
async fn two_sealed_texts_of_one_token_differ() {
    let redis = Redis::start().unwrap();
    let (store, other) = (sealed(&redis, 1), Other::of(&redis).await);
    let mut values = std::collections::BTreeSet::new();
    for version in 1..=20 {
        store.save_if_newer(&key(), &token("token", version)).await.unwrap();
        let value = raw(&other).await;
        values.insert(value[value.len() - 45..].to_vec());
    }
    assert_eq!(values.len(), 20);
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// What is shown of a store over all calls, whatever they come to.
async fn shown(store: &RedisTokenStore) -> String {
    let mut text = format!("{store:?}");
    let first = store.load(&key()).await;
    text += &format!("{first:?}");
    let lease = store.lease(&key(), LEASE).await;
    let version = lease
        .as_ref()
        .ok()
        .copied()
        .flatten()
        .map_or(1, |lease| lease.version());
    let token = token(CANARY, version);
    text += &format!("{lease:?} {token:?}");
    let saved = store.save_if_newer(&key(), &token).await;
    let loaded = store.load(&key()).await;
    text += &format!("{loaded:?}");
    for error in [first.err(), lease.err(), saved.err(), loaded.err()]
        .into_iter()
        .flatten()
    {
        text += &seen(&error);
    }
    text
}

#[tokio::test]
async fn neither_token_nor_password_nor_key_is_shown_whatever_goes_wrong() {
    // With one subscriber alone, threads without it would switch log lines off for this one too.
    let _another = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);

    let mut redis = Redis::builder().user("app", CANARY).start().unwrap();
    let wrong = redis.url().replace(CANARY, "canary-wrong");
    let key_of = || {
        SealKey::from_hex(&wx_core::Secret::new(
            "canary-0".replace(|c: char| !c.is_ascii_hexdigit(), "a").repeat(8),
        ))
    };
    let layout = Layout::WxJava { prefix: "wx".into() };
    let mut text = String::new();
    for builder in [
        RedisTokenStore::builder(redis.url()),
        RedisTokenStore::builder(redis.url()).seal(key_of().unwrap()),
        RedisTokenStore::builder(redis.url()).layout(layout),
        RedisTokenStore::builder(wrong.as_str()),
    ] {
        let builder = builder.timeout(PLENTY);
        text += &format!("{builder:?}");
        text += &shown(&builder.build().unwrap()).await;
    }
    let (patient, hasty) = [PLENTY, SHORT]
        .map(|timeout| RedisTokenStore::builder(redis.url()).timeout(timeout).build().unwrap())
        .into();
    Other::of(&redis).await.set(VALUE, CANARY.as_bytes()).await;
    text += &shown(&patient).await;
    redis.pause().unwrap();
    text += &shown(&hasty).await;
    redis.kill();
    text += &shown(&patient).await;
    drop(guard);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("cannot be read"), "nothing was logged: {log}");
    for secret in ["canary", "app:", "redis://"] {
        assert!(!text.contains(secret), "{secret} in {text}");
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
