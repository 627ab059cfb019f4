//! What a refusal tells in words: what it means, what to do, and what its message has in it.

use std::net::IpAddr;

use serde_json::json;
use wx_core::test_util::Reply;
use wx_core::{Call, ErrClass, ErrCode, Error, ErrorKind, RetryPolicy};

use crate::builder_over;

fn refusal(errcode: i64, errmsg: &str) -> Reply {
    Reply::json(json!({"errcode": errcode, "errmsg": errmsg}).to_string())
}

/// The error of a card call that is answered so, however often it is sent.
async fn card_call(errcode: i64, errmsg: &str) -> Error {
    let refused = || refusal(errcode, errmsg);
    let replies = [Reply::token("A"), refused(), Reply::token("B"), refused()];
    let core = builder_over(replies).0.retry(RetryPolicy::off()).build();
    core.call(&Call::post("/card/create", "{}")).await.unwrap_err()
}

/// The error of a card call whose token call is answered so.
async fn token_call(errcode: i64, errmsg: &str) -> Error {
    let core = builder_over([refusal(errcode, errmsg)])
        .0
        .retry(RetryPolicy::off())
        .build();
    core.call(&Call::post("/card/create", "{}")).await.unwrap_err()
}

#[tokio::test]
async fn the_line_says_what_the_code_means_and_keeps_the_services_words() {
    let lines = [
        card_call(40136, "invalid use DepositCodeMode rid: 6-0-7").await,
        card_call(45009, "reach max api daily quota limit").await,
        card_call(-1, "system error").await,
        card_call(40001, "invalid credential").await,
        token_call(40001, "invalid credential").await,
        token_call(48001, "").await,
        card_call(99999, "something new").await,
    ]
    .map(|error| error.to_string())
    .join("\n");
    insta::assert_snapshot!(lines, @"
    /card/create: refused with 40136 (there is more stock than deposited codes): invalid use DepositCodeMode rid: 6-0-7
    /card/create: refused with 45009 (the quota of the day is used up): reach max api daily quota limit
    /card/create: refused with -1 (the system is busy): system error; it may have run
    /card/create: refused with 40001 (the access token is not valid or not the latest): invalid credential
    /cgi-bin/stable_token: refused with 40001 (the app secret is wrong): invalid credential
    /cgi-bin/stable_token: refused with 48001 (the account may not use this API)
    /card/create: refused with 99999: something new
    ");
}

#[tokio::test]
async fn what_to_do_depends_on_which_call_was_answered() {
    let stale = card_call(40001, "invalid credential").await;
    assert_eq!(
        (stale.kind(), stale.class()),
        (ErrorKind::Refused, Some(ErrClass::Token))
    );
    assert_eq!(stale.advice(), Some("fetch a new token and call once more"));
    let wrong = token_call(40001, "invalid credential").await;
    assert_eq!(
        (wrong.kind(), wrong.class()),
        (ErrorKind::Credential, Some(ErrClass::Credential))
    );
    let explanation = wrong.explanation().unwrap();
    assert_eq!(wrong.advice(), Some(explanation.advice));
    assert_eq!(Some(explanation), ErrCode::INVALID_CREDENTIAL.explain_of_token_call());
    assert_eq!(explanation.gloss_zh, "AppSecret 错误");
}

#[tokio::test]
async fn a_code_without_a_name_has_its_number_and_the_services_words_alone() {
    let error = card_call(99999, "something new").await;
    assert_eq!((error.explanation(), error.advice()), (None, None));
    assert_eq!(error.class(), Some(ErrClass::Refused));
    assert_eq!(error.errmsg(), Some("something new"));
}

#[tokio::test]
async fn the_missing_member_is_the_field() {
    let errmsg = "missing required fields! please check document and request json! hint: [DbUV3a0983ent1] \
                  m_data.base_info().title";
    let error = card_call(41011, errmsg).await;
    assert_eq!(error.field(), Some("m_data.base_info().title"));
    assert_eq!((error.errmsg(), error.rid()), (Some(errmsg), None));
    // Only 41011 ends in a path; elsewhere it is just text.
    assert_eq!(card_call(40150, "invalid m_data.title").await.field(), None);
}

#[tokio::test]
async fn the_address_that_is_not_on_the_list_is_told() {
    let errmsg = "invalid ip 101.81.67.16 ipv6 ::ffff:101.81.67.16, not in whitelist rid: 6-0-7";
    let error = token_call(40164, errmsg).await;
    assert_eq!(error.ip(), Some(IpAddr::from([101, 81, 67, 16])));
    assert_eq!((error.errmsg(), error.rid()), (Some(errmsg), Some("6-0-7")));
    let error = card_call(61004, "access clientip is not registered requestIP: 2408::1 rid: 6-0-7").await;
    assert_eq!(error.ip(), Some("2408::1".parse().unwrap()));
    // An address in the message of another code is not the caller's.
    assert_eq!(card_call(40048, "invalid url 10.0.0.1").await.ip(), None);
}

#[tokio::test]
async fn a_failure_without_an_answer_of_the_service_explains_no_code() {
    let core = builder_over([Reply::json("<html>")])
        .0
        .retry(RetryPolicy::off())
        .build();
    let error = core.call(&Call::post("/card/create", "{}")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert_eq!((error.explanation(), error.advice()), (None, None));
    assert_eq!((error.ip(), error.rid(), error.field()), (None, None, None));
}
