//! What the command says to do next.

use std::io::Write as _;
use std::net::TcpListener;
use std::thread;

use crate::hostile::{Answer, Hostile};
use crate::run::{command, finish};

const GET: &[&str] = &["card", "get", "p1"];

/// What is said on stderr when the card call is answered so.
fn said_of(answer: &'static str) -> String {
    let server = Hostile::after_token(&[Answer::json(answer)]);
    server.run(GET).complaint(3).to_owned()
}

#[test]
fn a_refusal_says_what_the_code_means_and_what_to_do() {
    assert_eq!(
        said_of(r#"{"errcode":45009,"errmsg":"reach max api daily quota limit rid: 1-2-3"}"#),
        "error: /card/get: refused with 45009 (the quota of the day is used up): \
         reach max api daily quota limit rid: 1-2-3\n\
         hint: stop until midnight (UTC+8), or reset it with /cgi-bin/clear_quota\n"
    );
    // What the command knows better than the core: its options.
    assert!(
        said_of(r#"{"errcode":40073,"errmsg":"invalid card id"}"#).contains("(--app-id); `wx-card card list --all`"),
        "the option stands in the hint"
    );
    // A code that nobody has explained gets no made-up hint.
    assert_eq!(
        said_of(r#"{"errcode":99999,"errmsg":"new"}"#),
        "error: /card/get: refused with 99999: new\n"
    );
}

#[test]
fn programs_get_the_hint_too() {
    let answer = r#"{"errcode":40073,"errmsg":"invalid card id"}"#;
    let server = Hostile::after_token(&[Answer::json(answer)]);
    let error = server.json(GET).error(3);
    assert!(
        error["advice"].as_str().unwrap().starts_with("check the card's id"),
        "{error}"
    );
    let usage = finish(command(&["call", "card/get", "-", "--output", "json"])).error(2);
    assert_eq!(usage["advice"], serde_json::Value::Null);
}

#[test]
fn a_code_that_cannot_be_changed_is_looked_up_by_its_old_name() {
    let refused = Hostile::after_token(&[Answer::json(r#"{"errcode":40099,"errmsg":"consumed"}"#)]);
    let run = refused.run(&["code", "update", "old", "new"]);
    assert!(run.complaint(3).contains("`wx-card code get old --check"), "{run:?}");
}

#[test]
fn the_missing_member_is_the_field_of_the_error() {
    let errmsg = r#"{"errcode":41011,"errmsg":"missing required fields! hint: [a0] m_data.base_info().title"}"#;
    let server = Hostile::after_token(&[Answer::json(errmsg)]);
    assert_eq!(server.json(GET).error(3)["field"], "m_data.base_info().title");
}

#[test]
fn the_address_for_the_ip_list_stands_in_the_hint() {
    let answer = r#"{"errcode":40164,"errmsg":"invalid ip 10.1.2.3 ipv6 ::ffff:10.1.2.3, not in whitelist rid: 1"}"#;
    let server = Hostile::always(Answer::json(answer));
    let run = server.run(GET);
    assert!(
        run.complaint(3)
            .contains("\nhint: put 10.1.2.3, the address that this machine calls from, on the account's IP list"),
        "{run:?}"
    );
    let server = Hostile::always(Answer::json(
        r#"{"errcode":40164,"errmsg":"invalid ip, not in whitelist"}"#,
    ));
    let run = server.run(GET);
    assert!(run.complaint(3).contains("\nhint: put the address, "), "{run:?}");
}

#[test]
fn a_wrong_secret_and_a_stale_token_are_told_apart() {
    let answer = || Answer::json(r#"{"errcode":40001,"errmsg":"invalid credential"}"#);
    let run = Hostile::always(answer()).run(GET);
    let complaint = run.complaint(3);
    assert!(complaint.contains("(the app secret is wrong)"), "{run:?}");
    assert!(
        complaint.contains("hint: check the app id and the app secret"),
        "{run:?}"
    );
    let run = Hostile::after_token(&[answer()]).run(GET);
    let complaint = run.complaint(3);
    assert!(complaint.contains("(the access token is not valid"), "{run:?}");
    assert!(complaint.contains("hint: fetch a new token"), "{run:?}");
}

#[test]
fn a_server_that_speaks_no_tls_is_named_as_such() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("https://{}", listener.local_addr().unwrap());
    // It ends with the tests: nothing says how often the command tries.
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // The command may have gone; then there is nobody to answer.
            drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
        }
    });
    let run = finish(command(&["--base-url", &base_url, "card", "get", "p1"]));
    let complaint = run.complaint(4);
    assert!(
        complaint.contains("hint: no TLS is spoken there: check the port"),
        "{run:?}"
    );
}
