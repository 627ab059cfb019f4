//! Every operation under every fault: what the client says of it against what the sandbox's ledger says.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use wx_card::core::{Error, RetryPolicy};

use crate::matrix_world::{OPERATIONS, Operation, World};

/// What the client can know of a call that met a fault once and was not repeated.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Known {
    /// It is done.
    Done,
    /// It was certainly not done.
    NotDone,
    /// It may be done.
    Unclear,
}

use Known::{Done, NotDone, Unclear};

/// A fault as in a rule of the sandbox, and what can be known of it.
pub(crate) struct Case {
    rule: &'static str,
    known: Known,
    /// Whether it may pass, so that it is worth a repeat where there may be one.
    passes: bool,
}

const fn case(rule: &'static str, known: Known) -> Case {
    Case {
        rule,
        known,
        passes: true,
    }
}

/// What does not pass by itself.
const fn lasting(rule: &'static str, known: Known) -> Case {
    Case {
        rule,
        known,
        passes: false,
    }
}

/// Every kind of fault. What the service refuses it does not do, but for -1 and 40093, which do
/// not say so, and numbers that nobody knows.
pub(crate) const CASES: &[Case] = &[
    case(r#"{"fault": "busy"}"#, Unclear),
    case(r#"{"fault": "busy", "applied": true}"#, Unclear),
    case(r#"{"fault": "errcode", "errcode": -1}"#, Unclear),
    case(r#"{"fault": "errcode", "errcode": -1, "applied": true}"#, Unclear),
    case(r#"{"fault": "errcode", "errcode": 40001}"#, NotDone),
    case(r#"{"fault": "errcode", "errcode": 42001}"#, NotDone),
    case(r#"{"fault": "errcode", "errcode": 45011}"#, NotDone),
    lasting(r#"{"fault": "errcode", "errcode": 45009}"#, NotDone),
    lasting(r#"{"fault": "errcode", "errcode": 48001}"#, NotDone),
    lasting(r#"{"fault": "errcode", "errcode": 99999}"#, NotDone),
    lasting(r#"{"fault": "errcode", "errcode": 504}"#, Unclear),
    lasting(r#"{"fault": "errcode", "errcode": 504, "applied": true}"#, Unclear),
    lasting(
        r#"{"fault": "errcode", "errcode": 1, "errmsg": "ok", "applied": true}"#,
        Unclear,
    ),
    lasting(r#"{"fault": "errcode", "errcode": 40093}"#, Unclear),
    lasting(r#"{"fault": "errcode", "errcode": 40093, "applied": true}"#, Unclear),
    case(r#"{"fault": "delay", "millis": 5}"#, Done),
    case(r#"{"fault": "delay", "millis": 5, "applied": false}"#, Unclear),
    case(r#"{"fault": "reset-before"}"#, Unclear),
    case(r#"{"fault": "reset-after"}"#, Unclear),
    case(r#"{"fault": "reset-mid-answer"}"#, Unclear),
    case(r#"{"fault": "reset-mid-answer", "applied": false}"#, Unclear),
    case(r#"{"fault": "truncated"}"#, Unclear),
    case(r#"{"fault": "truncated", "applied": false}"#, Unclear),
    case(r#"{"fault": "html-502"}"#, Unclear),
    case(r#"{"fault": "html-502", "applied": true}"#, Unclear),
    case(r#"{"fault": "content-type"}"#, Done),
    case(r#"{"fault": "content-type", "applied": false}"#, Unclear),
    case(r#"{"fault": "oversized", "bytes": 70000}"#, Unclear),
    case(r#"{"fault": "oversized", "bytes": 70000, "applied": false}"#, Unclear),
    case(r#"{"fault": "token-expired"}"#, NotDone),
    case(r#"{"fault": "slow-drip", "millis": 1}"#, Unclear),
    case(r#"{"fault": "slow-drip", "millis": 1, "applied": false}"#, Unclear),
    case(r#"{"fault": "silent"}"#, Unclear),
    case(r#"{"fault": "silent", "applied": true}"#, Unclear),
];

impl Case {
    /// The rule for `path`, with `more` members.
    pub(crate) fn rule(&self, path: &str, more: &Value) -> Value {
        let mut rule: Value = serde_json::from_str(self.rule).unwrap();
        let members = rule.as_object_mut().unwrap();
        members.insert("path".to_owned(), json!(path));
        members.extend(more.as_object().unwrap().clone());
        rule
    }
}

/// What became of one call.
struct Played {
    result: Result<String, Error>,
    /// How often the service did it.
    ran: u64,
    /// How often it was sent.
    sent: u64,
}

async fn play(operation: &Operation, policy: RetryPolicy, seed: u64, rules: &[Value]) -> Played {
    let world = World::new(seed).await;
    let before = world.ran(operation.path);
    world.go_wrong(seed, rules);
    let client = world.client().retry(policy).build();
    let called = operation.call(&client, &world.held).await;
    Played {
        result: called.result,
        ran: world.ran(operation.path) - before,
        sent: world.wire.sent(operation.path),
    }
}

impl Played {
    fn known(&self) -> Known {
        match &self.result {
            Ok(_) => Done,
            Err(error) if error.may_have_run() => Unclear,
            Err(_) => NotDone,
        }
    }

    /// What must not be, whatever went wrong.
    fn lie(&self, operation: &Operation) -> Option<&'static str> {
        let error = self.result.as_ref().err();
        if self.known() == NotDone && self.ran > 0 {
            return Some("it ran, and `may_have_run` is false");
        }
        if self.known() == Done && self.ran == 0 {
            return Some("it did not run, and it is called done");
        }
        if !operation.is_repeatable && self.ran > 1 {
            return Some("it must not run twice, and did");
        }
        if error.is_some_and(|error| error.path() == operation.path && u64::from(error.attempts()) != self.sent) {
            return Some("`attempts` does not count what was sent");
        }
        if !operation.is_repeatable && self.known() == Unclear && error.is_some_and(Error::is_retryable) {
            return Some("it may have run and must not run twice, and `is_retryable` is true");
        }
        None
    }
}

/// What was not as it must be: a line for each.
#[derive(Default)]
struct Table {
    lines: Vec<String>,
    played: usize,
}

impl Table {
    fn add(&mut self, operation: &Operation, rules: &[Value], played: &Played, wrong: Option<&str>) {
        self.played += 1;
        if let Some(wrong) = played.lie(operation).or(wrong) {
            let rules: Vec<String> = rules.iter().map(Value::to_string).collect();
            let told = played
                .result
                .as_ref()
                .map_or_else(ToString::to_string, |_| "done".to_owned());
            self.lines.push(format!(
                "{:<30} ran {} sent {} {:<8} {} | {wrong} | {told}",
                operation.path,
                played.ran,
                played.sent,
                format!("{:?}", played.known()),
                rules.join(" "),
            ));
        }
    }

    #[track_caller]
    fn assert_is_empty(&self) {
        assert!(self.played >= OPERATIONS.len(), "only {} were played", self.played);
        assert!(
            self.lines.is_empty(),
            "{} of {}:\n{}",
            self.lines.len(),
            self.played,
            self.lines.join("\n")
        );
    }
}

#[test]
fn the_matrix_has_every_operation_and_every_kind_of_fault() {
    const ENDPOINTS: &str = include_str!("../../../../docs/endpoints.md");
    let is_path = |word: &&str| word.starts_with("/card/") || word.starts_with("/cgi-bin/");
    let declared: BTreeSet<_> = ENDPOINTS.split('`').filter(is_path).collect();
    let played: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.path).collect();
    assert_eq!(played, declared);

    let sandbox = wx_card_sandbox::Sandbox::new();
    let refused = sandbox.control("faults", &json!({"rules": [{"path": "*", "fault": "none such"}]}));
    let refused = refused.unwrap_err().to_string();
    let (_, kinds) = refused.split_once("must be one of ").unwrap();
    let kinds: BTreeSet<String> = kinds
        .split([',', ' '])
        .filter(|kind| !kind.is_empty())
        .map(str::to_owned)
        .collect();
    let cases = CASES
        .iter()
        .map(|case| case.rule("*", &json!({}))["fault"].as_str().unwrap().to_owned());
    assert_eq!(cases.collect::<BTreeSet<_>>(), kinds);
}

#[tokio::test]
async fn without_a_fault_every_operation_is_done_by_one_request() {
    let mut table = Table::default();
    for operation in OPERATIONS {
        let played = play(operation, RetryPolicy::off(), 1, &[]).await;
        let is_wrong = (played.known(), played.ran, played.sent) != (Done, 1, 1);
        table.add(
            operation,
            &[],
            &played,
            is_wrong.then_some("it must be done by one request"),
        );
    }
    table.assert_is_empty();
}

#[tokio::test]
async fn one_request_that_meets_a_fault_is_told_for_what_it_is() {
    let mut table = Table::default();
    for operation in OPERATIONS {
        for case in CASES {
            let rules = [case.rule(operation.path, &json!({}))];
            let played = play(operation, RetryPolicy::off(), 1, &rules).await;
            let is_wrong = (played.known(), played.sent) != (case.known, 1);
            table.add(
                operation,
                &rules,
                &played,
                is_wrong.then_some("not what can be known of it"),
            );
        }
    }
    table.assert_is_empty();
}

#[tokio::test]
async fn a_fault_that_stays_is_told_for_what_it_is_and_what_must_not_run_twice_is_sent_once() {
    let mut table = Table::default();
    for operation in OPERATIONS {
        for case in CASES {
            let rules = [case.rule(operation.path, &json!({}))];
            let played = play(operation, RetryPolicy::default(), 1, &rules).await;
            // Waiting for the next minute fits once into the time of a call, a token is refreshed once.
            let most = match case.known {
                NotDone if case.passes => 2,
                Unclear if case.passes && operation.is_repeatable => 3,
                _ => 1,
            };
            let is_wrong = (played.known(), played.sent) != (case.known, most);
            table.add(
                operation,
                &rules,
                &played,
                is_wrong.then_some("not what can be known of it"),
            );
        }
    }
    table.assert_is_empty();
}

#[tokio::test]
async fn a_fault_that_passes_is_outlived_unless_a_repeat_could_do_it_twice() {
    let mut table = Table::default();
    for operation in OPERATIONS {
        for case in CASES {
            let rules = [case.rule(operation.path, &json!({"times": 1}))];
            let played = play(operation, RetryPolicy::default(), 1, &rules).await;
            let expected = match case.known {
                NotDone if case.passes => Done,
                Unclear if case.passes && operation.is_repeatable => Done,
                known => known,
            };
            let is_wrong = played.known() != expected;
            table.add(
                operation,
                &rules,
                &played,
                is_wrong.then_some("not outlived, or told wrong"),
            );
        }
    }
    table.assert_is_empty();
}

#[tokio::test]
async fn without_a_token_nothing_has_run() {
    let mut table = Table::default();
    for operation in OPERATIONS {
        for case in CASES {
            let rules = [case.rule("/cgi-bin/stable_token", &json!({}))];
            let played = play(operation, RetryPolicy::default(), 1, &rules).await;
            // A token that is given while all others die is a good one.
            let is_given = case.known == Done || case.rule.contains("token-expired");
            let expected = if is_given { (Done, 1) } else { (NotDone, 0) };
            let is_wrong = (played.known(), played.sent) != expected;
            table.add(operation, &rules, &played, is_wrong.then_some("it was never sent"));
        }
    }
    table.assert_is_empty();
}

#[tokio::test]
async fn when_no_new_token_comes_after_a_refused_one_nothing_has_run() {
    let mut table = Table::default();
    for operation in OPERATIONS {
        for case in CASES.iter().filter(|case| case.known != Done) {
            let rules = [
                json!({"path": operation.path, "fault": "token-expired", "times": 1}),
                case.rule("/cgi-bin/stable_token", &json!({"skip": 1})),
            ];
            let played = play(operation, RetryPolicy::default(), 1, &rules).await;
            let expected = if case.rule.contains("token-expired") {
                (Done, 2)
            } else {
                (NotDone, 1)
            };
            let is_wrong = (played.known(), played.sent) != expected;
            table.add(operation, &rules, &played, is_wrong.then_some("it was refused"));
        }
    }
    table.assert_is_empty();
}

#[tokio::test]
async fn what_may_have_run_is_not_forgotten_when_the_repeat_is_refused() {
    let mut table = Table::default();
    for operation in OPERATIONS {
        for last in [45009, 48001] {
            let rules = [
                json!({"path": operation.path, "fault": "reset-after", "times": 1}),
                json!({"path": operation.path, "fault": "errcode", "errcode": last}),
            ];
            let played = play(operation, RetryPolicy::default(), 1, &rules).await;
            let expected = (Unclear, 1 + u64::from(operation.is_repeatable), 1);
            let is_wrong = (played.known(), played.sent, played.ran) != expected;
            table.add(
                operation,
                &rules,
                &played,
                is_wrong.then_some("the first request did run"),
            );
        }
    }
    table.assert_is_empty();
}

#[tokio::test]
async fn in_a_storm_of_faults_nobody_lies() {
    let mut table = Table::default();
    for operation in OPERATIONS {
        for seed in 0..40 {
            let likely = json!({"probability": 0.06});
            let rules: Vec<Value> = CASES.iter().map(|case| case.rule("*", &likely)).collect();
            let policy = RetryPolicy::default().retries(u32::try_from(seed % 5).unwrap());
            let played = play(operation, policy, seed, &rules).await;
            table.add(operation, &[json!({"seed": seed})], &played, None);
        }
    }
    table.assert_is_empty();
}
