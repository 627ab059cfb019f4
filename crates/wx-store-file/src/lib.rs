#![doc = include_str!("../README.md")]

mod folder;

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use wx_core::{Clock, StoreError, StoreLease, StoredToken, TokenKey, TokenRecord, TokenStore};

use self::folder::Folder;

/// How long a step waits for another's, and how often it looks. A step takes a few milliseconds.
const LOCK_WAIT: Duration = Duration::from_secs(1);
const LOCK_POLL: Duration = Duration::from_millis(5);

/// Tokens and tickets in the files of one folder, for all processes of this machine that use it.
///
/// Clones share the folder. A process asks the store a few times in two hours, and each step reads or writes one file
/// of a kilobyte: that is done at once, on the thread that asks, because handing it to another would take as long.
/// Only waiting for another process's step is left to the clock.
#[derive(Clone)]
pub struct FileTokenStore {
    folder: Folder,
    clock: Arc<dyn Clock>,
}

impl FileTokenStore {
    /// A store in `folder`, whose tokens age by `clock`: the same one in all processes, hence the machine's.
    ///
    /// Nothing is read or written before it is used. [`prepare`](Self::prepare) tells at once whether it can be.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, clock: Arc<dyn Clock>) -> Self {
        Self {
            folder: Folder::new(folder.into()),
            clock,
        }
    }

    /// Creates the folder unless it is there, and looks whether anybody else may write to it or read what is in it.
    ///
    /// Each step looks at what it uses itself; this looks at everything, and tells a person before anything is sent.
    ///
    /// # Errors
    ///
    /// When the folder cannot be created or written to, when others may write to it, or when they may read or write one
    /// of its files. What others could read is left as it is: the tokens in it are no longer secret, which a person
    /// should know, and a silent repair would hide.
    pub fn prepare(&self) -> Result<(), StoreError> {
        self.folder.prepare().map_err(StoreError::new)
    }

    /// The file that holds what belongs under `key`, whether it is there or not.
    #[must_use]
    pub fn path(&self, key: &TokenKey) -> PathBuf {
        self.folder.path(key)
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.as_path()
    }

    /// Does one step with the record under `key`, alone; it is written when `step` says that it was changed.
    async fn step<T>(
        &self,
        key: &TokenKey,
        step: impl FnOnce(&mut TokenRecord, SystemTime) -> (T, bool) + Send,
    ) -> Result<T, StoreError> {
        let lock = self.lock().await?;
        // The time is taken after the wait, or a lease that ended in the meantime would seem to last.
        let result = self.change(key, step);
        drop(lock);
        result.map_err(StoreError::new)
    }

    fn change<T>(
        &self,
        key: &TokenKey,
        step: impl FnOnce(&mut TokenRecord, SystemTime) -> (T, bool),
    ) -> Result<T, String> {
        let mut record = self.folder.read(key)?.unwrap_or_default();
        let (result, changed) = step(&mut record, self.clock.now());
        if changed {
            self.folder.write(key, &record)?;
        }
        Ok(result)
    }

    /// The lock of the folder, which ends with the file that is returned, or with the process.
    async fn lock(&self) -> Result<File, StoreError> {
        let lock = self.folder.lock_file().map_err(StoreError::new)?;
        let mut waited = Duration::ZERO;
        while !self.folder.try_lock(&lock).map_err(StoreError::new)? {
            if LOCK_WAIT <= waited {
                let folder = self.folder.as_path().display();
                return Err(StoreError::new(format!(
                    "{folder}: another process does not let go of it"
                )));
            }
            self.clock.sleep(LOCK_POLL).await;
            waited += LOCK_POLL;
        }
        Ok(lock)
    }
}

impl fmt::Debug for FileTokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileTokenStore")
            .field("folder", &self.folder.as_path())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl TokenStore for FileTokenStore {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, StoreError> {
        // Files are replaced as a whole, so that reading one needs no lock.
        let record = self.folder.read(key).map_err(StoreError::new)?;
        Ok(record.and_then(|record| record.load_at(self.clock.now())))
    }

    async fn save_if_newer(&self, key: &TokenKey, token: &StoredToken) -> Result<bool, StoreError> {
        self.step(key, |record, now| {
            let stored = record.save_at(now, token);
            (stored, stored)
        })
        .await
    }

    async fn lease(&self, key: &TokenKey, ttl: Duration) -> Result<Option<StoreLease>, StoreError> {
        self.step(key, |record, now| {
            let lease = record.lease_at(now, ttl);
            (lease, lease.is_some())
        })
        .await
    }

    async fn release(&self, key: &TokenKey, lease: &StoreLease) -> Result<(), StoreError> {
        self.step(key, |record, _| ((), record.release(lease))).await
    }
}
