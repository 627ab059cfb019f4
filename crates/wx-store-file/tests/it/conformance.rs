//! The store keeps the contract, by a clock that is moved and by the machine's.

use std::fs;
use std::sync::Arc;

use wx_core::Clock;
use wx_core::conformance::token_store::{Report, Suite};
use wx_core::system::SystemClock;
use wx_core::test_util::ManualClock;
use wx_store_file::FileTokenStore;

async fn tried(clock: Arc<dyn Clock>) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let store = {
        let (folder, clock) = (folder.path().to_owned(), Arc::clone(&clock));
        move || FileTokenStore::new(&folder, Arc::clone(&clock))
    };
    let damaged = store();
    let report = Suite::new(clock, store)
        .damaged_by(move |key, damage| {
            let path = damaged.path(&key);
            fs::write(&path, damage.of(&fs::read(&path).unwrap())).unwrap();
            async {}
        })
        .run()
        .await;
    folder.close().unwrap();
    report
}

#[tokio::test]
async fn the_store_keeps_the_contract() {
    let report = tried(Arc::new(ManualClock::at(1_700_000_000))).await;
    report.assert();
    assert!(report.left_out().is_empty());
}

#[tokio::test]
async fn the_store_keeps_the_contract_by_the_clock_of_the_machine() {
    tried(Arc::new(SystemClock::new())).await.assert();
}
