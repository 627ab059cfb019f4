//! Redeeming at a till, whatever goes wrong: one test for each row of the table of outcomes, and what holds for all.

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use serde_json::json;
use wx_card::types::{CardId, ConsumeCode, Endpoint as _, GetCode, MakeCodeUnavailable};
use wx_card::{ByThisCall, CodeState, ConfirmedBy, Redemption, RefusalReason};
use wx_core::test_util::Reply;
use wx_core::{Error, ErrorKind, RetryPolicy};

use crate::client_over;
use crate::disturbed::{Answers, Disturbed, Fault, Fine, Garbled, Hangs, Late, Lost, Overtaken, Swallowed, Unsent};

const GET: &str = GetCode::PATH;
const CONSUME: &str = ConsumeCode::PATH;
const TOKEN: &str = "/cgi-bin/stable_token";

const BUSY: &str = r#"{"errcode":-1,"errmsg":"system error"}"#;

/// What an outcome says in a line.
fn told(outcome: &Result<Redemption, Error>) -> String {
    match outcome {
        Ok(Redemption::Redeemed { confirmed_by, .. }) => format!("redeemed by {}", confirmed_by.name()),
        Ok(Redemption::AlreadyRedeemed { by_this_call, .. }) => format!("already, this call: {}", by_this_call.name()),
        Ok(Redemption::Refused { reason, .. }) => format!("refused: {}", reason.name()),
        Ok(Redemption::Unknown { state, .. }) => {
            format!("unknown: {}", state.as_ref().map_or("nothing", CodeState::name))
        }
        Ok(other) => format!("{other:?}"),
        Err(error) => format!("error: {:?}, may have run: {}", error.kind(), error.may_have_run()),
    }
}

