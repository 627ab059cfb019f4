//! No secret in what is printed. Every run of these tests looks for canaries; here are those that provoke them.

use std::collections::BTreeSet;
#[cfg(unix)]
use std::io::{BufRead as _, BufReader, Read as _};
#[cfg(unix)]
use std::process::{Command, Stdio};

use bytes::Bytes;
use futures_util::FutureExt as _;
use serde_json::{Value, json};
use wx_card::core::HttpSend as _;

use crate::hostile::{Answer, Hostile};
use crate::run::{APP_ID, APP_SECRET, Run, bare, command, example, finish};
use crate::world::World;

/// Refusals that repeat what they were sent, as some gateways do.
const ECHOES: &[&str] = &[
    r#"{"errcode":40001,"errmsg":"invalid credential canary-access-token rid: 1-2-3"}"#,
    r#"{"errcode":48001,"errmsg":"api unauthorized canary-access-token canary-app-secret"}"#,
    r#"{"errcode":-1,"errmsg":"canary-access-token"}"#,
];

#[test]
fn a_server_that_repeats_secrets_does_not_get_them_printed() {
    for echo in ECHOES {
        let server = Hostile::after_token(&[Answer::json(echo)]);
        for args in [["code", "consume", "1"], ["card", "get", "p1"], ["user", "cards", "o1"]] {
            assert_ne!(server.run(&args).code, 0);
            assert_ne!(server.json(&args).code, 0);
        }
        assert_ne!(server.run(&["ticket"]).code, 0);
    }
    for body in [
        r#"{"errcode":40125,"errmsg":"invalid appsecret canary-app-secret"}"#,
        r#"{"access_token":"","expires_in":7200,"note":"canary-app-secret"}"#,
        r#"{"access_token":"canary-access-token","expires_in":"soon"}"#,
    ] {
        let server = Hostile::always(Answer::json(body));
        for endpoint in ["stable", "classic"] {
            assert_ne!(server.run(&["card", "get", "p1", "--token-endpoint", endpoint]).code, 0);
        }
    }
}

#[test]
fn a_secret_on_the_command_line_is_refused_and_not_repeated() {
    for args in [
        vec!["--app-secret", "canary-given", "card", "get", "p1"],
        vec!["--app-secret=canary-given", "card", "get", "p1"],
        vec!["card", "get", "p1", "--secret", "canary-given"],
    ] {
        finish(bare(&args)).complaint(2);
        finish(bare(&[&args[..], &["--output", "json"]].concat())).error(2);
    }
}

#[test]
fn a_ticket_on_the_command_line_is_not_repeated() {
    for args in [
        vec!["sign", "values", "a", "--ticket", "canary-ticket ", "--output", "json"],
        vec![
            "sign",
            "values",
            "a",
            "--ticket",
            "canary-ticket",
            "--timestamp",
            "soon",
            "--output",
            "json",
        ],
        vec![
            "sign",
            "choose-card",
            "--ticket",
            "canary-ticket",
            "--app-id",
            "",
            "--output",
            "json",
        ],
    ] {
        finish(bare(&args)).error(2);
    }
    for ticket in ["canary-ticket", "--canary-ticket"] {
        finish(bare(&["sign", "add-card", "--card-id", "p1", "--ticket", ticket])).text();
    }
}

#[test]
fn a_path_with_a_token_is_refused_and_not_repeated() {
    let run = finish(command(&["call", "/card/get?access_token=canary", "-"]));
    assert!(run.complaint(2).contains("comes by itself"), "{run:?}");
}

/// Every fault of the sandbox, once each.
const FAULTS: &[&str] = &[
    r#""fault": "busy""#,
    r#""fault": "errcode", "errcode": 45009"#,
    r#""fault": "errcode", "errcode": 40001"#,
    r#""fault": "delay", "millis": 5"#,
    r#""fault": "reset-before""#,
    r#""fault": "reset-after""#,
    r#""fault": "reset-mid-answer""#,
    r#""fault": "truncated""#,
    r#""fault": "html-502""#,
    r#""fault": "content-type""#,
    r#""fault": "oversized""#,
    r#""fault": "token-expired""#,
    r#""fault": "slow-drip", "millis": 50"#,
    r#""fault": "silent""#,
];

/// A world and all tokens and tickets that it has issued.
struct Watched {
    world: World,
    issued: BTreeSet<String>,
}

impl Watched {
    fn new() -> Self {
        Self {
            world: World::new(),
            issued: BTreeSet::new(),
        }
    }

