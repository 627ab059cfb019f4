//! Codes in users' hands: query, redeem, void, mark, update, decrypt.

use serde_json::{Value, json};

use crate::bench::{ALICE, BOB, Bench, DAY, bench, coupon, with_deposit};

const GET: &str = "/card/code/get";
const CONSUME: &str = "/card/code/consume";
const MARK: &str = "/card/code/mark";
const UNAVAILABLE: &str = "/card/code/unavailable";
const UPDATE: &str = "/card/code/update";

/// One row: how a code came into a state, the word for the state, and the refusal of whoever wants to use it.
type Row = (&'static str, fn(&Bench, &str, &str), &'static str, i32);

const STATES: [Row; 7] = [
    (
        "redeemed",
        |bench, _, code| drop(bench.ok(CONSUME, &json!({"code": code}))),
        "CONSUMED",
        40099,
    ),
    (
        "void",
        |bench, _, code| drop(bench.ok(UNAVAILABLE, &json!({"code": code}))),
        "UNAVAILABLE",
        40127,
    ),
    (
        "deleted by the user",
        |bench, card_id, code| drop(bench.control("user-delete", &json!({"card_id": card_id, "code": code}))),
        "DELETE",
        40127,
    ),
    (
        "on its way to a friend",
        |bench, card_id, code| drop(give(bench, card_id, code, false)),
        "GIFTING",
        40127,
    ),
    (
        "a gift that was not taken in a day",
        |bench, card_id, code| {
            give(bench, card_id, code, false);
            bench.control("advance-clock", &json!({"seconds": DAY + 1}));
        },
        "GIFT_TIMEOUT",
        40127,
    ),
    (
        "with a friend, under another code",
        |bench, card_id, code| drop(give(bench, card_id, code, true)),
        "GIFT_SUCC",
        40127,
    ),
    (
        "past its time",
        |bench, _, _| drop(bench.control("advance-clock", &json!({"seconds": 30 * DAY}))),
        "EXPIRE",
        40127,
    ),
];

fn give(bench: &Bench, card_id: &str, code: &str, accept: bool) -> Value {
    let body = json!({"card_id": card_id, "code": code, "from": ALICE, "to": BOB, "accept": accept});
    bench.control("give", &body)
}

#[test]
fn a_code_that_cannot_be_used_is_refused_or_told_in_words() {
    for (what, bring, word, errcode) in STATES {
        let mut bench = bench();
        let card_id = bench.card(&json!({}));
        let (code, _) = bench.take(&card_id, ALICE);
        bring(&bench, &card_id, &code);
        bench.renew();
        assert_eq!(bench.status(&card_id, &code), word, "{what}");
        let body = json!({"code": code, "check_consume": false});
        assert_eq!(bench.ok(GET, &body)["can_consume"], false, "{what}");
        let refused = [
            (GET, json!({"code": code})),
            (GET, json!({"code": code, "check_consume": true})),
            (CONSUME, json!({"code": code, "card_id": card_id})),
            (UNAVAILABLE, json!({"code": code})),
            (UPDATE, json!({"code": code, "new_code": "9"})),
            (
                MARK,
                json!({"code": code, "card_id": card_id, "openid": ALICE, "is_mark": true}),
            ),
        ];
        for (path, body) in refused {
            bench.refused(path, &body, errcode);
        }
        assert_eq!(bench.status(&card_id, &code), word, "{what}, after the refusals");
        let list = bench.ok("/card/user/getcardlist", &json!({"openid": ALICE}));
        assert_eq!(list["card_list"], json!([]), "{what}");
    }
}

#[test]
fn a_good_code_is_told_with_its_life_and_scene() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let taken = bench.control(
        "take",
        &json!({"card_id": card_id, "openid": ALICE, "outer_str": "12b"}),
    );
    for check_consume in [json!(true), json!(false), Value::Null] {
        let answer = bench.ok(GET, &json!({"code": taken["code"], "check_consume": check_consume}));
        assert_eq!(answer["openid"], ALICE);
        assert_eq!(answer["can_consume"], true);
        assert_eq!(answer["user_card_status"], "NORMAL");
        assert_eq!(answer["outer_str"], "12b");
        assert_eq!(answer["card"]["card_id"], card_id.as_str());
        // From the beginning of the day of taking to the end of the thirtieth day, in Beijing.
        assert_eq!(answer["card"]["begin_time"], 1_772_380_800);
        assert_eq!(answer["card"]["end_time"], 1_772_380_800 + 30 * 86_400 - 1);
    }
}

