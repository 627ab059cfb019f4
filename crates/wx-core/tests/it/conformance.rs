//! The conformance suite lets a right transport pass, and catches each wrong one by the rule that it breaks.

mod client;
mod reader;

use std::collections::BTreeSet;
use std::future::pending;
use std::thread;
use std::time::Instant;

use tokio::runtime::Builder;
use wx_core::conformance::http_send::{Report, Suite};
use wx_core::http_send_fn;

use self::client::{Client, Fault};

/// Each fault with the rule that it breaks.
const FAULTS: [(Fault, &str); 22] = [
    (Fault::KeepsNoTime, "bounds-its-time"),
    (Fault::TimesEachByte, "bounds-its-time"),
    (Fault::RepeatsBusy, "sends-once"),
    (Fault::RepeatsBroken, "sends-once"),
    (Fault::FollowsRedirects, "no-redirect-is-followed"),
    (Fault::CutsAtTheLimit, "bounds-the-body"),
    (Fault::TakesHalfABody, "cut-is-a-failure"),
    (Fault::ShowsTheUriInErrors, "shows-nothing"),
    (Fault::ShowsTheBodyInDebug, "shows-nothing"),
    (Fault::SaysConnectAfterWriting, "reached-is-honest"),
    (Fault::SaysInterruptedWithoutConnection, "kinds-are-told"),
    (Fault::SendsHalfOfALongBody, "request-as-given"),
    (Fault::DropsTheQuery, "request-as-given"),
    (Fault::FailsOnServerErrors, "every-status-is-an-answer"),
    (Fault::TakesInterimAnswers, "interim-answers-are-passed-over"),
    (Fault::LeavesWhatItAskedForCoded, "content-coding"),
    (Fault::KeepsTheFirstChunk, "whole-body"),
    (Fault::TakesAnything, "not-http-is-a-failure"),
    (Fault::Panics, "no-panic"),
    (Fault::IsBrokenByADrop, "dropped-call"),
    (Fault::ReusesAfterTimeouts, "own-answer"),
    (Fault::KeepsDeadConnections, "lost-connection"),
];

/// How many are tried at once: they wait more than they work.
const AT_ONCE: usize = 6;

async fn tried(fault: Fault) -> Report {
    Suite::new(move |limits| Client::new(limits, fault)).run().await
}

#[tokio::test]
async fn a_transport_that_keeps_the_contract_passes() {
    let report = tried(Fault::None).await;
    report.assert();
    assert!(report.left_out().is_empty());
    assert!(
        report.to_string().contains("rules of the contract are kept"),
        "{report}"
    );
}

#[test]
fn a_transport_that_breaks_one_rule_is_caught_by_that_rule_alone() {
    for faults in FAULTS.chunks(AT_ONCE) {
        thread::scope(|threads| {
            for (fault, rule) in faults {
                threads.spawn(move || {
                    let runtime = Builder::new_current_thread().build().unwrap();
                    let report = runtime.block_on(tried(*fault));
                    assert_eq!(report.broken_rules(), BTreeSet::from([*rule]), "{fault:?}: {report}");
                });
            }
        });
    }
}

#[test]
fn every_rule_catches_something() {
    let caught: BTreeSet<_> = FAULTS.iter().map(|(_, rule)| *rule).collect();
    let rules: BTreeSet<_> = Suite::rules().iter().map(|rule| rule.name()).collect();
    assert_eq!(caught, rules);
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "it is real time that the suite takes")]
async fn a_transport_that_never_ends_does_not_hang_the_suite() {
    let began = Instant::now();
    let report = Suite::new(|_| http_send_fn(|_| pending())).run().await;
    assert!(report.broken_rules().contains("bounds-its-time"), "{report}");
    let took = began.elapsed();
    assert!(took.as_secs() < 60, "{took:?}");
}
