//! The store in a folder of its own: the contract, what it refuses, and processes that race.

#![expect(
    clippy::unwrap_used,
    reason = "only a test function counts as a test, its helpers do not"
)]

mod conformance;
mod files;
mod processes;
mod secrecy;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use wx_core::test_util::ManualClock;
use wx_core::{StoredToken, TokenKey, TokenKind};
use wx_store_file::FileTokenStore;

fn store_in(folder: &Path) -> FileTokenStore {
    FileTokenStore::new(folder, Arc::new(ManualClock::at(1_700_000_000)))
}

fn key() -> TokenKey {
    TokenKey::new("wx0000000000000001", TokenKind::AccessToken)
}

fn token(text: &str, version: u64) -> StoredToken {
    StoredToken::new(
        text.into(),
        version,
        Duration::from_secs(6900),
        Duration::from_secs(7200),
    )
}
