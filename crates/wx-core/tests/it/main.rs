//! Whole calls over a scripted transport.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../../../../fuzz/calls.rs"]
mod calls;
mod conformance;
mod corpus;
mod deadline;
mod hostile;
mod observe;
mod outcomes;
mod refusals;
mod retry;
mod secrecy;
mod sharing;
mod sources;
mod storms;
mod tickets;
mod together;
mod token_store;
mod tokens;

use std::sync::Arc;

use wx_core::test_util::{FixedEntropy, ManualClock, Reply, Script};
use wx_core::{Core, CoreBuilder, IntoTokenSource};

/// A core over a script, at a fixed moment, with fixed randomness.
fn core_over(replies: impl IntoIterator<Item = Reply>) -> (Core, Script, ManualClock) {
    let (builder, script, clock) = builder_over(replies);
    (builder.build(), script, clock)
}

fn builder_over(replies: impl IntoIterator<Item = Reply>) -> (CoreBuilder, Script, ManualClock) {
    builder_from("the-app-secret", replies)
}

fn builder_from(
    source: impl IntoTokenSource,
    replies: impl IntoIterator<Item = Reply>,
) -> (CoreBuilder, Script, ManualClock) {
    let script = Script::new(replies);
    let clock = ManualClock::at(1_700_000_000);
    let builder = Core::builder(
        "wx0000000000000001",
        source,
        Arc::new(script.clone()),
        Arc::new(clock.clone()),
        Arc::new(FixedEntropy::new()),
    );
    (builder, script, clock)
}

/// What was sent, a line a request.
fn transcript(script: &Script) -> String {
    script.sent().iter().map(|sent| format!("{sent:?}\n")).collect()
}
