//! The store itself.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use redis::Value;
use wx_core::{Entropy, Secret, StoreError, StoreLease, StoredToken, TokenKey, TokenStore};

use crate::error::Failure;
use crate::layout::{Keys, Layout};
use crate::link::{Answer, Links};
use crate::script::{Call, Step, Steps};
use crate::value::{Codec, Loaded, Place, Saved, checked_version, leased, millis};
use crate::{RedisRateLimit, RedisTokenStoreBuilder};

/// Tokens and tickets in Redis, shared by all processes that use it.
///
/// Clones share one connection. It is opened by the first call, within the tokio runtime of that call, closed when nobody
/// used it for half a minute, and replaced when it fails.
#[derive(Clone)]
pub struct RedisTokenStore(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) links: Links,
    pub(crate) layout: Layout,
    pub(crate) steps: Steps,
    pub(crate) codec: Codec,
    pub(crate) entropy: Arc<dyn Entropy>,
}

impl RedisTokenStore {
    /// A store in the Redis at `url`, such as `rediss://user:password@redis.example:6379/0`.
    ///
    /// The schemes are `redis` (plain), `rediss` (TLS) and `redis+unix`, and those of Valkey; the user, the password and
    /// the number of the database may be left out. Special characters in a password are percent-encoded.
    /// Over plain `redis` tokens and the password can be read on their way: keep it to a network of your own.
    pub fn builder(url: impl Into<Secret>) -> RedisTokenStoreBuilder {
        RedisTokenStoreBuilder::new(url.into())
    }

    /// A limit of the calls that all processes with this Redis together make for the account `app_id`; without any
    /// limit yet.
    pub fn rate_limit(&self, app_id: &str) -> RedisRateLimit {
        RedisRateLimit::new(self.clone(), self.0.layout.calls(app_id))
    }

    /// Takes one call from the limit under `key`.
    pub(crate) async fn limit(&self, key: &str, numbers: &[String; 3]) -> Result<Value, Failure> {
        let arguments = numbers.each_ref().map(String::as_bytes);
        let answer = self.run(&self.0.steps.limit, &[key], &arguments).await?;
        Ok(answer.value)
    }

    pub(crate) fn of(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    async fn run(&self, step: &Step, keys: &[&str], arguments: &[&[u8]]) -> Result<Answer, Failure> {
        let call = Call { step, keys, arguments };
        self.0.links.run(&call).await
    }

    async fn try_load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Failure> {
        let Inner {
            layout, steps, codec, ..
        } = &*self.0;
        let Keys {
            value, version, known, ..
        } = layout.keys(key);
        let answer = match &known {
            None => self.run(&steps.load, &[&value], &[codec.format().as_bytes()]).await?,
            Some(known) => self.run(&steps.load, &[&value, known, &version], &[]).await?,
        };
        match Loaded::read(answer.value, &value, codec)? {
            Loaded::Token(token) => Ok(Some(token)),
            Loaded::Nothing => Ok(None),
            // It is somebody else's, who could not read what we would put in its place.
            Loaded::Unreadable if known.is_some() => Err(Failure::new(
                "under WxJava's key stands what is no plain text: give its Redis library a codec for strings",
            )),
            Loaded::Unreadable => {
                tracing::warn!(
                    key = value,
                    "what is stored cannot be read; the next token takes its place"
                );
                Ok(None)
            }
        }
    }

    async fn try_save(&self, key: &TokenKey, token: &StoredToken) -> Result<bool, Failure> {
        let Inner {
            layout, steps, codec, ..
        } = &*self.0;
        let Keys {
            value, version, known, ..
        } = layout.keys(key);
        let expires_in = millis(token.expires_in);
        let place = Place {
            key: &value,
            version: checked_version(token.version)?,
            refresh_in: millis(token.refresh_in).min(expires_in),
            expires_in,
        };
        let numbers = [place.version, place.refresh_in, place.expires_in].map(|number| number.to_string());
        let [number, refresh_in, expires_in] = numbers.each_ref().map(String::as_bytes);
        let bytes = codec.encode(&token.secret, &place)?;
        let answer = match &known {
            None => {
                let format = codec.format().as_bytes();
                let arguments = [format, number, refresh_in, expires_in, &bytes];
                self.run(&steps.save, &[&value, &version], &arguments).await?
            }
            Some(known) => {
                let arguments = [number, refresh_in, expires_in, &bytes];
                self.run(&steps.save, &[&value, known, &version], &arguments).await?
            }
        };
        let saved = Saved::read(answer.value)?;
        // A version belongs to one lease: what the second try finds of it, the first has stored.
        Ok(saved == Saved::Stored || answer.repeated && saved == Saved::Same)
    }

    async fn try_lease(&self, key: &TokenKey, ttl: Duration) -> Result<Option<u64>, Failure> {
        let Keys { lease, version, .. } = self.0.layout.keys(key);
        let mut word = [0; 16];
        self.0.entropy.fill(&mut word);
        // By this word a second try knows the lease that the first has got.
        let word: String = word.iter().map(|byte| format!("{byte:02x}")).collect();
        let ttl = millis(ttl).max(1).to_string();
        let arguments = [ttl.as_bytes(), word.as_bytes()];
        let answer = self.run(&self.0.steps.lease, &[&lease, &version], &arguments).await?;
        leased(answer.value)
    }

    async fn try_release(&self, key: &TokenKey, lease: &StoreLease) -> Result<(), Failure> {
        let keys = self.0.layout.keys(key);
        let version = lease.version().to_string();
        self.run(&self.0.steps.release, &[&keys.lease], &[version.as_bytes()])
            .await
            .map(|_| ())
    }
}

impl fmt::Debug for RedisTokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisTokenStore")
            .field("layout", &self.0.layout)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl TokenStore for RedisTokenStore {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, StoreError> {
        self.try_load(key).await.map_err(StoreError::new)
    }

    async fn save_if_newer(&self, key: &TokenKey, token: &StoredToken) -> Result<bool, StoreError> {
        self.try_save(key, token).await.map_err(StoreError::new)
    }

    async fn lease(&self, key: &TokenKey, ttl: Duration) -> Result<Option<StoreLease>, StoreError> {
        let version = self.try_lease(key, ttl).await.map_err(StoreError::new)?;
        Ok(version.map(StoreLease::new))
    }

    async fn release(&self, key: &TokenKey, lease: &StoreLease) -> Result<(), StoreError> {
        self.try_release(key, lease).await.map_err(StoreError::new)
    }
}