/// Redeems one coupon through `faults`: what it came to, how often the service accepted, what was sent.
async fn play(query_first: bool, faults: &[(&'static str, &[Fault])]) -> (String, u64, Vec<String>) {
    let till = Disturbed::new();
    let (_, code) = till.coupon("oUser").await;
    for (path, faults) in faults {
        till.disturb(path, faults);
    }
    let outcome = till
        .client()
        .redeem(&ConsumeCode::new(&code))
        .query_first(query_first)
        .await;
    let paths = till
        .paths()
        .iter()
        .map(|path| path.replace("/card/code/", ""))
        .collect();
    (told(&outcome), till.accepted(&code), paths)
}

#[tokio::test]
async fn a_good_coupon_is_redeemed_by_one_request() {
    let till = Disturbed::new();
    let (card_id, code) = till.coupon("oUser").await;
    let outcome = till.client().redeem(&ConsumeCode::new(&code)).await.unwrap();
    assert!(outcome.is_redeemed() && outcome.may_have_run());
    let Redemption::Redeemed {
        card_id: of,
        openid,
        confirmed_by,
        ..
    } = outcome
    else {
        panic!("not redeemed");
    };
    assert_eq!((of, openid), (Some(card_id), Some("oUser".into())));
    assert_eq!(confirmed_by, ConfirmedBy::Answer);
    assert_eq!(
        till.sent(),
        [
            (GET.to_owned(), format!(r#"{{"code":"{code}","check_consume":false}}"#)),
            (CONSUME.to_owned(), format!(r#"{{"code":"{code}"}}"#)),
        ]
    );
    assert_eq!(till.accepted(&code), 1);
}

#[tokio::test]
async fn the_card_goes_along_with_every_request() {
    let (client, script) = client_over([
        Reply::token("T"),
        Reply::json(r#"{"errcode":0,"card":{"card_id":"p1"},"user_card_status":"NORMAL"}"#),
        Reply::json(BUSY),
        Reply::json(r#"{"errcode":0,"card":{"card_id":"p1"},"user_card_status":"CONSUMED"}"#),
    ]);
    let outcome = client.redeem(&ConsumeCode::new("1").card_id("p1")).await;
    assert_eq!(told(&outcome), "already, this call: likely");
    let bodies: Vec<String> = script.sent().into_iter().skip(1).map(|sent| sent.body).collect();
    let query = r#"{"code":"1","card_id":"p1","check_consume":false}"#;
    assert_eq!(bodies, [query, r#"{"code":"1","card_id":"p1"}"#, query]);
}

/// Every way in which the one request to redeem can fail, the state before being known and not known.
#[tokio::test]
async fn every_failure_of_the_request_has_its_outcome() {
    const DONE: &str = r#"{"errcode":0,"errmsg":"ok"}"#;
    let asked = ["get", "consume", "get"];
    let table: [(Fault, &str, &str, u64); 12] = [
        (Fine, "redeemed by answer", "redeemed by answer", 1),
        (Lost, "already, this call: likely", "already, this call: unknown", 1),
        (
            Garbled(BUSY),
            "already, this call: likely",
            "already, this call: unknown",
            1,
        ),
        (
            Garbled("<html>502</html>"),
            "already, this call: likely",
            "already, this call: unknown",
            1,
        ),
        (
            Garbled(r#"{"errcode":0,"card":{"ca"#),
            "already, this call: likely",
            "already, this call: unknown",
            1,
        ),
        // An empty object says neither that it is done nor that it is not.
        (
            Garbled("{}"),
            "already, this call: likely",
            "already, this call: unknown",
            1,
        ),
        (Garbled(DONE), "redeemed by query", "redeemed by query", 1),
        (Answers(DONE), "unknown: redeemable", "unknown: redeemable", 0),
        (Swallowed, "unknown: redeemable", "unknown: redeemable", 0),
        (Answers(BUSY), "unknown: redeemable", "unknown: redeemable", 0),
        (
            Overtaken,
            "already, this call: unknown",
            "already, this call: unknown",
            1,
        ),
        (
            Unsent,
            "error: Transport, may have run: false",
            "error: Transport, may have run: false",
            0,
        ),
    ];
    for (fault, queried, unqueried, accepted) in table {
        let (outcome, times, paths) = play(true, &[(CONSUME, &[fault])]).await;
        assert_eq!((outcome.as_str(), times), (queried, accepted), "{fault:?}");
        assert_eq!(paths.iter().filter(|path| *path == "consume").count(), 1, "{fault:?}");
        assert!(paths.starts_with(&asked.map(str::to_owned)[..2]), "{fault:?}");
        if outcome.contains("likely") {
            assert_eq!(paths, asked, "{fault:?}");
        }
        let (outcome, times, paths) = play(false, &[(CONSUME, &[fault])]).await;
        assert_eq!((outcome.as_str(), times), (unqueried, accepted), "{fault:?}");
        assert_eq!(paths.iter().filter(|path| *path == "consume").count(), 1, "{fault:?}");
        assert_eq!(paths.first().map(String::as_str), Some("consume"), "{fault:?}");
    }
}

#[tokio::test]
async fn a_request_that_arrives_late_is_found_out() {
    let (outcome, accepted, paths) = play(true, &[(CONSUME, &[Late(3)])]).await;
    assert_eq!((outcome.as_str(), accepted), ("already, this call: likely", 1));
    assert_eq!(paths, ["get", "consume", "get", "get", "get"]);
    let (outcome, accepted, _) = play(false, &[(CONSUME, &[Late(3)])]).await;
    assert_eq!((outcome.as_str(), accepted), ("already, this call: unknown", 1));
}

#[tokio::test]
async fn a_request_that_arrives_after_patience_is_not_denied() {
    let till = Disturbed::new();
    let (_, code) = till.coupon("oUser").await;
    till.disturb(CONSUME, &[Late(50)]);
    let request = ConsumeCode::new(&code);
    let started = till.clock.slept().len();
    let outcome = till.client().redeem(&request).await.unwrap();
    assert!(outcome.may_have_run() && !outcome.is_redeemed());
    assert!(outcome.advice().contains("redeem the same code once more"));
    let Redemption::Unknown { error, state, .. } = outcome else {
        panic!("known");
    };
    assert!(error.may_have_run() && error.path() == CONSUME);
    assert!(matches!(state, Some(CodeState::Redeemable(_))));
    // Five seconds, in pauses that grow.
    let pauses: Vec<u128> = till.clock.slept()[started..].iter().map(Duration::as_millis).collect();
    assert_eq!(pauses, [250, 500, 1000, 1000, 1000, 1000, 250]);
    assert_eq!(till.count(GET), 1 + pauses.len() + 1);
    assert_eq!(till.count(CONSUME), 1);

    // The advice is good: once more is harmless, and however late the first one comes it does no harm.
    assert_eq!(told(&till.client().redeem(&request).await), "redeemed by answer");
    for _ in 0..50 {
        let state = till
            .client()
            .code_state(&GetCode::new(&code).check_consume(false))
            .await;
        assert!(matches!(state.unwrap(), CodeState::Redeemed(_)));
    }
    assert_eq!(till.accepted(&code), 1);
}

#[tokio::test]
async fn once_more_after_an_unknown_outcome_that_did_run_says_that_it_is_redeemed() {
    let till = Disturbed::new();
    let (_, code) = till.coupon("oUser").await;
    let request = ConsumeCode::new(&code);
    till.disturb(CONSUME, &[Lost]);
    till.disturb(GET, &[Fine, Swallowed, Swallowed]);
    let first = till
        .client()
        .redeem(&request)
        .patience(Duration::from_millis(250))
        .await;
    assert_eq!(told(&first), "unknown: nothing");
    let second = till.client().redeem(&request).await;
    assert_eq!(told(&second), "already, this call: no");
    assert!(second.unwrap().advice().contains("a person decides"));
    assert_eq!((till.accepted(&code), till.count(CONSUME)), (1, 1));
}

#[tokio::test]
async fn patience_is_as_long_as_it_is_told() {
    for (patience, questions) in [(0, 1), (250, 2), (251, 3), (60_000, 63)] {
        let till = Disturbed::new();
        let (_, code) = till.coupon("oUser").await;
        till.disturb(CONSUME, &[Swallowed]);
        let redeem = till.client().redeem(&ConsumeCode::new(&code)).query_first(false);
        let outcome = redeem.patience(Duration::from_millis(patience)).await;
        assert_eq!(told(&outcome), "unknown: redeemable");
        assert_eq!(till.count(GET), questions, "{patience}");
        let slept: Duration = till.clock.slept().iter().sum();
        assert_eq!(slept, Duration::from_millis(patience));
    }
}

#[tokio::test]
async fn questions_that_fail_do_not_end_the_asking() {
    let faults: &[Fault] = &[Fine, Swallowed, Unsent, Answers(BUSY), Answers("<html>")];
    let (outcome, accepted, paths) = play(true, &[(CONSUME, &[Lost]), (GET, faults)]).await;
    assert_eq!((outcome.as_str(), accepted), ("already, this call: likely", 1));
    assert_eq!(paths, ["get", "consume", "get", "get", "get", "get", "get"]);
}

#[tokio::test]
async fn a_question_that_cannot_be_answered_is_not_asked_again() {
    let denied = Answers(r#"{"errcode":48001,"errmsg":"api unauthorized"}"#);
    let (outcome, accepted, paths) = play(false, &[(CONSUME, &[Lost]), (GET, &[denied])]).await;
    assert_eq!((outcome.as_str(), accepted), ("unknown: nothing", 1));
    assert_eq!(paths, ["consume", "get"]);
}

#[tokio::test]
async fn a_question_that_hangs_does_not_outlast_patience() {
    let till = Disturbed::new();
    let (_, code) = till.coupon("oUser").await;
    till.disturb(CONSUME, &[Lost]);
    till.disturb(GET, &[Fine, Hangs]);
    let outcome = till.client().redeem(&ConsumeCode::new(&code)).await;
    assert_eq!(told(&outcome), "unknown: nothing");
    assert_eq!(till.clock.slept(), [Duration::from_secs(5)]);
}

#[tokio::test]
async fn a_first_question_without_an_answer_redeems_nothing() {
    for (fault, kind) in [
        (Swallowed, ErrorKind::Transport),
        (Lost, ErrorKind::Transport),
        (Unsent, ErrorKind::Transport),
        (Answers("<html>"), ErrorKind::Protocol),
        (Answers(BUSY), ErrorKind::Refused),
        (
            Answers(r#"{"errcode":45009,"errmsg":"reach max api daily quota limit"}"#),
            ErrorKind::Refused,
        ),
    ] {
        let till = Disturbed::new();
        let (_, code) = till.coupon("oUser").await;
        till.disturb(GET, &[fault]);
        let error = till.client().redeem(&ConsumeCode::new(&code)).await.unwrap_err();
        assert_eq!((error.kind(), error.path(), error.may_have_run()), (kind, GET, false));
        assert_eq!((till.count(CONSUME), till.accepted(&code)), (0, 0));
    }
}

#[tokio::test]
async fn what_is_not_about_the_code_is_an_error_and_nothing_ran() {
    let cases: [(&'static str, &'static str, ErrorKind); 4] = [
        (
            CONSUME,
            r#"{"errcode":45009,"errmsg":"reach max api daily quota limit"}"#,
            ErrorKind::Refused,
        ),
        (
            CONSUME,
            r#"{"errcode":45011,"errmsg":"api minute-quota reach limit"}"#,
            ErrorKind::Refused,
        ),
        (
            CONSUME,
            r#"{"errcode":42001,"errmsg":"access_token expired"}"#,
            ErrorKind::Refused,
        ),
        (
            TOKEN,
            r#"{"errcode":40125,"errmsg":"invalid appsecret"}"#,
            ErrorKind::Credential,
        ),
    ];
    for (path, body, kind) in cases {
        let till = Disturbed::new();
        let (_, code) = till.coupon("oUser").await;
        till.disturb(path, &[Answers(body)]);
        let redeem = till.client().redeem(&ConsumeCode::new(&code)).query_first(false);
        let error = redeem.await.unwrap_err();
        assert_eq!((error.kind(), error.may_have_run()), (kind, false), "{body}");
        assert_eq!((till.count(GET), till.accepted(&code)), (0, 0), "{body}");
    }
    let till = Disturbed::new();
    for query_first in [true, false] {
        let redeem = till.client().redeem(&ConsumeCode::new("")).query_first(query_first);
        let error = redeem.await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Invalid, Some("code")));
    }
    assert!(till.sent().is_empty());
}

#[tokio::test]
async fn a_coupon_that_was_redeemed_before_is_told_and_nothing_is_sent() {
    let till = Disturbed::new();
    let (card_id, code) = till.coupon("oUser").await;
    let request = ConsumeCode::new(&code);
    assert!(till.client().redeem(&request).await.unwrap().is_redeemed());
    till.forget();
    let outcome = till.client().redeem(&request).await.unwrap();
    assert!(!outcome.may_have_run());
    let Redemption::AlreadyRedeemed {
        by_this_call,
        details,
        error,
        ..
    } = outcome
    else {
        panic!("not redeemed before");
    };
    assert_eq!((by_this_call, error.is_none()), (ByThisCall::No, true));
    assert_eq!(
        (details.card_id, details.openid),
        (Some(card_id.clone()), Some("oUser".into()))
    );
    assert_eq!(till.paths(), [GET]);

    // Without the question the service's refusal tells it, with what it adds.
    let outcome = till.client().redeem(&request).query_first(false).await.unwrap();
    assert!(!outcome.may_have_run());
    let Redemption::AlreadyRedeemed {
        by_this_call,
        details,
        error,
        ..
    } = outcome
    else {
        panic!("not redeemed before");
    };
    assert_eq!(by_this_call, ByThisCall::Unknown);
    assert_eq!((details.card_id, details.code.as_str()), (Some(card_id), code.as_str()));
    assert_eq!(error.and_then(|error| error.errcode()).unwrap(), 40099);
    assert_eq!(till.paths(), [GET, CONSUME]);
}

/// Brings a coupon into a state in which it cannot be used.
async fn spoil(till: &Disturbed, card_id: &CardId, code: &str, state: &str) {
    let body = json!({"card_id": card_id, "code": code, "from": "oUser", "to": "oFriend"});
    match state {
        "deleted" => drop(till.control("user-delete", &body)),
        "expired" => drop(till.control("advance-clock", &json!({"seconds": 40 * 86_400}))),
        "gifting" => {
            let mut body = body;
            body["accept"] = false.into();
            till.control("give", &body);
        }
        "given_away" => drop(till.control("give", &body)),
        "unavailable" => {
            let request = MakeCodeUnavailable::new(code);
            till.client().make_code_unavailable(&request).await.unwrap();
        }
        other => panic!("{other}"),
    }
    till.forget();
}

#[tokio::test]
async fn a_coupon_that_cannot_be_used_is_refused_with_the_reason() {
    for state in ["deleted", "expired", "gifting", "given_away", "unavailable"] {
        let till = Disturbed::new();
        let (card_id, code) = till.coupon("oUser").await;
        spoil(&till, &card_id, &code, state).await;
        let request = ConsumeCode::new(&code);
        let outcome = till.client().redeem(&request).await;
        assert_eq!(told(&outcome), format!("refused: {state}"));
        assert!(!outcome.unwrap().may_have_run());
        assert_eq!(till.paths(), [GET], "{state}");
        // Without the question the service does not say which.
        let outcome = till.client().redeem(&request).query_first(false).await;
        assert_eq!(told(&outcome), "refused: not_usable");
        assert_eq!(till.paths(), [GET, CONSUME], "{state}");
        assert_eq!(till.accepted(&code), 0);
    }
}

#[tokio::test]
async fn a_code_that_nobody_holds_is_refused() {
    let till = Disturbed::new();
    let request = ConsumeCode::new("000000000000");
    for (query_first, paths) in [(true, [GET]), (false, [CONSUME])] {
        till.forget();
        let outcome = till.client().redeem(&request).query_first(query_first).await.unwrap();
        let Redemption::Refused {
            reason, state, error, ..
        } = outcome
        else {
            panic!("not refused");
        };
        assert_eq!(reason, RefusalReason::NotHeld);
        assert!(matches!(state, Some(CodeState::NotHeld(_))));
        assert_eq!(error.and_then(|error| error.errcode()).unwrap(), 40056);
        assert_eq!(till.paths(), paths);
    }
}

#[tokio::test]
async fn what_only_redeeming_finds_out_is_refused_with_the_reason() {
    let normal = r#"{"errcode":0,"card":{"card_id":"p1"},"openid":"o1","user_card_status":"NORMAL"}"#;
    let gift_timeout = r#"{"errcode":0,"card":{"card_id":"p1"},"openid":"o1","user_card_status":"GIFT_TIMEOUT"}"#;
    for (before, errcode, reason) in [
        (normal, 40147, RefusalReason::OutsideTime),
        (normal, 43018, RefusalReason::NotMarked),
        (normal, 40146, RefusalReason::MarkedByAnother),
        (normal, 72020, RefusalReason::UseLimit),
        (normal, 40127, RefusalReason::NotUsable),
        (normal, 40056, RefusalReason::NotHeld),
        (normal, 40078, RefusalReason::Other),
        (normal, 99999, RefusalReason::Other),
        // What the service knows of such a code decides, and the state before gives the reason.
        (gift_timeout, 40127, RefusalReason::GiftTimeout),
    ] {
        let refusal = format!(r#"{{"errcode":{errcode},"errmsg":"no rid: 1-2-3"}}"#);
        let (client, script) = client_over([Reply::token("T"), Reply::json(before), Reply::json(refusal)]);
        let outcome = client.redeem(&ConsumeCode::new("1")).await.unwrap();
        assert!(!outcome.may_have_run());
        let Redemption::Refused {
            reason: told,
            error: Some(error),
            ..
        } = outcome
        else {
            panic!("{errcode}: {outcome:?}");
        };
        assert_eq!((told, error.rid()), (reason, Some("1-2-3")), "{errcode}");
        assert!(!reason.to_string().is_empty());
        assert_eq!(script.left(), 0);
    }
}

#[tokio::test]
async fn a_coupon_in_other_hands_than_before_is_not_likely_ours() {
    let state = |openid: &str, status: &str| {
        Reply::json(format!(
            r#"{{"errcode":0,"card":{{"card_id":"p1"}},"openid":"{openid}","user_card_status":"{status}"}}"#
        ))
    };
    let replies = [
        Reply::token("T"),
        state("oUser", "NORMAL"),
        Reply::json(BUSY),
        state("oFriend", "CONSUMED"),
    ];
    let (client, _) = client_over(replies);
    let outcome = client.redeem(&ConsumeCode::new("1")).await;
    assert_eq!(told(&outcome), "already, this call: unknown");
    assert!(outcome.unwrap().may_have_run());
}

#[tokio::test]
async fn a_state_after_an_unclear_outcome_that_is_not_redeemed_denies_nothing() {
    // A user may delete a coupon after it was redeemed, so even this is no proof.
    let state = |status: &str| {
        Reply::json(format!(
            r#"{{"errcode":0,"card":{{"card_id":"p1"}},"openid":"o1","user_card_status":"{status}"}}"#
        ))
    };
    for status in ["NORMAL", "DELETE", "EXPIRE", "UNAVAILABLE", "FROZEN"] {
        let (client, script) = client_over([Reply::token("T"), state("NORMAL"), Reply::json(BUSY), state(status)]);
        let outcome = client.redeem(&ConsumeCode::new("1")).patience(Duration::ZERO).await;
        assert!(told(&outcome).starts_with("unknown: "), "{status}");
        assert!(outcome.unwrap().may_have_run());
        assert_eq!(script.left(), 0);
    }
}

#[tokio::test]
async fn a_request_that_certainly_was_not_sent_is_sent_again() {
    let till = Disturbed::new();
    let (_, code) = till.coupon("oUser").await;
    till.disturb(
        CONSUME,
        &[Unsent, Answers(r#"{"errcode":42001,"errmsg":"access_token expired"}"#)],
    );
    let client = till.client_with(RetryPolicy::default());
    let outcome = client.redeem(&ConsumeCode::new(&code)).await;
    assert_eq!(told(&outcome), "redeemed by answer");
    assert_eq!((till.count(CONSUME), till.accepted(&code)), (3, 1));
    // What may have run is not.
    let (_, code) = till.coupon("oUser").await;
    till.disturb(CONSUME, &[Unsent, Lost]);
    let outcome = client.redeem(&ConsumeCode::new(&code)).await;
    assert_eq!(told(&outcome), "already, this call: likely");
    assert_eq!((till.count(CONSUME), till.accepted(&code)), (2, 1));
}

/// Each kind of fault that the sandbox can play, on each of the three calls, once and always.
#[tokio::test]
async fn what_is_told_agrees_with_the_ledger_whatever_goes_wrong() {
    let kinds = [
        "busy",
        "delay",
        "reset-before",
        "reset-after",
        "reset-mid-answer",
        "truncated",
        "html-502",
        "content-type",
        "oversized",
        "token-expired",
        "slow-drip",
        "silent",
    ];
    let mut outcomes = std::collections::BTreeSet::new();
    for kind in kinds {
        for path in [GET, CONSUME, TOKEN, "*"] {
            for (times, applied) in [(1, true), (1, false), (99, true), (99, false)] {
                let till = Disturbed::new();
                let (_, code) = till.coupon("oUser").await;
                let mut rule = json!({"path": path, "fault": kind, "times": times});
                if ["delay", "slow-drip"].contains(&kind) {
                    rule["millis"] = 10.into();
                }
                if !["reset-before", "reset-after", "token-expired"].contains(&kind) {
                    rule["applied"] = applied.into();
                }
                till.control("faults", &json!({"seed": 7, "rules": [rule]}));
                let outcome = till
                    .client_with(RetryPolicy::default())
                    .redeem(&ConsumeCode::new(&code))
                    .await;
                let told = told(&outcome);
                let accepted = till.accepted(&code);
                let case = format!("{kind} on {path} {times} times, applied {applied}: {told}");
                assert!(accepted <= 1, "{case}");
                match outcome {
                    Ok(outcome) if outcome.is_redeemed() => assert_eq!(accepted, 1, "{case}"),
                    Ok(outcome) if outcome.may_have_run() => {}
                    // Nobody else redeems it here.
                    Ok(_) => assert_eq!(accepted, 0, "{case}"),
                    Err(error) => assert_eq!((error.may_have_run(), accepted), (false, 0), "{case}"),
                }
                outcomes.insert(told);
            }
        }
    }
    let seen: Vec<&str> = outcomes.iter().map(String::as_str).collect();
    assert_eq!(
        seen,
        [
            "already, this call: likely",
            "error: Protocol, may have run: false",
            "error: Refused, may have run: false",
            "error: Transport, may have run: false",
            "redeemed by answer",
            "unknown: redeemable",
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_forty_tills_with_one_code_one_redeems_it() {
    for query_first in [true, false] {
        let till = Disturbed::new();
        let (_, code) = till.coupon("oUser").await;
        let client = till.client();
        let tills = (0..40).map(|_| {
            let redeem = client.redeem(&ConsumeCode::new(&code)).query_first(query_first);
            tokio::spawn(redeem.into_future())
        });
        let outcomes = join_all(tills).await;
        let outcomes: Vec<Redemption> = outcomes.into_iter().map(|done| done.unwrap().unwrap()).collect();
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_redeemed()).count(), 1);
        let refused =
            |outcome: &&Redemption| matches!(outcome, Redemption::AlreadyRedeemed { .. }) && !outcome.may_have_run();
        assert_eq!(outcomes.iter().filter(refused).count(), 39);
        assert_eq!(till.accepted(&code), 1);
    }
}

#[tokio::test]
async fn of_forty_tills_whose_answers_are_lost_none_claims_it() {
    let till = Disturbed::new();
    let (_, code) = till.coupon("oUser").await;
    till.disturb(CONSUME, &[Lost; 40]);
    let client = till.client();
    let tills = (0..40).map(|_| client.redeem(&ConsumeCode::new(&code)).into_future());
    for outcome in join_all(tills).await {
        let outcome = outcome.unwrap();
        assert!(!outcome.is_redeemed(), "{outcome:?}");
    }
    assert_eq!(till.accepted(&code), 1);
}

#[tokio::test]
async fn a_redeem_that_is_given_up_leaves_a_code_that_can_be_asked_for() {
    // Dropped before it is awaited, on its way to the service, and while it finds out.
    let till = Disturbed::new();
    let (_, code) = till.coupon("oUser").await;
    let request = ConsumeCode::new(&code);
    drop(till.client().redeem(&request));
    assert!(till.sent().is_empty());
    till.disturb(CONSUME, &[Hangs]);
    let client = till.client();
    let mut redeem = client.redeem(&request).into_future();
    assert!((&mut redeem).now_or_never().is_none());
    drop(redeem);
    assert_eq!(till.paths(), [GET, CONSUME]);
    till.disturb(CONSUME, &[Lost]);
    till.disturb(GET, &[Fine, Unsent]);
    assert_eq!(told(&client.redeem(&request).await), "already, this call: likely");
    assert_eq!(till.accepted(&code), 1);
}

#[tokio::test]
async fn a_coupon_outside_its_hours_keeps_its_good_state() {
    let till = Disturbed::new();
    let (_, code) = till.coupon("oUser").await;
    till.disturb(
        CONSUME,
        &[Answers(r#"{"errcode":40147,"errmsg":"invalid consume time"}"#)],
    );
    let outcome = till.client().redeem(&ConsumeCode::new(&code)).await.unwrap();
    let Redemption::Refused { state, .. } = &outcome else {
        panic!("not refused");
    };
    assert!(matches!(state, Some(CodeState::Redeemable(details)) if details.openid.is_some()));
}

#[tokio::test]
async fn a_deadline_ends_a_call_that_hangs_and_the_outcome_is_found_out() {
    let till = Disturbed::new();
    let (_, code) = till.coupon("oUser").await;
    let client = till.client().with_deadline(Duration::from_secs(3));
    // Before anything was sent to redeem it, nothing ran.
    till.disturb(GET, &[Hangs]);
    let error = client.redeem(&ConsumeCode::new(&code)).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_run()), (ErrorKind::Deadline, false));
    till.disturb(CONSUME, &[Hangs]);
    let outcome = client.redeem(&ConsumeCode::new(&code)).await;
    assert_eq!(told(&outcome), "unknown: redeemable");
    assert_eq!((till.count(CONSUME), till.accepted(&code)), (1, 0));
}