#[test]
fn a_code_that_never_ends_has_the_last_moment_that_answers_have_for_it() {
    let mut bench = bench();
    let base_info = coupon(&json!({"date_info": {"type": "DATE_TYPE_PERMANENT"}}))["card"]["cash"]["base_info"].clone();
    let card = json!({"card_type": "MEMBER_CARD", "member_card": {
        "base_info": base_info, "prerogative": "p", "supply_bonus": true, "supply_balance": false, "auto_activate": true,
    }});
    let card_id = bench.ok("/card/create", &json!({"card": card}))["card_id"].clone();
    let (code, _) = bench.take(card_id.as_str().unwrap(), ALICE);
    bench.advance(DAY);
    bench.renew();
    let answer = bench.ok("/card/code/get", &json!({"code": code}));
    assert_eq!(answer["card"]["begin_time"], 0);
    assert_eq!(answer["card"]["end_time"], u32::MAX);
    assert_eq!(answer["user_card_status"], "NORMAL");
}

#[test]
fn zeros_that_a_client_sends_for_unset_numbers_set_no_end() {
    let bench = bench();
    let date_info = json!({
        "type": "DATE_TYPE_FIX_TERM", "begin_timestamp": 0, "end_timestamp": 0, "fixed_term": 1, "fixed_begin_term": 0,
    });
    let card_id = bench.card(&json!({"date_info": date_info, "get_limit": 0, "use_limit": 0}));
    let (code, _) = bench.take(&card_id, ALICE);
    bench.ok("/card/code/consume", &json!({"code": code}));
}

#[test]
fn a_code_is_redeemed_once_and_the_ledger_tells_how_often_it_was_tried() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let (code, _) = bench.take(&card_id, ALICE);
    let answer = bench.ok(CONSUME, &json!({"code": code}));
    assert_eq!(answer["card"], json!({"card_id": card_id}));
    assert_eq!(answer["openid"], ALICE);
    for _ in 0..2 {
        let refusal = bench.refused(CONSUME, &json!({"code": code}), 40099);
        assert_eq!(refusal["_code"], code.as_str());
        assert_eq!(refusal["_card"]["card_id"], card_id.as_str());
    }
    bench.refused(CONSUME, &json!({"code": "000000000000"}), 40056);
    let ledger = bench.control("ledger", &json!({}));
    let expected = json!([
        {"card_id": card_id, "code": code, "accepted": 1, "refused": 2},
        {"code": "000000000000", "accepted": 0, "refused": 1},
    ]);
    assert_eq!(ledger["codes"], expected);
}

#[test]
fn a_redeemed_code_stays_redeemed_when_its_time_is_over_or_the_user_deletes_it() {
    let mut bench = bench();
    let card_id = bench.card(&json!({}));
    let (code, _) = bench.take(&card_id, ALICE);
    bench.ok(CONSUME, &json!({"code": code}));
    bench.control("user-delete", &json!({"card_id": card_id, "code": code}));
    bench.advance(31 * DAY);
    bench.renew();
    assert_eq!(bench.status(&card_id, &code), "CONSUMED");
}

#[test]
fn an_unknown_code_or_card_is_refused() {
    let bench = bench();
    let (card_id, other) = (bench.card(&json!({})), bench.card(&json!({})));
    let (code, _) = bench.take(&card_id, ALICE);
    let cases = [
        (json!({"code": "404"}), 40056),
        (json!({"code": "404", "check_consume": false}), 40056),
        (json!({"code": code, "card_id": other}), 40056),
        (json!({"code": code, "card_id": "p404"}), 40073),
    ];
    for (body, errcode) in cases {
        bench.refused(GET, &body, errcode);
        bench.refused(CONSUME, &body, errcode);
        bench.refused(UNAVAILABLE, &body, errcode);
    }
}

