//! What goes wrong outside, and the exit codes that tell it.

use std::net::TcpListener;

use serde_json::json;

use crate::hostile::{Answer, Hostile};
use crate::run::{APP_ID, bare, command, example, file, finish};
use crate::world::World;

const CONSUME: &[&str] = &["code", "consume", "110201201245"];

/// Commands that change something, and one that does not.
const COMMANDS: &[&[&str]] = &[CONSUME, &["card", "stock", "p1", "+5"], &["card", "get", "p1"]];

#[test]
fn a_server_that_is_down_has_run_nothing() {
    // Bound and let go, so that nobody listens there.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let base_url = format!("http://{address}");
    for args in COMMANDS {
        let args = [&["--base-url", &base_url, "--output", "json"], *args].concat();
        let error = finish(command(&args)).error(4);
        assert_eq!(error["kind"], "transport");
        // What was certainly not sent is tried again, here the request for a token.
        assert_eq!((&error["attempts"], &error["may_have_run"]), (&json!(3), &json!(false)));
    }
    let run = finish(command(&["--base-url", &base_url, "card", "get", "p1"]));
    assert!(
        run.complaint(4).contains("hint: there is no way to the service"),
        "{run:?}"
    );
}

#[test]
fn a_server_of_something_else_gives_no_token_so_nothing_has_run() {
    let html = Answer::Text("200 OK", "text/html", "<html>canary-page</html>");
    for answer in [
        html,
        Answer::Text("500 Internal Server Error", "text/plain", ""),
        Answer::HangUp,
    ] {
        let server = Hostile::always(answer);
        for args in COMMANDS {
            let error = server.json(args).error(4);
            assert_eq!(error["path"], "/cgi-bin/stable_token");
        }
        assert!(server.paths().iter().all(|path| path == "/cgi-bin/stable_token"));
    }
}

