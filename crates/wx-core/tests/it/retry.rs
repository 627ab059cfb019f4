//! What is sent again, when, and what the caller is told in the end.

use std::time::Duration;

use wx_core::test_util::{Reply, Script};
use wx_core::{Call, ErrCode, ErrorKind, RetryPolicy, SendErrorKind};

use crate::{builder_over, core_over, transcript};

const OK: &str = r#"{"errcode":0,"errmsg":"ok"}"#;

fn consume() -> Call {
    Call::post("/card/code/consume", r#"{"code":"1"}"#)
}

fn get() -> Call {
    Call::post("/card/code/get", r#"{"code":"1"}"#).idempotent(true)
}

fn refusal(errcode: i64) -> Reply {
    Reply::json(format!(r#"{{"errcode":{errcode},"errmsg":"no {errcode}"}}"#))
}

fn operations(script: &Script) -> usize {
    let sent = script.sent();
    sent.iter().filter(|sent| sent.target.starts_with("/card")).count()
}

#[tokio::test]
async fn a_read_goes_on_until_it_is_answered() {
    for failure in [
        refusal(-1),
        Reply::http(502, "text/html", "<html>"),
        Reply::json(r#"{"errcode":0,"card"#),
        Reply::failure(SendErrorKind::Connect),
        Reply::failure(SendErrorKind::Interrupted),
        Reply::failure(SendErrorKind::Request),
        Reply::failure(SendErrorKind::Response),
        Reply::failure(SendErrorKind::Timeout),
    ] {
        let (core, script, clock) = core_over([Reply::token("A"), failure.clone(), failure.clone(), Reply::json(OK)]);
        let answer = core.call(&get()).await.unwrap();
        assert_eq!((answer.attempts(), script.left()), (3, 0), "{failure:?}");
        let slept = clock.slept();
        assert_eq!(slept.len(), 2);
        for wait in slept {
            assert!((100..=5_000).contains(&wait.as_millis()), "{wait:?}");
        }
    }
}

#[tokio::test]
async fn what_may_have_run_is_not_sent_again() {
    for failure in [
        refusal(-1),
        Reply::http(502, "text/html", "<html>"),
        Reply::json(r#"{"errcode":0,"card"#),
        Reply::failure(SendErrorKind::Interrupted),
        Reply::failure(SendErrorKind::Response),
        Reply::failure(SendErrorKind::Timeout),
    ] {
        let (core, script, clock) = core_over([Reply::token("A"), failure.clone(), Reply::json(OK)]);
        let error = core.call(&consume()).await.unwrap_err();
        assert_eq!((error.attempts(), operations(&script)), (1, 1), "{failure:?}");
        assert!(error.may_have_run());
        assert!(clock.slept().is_empty());
    }
}

#[tokio::test]
async fn what_was_certainly_not_sent_is_sent_again_whatever_it_is() {
    for kind in [SendErrorKind::Connect, SendErrorKind::Request] {
        let (core, script, _) = core_over([Reply::token("A"), Reply::failure(kind), Reply::json(OK)]);
        let answer = core.call(&consume()).await.unwrap();
        assert_eq!((answer.attempts(), script.left()), (2, 0));
    }
}

#[tokio::test]
async fn an_unclear_attempt_after_ones_that_were_not_sent_ends_it() {
    let (core, script, _) = core_over([
        Reply::token("A"),
        Reply::failure(SendErrorKind::Connect),
        Reply::failure(SendErrorKind::Timeout),
        Reply::json(OK),
    ]);
    let error = core.call(&consume()).await.unwrap_err();
    assert_eq!((error.attempts(), operations(&script)), (2, 2));
    assert!(error.may_have_run());
}

#[tokio::test]
async fn the_last_error_comes_back_and_nothing_is_waited_for_after_it() {
    let (core, script, clock) = core_over([
        Reply::token("A"),
        Reply::failure(SendErrorKind::Timeout),
        refusal(-1),
        Reply::failure(SendErrorKind::Connect),
    ]);
    let error = core.call(&get()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 3));
    assert_eq!((script.left(), clock.slept().len()), (0, 2));
    let waited: Duration = clock.slept().iter().sum();
    assert_eq!(error.elapsed(), waited);
    // The last attempt was certainly not sent, but the first two may have been.
    assert!(error.may_have_run());
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "could not connect"
    );
}

#[tokio::test]
async fn a_refusal_is_the_error_at_once() {
    for errcode in [40099, 40056, 45009, 47001, 48001] {
        let (core, script, clock) = core_over([Reply::token("A"), refusal(errcode), Reply::json(OK)]);
        let error = core.call(&get()).await.unwrap_err();
        assert_eq!(error.errcode(), Some(ErrCode::new(errcode)));
        assert_eq!((error.attempts(), script.left()), (1, 1));
        assert!(clock.slept().is_empty());
    }
}

#[tokio::test]
async fn the_limit_of_the_minute_is_waited_for_where_the_time_allows() {
    // 40 seconds before the next minute, and up to 2 more, of which the fixed randomness takes a share.
    let replies = || [Reply::token("A"), refusal(45011), Reply::json(OK)];
    let (core, script, clock) = core_over(replies());
    let error = core.call(&consume()).await.unwrap_err();
    assert_eq!((error.errcode(), script.left()), (Some(ErrCode::MINUTE_QUOTA), 1));
    assert!(!error.may_have_run() && error.is_retryable());
    assert!(clock.slept().is_empty());
    for core in [
        |builder: wx_core::CoreBuilder| builder.build().with_deadline(Duration::from_secs(60)),
        |builder: wx_core::CoreBuilder| {
            let policy = RetryPolicy::default().total(Duration::from_secs(60));
            builder.retry(policy).build()
        },
    ] {
        let (builder, script, clock) = builder_over(replies());
        let answer = core(builder).call(&consume()).await.unwrap();
        assert_eq!((answer.attempts(), script.left()), (2, 0));
        assert!((40..=42).contains(&clock.slept()[0].as_secs()), "{:?}", clock.slept());
    }
}

#[tokio::test]
async fn off_is_off() {
    for failure in [
        refusal(-1),
        refusal(45011),
        refusal(42001),
        Reply::failure(SendErrorKind::Connect),
        Reply::failure(SendErrorKind::Timeout),
    ] {
        let (builder, script, clock) = builder_over([Reply::token("A"), failure, Reply::token("B"), Reply::json(OK)]);
        let core = builder.retry(RetryPolicy::off()).build();
        let error = core.call(&get()).await.unwrap_err();
        assert_eq!((error.attempts(), script.left()), (1, 2));
        assert!(clock.slept().is_empty());
    }
}

#[tokio::test]
async fn with_repeats_off_a_refused_token_is_dropped_for_the_next_call() {
    let (builder, script, _) = builder_over([Reply::token("A"), refusal(42001), Reply::token("B"), Reply::json(OK)]);
    let core = builder.retry(RetryPolicy::off()).build();
    core.call(&consume()).await.unwrap_err();
    core.call(&consume()).await.unwrap();
    assert_eq!(script.sent()[3].target, "/card/code/consume?access_token=B");
}

#[tokio::test]
async fn repeats_share_a_budget_so_that_an_outage_is_not_multiplied() {
    let outage = (0..100).map(|_| Reply::failure(SendErrorKind::Connect));
    let (builder, script, _) = builder_over(std::iter::once(Reply::token("A")).chain(outage));
    let core = builder.retry(RetryPolicy::default().budget(5)).build();
    for _ in 0..20 {
        core.call(&get()).await.unwrap_err();
    }
    assert_eq!(operations(&script), 25);
}

#[tokio::test]
async fn a_token_is_refreshed_between_repeats_but_once() {
    let (core, script, _) = core_over([
        Reply::token("A"),
        Reply::failure(SendErrorKind::Connect),
        refusal(42001),
        Reply::token("B"),
        Reply::json(OK),
    ]);
    let answer = core.call(&consume()).await.unwrap();
    assert_eq!(answer.attempts(), 3);
    insta::assert_snapshot!(transcript(&script), @r#"
    POST /cgi-bin/stable_token {"grant_type":"client_credential","appid":"wx0000000000000001","secret":"the-app-secret"}
    POST /card/code/consume?access_token=A {"code":"1"}
    POST /card/code/consume?access_token=A {"code":"1"}
    POST /cgi-bin/stable_token {"grant_type":"client_credential","appid":"wx0000000000000001","secret":"the-app-secret"}
    POST /card/code/consume?access_token=B {"code":"1"}
    "#);
}

#[tokio::test]
async fn a_token_call_that_fails_is_repeated_and_is_not_multiplied_by_the_call() {
    let down = || Reply::failure(SendErrorKind::Timeout);
    let (core, script, _) = core_over([down(), down(), down(), down()]);
    let error = core.call(&get()).await.unwrap_err();
    assert_eq!((error.path(), error.attempts()), ("/cgi-bin/stable_token", 3));
    assert_eq!(script.left(), 1);
    assert!(!error.may_have_run());
    let (core, script, _) = core_over([down(), refusal(-1), Reply::token("A"), Reply::json(OK)]);
    core.call(&consume()).await.unwrap();
    assert_eq!(script.left(), 0);
}

/// What every pair of a call and a failure says about whether it may have run.
#[tokio::test]
async fn may_have_run_is_the_same_for_every_way_to_fail() {
    for idempotent in [false, true] {
        for (replies, expected) in [
            (vec![Reply::failure(SendErrorKind::Connect)], false),
            (vec![Reply::failure(SendErrorKind::Request)], false),
            (vec![Reply::failure(SendErrorKind::Timeout)], true),
            (vec![Reply::failure(SendErrorKind::Interrupted)], true),
            (vec![Reply::failure(SendErrorKind::Response)], true),
            (vec![refusal(-1)], true),
            (vec![refusal(40093)], true),
            (vec![refusal(1)], true),
            (vec![refusal(504)], true),
            (vec![refusal(99999)], false),
            (vec![Reply::json(r#"{"errcode":40099,"errmsg":"ok"}"#)], true),
            (vec![Reply::json(r#"{"errcode":0,"errcode":40127}"#)], true),
            (vec![refusal(45009)], false),
            (vec![refusal(45011)], false),
            (vec![refusal(40099)], false),
            (vec![Reply::http(502, "text/html", "")], true),
            (vec![Reply::http(404, "text/html", "<html>")], true),
            (vec![Reply::json("[]")], true),
            (vec![refusal(42001), Reply::token("B"), refusal(42001)], false),
            (vec![refusal(42001), Reply::failure(SendErrorKind::Timeout)], false),
            (
                vec![
                    refusal(42001),
                    Reply::token("B"),
                    Reply::failure(SendErrorKind::Timeout),
                ],
                true,
            ),
        ] {
            let policy = RetryPolicy::default().retries(1).budget(0);
            let (builder, _, _) = builder_over(std::iter::once(Reply::token("A")).chain(replies.clone()));
            let core = builder.retry(policy).build();
            let error = core.call(&consume().idempotent(idempotent)).await.unwrap_err();
            assert_eq!(error.may_have_run(), expected, "{idempotent} {replies:?}: {error}");
        }
    }
}
