//! Tokens and tickets that several processes share.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

use crate::{Secret, TokenKind};

mod memory;
mod record;

pub use memory::MemoryTokenStore;
pub use record::TokenRecord;

/// Keeps tokens and tickets for all processes of all machines that use an account, and says which of them fetches.
///
/// A process asks the store only when it holds nothing fresh itself, hence a few times in two hours. It then loads what
/// is there; if that is no longer fresh, the process that gets the [lease](Self::lease) fetches, and saves for all.
///
/// # What an implementation must do
///
/// 1. **Each method is one step.** Of two processes that ask for the lease at the same time one gets it; of two that
///    save, the newer stands, whichever comes last.
/// 2. **The times are durations, and the store measures them by one clock of its own.** Machines whose clocks disagree
///    then still agree on the end of a token.
/// 3. **What cannot be read is not there.** A value that is cut off, of another format or sealed with another key is
///    loaded as `None`, leased, and overwritten by the next save.
/// 4. **It bounds its own time**, to a second or so: calls wait for it. Failing is no harm; the caller goes on with what
///    it holds, or as [`SharingPolicy::without_store`](crate::SharingPolicy::without_store) says.
/// 5. **It holds nothing that others wait for**, such as a lock of its process, across an `await`: a caller whose time is
///    over leaves it in the middle, and whoever comes next drives it on.
/// 6. **It shows no secret**, neither in `Debug` nor in an error: no token, no password of its own, no URL with one.
///
/// `wx_core::conformance::token_store` (feature `test-util`) tries all of it.
#[async_trait]
pub trait TokenStore: fmt::Debug + Send + Sync + 'static {
    /// What is stored under `key`, with what is left of its life; `None` if there is nothing, or its life is over.
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, StoreError>;

    /// Stores `token` until its life is over, unless what is there has a version as high or higher.
    ///
    /// Says whether it was stored.
    async fn save_if_newer(&self, key: &TokenKey, token: &StoredToken) -> Result<bool, StoreError>;

    /// The right to fetch what belongs under `key`, for `ttl`; `None` while another has it.
    ///
    /// Each lease of a key has a [version](StoreLease::version) higher than those before, and than anything saved.
    async fn lease(&self, key: &TokenKey, ttl: Duration) -> Result<Option<StoreLease>, StoreError>;

    /// Gives `lease` back, so that the next need not wait for its end. One that is over, or another's, is left alone.
    async fn release(&self, key: &TokenKey, lease: &StoreLease) -> Result<(), StoreError>;
}

/// What is stored: which token or ticket of which account.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct TokenKey {
    /// The account.
    pub app_id: String,
    /// Which of its tokens and tickets.
    pub kind: TokenKind,
}

impl TokenKey {
    /// The key of `kind` of the account `app_id`.
    pub fn new(app_id: impl Into<String>, kind: TokenKind) -> Self {
        Self {
            app_id: app_id.into(),
            kind,
        }
    }
}

/// A token or ticket in a store.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct StoredToken {
    /// The token or ticket itself.
    pub secret: Secret,
    /// The version of the lease under which it was fetched.
    pub version: u64,
    /// How long it is fresh; after that it still serves, and is due for a new one.
    pub refresh_in: Duration,
    /// How long it serves.
    pub expires_in: Duration,
}

impl StoredToken {
    /// A token or ticket that serves for `expires_in` from now on, and is due for a new one after `refresh_in`.
    #[must_use]
    pub fn new(secret: Secret, version: u64, refresh_in: Duration, expires_in: Duration) -> Self {
        Self {
            secret,
            version,
            refresh_in,
            expires_in,
        }
    }
}

/// The right to fetch, as long as it lasts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct StoreLease {
    version: u64,
}

impl StoreLease {
    /// A lease of this version.
    #[must_use]
    pub const fn new(version: u64) -> Self {
        Self { version }
    }

    /// Which lease of its key it is: it names the lease, and becomes the version of what is fetched under it.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }
}

/// A store that could not do what was asked.
#[derive(Debug)]
pub struct StoreError {
    source: Box<dyn StdError + Send + Sync>,
}

impl StoreError {
    /// A failure for the reason that `source` gives. It is shown and logged: it must not hold a secret.
    pub fn new(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { source: source.into() }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the token store failed")
    }
}

impl StdError for StoreError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}
