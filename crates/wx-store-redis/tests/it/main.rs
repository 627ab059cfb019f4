//! The store against a real `redis-server`, which each test starts for itself.

#![expect(
    clippy::unwrap_used,
    reason = "only a test function counts as a test, its helpers do not"
)]

mod conformance;
mod leases;
mod login;
mod outages;
mod rate_limit;
mod secrecy;
mod values;
mod wx_java;

use std::error::Error;
use std::fmt::Write as _;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Cmd, FromRedisValue};
use wx_core::{Secret, StoreError, StoredToken, TokenKey, TokenKind, TokenStore};
use wx_redis_fixture::Redis;
use wx_store_redis::{RedisTokenStore, RedisTokenStoreBuilder};

/// Long enough for any machine.
const PLENTY: Duration = Duration::from_secs(30);
/// For calls that are meant to run out of time.
const SHORT: Duration = Duration::from_millis(100);
/// What a lease usually lasts.
const LEASE: Duration = Duration::from_secs(10);
/// The usual life of a token.
const DUE: Duration = Duration::from_secs(6900);
const LIFE: Duration = Duration::from_secs(7200);
/// The token that nothing may show.
const CANARY: &str = "canary-7f3a9c";

fn builder(redis: &Redis) -> RedisTokenStoreBuilder {
    RedisTokenStore::builder(redis.url()).timeout(PLENTY)
}

/// A store with a connection of its own.
fn store(redis: &Redis) -> RedisTokenStore {
    builder(redis).build().unwrap()
}

fn key() -> TokenKey {
    TokenKey::new("wx0000000000000001", TokenKind::AccessToken)
}

fn token(text: &str, version: u64) -> StoredToken {
    StoredToken::new(Secret::new(text), version, DUE, LIFE)
}

/// The text and the version of what is stored under [`key`].
async fn held(store: &RedisTokenStore) -> Option<(String, u64)> {
    let token = store.load(&key()).await.unwrap()?;
    Some((token.secret.expose().to_owned(), token.version))
}

fn text(text: &str, version: u64) -> Option<(String, u64)> {
    Some((text.to_owned(), version))
}

/// Somebody else who uses the same server.
struct Other(MultiplexedConnection);

impl Other {
    async fn of(redis: &Redis) -> Self {
        let client = redis::Client::open(redis.url()).unwrap();
        // The short times of the usual settings are over now and then on a busy machine.
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PLENTY))
            .set_response_timeout(Some(PLENTY));
        let connection = client.get_multiplexed_async_connection_with_config(&config).await;
        Self(connection.unwrap())
    }

    /// Sends a command, whose words are parted by spaces.
    async fn ask<T: FromRedisValue>(&self, command: &str) -> T {
        let mut cmd = Cmd::new();
        for word in command.split(' ') {
            cmd.arg(word);
        }
        cmd.query_async(&mut self.0.clone()).await.unwrap()
    }

    async fn set(&self, key: &str, value: &[u8]) {
        let mut cmd = redis::cmd("SET");
        cmd.arg(key).arg(value);
        cmd.exec_async(&mut self.0.clone()).await.unwrap();
    }
}

/// What anybody can see of an error: every link, in both forms.
fn seen(error: &StoreError) -> String {
    let mut text = format!("{error:?}");
    let mut next: Option<&dyn Error> = Some(error);
    while let Some(link) = next {
        write!(text, " | {link} | {link:?}").unwrap();
        next = link.source();
    }
    text
}

/// Why a load fails, in the words of the store.
async fn failure(store: &RedisTokenStore) -> String {
    let error = store.load(&key()).await.unwrap_err();
    error.source().unwrap().to_string()
}
