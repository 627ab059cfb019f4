//! A store for the clients of one process.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;

use crate::{Clock, StoreError, StoreLease, StoredToken, TokenKey, TokenRecord, TokenStore};

/// Tokens and tickets in memory: several clients of one account share them within a process, and tests need no server.
///
/// Clones share what they keep. A single client needs no store; it has a cache of its own.
#[derive(Clone)]
pub struct MemoryTokenStore {
    clock: Arc<dyn Clock>,
    records: Arc<Mutex<BTreeMap<TokenKey, TokenRecord>>>,
}

impl MemoryTokenStore {
    /// An empty store, whose tokens age by `clock`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            records: Arc::default(),
        }
    }

    /// Does one step with the record under `key`, alone.
    fn step<T>(&self, key: &TokenKey, step: impl FnOnce(&mut TokenRecord, SystemTime) -> T) -> T {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        step(records.entry(key.clone()).or_default(), self.clock.now())
    }
}

impl fmt::Debug for MemoryTokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryTokenStore").finish_non_exhaustive()
    }
}

#[async_trait]
impl TokenStore for MemoryTokenStore {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, StoreError> {
        Ok(self.step(key, |record, now| record.load_at(now)))
    }

    async fn save_if_newer(&self, key: &TokenKey, token: &StoredToken) -> Result<bool, StoreError> {
        Ok(self.step(key, |record, now| record.save_at(now, token)))
    }

    async fn lease(&self, key: &TokenKey, ttl: Duration) -> Result<Option<StoreLease>, StoreError> {
        Ok(self.step(key, |record, now| record.lease_at(now, ttl)))
    }

    async fn release(&self, key: &TokenKey, lease: &StoreLease) -> Result<(), StoreError> {
        self.step(key, |record, _| record.release(lease));
        Ok(())
    }
}