#[test]
fn a_code_that_the_merchant_chose_is_found_by_its_card_only() {
    let bench = bench();
    let custom = json!({"use_custom_code": true});
    let (card_id, other) = (bench.card(&custom), bench.card(&custom));
    for card_id in [&card_id, &other] {
        bench.control_refused("take", &json!({"card_id": card_id, "openid": ALICE}), 41013);
        bench.control("take", &json!({"card_id": card_id, "openid": ALICE, "code": "SAME"}));
        bench.control_refused(
            "take",
            &json!({"card_id": card_id, "openid": BOB, "code": "SAME"}),
            40116,
        );
        let long = "x".repeat(21);
        bench.control_refused("take", &json!({"card_id": card_id, "openid": BOB, "code": long}), 40116);
    }
    for absent in [
        json!({"code": "SAME"}),
        json!({"code": "SAME", "card_id": null}),
        json!({"code": "SAME", "card_id": ""}),
    ] {
        bench.refused(CONSUME, &absent, 40056);
        bench.refused(GET, &absent, 40056);
    }
    bench.ok(CONSUME, &json!({"code": "SAME", "card_id": card_id}));
    assert_eq!(bench.status(&other, "SAME"), "NORMAL");
}

#[test]
fn a_card_that_draws_its_codes_takes_none_from_outside() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    bench.control_refused(
        "take",
        &json!({"card_id": card_id, "openid": ALICE, "code": "MINE"}),
        40116,
    );
}

#[test]
fn a_code_cannot_be_redeemed_before_its_time() {
    let mut bench = bench();
    let term = json!({"type": "DATE_TYPE_FIX_TERM", "fixed_term": 2, "fixed_begin_term": 1});
    let card_id = bench.card(&json!({"date_info": term}));
    let (code, _) = bench.take(&card_id, ALICE);
    bench.refused(CONSUME, &json!({"code": code}), 40147);
    assert_eq!(bench.ok(GET, &json!({"code": code}))["can_consume"], false);
    bench.advance(DAY);
    bench.renew();
    bench.ok(CONSUME, &json!({"code": code}));
}

#[test]
fn one_user_redeems_no_more_than_use_limit() {
    let bench = bench();
    let card_id = bench.card(&json!({"use_limit": 1}));
    let (first, second) = (bench.take(&card_id, ALICE).0, bench.take(&card_id, ALICE).0);
    bench.ok(CONSUME, &json!({"code": first}));
    bench.refused(CONSUME, &json!({"code": second}), 72020);
    let (code, _) = bench.take(&card_id, BOB);
    bench.ok(CONSUME, &json!({"code": code}));
}

#[test]
fn codes_of_a_deleted_card_can_still_be_redeemed() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let (code, _) = bench.take(&card_id, ALICE);
    bench.ok("/card/delete", &json!({"card_id": card_id}));
    bench.ok(CONSUME, &json!({"code": code, "card_id": card_id}));
}

#[test]
fn a_friends_card_must_be_marked_before_it_is_redeemed() {
    let bench = bench();
    let mut request = coupon(&json!({}));
    request["card"]["cash"]["advanced_info"] = json!({"share_friends": true});
    let card_id = bench.ok("/card/create", &request)["card_id"].clone();
    let (code, _) = bench.take(card_id.as_str().unwrap(), ALICE);
    let mark =
        |openid: &str, is_mark: Value| json!({"code": code, "card_id": card_id, "openid": openid, "is_mark": is_mark});
    let consume = json!({"code": code, "card_id": card_id});
    bench.refused(CONSUME, &consume, 43018);

    bench.ok(MARK, &mark(BOB, json!(true)));
    bench.ok(MARK, &mark(BOB, Value::Null));
    bench.refused(MARK, &mark(ALICE, json!(true)), 40146);
    bench.refused(MARK, &mark(ALICE, json!(false)), 40146);
    bench.ok(MARK, &mark(BOB, json!("false")));
    bench.refused(CONSUME, &consume, 43018);

    bench.ok(MARK, &mark(ALICE, json!("true")));
    bench.advance(300);
    bench.refused(CONSUME, &consume, 43018);
    bench.ok(MARK, &mark(BOB, json!(true)));
    let list = bench.ok("/card/user/getcardlist", &json!({"openid": ALICE}));
    assert_eq!(list["has_share_card"], true);
    bench.ok(CONSUME, &consume);
    let list = bench.ok("/card/user/getcardlist", &json!({"openid": ALICE}));
    assert_eq!(list["has_share_card"], false);
}

#[test]
fn a_mark_needs_its_card() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let (code, _) = bench.take(&card_id, ALICE);
    let body = |card_id: Value| json!({"code": code, "card_id": card_id, "openid": ALICE, "is_mark": true});
    bench.refused(MARK, &body(json!("")), 41012);
    bench.refused(MARK, &body(json!("p404")), 40073);
    bench.ok(MARK, &body(json!(card_id)));
}

