//! What makes a run resumable: a log of what was about to be sent and what came of it.

use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;

mod log;
mod record;

pub(super) use log::{Log, PastBatch};
pub(super) use record::Header;
pub(crate) use record::{Raise, Record};

/// Where the log of a run is kept, such as a file.
///
/// It keeps bytes and does not look at them. One run uses it at a time; see to that, for example by a lock.
#[async_trait]
pub trait BulkJournal: fmt::Debug + Send + Sync + 'static {
    /// Everything that is in it.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    async fn read(&self) -> Result<Vec<u8>, JournalError>;

    /// Puts `bytes` at the position `at`; whatever stood there and behind it is gone.
    ///
    /// When this returns, they outlast the end of the process and of the machine (`fsync`). When the process ends before
    /// it returns, any part of them may be there.
    ///
    /// # Errors
    ///
    /// They are not there for certain. The run stops.
    async fn append(&self, at: u64, bytes: Bytes) -> Result<(), JournalError>;
}

/// A journal failed, or does not fit.
#[derive(Debug)]
pub struct JournalError {
    message: &'static str,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl JournalError {
    /// Reading or writing failed, for the reason that `source` gives.
    #[must_use]
    pub fn new(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            message: "cannot be read or written",
            source: Some(source.into()),
        }
    }

    /// Whether it can be read, but is not the journal of this run: another account's, another card's, another task's, damaged, or no
    /// journal at all.
    #[must_use]
    pub const fn is_misfit(&self) -> bool {
        self.source.is_none()
    }

    const fn misfit(message: &'static str) -> Self {
        Self { message, source: None }
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl StdError for JournalError {}

/// A journal in memory: it outlasts a run that is dropped, not the process. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct MemoryJournal(Arc<Mutex<Vec<u8>>>);

impl MemoryJournal {
    /// A journal with these bytes, which another one had.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Arc::new(Mutex::new(bytes.into())))
    }

    /// What is in it.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl BulkJournal for MemoryJournal {
    async fn read(&self) -> Result<Vec<u8>, JournalError> {
        Ok(self.bytes())
    }

    async fn append(&self, at: u64, bytes: Bytes) -> Result<(), JournalError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(usize::try_from(at).unwrap_or(usize::MAX));
        kept.extend_from_slice(&bytes);
        Ok(())
    }
}
