//! What the client makes of answers, and of requests that break a rule.

use wx_card::CardClient;
use wx_card::types::{ConsumeCode, DepositCodes, GetCode, ModifyStock};
use wx_core::test_util::{Reply, Script};
use wx_core::{BaseUrl, ErrorKind};

use crate::client_over;

#[tokio::test]
async fn an_answer_that_lacks_a_member_names_it_and_may_have_run() {
    for (answer, field) in [
        (r#"{"errcode":0,"errmsg":"ok"}"#, "card"),
        (r#"{"errcode":0,"card":{},"openid":"o1"}"#, "card.card_id"),
        (
            r#"{"errcode":0,"card":{"card_id":["p1"]},"openid":"o1"}"#,
            "card.card_id",
        ),
        (r#"{"errcode":0,"card":7,"openid":"o1"}"#, "card"),
    ] {
        let (client, _) = client_over([Reply::token("T"), Reply::json(answer)]);
        let error = client.consume_code(&ConsumeCode::new("12")).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Protocol, Some(field)),
            "{answer}"
        );
        assert!(error.may_have_run());
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn an_object_that_says_nothing_is_no_change_of_the_stock() {
    for answer in [
        "{}",
        r#"{"errmsg":"ok"}"#,
        r#"{"erscode":40122}"#,
        r#"{"errcode":null}"#,
    ] {
        let (client, _) = client_over([Reply::token("T"), Reply::json(answer)]);
        let error = client.modify_stock(&ModifyStock::increase("p1", 1)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Protocol, Some("errcode")),
            "{answer}"
        );
        assert!(error.may_have_run() && !error.is_retryable());
    }
    for answer in [r#"{"errcode":0}"#, r#"{"errcode":"0","errmsg":"ok"}"#] {
        let (client, _) = client_over([Reply::token("T"), Reply::json(answer)]);
        client.modify_stock(&ModifyStock::increase("p1", 1)).await.unwrap();
    }
    // What redeemed the code says so by the card and the user.
    let redeemed = r#"{"card":{"card_id":"p1"},"openid":"o1"}"#;
    let (client, _) = client_over([Reply::token("T"), Reply::json(redeemed)]);
    client.consume_code(&ConsumeCode::new("12")).await.unwrap();
}

#[tokio::test]
async fn a_redeem_is_done_whatever_stands_beside_it() {
    for odd in [
        &br#""nickname":"cut in half \ud83d""#[..],
        b"\"nickname\":\"\xc4\xe3 in another encoding\"",
        b"\"nickname\":\"\x01\"",
        br#""errmsg":7,"later":{"a":[null,1.5]}"#,
    ] {
        let answer = [br#"{"errcode":0.0,"card":{"card_id":"p1"},"openid":"o1","#, odd, b"}"].concat();
        let (client, _) = client_over([Reply::token("T"), Reply::json(answer)]);
        let redeemed = client.consume_code(&ConsumeCode::new("12")).await.unwrap();
        assert_eq!(redeemed.openid, "o1", "{}", odd.escape_ascii());
    }
}

#[tokio::test]
async fn a_request_that_breaks_a_rule_is_not_sent() {
    let (client, script) = client_over([]);
    let error = client.consume_code(&ConsumeCode::new("")).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field(), error.may_have_run()),
        (ErrorKind::Invalid, Some("code"), false)
    );
    let error = client
        .deposit_codes(&DepositCodes::new("p1", ["1", "2", "1"]))
        .await
        .unwrap_err();
    assert_eq!(error.field(), Some("code[2]"));
    let error = client.modify_stock(&ModifyStock::new("p1", 0)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(script.sent().is_empty());
}

#[tokio::test]
async fn validation_can_be_switched_off() {
    let script = Script::new([
        Reply::token("T"),
        Reply::json(r#"{"errcode":41013,"errmsg":"missing code"}"#),
    ]);
    let client = CardClient::builder("wx1", "s", script.clone())
        .validation(false)
        .build();
    let error = client.get_code(&GetCode::new("")).await.unwrap_err();
    assert_eq!(error.errcode().map(|errcode| errcode.get()), Some(41013));
    assert_eq!(script.left(), 0);
}

#[tokio::test]
async fn a_raw_call_gives_the_answer_as_it_stands() {
    let (client, script) = client_over([
        Reply::token("T"),
        Reply::json(r#"{"errcode":0,"colors":[{"name":"Color010"}]}"#),
    ]);
    let answer = client
        .call("/card/somewhere/new?x=1", &serde_json::json!({"a": [1, null]}))
        .await
        .unwrap();
    assert_eq!(answer["colors"][0]["name"], "Color010");
    assert_eq!(
        format!("{:?}", script.sent()[1]),
        r#"POST /card/somewhere/new?x=1&access_token=T {"a":[1,null]}"#
    );
}

#[tokio::test]
async fn the_base_url_is_the_callers_choice() {
    let script = Script::new([
        Reply::token("T"),
        Reply::json(r#"{"errcode":0,"card":{"card_id":"p1"}}"#),
    ]);
    let base: BaseUrl = "https://gate.example/wx".parse().unwrap();
    let client = CardClient::builder("wx1", "s", script.clone()).base_url(base).build();
    client.get_code(&GetCode::new("12")).await.unwrap();
    assert!(
        script
            .sent()
            .iter()
            .all(|sent| sent.authority == "gate.example" && sent.target.starts_with("/wx/"))
    );
}
