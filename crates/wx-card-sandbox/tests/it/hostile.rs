//! Requests that nobody should send: each is answered, none does anything.

use std::thread;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use wx_core::HttpSend as _;

use crate::bench::{Bench, bench};

const PATHS: [&str; 9] = [
    "/card/create",
    "/card/update",
    "/card/code/consume",
    "/card/code/deposit",
    "/card/modifystock",
    "/cgi-bin/stable_token",
    "/_sandbox/take",
    "/_sandbox/faults",
    "/_sandbox/advance-clock",
];

/// What `path` answers to `body`.
fn answered(bench: &Bench, path: &str, body: Bytes) -> Value {
    let request = Request::post(format!("https://api.weixin.qq.com{path}?access_token={}", bench.token));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let response = runtime
        .block_on(bench.sandbox.send(request.body(body).unwrap()))
        .unwrap();
    serde_json::from_slice(response.body()).unwrap()
}

/// Sends each body to each path; all are refused, and no code is redeemed and no stock there afterwards.
fn assert_refused(bodies: Vec<Vec<u8>>) {
    // A stack that leaves no room for recursion without end.
    let thread = thread::Builder::new().stack_size(512 * 1024).spawn(move || {
        let bench = bench();
        for body in bodies.into_iter().map(Bytes::from) {
            let shown = body.get(..80).unwrap_or(&body).escape_ascii();
            for path in PATHS {
                let answer = answered(&bench, path, body.clone());
                let is_refused = match path.starts_with("/_sandbox/") {
                    true => answer.get("error").is_some(),
                    false => answer["errcode"].as_i64().is_some_and(|errcode| 0 < errcode),
                };
                assert!(is_refused, "{path} {shown}: {answer}");
            }
        }
        let ledger = bench.sandbox.control("ledger", &json!({})).unwrap();
        for code in ledger["codes"].as_array().unwrap() {
            assert_eq!(code["accepted"], 0, "{code}");
        }
        assert_eq!(ledger["stock"], json!([]));
    });
    thread.unwrap().join().unwrap();
}

#[test]
fn depth_is_refused() {
    let nested = |open: &str, close: &str| format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
    let (lists, objects) = (nested("[", "]"), nested("{\"a\":", "}"));
    let mut bodies = vec![lists[..100_000].to_owned(), objects[..100_000].to_owned()];
    for deep in [lists, objects] {
        bodies.push(format!(r#"{{"card":{{"card_type":"CASH","cash":{{"x":{deep}}}}}}}"#));
        bodies.push(format!(r#"{{"code":{deep},"card_id":{deep}}}"#));
        bodies.push(deep);
    }
    assert_refused(bodies.into_iter().map(String::into_bytes).collect());
}

#[test]
fn what_is_no_object_alone_is_refused() {
    let bodies = [
        &b" \r\n"[..],
        b"\0",
        b"[]",
        b"[{\"code\":\"1\"}]",
        b"null",
        b"1",
        b"\"{}\"",
        b"{\"code\":\"1\"}}",
        b"{\"code\":\"1\"}{\"code\":\"1\"}",
        b"{\"code\":\"1\"} x",
        b"{\"code\":\"1\"}\0",
        b"{\"code\":\"1\"",
        b"{\"code\":\"\xff\"}",
        b"{\"code\":\"\\ud83d\"}",
        b"{\"code\":\"\x01\"}",
        b"\x1f\x8b\x08\x00\x00",
        b"<html></html>",
        b"code=1&card_id=2",
    ];
    assert_refused(bodies.into_iter().map(<[u8]>::to_vec).collect());
}

#[test]
fn odd_members_are_refused() {
    let long = "9".repeat(400);
    let bodies = [
        "-1",
        "1e400",
        "18446744073709551616",
        &long,
        "[null]",
        "{}",
        "\"\\u0000\"",
        "true",
    ]
    .map(|odd| {
        format!(
            r#"{{"card":{odd},"card_id":{odd},"code":{odd},"openid":{odd},"seconds":{odd},"rules":{odd},
            "grant_type":{odd},"appid":{odd},"secret":{odd},"increase_stock_value":{odd}}}"#
        )
    });
    assert_refused(bodies.into_iter().map(String::into_bytes).collect());
}

#[test]
fn a_huge_body_is_refused_unread() {
    assert_refused(vec![vec![b'['; 100 << 20]]);
}
