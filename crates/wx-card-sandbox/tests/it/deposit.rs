//! Deposited codes.

use serde_json::{Value, json};

use crate::bench::{ALICE, bench, bench_of, with_deposit};

const DEPOSIT: &str = "/card/code/deposit";
const CHECK: &str = "/card/code/checkcode";
const COUNT: &str = "/card/code/getdepositcount";

fn codes(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("code{number}")).collect()
}

#[test]
fn a_call_takes_one_to_a_hundred_codes_none_empty_and_none_twice() {
    let bench = bench();
    let card_id = bench.card(&with_deposit());
    let cases = [
        (json!(codes(0)), 40109),
        (json!(codes(101)), 40109),
        (json!(["1", "", "2"]), 40110),
        (json!(["1", "2", "1"]), 40111),
        (json!([1, "1"]), 40111),
        (Value::Null, 41013),
    ];
    for (codes, errcode) in cases {
        bench.refused(DEPOSIT, &json!({"card_id": card_id, "code": codes}), errcode);
        bench.refused(CHECK, &json!({"card_id": card_id, "code": codes}), errcode);
    }
    assert_eq!(bench.ok(COUNT, &json!({"card_id": card_id}))["count"], 0);
    for codes in [codes(1), codes(100)] {
        bench.ok(DEPOSIT, &json!({"card_id": card_id, "code": codes}));
    }
    assert_eq!(bench.ok(COUNT, &json!({"card_id": card_id}))["count"], 100);
}

#[test]
fn importing_again_names_the_duplicates() {
    let bench = bench();
    let card_id = bench.card(&with_deposit());
    bench.ok(DEPOSIT, &json!({"card_id": card_id, "code": ["1", "2"]}));
    let long = "x".repeat(21);
    let answer = bench.ok(DEPOSIT, &json!({"card_id": card_id, "code": ["2", "3", long]}));
    assert_eq!(answer["succ_code"], json!(["3"]));
    assert_eq!(answer["duplicate_code"], json!(["2"]));
    assert_eq!(answer["fail_code"], json!([long]));
    assert_eq!(bench.ok(COUNT, &json!({"card_id": card_id}))["count"], 3);

    // A code that was handed out is still a duplicate, and still counted.
    bench.ok(
        "/card/modifystock",
        &json!({"card_id": card_id, "increase_stock_value": 1}),
    );
    bench.take(&card_id, ALICE);
    let answer = bench.ok(DEPOSIT, &json!({"card_id": card_id, "code": ["1"]}));
    assert_eq!(answer["duplicate_code"], json!(["1"]));
    assert_eq!(bench.ok(COUNT, &json!({"card_id": card_id}))["count"], 3);
}

#[test]
fn checking_tells_which_codes_are_there() {
    let bench = bench();
    let card_id = bench.card(&with_deposit());
    bench.ok(DEPOSIT, &json!({"card_id": card_id, "code": ["11111", "22222"]}));
    let answer = bench.ok(CHECK, &json!({"card_id": card_id, "code": ["22222", "44444"]}));
    assert_eq!(answer["exist_code"], json!(["22222"]));
    assert_eq!(answer["not_exist_code"], json!(["44444"]));
}

#[test]
fn only_cards_made_for_it_take_codes() {
    let bench = bench();
    let drawn = bench.card(&json!({}));
    let custom = bench.card(&json!({"use_custom_code": true}));
    for (card_id, errcode) in [(drawn.as_str(), 45030), (&custom, 45030), ("p404", 40073), ("", 41012)] {
        bench.refused(DEPOSIT, &json!({"card_id": card_id, "code": ["1"]}), errcode);
        bench.refused(CHECK, &json!({"card_id": card_id, "code": ["1"]}), errcode);
        bench.refused(COUNT, &json!({"card_id": card_id}), errcode);
    }
}

#[test]
fn codes_are_taken_once_the_card_is_approved() {
    let bench = bench_of(|builder| builder.manual_review(true));
    let card_id = bench.card(&with_deposit());
    let deposit = json!({"card_id": card_id, "code": ["1"]});
    bench.refused(DEPOSIT, &deposit, 40078);
    bench.control("approve", &json!({"card_id": card_id}));
    bench.ok(DEPOSIT, &deposit);
    bench.ok("/card/delete", &json!({"card_id": card_id}));
    bench.refused(DEPOSIT, &deposit, 40078);
}

#[test]
fn a_deposited_code_is_no_new_code_for_another() {
    let bench = bench();
    let card_id = bench.card(&with_deposit());
    bench.ok(DEPOSIT, &json!({"card_id": card_id, "code": ["1", "2"]}));
    bench.ok(
        "/card/modifystock",
        &json!({"card_id": card_id, "increase_stock_value": 1}),
    );
    let (code, _) = bench.take(&card_id, ALICE);
    let update = |new_code: &str| json!({"card_id": card_id, "code": code, "new_code": new_code});
    bench.refused("/card/code/update", &update("2"), 40116);
    bench.ok("/card/code/update", &update("3"));
}
