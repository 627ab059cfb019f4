//! `wx-card sandbox --faults`: a plan from the start.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::run::{bare, example, file, finish, finish_with};

/// A running sandbox; it is ended with its test.
struct Faulty {
    child: Child,
    ready: Value,
}

impl Faulty {
    fn start(args: &[&str], input: &str) -> Self {
        let mut plan = tempfile::tempfile().unwrap();
        std::io::Write::write_all(&mut plan, input.as_bytes()).unwrap();
        std::io::Seek::rewind(&mut plan).unwrap();
        let mut child = bare(&[&["sandbox"], args].concat())
            .stdin(plan)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready = serde_json::from_str(&line).unwrap();
        Self { child, ready }
    }

    /// Calls `path` with no more than what it has of its own: the exit code, and what it wrote.
    fn create(&self) -> (i32, Value) {
        let told = |member: &str| self.ready[member].as_str().unwrap();
        let mut command = bare(&["--base-url", told("base_url"), "--output", "json"]);
        command
            .args(["card", "create", &example("groupon.json")])
            .env("WX_APP_ID", told("app_id"))
            .env("WX_APP_SECRET", told("app_secret"));
        let run = finish(command);
        let written = if run.code == 0 { &run.stdout } else { &run.stderr };
        (run.code, serde_json::from_str(written).unwrap())
    }
}

impl Drop for Faulty {
    fn drop(&mut self) {
        // One that has ended cannot be killed, and need not be.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

const PLAN: &str = r#"// The first two cards go wrong.
{"rules": [
    {"path": "/card/create", "fault": "errcode", "errcode": 45009, "times": 1},
    {"path": "/card/create", "fault": "reset-after", "times": 1}
]}"#;

fn goes_by_the_plan(sandbox: &Faulty) {
    let (code, error) = sandbox.create();
    assert_eq!((code, &error["errcode"]), (3, &json!(45009)), "{error}");
    let (code, error) = sandbox.create();
    assert_eq!((code, &error["kind"]), (5, &json!("transport")), "{error}");
    let (code, answer) = sandbox.create();
    assert_eq!(code, 0, "{answer}");
}

#[test]
fn a_sandbox_starts_with_the_plan_of_a_file() {
    let plan = file(PLAN);
    goes_by_the_plan(&Faulty::start(&["--faults", plan.path().to_str().unwrap()], ""));
}

#[test]
fn a_sandbox_starts_with_the_plan_of_stdin() {
    goes_by_the_plan(&Faulty::start(&["--faults", "-"], PLAN));
}

#[test]
fn a_bad_plan_is_told_before_anything_listens() {
    for (plan, told) in [
        ("{", "is not JSON"),
        ("[]", "it has no list of rules"),
        ("{}", "it has no list of rules"),
        (r#"{"rules": 1}"#, "rules: must be a list"),
        (
            r#"{"rules": [{"path": "*", "fault": "fire"}]}"#,
            "rules[0].fault: must be one of busy, ",
        ),
        (r#"{"rules": [], "sede": 1}"#, "sede: does not belong here"),
    ] {
        let run = finish_with(bare(&["--output", "json", "sandbox", "--faults", "-"]), plan);
        let error = run.error(2);
        assert_eq!(error["kind"], "usage", "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("stdin") && message.contains(told), "{message}");
    }
    let missing = ["--output", "json", "sandbox", "--faults", "/no/such/plan.json"];
    let error = finish(bare(&missing)).error(2);
    assert!(
        error["message"].as_str().unwrap().contains("/no/such/plan.json"),
        "{error}"
    );
}