    /// Lets the next requests below `prefix` go wrong, and runs the command.
    fn run(&mut self, prefix: &str, fault: &str, args: &[&str]) -> Run {
        let times = if fault.contains("-expired") { 2 } else { 1 };
        let plan = format!(r#"{{"rules": [{{"path": "{prefix}", {fault}, "times": {times}}}]}}"#);
        self.collect();
        self.world.control("faults", &serde_json::from_str(&plan).unwrap());
        let run = self.world.run(args);
        self.world.control("faults", &json!({"rules": []}));
        self.collect();
        run
    }

    /// Asks for the token and the tickets in force, which are those that the command was given.
    fn collect(&mut self) {
        let credentials = json!({"grant_type": "client_credential", "appid": APP_ID, "secret": APP_SECRET});
        let token = self.ask("/cgi-bin/stable_token", &credentials.to_string(), "access_token");
        for kind in ["wx_card", "jsapi"] {
            let target = format!("/cgi-bin/ticket/getticket?type={kind}&access_token={token}");
            self.ask(&target, "", "ticket");
        }
    }

    fn ask(&mut self, target: &str, body: &str, member: &str) -> String {
        let request = http::Request::builder()
            .method(if body.is_empty() { "GET" } else { "POST" })
            .uri(format!("https://api.weixin.qq.com{target}"))
            .body(Bytes::copy_from_slice(body.as_bytes()))
            .unwrap();
        let answer = self.world.sandbox().send(request).now_or_never().unwrap().unwrap();
        let answer: Value = serde_json::from_slice(answer.body()).unwrap();
        let issued = answer[member].as_str().unwrap().to_owned();
        assert!(issued.len() > 50, "too short to be looked for: {issued}");
        self.issued.insert(issued.clone());
        issued
    }

    #[track_caller]
    fn assert_silent(&self, output: &str) {
        for secret in self.issued.iter().map(String::as_str).chain([APP_SECRET]) {
            assert!(!output.contains(secret), "{secret} is shown: {output}");
        }
    }
}

#[test]
fn no_log_line_and_no_message_shows_a_secret_whatever_goes_wrong() {
    std::thread::scope(|scope| {
        for fault in FAULTS {
            scope.spawn(|| nothing_is_shown_after(fault));
        }
    });
}

/// Runs commands of every sort while `fault` meets first the call, then what it needs.
fn nothing_is_shown_after(fault: &str) {
    let mut watched = Watched::new();
    let card_id = watched.world.groupon();
    let code = watched.world.take(&card_id, "oUser");
    for prefix in ["/card/*", "/cgi-bin/*"] {
        for (index, args) in [
            &["card", "get", &card_id][..],
            &["card", "stock", &card_id, "--to", "77"],
            &["sign", "add-card", "--card-id", &card_id],
            &["code", "redeem", &code, "--patience", "0"],
            &["code", "consume", &code],
        ]
        .into_iter()
        .enumerate()
        {
            let verbose = if index % 2 == 0 { "-vv" } else { "--verbose" };
            let format = if index % 3 == 0 { "json" } else { "text" };
            let options = [verbose, "--output", format, "--timeout", "0.4"];
            let run = watched.run(prefix, fault, &[args, &options].concat());
            assert!(
                run.stderr.contains("DEBUG wx_call{operation="),
                "nothing is logged: {run:?}"
            );
            watched.assert_silent(&run.stdout);
            watched.assert_silent(&run.stderr);
        }
        let run = watched.run(prefix, fault, &["ticket", "-vv", "--timeout", "0.4"]);
        watched.assert_silent(&run.stderr);
        // The only command that prints one, and the proof that it is these that are looked for.
        let is_printed = watched.issued.iter().any(|secret| run.stdout.contains(secret));
        assert_eq!(is_printed, run.code == 0, "{run:?}");
    }
}

#[test]
fn with_a_log_an_error_for_programs_is_the_last_line() {
    let world = World::new();
    let run = world.json(&["-v", "card", "get", "p1"]);
    let (log, error) = run.stderr.trim_end().rsplit_once('\n').unwrap();
    assert!(log.lines().count() > 1 && log.contains("/card/get"), "{log}");
    let error: Value = serde_json::from_str(error).unwrap();
    assert_eq!((run.code, &error["errcode"]), (3, &json!(40073)));
    assert_eq!(
        world.run(&["card", "get", "p1"]).stderr.lines().count(),
        2,
        "no log unless asked for"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_that_nobody_takes_ends_no_command() {
    let world = World::new();
    let mut command = command(&[
        "--base-url",
        world.base_url(),
        "-vv",
        "card",
        "create",
        &example("groupon.json"),
    ]);
    command.stderr(std::fs::File::options().write(true).open("/dev/full").unwrap());
    let run = finish(command);
    assert_eq!(run.code, 0, "{run:?}");
}

#[cfg(unix)]
#[test]
fn a_sandbox_shows_its_own_account_and_nothing_that_it_issues() {
    let folder = tempfile::tempdir().unwrap();
    let state_file = folder.path().join("state.json");
    let state_path = state_file.to_str().unwrap();
    let args = [
        "sandbox",
        "-vv",
        "--account",
        "wx0000000000000001:made-up",
        "--state-file",
        state_path,
    ];
    let mut child = bare(&args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut ready = String::new();
    stdout.read_line(&mut ready).unwrap();
    let told: Value = serde_json::from_str(&ready).unwrap();
    for args in [
        &["card", "create", &example("groupon.json")][..],
        &["card", "get", "p1"],
        &["ticket"],
        &["call", "/card/none", &example("groupon.json")],
    ] {
        let mut command = bare(&[args, &["--base-url", told["base_url"].as_str().unwrap()]].concat());
        command
            .env("WX_APP_ID", "wx0000000000000001")
            .env("WX_APP_SECRET", "made-up");
        finish(command);
    }
    let kill = format!("kill -TERM {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    let mut shown = ready.clone();
    stdout.read_to_string(&mut shown).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut shown).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(shown, ready, "there is more than the line at the start");
    assert_eq!(ready.matches("made-up").count(), 1, "{ready}");
    let state = std::fs::read_to_string(&state_file).unwrap();
    let state: Value = serde_json::from_str(&state).unwrap();
    let mut issued = Vec::new();
    long_texts(&state, &mut issued);
    assert!(
        issued.iter().filter(|text| text.starts_with("60_")).count() > 0,
        "{state}"
    );
    for text in issued {
        assert!(!shown.contains(text.as_str()), "{text} is shown: {shown}");
    }
}

/// Every key and every text in `value` that is as long as a ticket.
fn long_texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.len() > 50 => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| long_texts(value, found)),
        Value::Object(members) => {
            for (name, value) in members {
                if name.len() > 50 {
                    found.push(name.clone());
                }
                long_texts(value, found);
            }
        }
        _ => {}
    }
}
