//! The ledger tells which request did what, by the names that the client gives its requests.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use wx_core::HttpSend;

use crate::bench::{ALICE, Bench, bench, coupon};

/// Sends a request under a name; its answer.
fn named(bench: &Bench, id: &str, path: &str, body: &Value) -> Value {
    let uri = format!("https://api.weixin.qq.com{path}?access_token={}", bench.token);
    let request = Request::post(uri).header("x-request-id", id);
    let request = request.body(Bytes::from(body.to_string())).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let response = runtime.block_on(bench.sandbox.send(request)).unwrap();
    serde_json::from_slice(response.body()).unwrap()
}

fn ledger(bench: &Bench) -> Value {
    bench.control("ledger", &json!({}))
}

#[test]
fn a_redeemed_code_names_the_request_that_redeemed_it_and_none_that_was_refused() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let (code, _) = bench.take(&card_id, ALICE);
    for id in ["till-1.1", "till-2.1"] {
        named(&bench, id, "/card/code/consume", &json!({"code": code}));
    }
    let expected =
        json!([{"card_id": card_id, "code": code, "accepted": 1, "refused": 1, "accepted_by": ["till-1.1"]}]);
    assert_eq!(ledger(&bench)["codes"], expected);
}

#[test]
fn a_movement_of_stock_names_its_request() {
    let bench = bench();
    let created = named(&bench, "a", "/card/create", &coupon(&json!({})));
    let change = json!({"card_id": created["card_id"], "increase_stock_value": 1});
    named(&bench, "b", "/card/modifystock", &change);
    bench.ok("/card/modifystock", &change);
    let stock = ledger(&bench)["stock"].clone();
    let names: Vec<_> = stock
        .as_array()
        .unwrap()
        .iter()
        .map(|movement| movement["request_id"].as_str())
        .collect();
    assert_eq!(names, [Some("a"), Some("b"), None]);
}

#[test]
fn a_fault_hides_the_answer_from_the_client_and_not_the_request_from_the_ledger() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let codes = ["oCarol", "oDave"].map(|openid| bench.take(&card_id, openid).0);
    for (code, applied) in codes.iter().zip([true, false]) {
        let rule = json!({"path": "*", "fault": "busy", "applied": applied, "times": 1});
        bench.control("faults", &json!({"rules": [rule]}));
        let answer = named(&bench, "x", "/card/code/consume", &json!({"code": code}));
        assert_eq!(answer["errcode"], -1);
        let ledger = ledger(&bench);
        let mut entries = ledger["codes"].as_array().unwrap().iter();
        let entry = entries.find(|entry| entry["code"] == code.as_str()).unwrap();
        let expected = if applied { json!(["x"]) } else { Value::Null };
        assert_eq!(entry["accepted_by"], expected);
    }
}

#[test]
fn a_name_that_is_none_or_too_long_is_left_out() {
    for (id, is_kept) in [("", false), (&*"x".repeat(64), true), (&*"x".repeat(65), false)] {
        let bench = bench();
        let card_id = bench.card(&json!({}));
        let (code, _) = bench.take(&card_id, ALICE);
        named(&bench, id, "/card/code/consume", &json!({"code": code}));
        let entry = ledger(&bench)["codes"][0].clone();
        assert_eq!(
            (&entry["accepted"], entry.get("accepted_by").is_some()),
            (&json!(1), is_kept)
        );
    }
}
