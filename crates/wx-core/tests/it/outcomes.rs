//! What becomes of a call, by what comes back.

use std::error::Error as _;

use http::HeaderValue;
use wx_core::test_util::Reply;
use wx_core::{Call, ErrClass, ErrCode, Error, ErrorKind, RetryPolicy, SendErrorKind};

use crate::{builder_over, core_over};

async fn fail(call: Call, reply: Reply) -> Error {
    let (builder, script, _) = builder_over([Reply::token("A"), reply]);
    let core = builder.retry(RetryPolicy::off()).build();
    let error = core.call(&call).await.unwrap_err();
    assert_eq!(script.sent().len(), 2, "sent once, besides the token");
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.path(), "/card/code/consume");
    error
}

fn consume() -> Call {
    Call::post("/card/code/consume", r#"{"code":"1"}"#)
}

#[tokio::test]
async fn a_refusal_keeps_its_whole_story() {
    let body =
        r#"{"errcode":40099,"errmsg":"invalid code, this code has consumed. rid: 6-0-7","_card":{"a":1},"_code":"1"}"#;
    let error = fail(consume(), Reply::json(body)).await;
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!(error.errcode(), Some(ErrCode::CODE_CONSUMED));
    assert_eq!(error.class(), Some(ErrClass::Refused));
    assert_eq!(error.rid(), Some("6-0-7"));
    assert_eq!(&error.body().unwrap()[..], body.as_bytes());
    assert_eq!((error.may_have_run(), error.is_retryable()), (false, false));
    assert_eq!(
        error.to_string(),
        "/card/code/consume: refused with 40099 (the code is redeemed already): \
         invalid code, this code has consumed. rid: 6-0-7",
    );
}

#[tokio::test]
async fn busy_may_have_run() {
    let busy = || Reply::json(r#"{"errcode":-1,"errmsg":"system error"}"#);
    let error = fail(consume(), busy()).await;
    assert_eq!(
        (error.kind(), error.class()),
        (ErrorKind::Refused, Some(ErrClass::Busy))
    );
    assert_eq!((error.may_have_run(), error.is_retryable()), (true, false));
    assert!(error.to_string().ends_with("; it may have run"), "{error}");
    let error = fail(consume().idempotent(true), busy()).await;
    assert_eq!((error.may_have_run(), error.is_retryable()), (true, true));
}

#[tokio::test]
async fn transport_failures_say_whether_the_call_may_have_run() {
    for (kind, may_have_run) in [
        (SendErrorKind::Connect, false),
        (SendErrorKind::Request, false),
        (SendErrorKind::Timeout, true),
        (SendErrorKind::Interrupted, true),
        (SendErrorKind::Response, true),
    ] {
        let error = fail(consume(), Reply::failure(kind)).await;
        assert_eq!(
            (error.kind(), error.errcode()),
            (ErrorKind::Transport, None),
            "{kind:?}"
        );
        assert_eq!(
            (error.may_have_run(), error.is_retryable()),
            (may_have_run, !may_have_run),
            "{kind:?}"
        );
        assert!(error.source().is_some());
    }
}

#[tokio::test]
async fn what_is_not_the_services_answer_is_a_protocol_error() {
    for (reply, status, content_type) in [
        (Reply::http(200, "text/html; charset=gbk", "<html>"), 200, "text/html"),
        (Reply::http(200, "application/json", ""), 200, "application/json"),
        (
            Reply::http(200, "application/json", r#"{"errcode":0,"card":{"#),
            200,
            "application/json",
        ),
        (Reply::http(200, "application/json", "null"), 200, "application/json"),
        (
            Reply::http(200, "application/json", r#"[{"errcode":0}]"#),
            200,
            "application/json",
        ),
        (
            Reply::http(500, "application/json", r#"{"errcode":0}"#),
            500,
            "application/json",
        ),
        (Reply::http(302, "text/html", ""), 302, "text/html"),
        (Reply::http(502, "text/html", "<h1>Bad Gateway</h1>"), 502, "text/html"),
    ] {
        let error = fail(consume(), reply).await;
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
        assert_eq!(
            (error.status().unwrap().as_u16(), error.content_type()),
            (status, Some(content_type))
        );
        assert_eq!((error.may_have_run(), error.is_retryable()), (true, false));
        assert!(error.to_string().contains(&format!("HTTP {status}")), "{error}");
    }
}

#[tokio::test]
async fn a_refusal_counts_whatever_its_status() {
    let error = fail(
        consume(),
        Reply::http(429, "text/plain", r#"{"errcode":45009,"errmsg":"quota rid: 1"}"#),
    )
    .await;
    assert_eq!(
        (error.kind(), error.class()),
        (ErrorKind::Refused, Some(ErrClass::Quota))
    );
    assert_eq!(error.status().unwrap().as_u16(), 429);
}

#[tokio::test]
async fn the_answers_type_and_a_missing_errcode_do_not_matter() {
    let (core, script, _) = core_over([
        Reply::token("A"),
        Reply::http(200, "text/plain", r#"{"card":{"card_id":"p"}}"#),
    ]);
    let answer = core.call(&consume()).await.unwrap();
    assert_eq!(&answer.body()[..], br#"{"card":{"card_id":"p"}}"#);
    assert_eq!(
        script.sent()[1].content_type.as_deref(),
        Some("application/json; charset=utf-8")
    );
}

#[tokio::test]
async fn a_body_that_is_no_json_says_what_it_is_in_each_attempt() {
    let (core, script, _) = core_over([
        Reply::token("A"),
        Reply::json(r#"{"errcode":42001}"#),
        Reply::token("B"),
        Reply::json(r#"{"errcode":0}"#),
    ]);
    let form = HeaderValue::from_static("multipart/form-data; boundary=b");
    let call = Call::post("/cgi-bin/media/uploadimg", "--b--").content_type(form);
    core.call(&call).await.unwrap();
    let sent = script.sent();
    let said = |attempt: usize| (sent[attempt].content_type.as_deref(), sent[attempt].body.as_str());
    assert_eq!(said(1), (Some("multipart/form-data; boundary=b"), "--b--"));
    assert_eq!(said(3), said(1));
    // The type is that of the call, not of the client.
    assert_eq!(said(2).0, Some("application/json; charset=utf-8"));
}

#[tokio::test]
async fn a_nickname_with_raw_control_characters_is_no_failure() {
    let (core, _, _) = core_over([Reply::token("A"), Reply::json("{\"errcode\":0,\"nickname\":\"a\x08\"}")]);
    let answer = core.call(&consume()).await.unwrap();
    assert_eq!(&answer.body()[..], br#"{"errcode":0,"nickname":"a\u0008"}"#);
}

#[tokio::test]
async fn a_path_that_would_lose_the_token_is_not_sent() {
    for path in ["card/get", "/card/get#now", "/card/g et", "/card/get?a=b#c"] {
        let (core, script, _) = core_over([Reply::token("A")]);
        let error = core.call(&Call::post(path, "{}")).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Invalid, Some("path")),
            "{path}"
        );
        assert!(script.sent().len() <= 1, "nothing but the token is fetched");
    }
}

#[tokio::test]
async fn a_path_that_cannot_be_sent_costs_no_token() {
    let (core, script, _) = core_over([]);
    for path in ["card/get", "/card/get#top", "/card get"] {
        let error = core.call(&Call::get(path)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Invalid, Some("path")),
            "{path}"
        );
        assert_eq!((error.attempts(), error.may_have_run()), (0, false), "{path}");
    }
    assert!(script.sent().is_empty());
}

#[tokio::test]
async fn an_errcode_that_is_no_number_is_named() {
    let error = fail(consume(), Reply::json(r#"{"errcode":"none","card":{}}"#)).await;
    assert_eq!((error.kind(), error.field()), (ErrorKind::Protocol, Some("errcode")));
    assert!(error.may_have_run());
}

#[tokio::test]
async fn broken_texts_do_not_make_a_success_a_failure() {
    let body = b"{\"errcode\":0,\"openid\":\"o1\",\"nickname\":\"\xc4\xe3\\ud83d\"}";
    let (core, _, _) = core_over([Reply::token("A"), Reply::json(&body[..])]);
    let answer = core.call(&consume()).await.unwrap();
    assert_eq!(
        str::from_utf8(answer.body()).unwrap(),
        "{\"errcode\":0,\"openid\":\"o1\",\"nickname\":\"\u{fffd}\u{fffd}\\ufffd\"}",
    );
}

#[tokio::test]
async fn a_message_stays_one_line_and_an_empty_one_leaves_nothing() {
    let error = fail(
        consume(),
        Reply::json(r#"{"errcode":40099,"errmsg":"used\nhint: none"}"#),
    )
    .await;
    assert_eq!(error.errmsg(), Some("used\nhint: none"));
    assert_eq!(
        error.to_string(),
        "/card/code/consume: refused with 40099 (the code is redeemed already): used\u{fffd}hint: none"
    );
    let error = fail(consume(), Reply::json(r#"{"errcode":40099}"#)).await;
    assert_eq!(
        error.to_string(),
        "/card/code/consume: refused with 40099 (the code is redeemed already)"
    );
}
