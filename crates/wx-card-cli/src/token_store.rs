//! `--token-store`: where tokens and tickets stay between runs.

use std::error::Error as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wx_card::core::system::SystemClock;
use wx_card::core::{Secret, TokenStore};
use wx_store_file::FileTokenStore;
use wx_store_redis::{RedisRateLimit, RedisTokenStore};

use crate::failure::Failure;

/// What may be written, without the value that was: it may be an address with a password.
const CHOICES: &str = "--token-store takes memory, file:FOLDER, redis://… or rediss://…";

/// Where tokens and tickets stay.
#[derive(Debug)]
pub(crate) enum TokenStoreChoice {
    /// Nowhere: each run fetches its own.
    Memory,
    /// In a folder of this machine.
    Folder(PathBuf),
    /// In the Redis at this address, which may have a password in it.
    Redis(Secret),
}

impl TokenStoreChoice {
    /// The choice that was written as `text`; none is memory.
    pub(crate) fn read(text: Option<&Secret>) -> Result<Self, Failure> {
        let text = text.map_or("", Secret::expose).trim();
        match text.split_once(':') {
            None if text.is_empty() || text == "memory" => Ok(Self::Memory),
            Some(("file", "")) => Err(Failure::usage("--token-store file: names no folder")),
            Some(("file", folder)) if folder == "~" || folder.starts_with("~/") => Err(Failure::usage(
                "--token-store: the shell leaves the ~ in file:~ as it is; write file:$HOME",
            )),
            Some(("file", folder)) => Ok(Self::Folder(PathBuf::from(folder))),
            Some(("redis" | "rediss", _)) => Ok(Self::Redis(Secret::new(text))),
            _ => Err(Failure::usage(CHOICES)),
        }
    }

    /// The store, if it is one that outlives the run.
    pub(crate) fn open(&self) -> Result<Option<Arc<dyn TokenStore>>, Failure> {
        match self {
            Self::Memory => Ok(None),
            Self::Folder(path) => Ok(Some(Arc::new(folder(path)?))),
            Self::Redis(address) => Ok(Some(Arc::new(redis(address)?))),
        }
    }

    /// The limit that all who use the store share, without any limit yet; none where only this machine uses it.
    pub(crate) fn rate_limit(&self, app_id: &str) -> Result<Option<RedisRateLimit>, Failure> {
        match self {
            Self::Memory | Self::Folder(_) => Ok(None),
            Self::Redis(address) => Ok(Some(redis(address)?.rate_limit(app_id))),
        }
    }
}

fn redis(address: &Secret) -> Result<RedisTokenStore, Failure> {
    let store = RedisTokenStore::builder(address.clone()).build();
    store.map_err(|error| Failure::usage(format!("--token-store: {error}")))
}

fn folder(path: &Path) -> Result<FileTokenStore, Failure> {
    let store = FileTokenStore::new(path, Arc::new(SystemClock::new()));
    // Otherwise every run would fetch a token and nobody would know why.
    store.prepare().map_err(|error| {
        let cause = error.source().map(ToString::to_string).unwrap_or_default();
        Failure::usage(format!("--token-store: {cause}"))
    })?;
    Ok(store)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<TokenStoreChoice, Failure> {
        TokenStoreChoice::read(Some(&Secret::new(text)))
    }

    #[test]
    fn memory_is_what_nothing_means() {
        assert!(matches!(TokenStoreChoice::read(None), Ok(TokenStoreChoice::Memory)));
        for text in ["", " ", "memory"] {
            assert!(matches!(read(text), Ok(TokenStoreChoice::Memory)), "{text}");
        }
    }

    #[test]
    fn a_folder_is_taken_as_it_is_written() {
        for folder in ["/var/lib/wx", "tokens", "a b:c", "./~"] {
            let choice = read(&format!("file:{folder}"));
            assert!(
                matches!(&choice, Ok(TokenStoreChoice::Folder(path)) if path == Path::new(folder)),
                "{choice:?}"
            );
        }
    }

    #[test]
    fn what_is_no_choice_is_not_repeated() {
        for text in [
            "canary",
            "canary:",
            "http://canary",
            "memory:canary",
            "FILE:canary",
            "file:",
            "file:~/canary",
        ] {
            let failure = read(text).unwrap_err();
            assert!(!format!("{failure:?}").contains("canary"), "{failure:?}");
        }
    }

    #[test]
    fn an_address_of_redis_is_not_shown() {
        for text in [
            "redis://user:canary@127.0.0.1:1/",
            "rediss://:canary@localhost/",
            "redis:canary",
        ] {
            let choice = read(text).unwrap();
            let opened = choice.open();
            assert!(
                !format!("{choice:?} {opened:?}").contains("canary"),
                "{choice:?} {opened:?}"
            );
        }
    }
}
