//! No secret in what is printed. Every run of these tests looks for canaries; here are those that provoke them.

use crate::hostile::{Answer, Hostile};
use crate::run::{bare, command, finish};

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
