//! What is in the folder, and what is refused.

use std::error::Error as _;
use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use wx_core::{StoreError, TokenKey, TokenKind, TokenStore as _};

use crate::{key, store_in, token};

const MINUTE: Duration = Duration::from_secs(60);

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn reason(error: &StoreError) -> String {
    error.source().unwrap().to_string()
}

#[tokio::test]
async fn nothing_is_created_before_it_is_needed() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("a/b");
    let store = store_in(&folder);
    assert_eq!(store.folder(), folder);
    assert!(store.load(&key()).await.unwrap().is_none());
    assert!(!folder.exists());
    store.prepare().unwrap();
    assert_eq!(names(&folder), ["lock"]);
    assert!(store.save_if_newer(&key(), &token("A", 1)).await.unwrap());
    assert_eq!(names(&folder), ["lock", "wx0000000000000001.access_token.json"]);
}

#[test]
fn names_of_files_are_readable_and_never_leave_the_folder() {
    let store = store_in(Path::new("/f"));
    for (app_id, name) in [
        ("wx0000000000000001", "wx0000000000000001"),
        ("WX1", "%57%581"),
        ("../a.b", "%2e%2e%2fa%2eb"),
        ("é%", "%c3%a9%25"),
        ("", ""),
    ] {
        let path = store.path(&TokenKey::new(app_id, TokenKind::CardTicket));
        assert_eq!(path, Path::new("/f").join(format!("{name}.card_ticket.json")));
    }
}

#[tokio::test]
async fn a_name_that_is_too_long_is_a_failure_and_not_another_name() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_in(folder.path());
    let key = TokenKey::new("x".repeat(300), TokenKind::AccessToken);
    let error = store.save_if_newer(&key, &token("A", 1)).await.unwrap_err();
    assert!(reason(&error).contains("cannot be read"), "{}", reason(&error));
}

#[tokio::test]
async fn what_a_crash_left_behind_is_no_hindrance() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_in(folder.path());
    store.prepare().unwrap();
    let left = store.path(&key()).with_extension("new");
    fs::write(&left, "{\"format\":1,").unwrap();
    assert!(store.save_if_newer(&key(), &token("A", 1)).await.unwrap());
    assert!(!left.exists());
    assert_eq!(store.load(&key()).await.unwrap().unwrap().version, 1);
}

#[tokio::test]
async fn whoever_waits_for_the_lock_gives_up_after_a_second() {
    let folder = tempfile::tempdir().unwrap();
    let clock = wx_core::test_util::ManualClock::at(1_700_000_000);
    let store = wx_store_file::FileTokenStore::new(folder.path(), std::sync::Arc::new(clock.clone()));
    assert!(store.save_if_newer(&key(), &token("A", 1)).await.unwrap());
    let lock = File::open(folder.path().join("lock")).unwrap();
    lock.lock().unwrap();
    let error = store.lease(&key(), MINUTE).await.unwrap_err();
    assert!(reason(&error).contains("does not let go"), "{}", reason(&error));
    assert_eq!(clock.slept().iter().sum::<Duration>(), Duration::from_secs(1));
    // Reading needs no lock.
    assert!(store.load(&key()).await.unwrap().is_some());
    drop(lock);
    assert!(store.lease(&key(), MINUTE).await.unwrap().is_some());
}

#[tokio::test]
async fn a_folder_that_is_a_file_is_told() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let store = store_in(file.path());
    let reason = reason(&store.prepare().unwrap_err());
    assert!(reason.contains(file.path().to_str().unwrap()), "{reason}");
    assert!(store.load(&key()).await.is_err());
    assert!(store.lease(&key(), MINUTE).await.is_err());
}

#[cfg(unix)]
mod rights {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[tokio::test]
    async fn nobody_else_may_read_what_is_created() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("tokens");
        let store = store_in(&folder);
        let lease = store.lease(&key(), MINUTE).await.unwrap().unwrap();
        assert!(store.save_if_newer(&key(), &token("A", lease.version())).await.unwrap());
        assert_eq!(mode(&folder), 0o700);
        for name in names(&folder) {
            assert_eq!(mode(&folder.join(&name)), 0o600, "{name}");
        }
    }

    #[tokio::test]
    async fn a_file_that_others_may_read_or_write_is_refused_and_left_as_it_is() {
        for open in [0o640, 0o604, 0o602, 0o666] {
            let folder = tempfile::tempdir().unwrap();
            let store = store_in(folder.path());
            assert!(store.save_if_newer(&key(), &token("A", 1)).await.unwrap());
            let path = store.path(&key());
            set_mode(&path, open);
            let before = fs::read(&path).unwrap();
            for error in [
                store.prepare().unwrap_err(),
                store.load(&key()).await.unwrap_err(),
                store.save_if_newer(&key(), &token("B", 2)).await.unwrap_err(),
                store.lease(&key(), MINUTE).await.unwrap_err(),
            ] {
                let reason = reason(&error);
                assert!(reason.contains(path.to_str().unwrap()), "{reason}");
                assert!(reason.contains("others may have read"), "{reason}");
            }
            assert_eq!((mode(&path), fs::read(&path).unwrap()), (open, before));
            fs::remove_file(&path).unwrap();
            assert!(store.lease(&key(), MINUTE).await.unwrap().is_some());
        }
    }

    #[tokio::test]
    async fn a_folder_that_others_may_write_to_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let store = store_in(folder.path());
        for open in [0o770, 0o702, 0o1777] {
            set_mode(folder.path(), open);
            for error in [
                store.prepare().unwrap_err(),
                store.lease(&key(), MINUTE).await.unwrap_err(),
            ] {
                let reason = reason(&error);
                assert!(reason.contains("others may write to it"), "{reason}");
            }
            assert!(names(folder.path()).is_empty());
        }
        set_mode(folder.path(), 0o755);
        store.prepare().unwrap();
    }
}
