//! The sandbox as a command.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::run::{Run, bare, example, finish, finish_with};

/// A running sandbox; it is ended with its test.
struct Serving {
    child: Child,
    stdout: BufReader<ChildStdout>,
    ready: Value,
}

impl Serving {
    fn start(args: &[&str]) -> Self {
        let mut child = bare(&[&["sandbox"], args].concat())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap();
        Self { child, stdout, ready }
    }

    fn told(&self, member: &str) -> &str {
        self.ready[member].as_str().unwrap()
    }

    /// Runs the command against it with the account of its line.
    fn run(&self, args: &[&str], input: &str) -> Run {
        let mut command = bare(&["--base-url", self.told("base_url"), "--output", "json"]);
        if let Some(ca_file) = self.ready["ca_file"].as_str() {
            command.args(["--ca-file", ca_file]);
        }
        command
            .args(args)
            .env("WX_APP_ID", self.told("app_id"))
            .env("WX_APP_SECRET", self.told("app_secret"));
        finish_with(command, input)
    }

    /// Sends it a signal and waits for its end.
    #[cfg(unix)]
    fn end(mut self, signal: &str) {
        let kill = format!("kill -{signal} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // One that has ended cannot be killed, and need not be.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[cfg(unix)]
#[test]
fn one_line_tells_all_that_a_client_needs_and_a_signal_ends_it() {
    let sandbox = Serving::start(&[]);
    let members: Vec<&String> = sandbox.ready.as_object().unwrap().keys().collect();
    assert_eq!(members, ["app_id", "app_secret", "base_url", "ca_file", "control_url"]);
    assert_eq!(sandbox.ready["ca_file"], Value::Null);
    assert_eq!(
        sandbox.told("control_url"),
        format!("{}/_sandbox", sandbox.told("base_url"))
    );
    assert_eq!(sandbox.told("app_id"), wx_card_sandbox::DEFAULT_APP_ID);
    let answer = sandbox.run(&["card", "create", &example("groupon.json")], "").json();
    assert!(answer["card_id"].is_string(), "{answer}");
    sandbox.end("INT");
    Serving::start(&[]).end("TERM");
}

#[cfg(unix)]
#[test]
fn tls_is_verified_with_the_file_of_the_line() {
    let sandbox = Serving::start(&["--tls"]);
    assert!(sandbox.told("base_url").starts_with("https://"), "{}", sandbox.ready);
    let answer = sandbox.run(&["card", "create", &example("groupon.json")], "").json();
    assert!(answer["card_id"].is_string(), "{answer}");
    let mut strange = bare(&[
        "--base-url",
        sandbox.told("base_url"),
        "--output",
        "json",
        "card",
        "get",
        "p1",
    ]);
    strange
        .env("WX_APP_ID", sandbox.told("app_id"))
        .env("WX_APP_SECRET", sandbox.told("app_secret"));
    assert_eq!(finish(strange).error(4)["kind"], "transport");
    let mut told = bare(&["--base-url", sandbox.told("base_url"), "card", "get", "p1"]);
    told.env("WX_APP_ID", sandbox.told("app_id"))
        .env("WX_APP_SECRET", sandbox.told("app_secret"));
    let run = finish(told);
    assert!(
        run.complaint(4).contains("name its authority with --ca-file"),
        "{run:?}"
    );
    let ca_file = sandbox.told("ca_file").to_owned();
    assert!(std::fs::exists(&ca_file).unwrap());
    sandbox.end("TERM");
    assert!(!std::fs::exists(&ca_file).unwrap());
}

#[cfg(unix)]
#[test]
fn the_state_survives_in_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let state_file = folder.path().join("state.json");
    let args = ["--state-file", state_file.to_str().unwrap()];
    let sandbox = Serving::start(&args);
    let card_id = sandbox.run(&["card", "create", &example("groupon.json")], "").json()["card_id"].clone();
    sandbox.end("TERM");
    let sandbox = Serving::start(&args);
    sandbox.run(&["card", "get", card_id.as_str().unwrap()], "").json();
    std::fs::write(folder.path().join("other.json"), "no state").unwrap();
    let other = folder.path().join("other.json");
    let error = finish(bare(&[
        "--output",
        "json",
        "sandbox",
        "--state-file",
        other.to_str().unwrap(),
    ]))
    .error(2);
    assert!(error["message"].as_str().unwrap().contains("other.json"), "{error}");
    let nowhere = folder.path().join("none/state.json");
    let refused = finish(bare(&["sandbox", "--state-file", nowhere.to_str().unwrap()]));
    assert!(refused.complaint(2).contains("there is no such folder"), "{refused:?}");
}

#[test]
fn accounts_and_review_are_as_asked_for() {
    let accounts = [
        "--account",
        "wx00000000000000aa:secret:a",
        "--account",
        "wx00000000000000bb:b",
    ];
    let sandbox = Serving::start(&[&accounts[..], &["--manual-review"]].concat());
    assert_eq!(
        (sandbox.told("app_id"), sandbox.told("app_secret")),
        ("wx00000000000000aa", "secret:a")
    );
    let created = sandbox.run(&["card", "create", &example("groupon.json")], "").json();
    let card = sandbox
        .run(&["card", "get", created["card_id"].as_str().unwrap()], "")
        .json();
    assert_eq!(card["card"]["groupon"]["base_info"]["status"], "CARD_STATUS_NOT_VERIFY");
    let mut other = bare(&[
        "--base-url",
        sandbox.told("base_url"),
        "--output",
        "json",
        "user",
        "cards",
        "oUser",
    ]);
    other.env("WX_APP_ID", "wx00000000000000bb").env("WX_APP_SECRET", "b");
    assert_eq!(finish(other).json(), json!({"card_list": [], "has_share_card": false}));
}

#[test]
fn what_cannot_be_served_is_refused() {
    let run = |args: &[&str]| finish(bare(&[&["--output", "json", "sandbox"], args].concat()));
    for listen in ["0.0.0.0:0", "10.0.0.1:80", "[::]:0", "nowhere"] {
        let error = run(&["--listen", listen]).error(2);
        assert_eq!(error["kind"], "usage", "{error}");
    }
    for account in ["canary", ":canary", "canary:"] {
        assert_eq!(run(&["--account", account]).error(2)["kind"], "usage");
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let error = run(&["--listen", &taken.local_addr().unwrap().to_string()]).error(4);
    assert_eq!(error["kind"], "local");
}
