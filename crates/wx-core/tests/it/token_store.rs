//! The conformance suite lets a right token store pass, and catches each wrong one by the rule that it breaks.

mod shelf;

use std::collections::BTreeSet;
use std::sync::Arc;

use wx_core::conformance::token_store::{Report, Suite};
use wx_core::system::SystemClock;
use wx_core::test_util::ManualClock;
use wx_core::{Clock, MemoryTokenStore};

use self::shelf::{Fault, Shelf};

/// Each fault with the rules that it breaks: one, unless a store that is wrong in that cannot be right in the other.
const FAULTS: [(Fault, &[&str]); 25] = [
    (Fault::KeepsTheLongerLife, &["newer-wins"]),
    (Fault::TakesTheSameVersionAgain, &["older-loses"]),
    (Fault::TakesOlderWithLongerLife, &["older-loses"]),
    (Fault::SavesInTwoSteps, &["writers-at-once"]),
    (Fault::LeasesInTwoSteps, &["one-lease"]),
    (Fault::KeepsTheDead, &["life-ends"]),
    (Fault::ForgetsWhatIsDue, &["life-ends", "refresh-left"]),
    (Fault::NeverAges, &["time-left"]),
    (Fault::NeverComesDue, &["refresh-left"]),
    (Fault::EndsLeasesEarly, &["lease-ends"]),
    (
        Fault::LeasesForGood,
        &["lease-ends", "late-save", "release-own", "versions-rise"],
    ),
    (Fault::FailsOnDamage, &["damage-is-nothing"]),
    (Fault::LoadsWhatIsLeft, &["damage-is-nothing"]),
    (Fault::NeverEnds, &["bounds-its-time"]),
    (Fault::ShowsTokensInDebug, &["shows-nothing"]),
    (Fault::ShowsTokensInErrors, &["damage-is-nothing", "shows-nothing"]),
    (Fault::LoadsAnEmptyToken, &["nothing-is-none"]),
    (Fault::CutsLongTokens, &["kept-whole"]),
    (Fault::TrimsTokens, &["kept-whole"]),
    (Fault::FoldsCase, &["keys-apart"]),
    (Fault::CachesInTheHandle, &["handles-share"]),
    (Fault::ReleasesWhatWasSavedOnly, &["release-frees", "versions-rise"]),
    (Fault::ReleasesAnybodys, &["release-own"]),
    (Fault::ForgetsSavedVersions, &["versions-rise"]),
    (Fault::RefusesLateOwners, &["late-save"]),
];

/// What panics has no rule that it could break beside.
const PANICKING: (Fault, &[&str]) = (Fault::PanicsOnDamage, &["no-panic"]);

async fn tried(fault: Fault) -> Report {
    let clock = Arc::new(ManualClock::at(1_700_000_000));
    let shelf = Shelf::new(Arc::clone(&clock) as Arc<dyn Clock>, fault);
    let raw = shelf.clone();
    Suite::new(clock, move || shelf.handle())
        .damaged_by(move |key, damage| {
            raw.overwrite(&key, |value| damage.of(value));
            async {}
        })
        .run()
        .await
}

#[tokio::test]
async fn a_store_that_keeps_the_contract_passes() {
    let report = tried(Fault::None).await;
    report.assert();
    assert!(report.left_out().is_empty());
    assert_eq!(report.to_string(), "all 20 rules of the contract are kept\n");
}

#[tokio::test]
async fn a_store_that_is_wrong_in_one_thing_is_caught_by_its_rule() {
    let mut missed = String::new();
    for (fault, rules) in FAULTS.into_iter().chain([PANICKING]) {
        let report = tried(fault).await;
        if report.broken_rules() != rules.iter().copied().collect() {
            missed += &format!("{fault:?} should break {rules:?} alone: {report}\n");
        }
    }
    assert_eq!(missed, "");
}

#[test]
fn every_rule_of_token_stores_catches_something() {
    let faults = FAULTS.into_iter().chain([PANICKING]);
    let caught: BTreeSet<_> = faults.flat_map(|(_, rules)| rules.iter().copied()).collect();
    let rules: BTreeSet<_> = Suite::rules().iter().map(|rule| rule.name()).collect();
    assert_eq!(caught, rules);
}

#[tokio::test]
async fn the_store_in_memory_keeps_the_contract() {
    let clock = Arc::new(ManualClock::at(1_700_000_000));
    let store = MemoryTokenStore::new(Arc::clone(&clock) as Arc<dyn Clock>);
    let report = Suite::new(clock, move || store.clone()).run().await;
    report.assert();
    let left_out: Vec<_> = report
        .left_out()
        .iter()
        .map(|left_out| left_out.rule().name())
        .collect();
    assert_eq!(left_out, ["damage-is-nothing"]);
}

#[tokio::test]
async fn a_store_is_tried_by_the_clock_of_the_machine_too() {
    let clock = Arc::new(SystemClock::new());
    let store = MemoryTokenStore::new(Arc::clone(&clock) as Arc<dyn Clock>);
    let suite = Suite::new(clock, move || store.clone()).derives_refresh("that is left out here");
    let report = suite.run().await;
    report.assert();
    assert_eq!(report.left_out().len(), 2, "{report}");
}
