//! Processes that race: the tests' own binary, started again and again.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use wx_core::TokenStore as _;
use wx_core::system::SystemClock;
use wx_store_file::FileTokenStore;

use crate::{key, token};

/// Where a process that was started here works.
const FOLDER: &str = "WX_STORE_FILE_TEST_FOLDER";

const PROCESSES: u64 = 4;
/// How many leases each process takes.
const LEASES: u64 = 25;

fn store(folder: &Path) -> FileTokenStore {
    FileTokenStore::new(folder.join("tokens"), Arc::new(SystemClock::new()))
}

/// A number that is read and written without any care: only the lease keeps two processes from losing one.
fn count(folder: &Path) -> u64 {
    let path = folder.join("count");
    let count = fs::read_to_string(&path).map_or(0, |text| text.parse().unwrap()) + 1;
    fs::write(&path, count.to_string()).unwrap();
    count
}

/// Takes leases one after the other, counts under each, and saves the count.
async fn work(folder: &Path) {
    let store = store(folder);
    for _ in 0..LEASES {
        let lease = loop {
            if let Some(lease) = store.lease(&key(), Duration::from_secs(60)).await.unwrap() {
                break lease;
            }
        };
        let text = count(folder).to_string();
        let stored = store
            .save_if_newer(&key(), &token(&text, lease.version()))
            .await
            .unwrap();
        assert!(stored, "the lease's version was not the newest");
        store.release(&key(), &lease).await.unwrap();
    }
}

/// The work of one process: in a folder that it was given, or else alone.
#[tokio::test]
async fn a_process_alone_gets_every_lease() {
    let own = tempfile::tempdir().unwrap();
    let given = env::var_os(FOLDER).map(PathBuf::from);
    work(given.as_deref().unwrap_or(own.path())).await;
    if given.is_none() {
        let last = store(own.path()).load(&key()).await.unwrap().unwrap();
        assert_eq!(last.secret, LEASES.to_string().into());
    }
}

fn start(folder: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "processes::a_process_alone_gets_every_lease"])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn of_racing_processes_one_has_the_lease_and_no_save_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut processes: Vec<_> = (0..PROCESSES).map(|_| start(folder.path())).collect();
    for process in &mut processes {
        assert!(process.wait().unwrap().success());
    }
    let last = store(folder.path()).load(&key()).await.unwrap().unwrap();
    assert_eq!(last.secret, (PROCESSES * LEASES).to_string().into());
}

#[tokio::test]
async fn whoever_reads_while_another_writes_finds_a_whole_token() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = start(folder.path());
    let (reader, mut highest) = (store(folder.path()), 0);
    while writer.try_wait().unwrap().is_none() {
        let found = reader.load(&key()).await.unwrap();
        let version = found.map_or(0, |found| found.version);
        assert!(highest <= version, "{highest} was there, and then {version}");
        highest = version;
    }
    assert!(highest > 0);
}

#[tokio::test]
async fn a_process_that_is_killed_leaves_a_folder_that_works() {
    let folder = tempfile::tempdir().unwrap();
    let clock: Arc<dyn wx_core::Clock> = Arc::new(SystemClock::new());
    for _ in 0..5 {
        let mut process = start(folder.path());
        // It is killed somewhere in the middle of its steps, wherever that is.
        while store(folder.path()).load(&key()).await.unwrap().is_none() {
            assert!(process.try_wait().unwrap().is_none(), "it ended without a save");
        }
        process.kill().unwrap();
        process.wait().unwrap();
        let store = FileTokenStore::new(folder.path().join("tokens"), Arc::clone(&clock));
        let before = store.load(&key()).await.unwrap();
        let version = before.map_or(0, |before| before.version) + 1_000_000;
        assert!(store.save_if_newer(&key(), &token("A", version)).await.unwrap());
        assert_eq!(store.load(&key()).await.unwrap().unwrap().secret, "A".into());
        fs::remove_file(store.path(&key())).unwrap();
    }
}
