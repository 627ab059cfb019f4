//! Control calls themselves.

use http::Method;
use serde_json::{Value, json};

use crate::bench::{ALICE, BOB, DAY, NOW, bench, send};

#[test]
fn control_calls_need_no_token_and_take_and_give_json() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let call =
        |method: Method, name: &str, body: &str| send(&bench.sandbox, method, &format!("/_sandbox/{name}"), body);
    let body = json!({"card_id": card_id, "openid": ALICE}).to_string();
    let (status, taken) = call(Method::POST, "take", &body);
    assert_eq!(status, 200);
    assert_eq!(
        taken.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["code", "encrypt_code"]
    );
    let (status, ledger) = call(Method::GET, "ledger", "");
    assert_eq!((status, ledger["codes"].as_array().unwrap().len()), (200, 1));
    assert_eq!(call(Method::POST, "expire-token", "").0, 200);

    let cases = [
        (Method::POST, "ledger", "", 405),
        (Method::GET, "take", "", 405),
        (Method::POST, "take", "{", 400),
        (Method::POST, "take", "[]", 400),
        (Method::POST, "take", "{}", 400),
        (Method::POST, "nothing", "{}", 404),
        (Method::POST, "advance-clock", r#"{"seconds":-1}"#, 400),
        (Method::POST, "advance-clock", r#"{"seconds":"1e99"}"#, 400),
        (Method::POST, "advance-clock", r#"{"seconds":9000000000}"#, 400),
        (Method::POST, "add-card", r#"{"cardId":"p1"}"#, 400),
        (Method::POST, "approve", r#"{"card_id":"p1"}"#, 409),
    ];
    for (method, name, body, expected) in cases {
        let (status, answer) = call(method.clone(), name, body);
        assert_eq!(status, expected, "{method} {name} {body} {answer}");
        assert!(answer["error"].is_string(), "{answer}");
        assert_eq!(answer["errcode"] == Value::Null, expected != 409, "{answer}");
    }
}

#[test]
fn the_clock_goes_forward_only() {
    let bench = bench();
    let advance = |seconds: u64| bench.control("advance-clock", &json!({"seconds": seconds}))["now"].clone();
    assert_eq!(advance(0), NOW);
    assert_eq!(advance(10), NOW + 10);
    bench.advance(5);
    assert_eq!(advance(DAY), NOW + 15 + DAY);
}

#[test]
fn a_gift_changes_hands_and_a_drawn_code_its_number() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let (code, encrypted) = bench.take(&card_id, ALICE);
    let give = |from: &str, to: &str, accept: bool| json!({"card_id": card_id, "code": code, "from": from, "to": to, "accept": accept});
    bench.control_refused("give", &give(BOB, ALICE, true), 40174);
    let sent = bench.control("give", &give(ALICE, BOB, false));
    assert_eq!(
        (&sent["code"], &sent["user_card_status"]),
        (&json!(code), &json!("GIFTING"))
    );
    bench.control_refused("give", &give(ALICE, "oCarol", true), 40127);
    bench.control_refused("user-delete", &json!({"card_id": card_id, "code": code}), 40127);

    // The giver takes it back, and it is as before.
    assert_eq!(
        bench.control("give", &give(ALICE, ALICE, true))["user_card_status"],
        "NORMAL"
    );
    bench.control("give", &give(ALICE, BOB, false));
    let received = bench.control(
        "give",
        &json!({"card_id": card_id, "code": code, "from": ALICE, "to": BOB}),
    );
    assert_eq!(received["old_code"], code.as_str());
    let new_code = received["code"].as_str().unwrap();
    assert_ne!(new_code, code);
    assert_eq!(bench.status(&card_id, &code), "GIFT_SUCC");
    let consumed = bench.ok("/card/code/consume", &json!({"code": new_code}));
    assert_eq!(consumed["openid"], BOB);
    let decrypted = bench.ok("/card/code/decrypt", &json!({"encrypt_code": received["encrypt_code"]}));
    assert_eq!(decrypted["code"], new_code);
    assert_ne!(received["encrypt_code"], encrypted.as_str());
}

#[test]
fn a_chosen_code_changes_hands_and_stays() {
    let bench = bench();
    let card_id = bench.card(&json!({"use_custom_code": true}));
    bench.control("take", &json!({"card_id": card_id, "openid": ALICE, "code": "MINE"}));
    let given = bench.control(
        "give",
        &json!({"card_id": card_id, "code": "MINE", "from": ALICE, "to": BOB}),
    );
    assert_eq!(given["code"], "MINE");
    let list = |openid: &str| bench.ok("/card/user/getcardlist", &json!({"openid": openid}))["card_list"].clone();
    assert_eq!(list(ALICE), json!([]));
    assert_eq!(list(BOB), json!([{"card_id": card_id, "code": "MINE"}]));
    assert_eq!(bench.status(&card_id, "MINE"), "NORMAL");
}

#[test]
fn a_card_may_forbid_gifts() {
    let bench = bench();
    let card_id = bench.card(&json!({"can_give_friend": false}));
    let (code, _) = bench.take(&card_id, ALICE);
    bench.control_refused(
        "give",
        &json!({"card_id": card_id, "code": code, "from": ALICE, "to": BOB}),
        45030,
    );
    assert_eq!(bench.status(&card_id, &code), "NORMAL");
}

#[test]
fn a_refused_control_call_says_what_the_service_would_say() {
    let bench = bench();
    let error = bench
        .sandbox
        .control("take", &json!({"card_id": "p1", "openid": ALICE}))
        .unwrap_err();
    assert_eq!((error.status(), error.errcode()), (409, Some(40073)));
    assert_eq!(error.to_string(), "invalid card id (40073)");
    let error = bench
        .sandbox
        .control("/_sandbox/take", &json!({"openid": ALICE}))
        .unwrap_err();
    assert_eq!((error.status(), error.errcode()), (400, None));
    assert_eq!(error.to_string(), "card_id: must be given");
}

#[test]
fn a_mistyped_call_is_told_which_there_are() {
    let error = bench().sandbox.control("tkae", &json!({})).unwrap_err();
    let told = error.to_string();
    assert!(
        told.starts_with("no control call is named tkae; there are add-card, "),
        "{told}"
    );
    assert!(told.ends_with(", take, user-delete"), "{told}");
}
