//! JSON that nobody should write: none stops the decoders, and what it comes to is decided.

use std::thread;

use serde_json::{Value, json};
use wx_card_types::{ConsumeCode, ConsumeCodeResponse, CreateCard, Fen, GetCardResponse, GetDepositCountResponse};

use crate::decoders;

/// Does `work` on a stack that leaves no room for recursion without end.
fn on_a_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = thread::Builder::new().stack_size(512 * 1024).spawn(work);
    thread.unwrap().join().unwrap()
}

/// Runs all decoders over bodies in which `value` stands in many places.
fn decode_everywhere(value: &str) {
    let value = value.to_owned();
    on_a_small_stack(move || {
        let bodies = [
            String::from("%"),
            String::from(r#"{"card":%,"x_new":%}"#),
            String::from(r#"{"card_type":"CASH","x_new":%,"cash":{"x_new":%,"base_info":{"x_new":%}}}"#),
            String::from(r#"{"card":{"card_type":"CASH","cash":{"base_info":{"date_info":%,"sku":%}}}}"#),
            String::from(r#"{"card":{"card_type":"CASH","cash":{"base_info":{"date_info":{"type":%}}}}}"#),
            String::from(r#"{"card":{"card_type":"NEW","new":%}}"#),
            String::from(r#"{"code":%,"card_id":%,"openid":%,"errcode":%,"count":%,"exist_code":%,"card_list":[%]}"#),
        ];
        for body in bodies {
            let body = body.replace('%', &value);
            decoders::card(body.as_bytes());
            for operation in decoders::OPERATIONS {
                for side in ["request", "answer"] {
                    decoders::operation(format!("{side} {}\n{body}", operation.path).as_bytes());
                }
            }
        }
    });
}

/// `depth` lists or objects, each in the one before.
fn nested(depth: usize, open: &str, close: &str) -> String {
    format!("{}1{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn depth_is_an_error_and_no_overflow() {
    for depth in [100, 127, 5_000] {
        for deep in [nested(depth, "[", "]"), nested(depth, "{\"a\":", "}")] {
            decode_everywhere(&deep);
        }
    }
    let deep = nested(100_000, "[", "]");
    let refused = on_a_small_stack(move || {
        let body = format!(r#"{{"card":{{"card_type":"CASH","cash":{{"x_new":{deep}}}}}}}"#);
        serde_json::from_str::<CreateCard>(&body).is_err()
    });
    assert!(refused);
}

#[test]
fn depth_within_reason_is_kept() {
    let deep: Value = serde_json::from_str(&nested(100, "[", "]")).unwrap();
    let json = json!({"code": "1", "x_new": deep});
    let request: ConsumeCode = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(request).unwrap(), json);
}

#[test]
fn odd_values_anywhere_stop_no_decoder() {
    let long = "9".repeat(10_000);
    for value in [
        "-0",
        "0.0",
        "-0.0",
        "1e400",
        "-1e400",
        "1e-400",
        "1e308",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775809",
        "9223372036854775807",
        &long,
        "\"\\u0000\"",
        "\"\\ud83d\"",
        "\"\u{0}\"",
        "\"\u{1f}\"",
        "\"\"",
        "\" \"",
        "\"1e400\"",
        "\"-0\"",
        "\"9223372036854775808\"",
        "true",
        "null",
        "[null]",
        "[[]]",
        "{\"\":{}}",
        "{\"a\":1,\"a\":2}",
        "\u{feff}",
        "",
        "NaN",
        "Infinity",
        "'x'",
    ] {
        decode_everywhere(value);
    }
}

#[test]
fn a_number_beyond_64_bits_is_no_amount_and_no_count() {
    for number in [
        "18446744073709551616",
        "1e400",
        "-9223372036854775809",
        "0.5",
        "\"1e400\"",
    ] {
        assert!(serde_json::from_str::<Fen>(number).is_err(), "{number}");
        let body = format!(r#"{{"count":{number}}}"#);
        assert!(
            serde_json::from_str::<GetDepositCountResponse>(&body).is_err(),
            "{number}"
        );
    }
    assert!(serde_json::from_str::<Fen>("9223372036854775808").is_err());
    for (number, fen) in [
        ("-0", 0),
        ("-0.0", 0),
        ("9223372036854775807", i64::MAX),
        ("1e3", 1_000),
    ] {
        assert_eq!(serde_json::from_str::<Fen>(number).unwrap().get(), fen, "{number}");
    }
}

#[test]
fn of_a_member_that_stands_twice_the_last_counts() {
    let redeemed = r#"{"card":{"card_id":"p1"},"openid":"o1","openid":"o2","card":{"card_id":"p2"}}"#;
    let redeemed: ConsumeCodeResponse = serde_json::from_str(redeemed).unwrap();
    assert_eq!((redeemed.openid.as_str(), redeemed.card.card_id.as_str()), ("o2", "p2"));
    let request: ConsumeCode = serde_json::from_str(r#"{"code":"1","code":"2","x_new":1,"x_new":2}"#).unwrap();
    assert_eq!((request.code.as_str(), &request.extra["x_new"]), ("2", &json!(2)));
    let card = r#"{"card":{"card_type":"CASH","card_type":"GIFT","cash":{"x":1},"gift":{"gift":"a","gift":"b"}}}"#;
    let card: GetCardResponse = serde_json::from_str(card).unwrap();
    let card = serde_json::to_value(card).unwrap();
    assert_eq!(
        card["card"],
        json!({"card_type": "GIFT", "gift": {"gift": "b"}, "cash": {"x": 1}})
    );
}

#[test]
fn what_is_no_object_alone_is_no_request_and_no_answer() {
    for body in [
        &b""[..],
        b" \n",
        b"\0",
        b"\xef\xbb\xbf{\"code\":\"1\"}",
        b"{\"code\":\"\xff\"}",
        b"{\"code\":\"\xc0\x80\"}",
        b"{\"code\":\"\x01\"}",
        b"{\"code\":\"\\ud83d\"}",
        b"{\"code\":\"1\"}}",
        b"{\"code\":\"1\"}{}",
        b"{\"code\":\"1\"} x",
        b"[{\"code\":\"1\"}]",
        b"[\"1\"]",
        b"\"1\"",
        b"null",
        b"\x1f\x8b\x08\x00",
        b"<html>",
    ] {
        assert!(
            serde_json::from_slice::<ConsumeCode>(body).is_err(),
            "{}",
            body.escape_ascii()
        );
        assert!(
            serde_json::from_slice::<GetCardResponse>(body).is_err(),
            "{}",
            body.escape_ascii()
        );
    }
}

#[test]
fn a_huge_text_is_read_once() {
    let text = "x".repeat(16 << 20);
    let body = format!(r#"{{"code":"1","x_new":"{text}"}}"#);
    let request: ConsumeCode = serde_json::from_str(&body).unwrap();
    assert_eq!(request.extra["x_new"], text);
}
