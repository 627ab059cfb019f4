//! A call's deadline covers all that it does, and a call that is dropped leaves nothing broken.

use std::error::Error as _;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use wx_core::test_util::{FixedEntropy, ManualClock, Reply, Script};
use wx_core::{Call, Core, ErrorKind, HttpSend, RetryPolicy, SendErrorKind, http_send_fn};

use crate::builder_over;

const OK: &str = r#"{"errcode":0,"errmsg":"ok"}"#;
const LIMIT: Duration = Duration::from_secs(3);

fn consume() -> Call {
    Call::post("/card/code/consume", r#"{"code":"1"}"#)
}

/// A core over a transport that answers from `replies` until they are at their end, and then hangs.
fn hanging_after(replies: impl IntoIterator<Item = Reply>) -> (Core, ManualClock, Arc<AtomicUsize>) {
    let script = Script::new(replies);
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&requests);
    let transport = http_send_fn(move |request| {
        let script = script.clone();
        counter.fetch_add(1, Ordering::Relaxed);
        async move {
            if script.left() == 0 {
                std::future::pending::<()>().await;
            }
            script.send(request).await
        }
    });
    let clock = ManualClock::at(1_700_000_000);
    let core = Core::builder(
        "wx0000000000000001",
        "the-app-secret",
        Arc::new(transport),
        Arc::new(clock.clone()),
        Arc::new(FixedEntropy::new()),
    )
    .build();
    (core, clock, requests)
}

#[tokio::test]
async fn a_request_that_hangs_may_have_run() {
    for core in [
        |core: Core, call: Call| (core.with_deadline(LIMIT), call),
        |core: Core, call: Call| (core, call.with_deadline(LIMIT)),
        |core: Core, call: Call| (core.with_deadline(LIMIT * 9), call.with_deadline(LIMIT)),
    ] {
        let (hanging, clock, requests) = hanging_after([Reply::token("A")]);
        let (core, call) = core(hanging, consume());
        let error = core.call(&call).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.path()),
            (ErrorKind::Deadline, "/card/code/consume")
        );
        assert_eq!((error.attempts(), error.elapsed()), (1, LIMIT));
        assert!(error.may_have_run() && !error.is_retryable());
        assert_eq!(
            error.to_string(),
            "/card/code/consume: the time for the call is over; it may have run"
        );
        assert_eq!(clock.slept(), [LIMIT]);
        assert_eq!(requests.load(Ordering::Relaxed), 2, "the token and the call, once");
    }
}

#[tokio::test]
async fn a_token_that_does_not_come_means_that_nothing_ran() {
    let (core, _, requests) = hanging_after([]);
    let error = core.with_deadline(LIMIT).call(&consume()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Deadline, 0));
    assert!(!error.may_have_run() && error.is_retryable());
    assert_eq!(requests.load(Ordering::Relaxed), 1);
    let error = core.with_deadline(LIMIT).card_ticket().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.path()),
        (ErrorKind::Deadline, "/cgi-bin/ticket/getticket")
    );
    assert!(!error.may_have_run());
}

#[tokio::test]
async fn a_new_token_that_does_not_come_means_that_nothing_ran_and_tells_the_refusal() {
    let refusal = Reply::json(r#"{"errcode":42001,"errmsg":"expired"}"#);
    let (core, _, _) = hanging_after([Reply::token("A"), refusal]);
    let error = core.with_deadline(LIMIT).call(&consume()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Deadline, 1));
    assert!(!error.may_have_run());
    assert!(error.source().unwrap().to_string().contains("42001"), "{error:?}");
}

#[tokio::test]
async fn no_wait_is_begun_that_the_deadline_would_cut() {
    let down = || Reply::failure(SendErrorKind::Timeout);
    let (builder, script, clock) = builder_over([Reply::token("A"), down(), Reply::json(OK)]);
    let core = builder.build().with_deadline(Duration::from_millis(100));
    let error = core.call(&consume().idempotent(true)).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Transport,
        "the real error, not the end of the time"
    );
    assert_eq!(script.left(), 1);
    assert!(clock.slept().is_empty());
}

#[tokio::test]
async fn a_deadline_that_is_kept_changes_nothing() {
    let (builder, script, clock) = builder_over([Reply::token("A"), Reply::json(OK)]);
    builder.build().with_deadline(LIMIT).call(&consume()).await.unwrap();
    assert_eq!(script.left(), 0);
    assert!(clock.slept().is_empty());
}

#[test]
fn a_call_that_is_dropped_while_it_fetches_the_token_leaves_the_fetch_to_the_next() {
    let (core, _, requests) = hanging_after([]);
    let mut context = Context::from_waker(Waker::noop());
    {
        let call = consume();
        let mut first = pin!(core.call(&call));
        assert!(first.as_mut().poll(&mut context).is_pending());
    }
    let call = consume();
    let mut second = pin!(core.call(&call));
    assert!(second.as_mut().poll(&mut context).is_pending());
    assert_eq!(
        requests.load(Ordering::Relaxed),
        1,
        "the second drives on what the first has begun"
    );
}

#[tokio::test]
async fn a_call_that_is_dropped_on_its_way_leaves_the_token_in_place() {
    let (core, _, requests) = hanging_after([Reply::token("A")]);
    {
        let call = consume();
        let mut dropped = pin!(core.call(&call));
        let mut context = Context::from_waker(Waker::noop());
        assert_eq!(dropped.as_mut().poll(&mut context).map(drop), Poll::Pending);
    }
    let error = core.with_deadline(LIMIT).call(&consume()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline);
    assert_eq!(requests.load(Ordering::Relaxed), 3, "one token for both calls");
}

#[tokio::test]
async fn one_callers_deadline_does_not_end_anothers_fetch() {
    let (core, _, requests) = hanging_after([]);
    let short = core.with_deadline(LIMIT);
    let (quick, patient) = (consume(), consume());
    let mut patient = pin!(core.call(&patient));
    let mut context = Context::from_waker(Waker::noop());
    {
        let mut leader = pin!(short.call(&quick));
        // The clock moves by itself, so that the leader is at its end with the first look.
        assert!(leader.as_mut().poll(&mut context).is_ready());
    }
    assert!(
        patient.as_mut().poll(&mut context).is_pending(),
        "it drives the fetch on"
    );
    assert_eq!(requests.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn the_total_time_of_the_policy_does_not_end_an_attempt() {
    let (builder, script, _) = builder_over([Reply::token("A"), Reply::json(OK)]);
    let core = builder.retry(RetryPolicy::default().total(Duration::ZERO)).build();
    core.call(&consume()).await.unwrap();
    assert_eq!(script.left(), 0);
}

#[tokio::test]
async fn a_refresh_that_hangs_takes_the_usable_token_from_nobody() {
    let (core, clock, _) = hanging_after([Reply::token("A"), Reply::json(OK)]);
    core.call(&consume()).await.unwrap();
    // In the last minutes of its life the token still serves, and every call goes to the transport, which hangs.
    clock.advance(Duration::from_secs(7_100));
    for _ in 0..2 {
        let error = core.with_deadline(LIMIT).call(&consume()).await.unwrap_err();
        assert_eq!(
            (error.path(), error.attempts()),
            ("/card/code/consume", 1),
            "it had the token"
        );
    }
}
