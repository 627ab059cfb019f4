//! Stock: what can be taken, by whom and how often.

use serde_json::{Value, json};

use crate::bench::{ALICE, BOB, Bench, DAY, NOW, bench, bench_of, with_deposit};

fn sku(bench: &Bench, card_id: &str) -> Value {
    let detail = bench.ok("/card/get", &json!({"card_id": card_id}));
    detail["card"]["cash"]["base_info"]["sku"].clone()
}

#[test]
fn taking_ends_with_the_stock() {
    let bench = bench();
    let card_id = bench.card(&json!({"sku": {"quantity": 2}}));
    bench.take(&card_id, ALICE);
    bench.take(&card_id, BOB);
    assert_eq!(sku(&bench, &card_id), json!({"quantity": 0, "total_quantity": 2}));
    bench.control_refused("take", &json!({"card_id": card_id, "openid": ALICE}), 45031);
}

#[test]
fn a_change_of_stock_is_one_number_of_at_least_one() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let cases = [
        (json!({}), 40122),
        (json!({"increase_stock_value": 0}), 40122),
        (json!({"reduce_stock_value": 0}), 40122),
        (json!({"increase_stock_value": -5}), 40122),
        (json!({"reduce_stock_value": -2_147_483_648_i64}), 40122),
        (json!({"increase_stock_value": "many"}), 40122),
        (json!({"increase_stock_value": 1, "reduce_stock_value": 1}), 40122),
        (json!({"increase_stock_value": 100_000_000}), 45041),
        (json!({"increase_stock_value": u64::MAX}), 40122),
        (json!({"reduce_stock_value": 11}), 45031),
        (json!({"increase_stock_value": 5}), 0),
        (json!({"increase_stock_value": 5, "reduce_stock_value": 0}), 0),
        (json!({"increase_stock_value": null, "reduce_stock_value": "3"}), 0),
    ];
    for (mut body, errcode) in cases {
        body["card_id"] = json!(card_id);
        let answer = bench.post("/card/modifystock", &body.to_string());
        assert_eq!(answer["errcode"], errcode, "{body} {answer}");
    }
    assert_eq!(sku(&bench, &card_id), json!({"quantity": 17, "total_quantity": 17}));
    bench.refused(
        "/card/modifystock",
        &json!({"card_id": "p404", "increase_stock_value": 1}),
        40073,
    );
}

#[test]
fn the_ledger_has_every_movement_of_stock() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    bench.ok(
        "/card/modifystock",
        &json!({"card_id": card_id, "reduce_stock_value": 4}),
    );
    bench.take(&card_id, ALICE);
    let stock = bench.control("ledger", &json!({}))["stock"].clone();
    let movement = |reason: &str, change: i64, quantity: i64| json!({"at": NOW, "card_id": card_id, "reason": reason, "change": change, "quantity": quantity});
    let expected = json!([
        movement("create", 10, 10),
        movement("modify", -4, 6),
        movement("take", -1, 5)
    ]);
    assert_eq!(stock, expected);
}

#[test]
fn one_user_takes_no_more_than_get_limit() {
    let bench = bench();
    let card_id = bench.card(&json!({"get_limit": 1}));
    let (code, _) = bench.take(&card_id, ALICE);
    bench.control_refused("take", &json!({"card_id": card_id, "openid": ALICE}), 45033);
    // A redeemed card counts as well.
    bench.ok("/card/code/consume", &json!({"code": code}));
    bench.control_refused("take", &json!({"card_id": card_id, "openid": ALICE}), 45033);
    bench.take(&card_id, BOB);
}

#[test]
fn get_limit_is_fifty_where_nobody_set_one() {
    let bench = bench();
    for unset in [Value::Null, json!(0)] {
        let card_id = bench.card(&json!({"sku": {"quantity": 100}, "get_limit": unset}));
        for _ in 0..50 {
            bench.take(&card_id, ALICE);
        }
        bench.control_refused("take", &json!({"card_id": card_id, "openid": ALICE}), 45033);
    }
}

#[test]
fn only_an_approved_card_can_be_taken_but_by_test_users() {
    let bench = bench_of(|builder| builder.manual_review(true));
    let card_id = bench.card(&json!({}));
    let take = |openid: &str| json!({"card_id": card_id, "openid": openid});
    bench.control_refused("take", &take(ALICE), 40078);
    bench.ok("/card/testwhitelist/set", &json!({"openid": [ALICE]}));
    bench.control("take", &take(ALICE));
    bench.control_refused("take", &take(BOB), 40078);
    bench.control("reject", &json!({"card_id": card_id, "reason": "logo"}));
    bench.control_refused("take", &take(ALICE), 40078);
    bench.control("approve", &json!({"card_id": card_id}));
    bench.control("take", &take(BOB));
}

#[test]
fn a_card_that_is_deleted_over_or_unknown_cannot_be_taken() {
    let bench = bench();
    let range = json!({"type": 1, "begin_timestamp": NOW, "end_timestamp": NOW + DAY});
    let card_id = bench.card(&json!({"date_info": range}));
    let take = json!({"card_id": card_id, "openid": ALICE});
    bench.advance(DAY);
    bench.control("take", &take);
    bench.advance(1);
    bench.control_refused("take", &take, 71004);
    let card_id = {
        let mut bench = bench;
        bench.renew();
        let card_id = bench.card(&json!({}));
        bench.ok("/card/delete", &json!({"card_id": card_id}));
        bench.control_refused("take", &json!({"card_id": card_id, "openid": ALICE}), 40078);
        bench.control_refused("take", &json!({"card_id": "p404", "openid": ALICE}), 40073);
        bench.control_refused("take", &json!({"card_id": "p404", "openid": "no one"}), 40003);
        card_id
    };
    assert!(card_id.starts_with('p'));
}

#[test]
fn the_stock_of_a_card_with_deposited_codes_is_no_larger_than_the_deposit() {
    let bench = bench();
    let card_id = bench.card(&with_deposit());
    let raise = |number: u64| json!({"card_id": card_id, "increase_stock_value": number});
    bench.refused("/card/modifystock", &raise(1), 40136);
    bench.ok("/card/code/deposit", &json!({"card_id": card_id, "code": ["B", "A"]}));
    bench.refused("/card/modifystock", &raise(3), 40136);
    bench.ok("/card/modifystock", &raise(2));
    bench.refused("/card/modifystock", &raise(1), 40136);

    assert_eq!(bench.take(&card_id, ALICE).0, "B", "the first that was deposited");
    assert_eq!(sku(&bench, &card_id), json!({"quantity": 1, "total_quantity": 2}));
    bench.refused("/card/modifystock", &raise(1), 40136);
    bench.control_refused("take", &json!({"card_id": card_id, "openid": BOB, "code": "C"}), 40056);
    bench.control("take", &json!({"card_id": card_id, "openid": BOB, "code": "A"}));
    bench.control_refused("take", &json!({"card_id": card_id, "openid": BOB}), 45031);
}