#[test]
fn an_answer_that_is_none_may_have_run() {
    for (answer, kind) in [
        (
            Answer::Text("200 OK", "text/html", "<html>canary-page</html>"),
            "protocol",
        ),
        (
            Answer::Text("500 Internal Server Error", "text/plain", "canary-page"),
            "protocol",
        ),
        (Answer::Text("502 Bad Gateway", "text/html", "<html>"), "protocol"),
        (Answer::json(r#"{"errcode":0,"card":{"card_id":"canary"#), "protocol"),
        (Answer::json(""), "protocol"),
        (Answer::HangUp, "transport"),
    ] {
        let server = Hostile::after_token(&[answer]);
        for args in COMMANDS {
            let error = server.json(args).error(5);
            assert_eq!(error["kind"], kind, "{error}");
            let attempts = if args.contains(&"get") { 3 } else { 1 };
            assert_eq!(error["attempts"], attempts);
        }
        // A token for each; only the one that reads is sent again.
        assert_eq!(server.paths().len(), COMMANDS.len() + 1 + 1 + 3);
    }
}

#[test]
fn an_answer_without_its_substance_may_have_run() {
    let server = Hostile::after_token(&[Answer::json(r#"{"errcode":0,"errmsg":"ok"}"#)]);
    let error = server.json(CONSUME).error(5);
    assert_eq!(error["field"], "card");
    let hint = "find out with `wx-card code get 110201201245 --check-consume false` before trying again";
    let run = server.run(CONSUME);
    assert!(run.complaint(5).contains(hint), "{run:?}");
}

#[test]
fn a_flood_is_not_read_to_its_end() {
    let server = Hostile::after_token(&[Answer::Flood]);
    let error = server.json(CONSUME).error(5);
    assert_eq!(error["kind"], "transport");
    // The limit of the backend and what the sockets hold.
    assert!(server.written() < 32 * 1024 * 1024, "{}", server.written());
}

#[test]
fn silence_ends_in_time() {
    let server = Hostile::after_token(&[Answer::Silence]);
    let error = server.json(&[CONSUME, &["--timeout", "0.2"]].concat()).error(5);
    assert_eq!(error["kind"], "transport");
    let server = Hostile::always(Answer::Silence);
    server.json(&[CONSUME, &["--timeout", "0.2"]].concat()).error(4);
}

#[test]
fn busy_may_have_run() {
    let server = Hostile::after_token(&[Answer::json(r#"{"errcode":-1,"errmsg":"system error rid: 1-2-3"}"#)]);
    let error = server.json(CONSUME).error(5);
    assert_eq!(
        (&error["kind"], &error["errcode"], &error["rid"]),
        (&json!("refused"), &json!(-1), &json!("1-2-3"))
    );
    let run = server.run(&["card", "get", "p1"]);
    assert!(run.complaint(5).contains("trying again does no harm"), "{run:?}");
    let create = server.run(&["card", "create", &example("groupon.json")]);
    assert!(
        create
            .complaint(5)
            .contains("look for the card before creating it again"),
        "{create:?}"
    );
    let qr_code = server.run(&["share", "qrcode", "p1"]);
    assert!(
        qr_code.complaint(5).contains("trying again makes one more QR code"),
        "{qr_code:?}"
    );
}

#[test]
fn a_wrong_secret_is_refused_and_the_right_one_in_a_file_is_taken() {
    let world = World::new();
    let id = world.groupon();
    let wrong = file("canary-wrong\n");
    let secret_file = wrong.path().to_str().unwrap();
    let error = world
        .json(&["card", "get", &id, "--app-secret-file", secret_file])
        .error(3);
    assert_eq!(error["kind"], "credential");
    let run = world.run(&["card", "get", &id, "--app-secret-file", secret_file]);
    assert!(
        run.complaint(3).contains("hint: check the app id and the app secret"),
        "{run:?}"
    );
    // The file counts, not the variable.
    let right = file(&format!("{}\r\n", crate::run::APP_SECRET));
    world
        .json(&["card", "get", &id, "--app-secret-file", right.path().to_str().unwrap()])
        .json();
}

#[test]
fn the_classic_endpoint_serves_on_request() {
    let world = World::new();
    let id = world.groupon();
    world.json(&["card", "get", &id, "--token-endpoint", "classic"]).json();
    assert_eq!(world.requests("/cgi-bin/token"), 1);
}

#[test]
fn missing_credentials_are_named() {
    let run = |args: &[&str]| finish(bare(&[&["--output", "json"], args].concat()));
    let error = run(&["card", "get", "p1"]).error(2);
    assert_eq!(error["kind"], "usage");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("--app-id ID or set WX_APP_ID"),
        "{error}"
    );
    let error = run(&["--app-id", APP_ID, "card", "get", "p1"]).error(2);
    assert!(error["message"].as_str().unwrap().contains("WX_APP_SECRET"), "{error}");
    let empty = file("\n");
    let secret_file = empty.path().to_str().unwrap();
    let error = run(&[
        "--app-id",
        APP_ID,
        "--app-secret-file",
        secret_file,
        "card",
        "get",
        "p1",
    ])
    .error(2);
    assert!(error["message"].as_str().unwrap().contains("empty"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let world = World::new();
    let id = world.groupon();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = command(&["card", "get", &id]);
    command
        .env("WX_APP_ID", APP_ID)
        .args(["--base-url", world.base_url()])
        .stdout(writer);
    let output = command.output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_not_lost_silently() {
    let world = World::new();
    let id = world.groupon();
    let mut command = command(&["card", "stock", &id, "+1", "--output", "json"]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    command.args(["--base-url", world.base_url()]).stdout(full);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(5));
    let error: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(
        (&error["kind"], &error["may_have_run"]),
        (&json!("output"), &json!(true))
    );
    assert!(
        error["advice"].as_str().unwrap().contains("before you run it again"),
        "{error}"
    );
    assert_eq!(world.requests("/card/modifystock"), 1);
}