#[test]
fn an_updated_code_keeps_everything_but_its_number() {
    let bench = bench();
    let custom = bench.card(&json!({"use_custom_code": true}));
    let drawn = bench.card(&json!({}));
    bench.control("take", &json!({"card_id": custom, "openid": BOB, "code": "TAKEN"}));
    let taken = bench.control("take", &json!({"card_id": custom, "openid": ALICE, "code": "OLD"}));
    let (other, _) = bench.take(&drawn, BOB);

    bench.refused(UPDATE, &json!({"code": "OLD", "new_code": "NEW"}), 40056);
    let update = |code: &str, new_code: &str| json!({"card_id": custom, "code": code, "new_code": new_code});
    bench.refused(UPDATE, &update("OLD", "TAKEN"), 40116);
    bench.refused(UPDATE, &update("OLD", "OLD"), 40116);
    bench.refused(UPDATE, &update("OLD", ""), 41011);
    bench.refused(UPDATE, &update("OLD", &"x".repeat(65)), 40116);
    bench.ok(UPDATE, &update("OLD", "NEW"));
    bench.refused(UPDATE, &update("OLD", "NEWER"), 40056);
    let decrypted = bench.ok("/card/code/decrypt", &json!({"encrypt_code": taken["encrypt_code"]}));
    assert_eq!(decrypted["code"], "NEW");
    let list = bench.ok("/card/user/getcardlist", &json!({"openid": ALICE}));
    assert_eq!(list["card_list"], json!([{"card_id": custom, "code": "NEW"}]));
    bench.ok(CONSUME, &json!({"card_id": custom, "code": "NEW"}));

    // A card that draws its codes needs no card id, and no two such cards may have the same code.
    let (code, _) = bench.take(&drawn, ALICE);
    bench.refused(UPDATE, &json!({"code": code, "new_code": other}), 40116);
    bench.ok(UPDATE, &json!({"code": code, "new_code": "13800138000"}));
    bench.ok(CONSUME, &json!({"code": "13800138000"}));
}

#[test]
fn an_encrypted_code_must_come_back_undamaged() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let (code, encrypted) = bench.take(&card_id, ALICE);
    for needed in ['+', '/', '='] {
        assert!(encrypted.contains(needed), "{encrypted}");
    }
    let decrypt = |text: &str| json!({"encrypt_code": text});
    assert_eq!(
        bench.ok("/card/code/decrypt", &decrypt(&encrypted))["code"],
        code.as_str()
    );
    let damaged = [
        encrypted.replace('+', " "),
        encrypted.replace('/', "%2F"),
        encrypted.trim_end_matches('=').to_owned(),
        code,
    ];
    for damaged in damaged {
        bench.refused("/card/code/decrypt", &decrypt(&damaged), 40075);
    }
}

#[test]
fn the_list_of_a_user_has_what_they_can_use() {
    let bench = bench();
    let (card_id, other) = (bench.card(&json!({})), bench.card(&json!({})));
    let (code, _) = bench.take(&card_id, ALICE);
    let (another, _) = bench.take(&other, ALICE);
    let list = |body: Value| bench.ok("/card/user/getcardlist", &body)["card_list"].clone();
    assert_eq!(list(json!({"openid": ALICE})).as_array().unwrap().len(), 2);
    for absent in [Value::Null, json!("")] {
        assert_eq!(
            list(json!({"openid": ALICE, "card_id": absent}))
                .as_array()
                .unwrap()
                .len(),
            2
        );
    }
    let only = json!([{"card_id": other, "code": another}]);
    assert_eq!(list(json!({"openid": ALICE, "card_id": other})), only);
    assert_eq!(list(json!({"openid": BOB})), json!([]));
    bench.ok(CONSUME, &json!({"code": code}));
    assert_eq!(list(json!({"openid": ALICE})), only);
    bench.refused("/card/user/getcardlist", &json!({"openid": "no openid"}), 40003);
    bench.refused(
        "/card/user/getcardlist",
        &json!({"openid": ALICE, "card_id": "p404"}),
        40073,
    );
}

#[test]
fn a_deposited_code_that_nobody_took_is_not_a_users() {
    let bench = bench();
    let card_id = bench.card(&with_deposit());
    bench.ok("/card/code/deposit", &json!({"card_id": card_id, "code": ["A"]}));
    for path in [GET, CONSUME, UNAVAILABLE] {
        bench.refused(path, &json!({"card_id": card_id, "code": "A"}), 40056);
    }
}
