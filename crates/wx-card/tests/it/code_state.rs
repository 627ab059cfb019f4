//! The state of a code, in both ways in which the service tells it.

use serde_json::json;
use wx_card::CodeState;
use wx_card::types::{CardId, ConsumeCode, GetCode, GetCodeResponse, MakeCodeUnavailable, UserCardStatus};
use wx_core::test_util::Reply;
use wx_core::{ErrCode, ErrorKind};

use crate::client_over;
use crate::disturbed::Disturbed;

/// The state that one answer to `request` stands for.
async fn state(request: &GetCode, body: &str) -> CodeState {
    let (client, _) = client_over([Reply::token("T"), Reply::json(body.to_owned())]);
    client.code_state(request).await.unwrap()
}

#[tokio::test]
async fn every_word_and_every_refusal_is_a_state() {
    let word = |status: &str| {
        format!(r#"{{"errcode":0,"card":{{"card_id":"p1"}},"openid":"o1","user_card_status":"{status}"}}"#)
    };
    for (body, name) in [
        (word("NORMAL"), "redeemable"),
        (word("CONSUMED"), "redeemed"),
        (word("EXPIRE"), "expired"),
        (word("GIFTING"), "gifting"),
        (word("GIFT_TIMEOUT"), "gift_timeout"),
        (word("GIFT_SUCC"), "given_away"),
        (word("DELETE"), "deleted"),
        (word("UNAVAILABLE"), "unavailable"),
        (word("FROZEN"), "other"),
        (r#"{"errcode":40099,"errmsg":"consumed"}"#.to_owned(), "redeemed"),
        (r#"{"errcode":"40127","errmsg":"status"}"#.to_owned(), "not_usable"),
        (
            r#"{"errcode":40056,"errmsg":"invalid serial code"}"#.to_owned(),
            "not_held",
        ),
        // A word beside the number says more than the number.
        (r#"{"errcode":40127,"user_card_status":"EXPIRE"}"#.to_owned(), "expired"),
        (
            r#"{"errcode":40127,"_card":{"card_id":"p1","user_card_status":"GIFTING"}}"#.to_owned(),
            "gifting",
        ),
        // A word that contradicts or is not known says less.
        (
            r#"{"errcode":40127,"user_card_status":"NORMAL"}"#.to_owned(),
            "not_usable",
        ),
        (
            r#"{"errcode":40127,"user_card_status":"FROZEN"}"#.to_owned(),
            "not_usable",
        ),
        // Enterprise answers have the word inside the card.
        (
            r#"{"errcode":0,"card":{"card_id":"p1","can_consume":"false","user_card_status":"CONSUMED"}}"#.to_owned(),
            "redeemed",
        ),
    ] {
        for check_consume in [None, Some(true), Some(false)] {
            let mut request = GetCode::new("1");
            request.check_consume = check_consume;
            assert_eq!(state(&request, &body).await.name(), name, "{check_consume:?} {body}");
        }
    }
}

#[tokio::test]
async fn the_word_decides_whatever_can_consume_says() {
    for (status, name) in [("CONSUMED", "redeemed"), ("NORMAL", "redeemable")] {
        for can_consume in [true, false] {
            let body = json!({"card": {"card_id": "p1"}, "can_consume": can_consume, "user_card_status": status});
            let state = state(&GetCode::new("1").check_consume(false), &body.to_string()).await;
            assert_eq!(state.name(), name);
            assert_eq!(state.details().can_consume, Some(can_consume));
        }
    }
}

#[tokio::test]
async fn an_answer_without_the_word_is_good_only_where_redeeming_was_checked() {
    for (check_consume, can_consume, name) in [
        (None, None, "redeemable"),
        (Some(true), Some(true), "redeemable"),
        (Some(true), Some(false), "other"),
        (Some(false), None, "other"),
        (Some(false), Some(true), "other"),
    ] {
        let mut request = GetCode::new("1");
        request.check_consume = check_consume;
        let body = json!({"card": {"card_id": "p1"}, "can_consume": can_consume});
        let state = state(&request, &body.to_string()).await;
        assert_eq!(state.name(), name, "{check_consume:?} {can_consume:?}");
        assert_eq!(state.details().status, None);
    }
}

#[tokio::test]
async fn the_details_are_those_of_the_answer() {
    let body = r#"{"errcode":0,"card":{"card_id":"p1","code":"99","begin_time":1457452800,"end_time":"1463155199"},
        "openid":"o1","user_card_status":"FROZEN","outer_str":"door","later":1}"#;
    let state = state(&GetCode::new("1"), body).await;
    let details = state.details();
    assert_eq!(details.code, "99");
    assert_eq!(details.card_id, Some("p1".into()));
    assert_eq!(details.openid, Some("o1".into()));
    assert_eq!(
        (details.begin_time, details.end_time),
        (Some(1_457_452_800), Some(1_463_155_199))
    );
    assert_eq!(details.status.as_ref().map(UserCardStatus::as_str), Some("FROZEN"));
    let answer = details.answer.as_ref().unwrap();
    assert_eq!(
        (answer.outer_str.as_ref().unwrap().as_str(), &answer.extra["later"]),
        ("door", &json!(1))
    );
    assert!(details.error.is_none());
}

#[tokio::test]
async fn the_details_of_a_refusal_are_what_rides_along() {
    let body = r#"{"errcode":40099,"errmsg":"invalid code, this code has consumed. rid: 1-2-3",
        "_card":{"card_id":"p1","begin_time":1,"end_time":2},"_code":"7"}"#;
    let whole = state(&GetCode::new("7"), body).await;
    let details = whole.details();
    assert_eq!(
        (details.card_id.clone(), details.code.as_str()),
        (Some("p1".into()), "7")
    );
    assert_eq!((details.begin_time, details.end_time), (Some(1), Some(2)));
    assert_eq!(details.error.as_ref().and_then(|error| error.rid()), Some("1-2-3"));
    assert!(details.answer.is_none());
    // What cannot be read of them is left; the question still says what was asked for.
    for body in [
        r#"{"errcode":40099,"_card":"p1","_code":{"a":1}}"#,
        r#"{"errcode":40099,"_card":null,"_code":null}"#,
        r#"{"errcode":40099,"_card":{"id":3},"_code":[]}"#,
        r#"{"errcode":40099,"openid":5,"user_card_status":[]}"#,
    ] {
        let state = state(&GetCode::new("7").card_id("p9"), body).await;
        assert_eq!(state.name(), "redeemed", "{body}");
        let details = state.details();
        assert_eq!(
            (details.card_id.clone(), details.code.as_str()),
            (Some("p9".into()), "7"),
            "{body}"
        );
    }
}

#[tokio::test]
async fn any_other_failure_stays_an_error() {
    for (reply, kind) in [
        (
            Reply::json(r#"{"errcode":40073,"errmsg":"invalid card id"}"#),
            ErrorKind::Refused,
        ),
        (Reply::json(r#"{"errcode":45009,"errmsg":"quota"}"#), ErrorKind::Refused),
        (Reply::json("<html>"), ErrorKind::Protocol),
        (Reply::json(r#"{"errcode":0}"#), ErrorKind::Protocol),
    ] {
        let (client, _) = client_over([Reply::token("T"), reply.clone(), reply.clone(), reply]);
        let error = client.code_state(&GetCode::new("1")).await.unwrap_err();
        assert_eq!(error.kind(), kind);
    }
}

#[tokio::test]
async fn an_answer_that_was_got_elsewhere_is_read_alike() {
    let answer = |status: &str| {
        let body = json!({"card": {"card_id": "p1"}, "user_card_status": status}).to_string();
        serde_json::from_str::<GetCodeResponse>(&body).unwrap()
    };
    let request = GetCode::new("1");
    assert_eq!(CodeState::of(&request, Ok(answer("EXPIRE"))).unwrap().name(), "expired");
}

/// Every state over the sandbox: what is done to the coupon, its state, and the number that refuses it.
#[tokio::test]
async fn both_ways_tell_of_a_coupon_in_every_state() {
    let cases: [(&str, &str, Option<i64>); 8] = [
        ("nothing", "redeemable", None),
        ("redeem", "redeemed", Some(40099)),
        ("delete", "deleted", Some(40127)),
        ("expire", "expired", Some(40127)),
        ("send", "gifting", Some(40127)),
        ("send and wait", "gift_timeout", Some(40127)),
        ("give", "given_away", Some(40127)),
        ("void", "unavailable", Some(40127)),
    ];
    for (deed, name, errcode) in cases {
        let world = Disturbed::new();
        let (card_id, code) = world.coupon("oUser").await;
        act(&world, &card_id, &code, deed).await;
        let client = world.client();
        let told = client
            .code_state(&GetCode::new(&code).check_consume(false))
            .await
            .unwrap();
        assert_eq!(told.name(), name, "{deed}");
        assert!(told.details().answer.is_some());
        for request in [GetCode::new(&code), GetCode::new(&code).check_consume(true)] {
            let state = client.code_state(&request).await.unwrap();
            let expected = match errcode {
                None => "redeemable",
                Some(40099) => "redeemed",
                Some(_) => "not_usable",
            };
            assert_eq!(state.name(), expected, "{deed}");
            let refused = state.details().error.as_ref().and_then(|error| error.errcode());
            assert_eq!(refused.map(ErrCode::get), errcode, "{deed}");
        }
        assert_eq!(told.details().card_id, Some(card_id));
    }
    let world = Disturbed::new();
    for check_consume in [true, false] {
        let request = GetCode::new("000000000000").check_consume(check_consume);
        let state = world.client().code_state(&request).await.unwrap();
        assert_eq!(state.name(), "not_held");
    }
}

async fn act(world: &Disturbed, card_id: &CardId, code: &str, deed: &str) {
    let give =
        |accept: bool| json!({"card_id": card_id, "code": code, "from": "oUser", "to": "oFriend", "accept": accept});
    match deed {
        "redeem" => drop(world.client().consume_code(&ConsumeCode::new(code)).await.unwrap()),
        "delete" => drop(world.control("user-delete", &json!({"card_id": card_id, "code": code}))),
        "expire" => drop(world.control("advance-clock", &json!({"seconds": 40 * 86_400}))),
        "send" => drop(world.control("give", &give(false))),
        "send and wait" => {
            world.control("give", &give(false));
            world.control("advance-clock", &json!({"seconds": 2 * 86_400}));
        }
        "give" => drop(world.control("give", &give(true))),
        "void" => {
            let request = MakeCodeUnavailable::new(code);
            world.client().make_code_unavailable(&request).await.unwrap();
        }
        _ => {}
    }
}
