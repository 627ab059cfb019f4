//! Where the token comes from, and what happens when it is refused.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use wx_core::test_util::{FixedEntropy, ManualClock, Reply};
use wx_core::{
    BaseUrl, Call, ClassicToken, Core, ErrClass, ErrCode, ErrorKind, RetryPolicy, SendErrorKind, http_send_fn,
};

use crate::{builder_from, builder_over, core_over, transcript};

const OK: &str = r#"{"errcode":0,"errmsg":"ok"}"#;

fn consume() -> Call {
    Call::post("/card/code/consume", r#"{"code":"1"}"#)
}

fn busy() -> Reply {
    Reply::json(r#"{"errcode":-1,"errmsg":"system error"}"#)
}

#[tokio::test]
async fn the_token_is_fetched_once_and_used_again() {
    let (core, script, _) = core_over([Reply::token("A"), Reply::json(OK), Reply::json(OK)]);
    core.call(&consume()).await.unwrap();
    let answer = core.call(&consume()).await.unwrap();
    assert_eq!(answer.attempts(), 1);
    insta::assert_snapshot!(transcript(&script), @r#"
    POST /cgi-bin/stable_token {"grant_type":"client_credential","appid":"wx0000000000000001","secret":"the-app-secret"}
    POST /card/code/consume?access_token=A {"code":"1"}
    POST /card/code/consume?access_token=A {"code":"1"}
    "#);
}

#[tokio::test]
async fn the_classic_endpoint_is_there_on_request() {
    let source = ClassicToken::new("the-app-secret");
    let (builder, script, _) = builder_from(source, [Reply::token("A"), Reply::json(OK)]);
    let core = builder.build();
    core.call(&consume()).await.unwrap();
    insta::assert_snapshot!(transcript(&script), @r#"
    GET /cgi-bin/token?grant_type=client_credential&appid=wx0000000000000001&secret=the-app-secret
    POST /card/code/consume?access_token=A {"code":"1"}
    "#);
}

#[tokio::test]
async fn the_base_url_covers_the_token_call_too() {
    let (builder, script, _) = builder_over([Reply::token("A"), Reply::json(OK)]);
    let base: BaseUrl = "https://gate.example:8443/wx".parse().unwrap();
    builder.base_url(base).build().call(&consume()).await.unwrap();
    for sent in script.sent() {
        assert_eq!(sent.authority, "gate.example:8443");
        assert!(sent.target.starts_with("/wx/c"), "{}", sent.target);
    }
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_the_call_sent_once_more() {
    for errcode in [40001, 40014, 42001, 48012] {
        let refusal = format!(r#"{{"errcode":{errcode},"errmsg":"no rid: 1-2"}}"#);
        let (core, script, _) = core_over([
            Reply::token("A"),
            Reply::json(refusal),
            Reply::token("B"),
            Reply::json(OK),
        ]);
        let answer = core.call(&consume()).await.unwrap();
        assert_eq!(answer.attempts(), 2, "{errcode}");
        let targets: Vec<_> = script.sent().into_iter().map(|sent| sent.target).collect();
        assert_eq!(
            targets,
            [
                "/cgi-bin/stable_token",
                "/card/code/consume?access_token=A",
                "/cgi-bin/stable_token",
                "/card/code/consume?access_token=B",
            ],
        );
    }
}

#[tokio::test]
async fn a_second_refusal_is_the_error() {
    let refusal =
        || Reply::json(r#"{"errcode":42001,"errmsg":"access_token expired rid: 60891646-03eed615-7f6889ef"}"#);
    let (core, script, _) = core_over([Reply::token("A"), refusal(), Reply::token("B"), refusal()]);
    let error = core.call(&consume()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!(error.class(), Some(ErrClass::Token));
    assert_eq!(error.errcode(), Some(ErrCode::EXPIRED_TOKEN));
    assert_eq!(error.rid(), Some("60891646-03eed615-7f6889ef"));
    assert_eq!(error.attempts(), 2);
    assert!(!error.may_have_run());
    assert_eq!(script.left(), 0);
}

#[tokio::test]
async fn a_wrong_secret_is_a_credential_error_and_nothing_is_repeated() {
    let (core, script, _) = core_over([Reply::json(
        r#"{"errcode":40001,"errmsg":"invalid credential, the-app-secret rid: 1-2"}"#,
    )]);
    let error = core.call(&consume()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credential);
    assert_eq!(error.path(), "/cgi-bin/stable_token");
    assert_eq!(error.errmsg(), Some("invalid credential, *** rid: 1-2"));
    assert_eq!(
        (error.attempts(), error.may_have_run(), error.is_retryable()),
        (1, false, false)
    );
    assert_eq!(script.sent().len(), 1);
}

#[tokio::test]
async fn a_stable_token_that_is_refused_again_after_it_was_given_again_is_replaced_by_force() {
    let refusal = || Reply::json(r#"{"errcode":40001,"errmsg":"invalid credential"}"#);
    let (core, script, clock) = core_over([
        Reply::token("A"),
        refusal(),
        Reply::token("A"),
        refusal(),
        Reply::token("B"),
        Reply::json(OK),
    ]);
    core.call(&consume()).await.unwrap_err();
    clock.advance(Duration::from_secs(1));
    core.call(&consume()).await.unwrap();
    insta::assert_snapshot!(transcript(&script), @r#"
    POST /cgi-bin/stable_token {"grant_type":"client_credential","appid":"wx0000000000000001","secret":"the-app-secret"}
    POST /card/code/consume?access_token=A {"code":"1"}
    POST /cgi-bin/stable_token {"grant_type":"client_credential","appid":"wx0000000000000001","secret":"the-app-secret"}
    POST /card/code/consume?access_token=A {"code":"1"}
    POST /cgi-bin/stable_token {"grant_type":"client_credential","appid":"wx0000000000000001","secret":"the-app-secret","force_refresh":true}
    POST /card/code/consume?access_token=B {"code":"1"}
    "#);
}

#[tokio::test]
async fn a_fetch_by_force_is_not_repeated_when_it_may_have_run() {
    let refusal = || Reply::json(r#"{"errcode":40001,"errmsg":"invalid credential"}"#);
    for unclear in [
        Reply::failure(SendErrorKind::Timeout),
        Reply::json(r#"{"errcode":-1,"errmsg":"system error"}"#),
    ] {
        let (core, script, _) = core_over([
            Reply::token("A"),
            refusal(),
            Reply::token("A"),
            refusal(),
            unclear,
            Reply::token("B"),
            Reply::json(OK),
        ]);
        core.call(&consume()).await.unwrap_err();
        let error = core.call(&consume()).await.unwrap_err();
        assert_eq!((error.path(), error.attempts()), ("/cgi-bin/stable_token", 1));
        assert!(!error.may_have_run(), "the redeem itself was not sent");
        assert_eq!(script.left(), 2);
        core.call(&consume()).await.unwrap();
    }
}

#[tokio::test]
async fn an_odd_answer_of_a_gateway_is_not_taken_for_wrong_credentials() {
    let (builder, script, _) = builder_over([
        Reply::http(502, "application/json", r#"{"errcode":502,"errmsg":"bad gateway"}"#),
        Reply::token("A"),
        Reply::json(OK),
    ]);
    let core = builder.retry(RetryPolicy::off()).build();
    core.call(&consume()).await.unwrap_err();
    core.call(&consume()).await.unwrap();
    assert_eq!(script.left(), 0);
}

#[tokio::test]
async fn a_service_that_refuses_every_token_is_asked_for_one_a_call() {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&sent);
    let refuses_all = http_send_fn(move |request: Request<Bytes>| {
        let is_token = request.uri().path().ends_with("token");
        let is_forced = String::from_utf8_lossy(request.body()).contains("force_refresh");
        noted.lock().unwrap().push((is_token, is_forced));
        let answer = if is_token {
            r#"{"access_token":"A","expires_in":7200}"#
        } else {
            r#"{"errcode":40001}"#
        };
        async move { Ok(Response::new(Bytes::from(answer))) }
    });
    let core = Core::builder(
        "wx0000000000000001",
        "the-app-secret",
        Arc::new(refuses_all),
        Arc::new(ManualClock::at(1_700_000_000)),
        Arc::new(FixedEntropy::new()),
    )
    .build();
    for _ in 0..5 {
        core.call(&consume()).await.unwrap_err();
    }
    let sent = sent.lock().unwrap();
    let tokens = sent.iter().filter(|(is_token, _)| *is_token).count();
    let forced = sent.iter().filter(|(_, is_forced)| *is_forced).count();
    // Two for the call that finds out, two for the one that forces, then one each.
    assert_eq!((sent.len() - tokens, tokens, forced), (10, 7, 1));
}

#[tokio::test]
async fn wrong_credentials_are_not_tried_again_for_a_minute() {
    let wrong = || Reply::json(r#"{"errcode":40125,"errmsg":"invalid appsecret rid: 1-2"}"#);
    let (core, script, clock) = core_over([wrong(), wrong(), Reply::token("A"), Reply::json(OK)]);
    for second in [0, 1, 58] {
        clock.advance(Duration::from_secs(second));
        let error = core.call(&consume()).await.unwrap_err();
        assert_eq!((error.kind(), error.rid()), (ErrorKind::Credential, Some("1-2")));
        assert_eq!(core.card_ticket().await.unwrap_err().kind(), ErrorKind::Credential);
    }
    assert_eq!(script.sent().len(), 1);
    clock.advance(Duration::from_secs(1));
    core.call(&consume()).await.unwrap_err();
    assert_eq!(script.sent().len(), 2);
    // Whoever has mended it need not wait.
    core.forget_tokens();
    core.call(&consume()).await.unwrap();
}

#[tokio::test]
async fn what_passes_is_tried_again_at_once() {
    let (builder, script, _) = builder_over([busy(), Reply::token("A"), Reply::json(OK)]);
    let core = builder.retry(RetryPolicy::off()).build();
    core.call(&consume()).await.unwrap_err();
    core.call(&consume()).await.unwrap();
    assert_eq!(script.left(), 0);
}

#[tokio::test]
async fn a_token_that_cannot_be_had_after_a_refusal_leaves_the_call_undone() {
    let (core, _, _) = core_over([
        Reply::token("A"),
        Reply::json(r#"{"errcode":42001,"errmsg":"expired"}"#),
        busy(),
        busy(),
        busy(),
    ]);
    let error = core.call(&consume()).await.unwrap_err();
    assert_eq!(
        (error.path(), error.errcode()),
        ("/cgi-bin/stable_token", Some(ErrCode::BUSY))
    );
    assert_eq!((error.attempts(), error.may_have_run()), (3, false));
}

#[tokio::test]
async fn what_is_no_token_is_refused_and_not_cached() {
    for (body, field) in [
        (r#"{"expires_in":7200}"#, Some("access_token")),
        (r#"{"access_token":"","expires_in":7200}"#, Some("access_token")),
        (r#"{"access_token":null,"expires_in":7200}"#, Some("access_token")),
        (r#"{"access_token":"A"}"#, Some("expires_in")),
        (r#"{"access_token":"A","expires_in":0}"#, Some("expires_in")),
        (r#"{"access_token":"A","expires_in":-5}"#, Some("expires_in")),
        ("<html>A</html>", None),
    ] {
        let (builder, _, _) = builder_over([Reply::json(body), Reply::token("B"), Reply::json(OK)]);
        let core = builder.retry(RetryPolicy::off()).build();
        let error = core.call(&consume()).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Protocol, field), "{body}");
        assert!(!error.may_have_run());
        core.call(&consume()).await.unwrap();
    }
}

#[tokio::test]
async fn the_token_is_fetched_again_when_its_time_is_over() {
    let (core, script, clock) = core_over([Reply::token("A"), Reply::json(OK), Reply::token("B"), Reply::json(OK)]);
    core.call(&consume()).await.unwrap();
    clock.advance(Duration::from_secs(7200));
    core.call(&consume()).await.unwrap();
    assert_eq!(script.sent()[3].target, "/card/code/consume?access_token=B");
}

#[tokio::test]
async fn a_life_of_text_and_an_endless_life_are_taken_with_care() {
    for life in ["\"7200\"", "18446744073709551615"] {
        let token = format!(r#"{{"access_token":"A","expires_in":{life}}}"#);
        let (core, _, _) = core_over([Reply::json(token), Reply::json(OK)]);
        core.call(&consume()).await.unwrap();
    }
}
