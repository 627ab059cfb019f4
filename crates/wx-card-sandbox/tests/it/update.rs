//! Cards that are changed.

use serde_json::{Value, json};

use crate::bench::{ALICE, Bench, DAY, NOW, bench, bench_of, coupon, with_deposit};

const UPDATE: &str = "/card/update";

fn update(bench: &Bench, card_id: &str, key: &str, changes: &Value) -> bool {
    let answer = bench.ok(UPDATE, &json!({"card_id": card_id, key: changes}));
    answer["send_check"].as_bool().unwrap()
}

/// Changes `base_info` of a cash coupon; says whether it must be reviewed.
fn base_info(bench: &Bench, card_id: &str, changes: &Value) -> bool {
    update(bench, card_id, "cash", &json!({"base_info": changes}))
}

#[track_caller]
fn refused(bench: &Bench, card_id: &str, changes: &Value, errcode: i32) -> String {
    let body = json!({"card_id": card_id, "cash": {"base_info": changes}});
    let answer = bench.refused(UPDATE, &body, errcode);
    answer["errmsg"].as_str().unwrap().to_owned()
}

fn shown(bench: &Bench, card_id: &str, key: &str) -> Value {
    bench.ok("/card/get", &json!({"card_id": card_id}))["card"][key].clone()
}

fn member_card(bench: &Bench) -> String {
    let mut base_info = coupon(&json!({}))["card"]["cash"]["base_info"].take();
    base_info["date_info"] = json!({"type": "DATE_TYPE_PERMANENT"});
    let body = json!({"prerogative": "特权", "supply_bonus": true, "supply_balance": true, "auto_activate": true,
        "bonus_rule": {"increase_bonus": 1, "cost_money_unit": 100}, "base_info": base_info});
    let request = json!({"card": {"card_type": "MEMBER_CARD", "member_card": body}});
    let answer = bench.ok("/card/create", &request);
    answer["card_id"].as_str().unwrap().to_owned()
}

#[test]
fn what_is_given_changes_and_the_rest_stays() {
    let bench = bench();
    let mut request = coupon(&json!({"center_url": "http://www.qq.com", "location_id_list": [1, 2]}));
    request["card"]["cash"]["advanced_info"] = json!({"share_friends": true});
    let card_id = bench.ok("/card/create", &request)["card_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let before = shown(&bench, &card_id, "cash");
    bench.advance(7);
    let changes = json!({
        "reduce_cost": "200",
        "base_info": {"title": "新标题", "color": "Color102", "get_limit": 3, "seen_tomorrow": [1]},
    });
    assert!(update(&bench, &card_id, "cash", &changes));

    let mut expected = before;
    expected["reduce_cost"] = json!(200);
    let changed = json!({"title": "新标题", "color": "#5E6671", "get_limit": 3, "seen_tomorrow": [1],
        "update_time": NOW + 7});
    let base_info = expected["base_info"].as_object_mut().unwrap();
    base_info.extend(changed.as_object().unwrap().clone());
    assert_eq!(shown(&bench, &card_id, "cash"), expected);
}

#[test]
fn what_is_reviewed_is_told_and_nothing_else() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let reviewed = json!({"logo_url": "http://mmbiz.qpic.cn/mmbiz/1", "title": "新标题", "notice": "请出示",
        "description": "新说明", "color": "Color020", "sub_title": "副标题"});
    for (name, value) in reviewed.as_object().unwrap() {
        assert!(base_info(&bench, &card_id, &json!({name: value})), "{name}");
        assert!(
            !base_info(&bench, &card_id, &json!({name: value})),
            "{name} is what it was"
        );
    }
    let free = json!({"service_phone": "020-88888888", "code_type": "CODE_TYPE_QRCODE", "get_limit": 9, "use_limit": 9,
        "can_share": false, "can_give_friend": false, "location_id_list": [7], "use_all_locations": false,
        "center_title": "使用", "center_url": "http://www.qq.com", "custom_url_name": "更多",
        "custom_url": "http://www.qq.com", "promotion_url_name": "优惠", "promotion_url": "http://www.qq.com"});
    for (name, value) in free.as_object().unwrap() {
        assert!(!base_info(&bench, &card_id, &json!({name: value})), "{name}");
        assert_eq!(shown(&bench, &card_id, "cash")["base_info"][name], *value, "{name}");
    }
    let card_id = member_card(&bench);
    let own = [
        (json!({"prerogative": "更多特权"}), true),
        (json!({"bonus_rules": "每元一分", "bonus_cleared": "年末"}), true),
        (json!({"balance_rules": "储值"}), true),
        (json!({"background_pic_url": "https://mmbiz.qlogo.cn/mmbiz/1"}), true),
        (json!({"discount": 10, "bonus_url": "http://www.qq.com"}), false),
        (json!({"custom_field1": {"name_type": "FIELD_NAME_TYPE_LEVEL"}}), false),
        (
            json!({"modify_msg_operation": {"url_cell": {"text": "t", "url": "http://www.qq.com"}}}),
            false,
        ),
    ];
    for (changes, send_check) in own {
        assert_eq!(
            update(&bench, &card_id, "member_card", &changes),
            send_check,
            "{changes}"
        );
    }
}

#[test]
fn the_official_request_is_taken() {
    let bench = bench();
    let card_id = member_card(&bench);
    let changes = json!({"base_info": {"logo_url": "http://www.supadmin.cn/uploads/1.jpg", "color": "Color010",
        "notice": "使用时向服务员出示此券", "service_phone": "020-88888888", "description": "不可与其他优惠同享。",
        "location_id_list": [123, 12321, 345_345], "pay_info": {"swipe_card": {"is_swipe_card": true}}},
        "bonus_cleared": "aaaaaaaaaaaaaa", "bonus_rules": "aaaaaaaaaaaaaa", "prerogative": "",
        "activate_msg_operation": {"url_cell": {"card_id_list": ["pbLatjhcI6XUxJWA0Au3Gaq5eFPs"],
        "end_time": 1_492_724_561, "text": "恭喜你获得一张50元代金券", "url": "www.qq.com"}}});
    assert!(update(&bench, &card_id, "member_card", &changes));
    let card = shown(&bench, &card_id, "member_card");
    assert_eq!(card["base_info"]["pay_info"], changes["base_info"]["pay_info"]);
    assert_eq!(card["activate_msg_operation"], changes["activate_msg_operation"]);
    assert_eq!(card["prerogative"], "特权", "an empty text changes nothing");
}

#[test]
fn an_object_is_replaced_and_what_is_empty_or_answered_changes_nothing() {
    let bench = bench();
    let card_id = member_card(&bench);
    let empty = json!({"prerogative": null, "custom_field1": [], "bonus_rules": "",
        "base_info": {"title": " ", "notice": null, "location_id_list": []}});
    let before = shown(&bench, &card_id, "member_card");
    assert!(!update(&bench, &card_id, "member_card", &empty));
    assert_eq!(shown(&bench, &card_id, "member_card"), before);

    let answered =
        json!({"id": "p1", "appid": "wx1", "status": "CARD_STATUS_DELETE", "create_time": 1, "update_time": 2});
    update(&bench, &card_id, "member_card", &json!({"base_info": answered}));
    update(
        &bench,
        &card_id,
        "member_card",
        &json!({"advanced_info": {"share_friends": true}}),
    );
    assert_eq!(shown(&bench, &card_id, "member_card"), before);

    update(
        &bench,
        &card_id,
        "member_card",
        &json!({"bonus_rule": {"increase_bonus": 2}}),
    );
    assert_eq!(
        shown(&bench, &card_id, "member_card")["bonus_rule"],
        json!({"increase_bonus": 2})
    );
}

#[test]
fn stores_are_emptied_by_a_zero() {
    let bench = bench();
    for zero in [json!("0"), json!(0), json!(["0"]), json!([0])] {
        let card_id = bench.card(&json!({"location_id_list": [1, 2]}));
        base_info(&bench, &card_id, &json!({"location_id_list": [], "get_limit": 1}));
        refused(&bench, &card_id, &json!({"location_id_list": []}), 41011);
        let stores = || shown(&bench, &card_id, "cash")["base_info"]["location_id_list"].clone();
        assert_eq!(stores(), json!([1, 2]));
        assert!(!base_info(&bench, &card_id, &json!({"location_id_list": zero})));
        assert_eq!(stores(), json!([]), "{zero}");
        base_info(&bench, &card_id, &json!({"location_id_list": ["3"]}));
        assert_eq!(stores(), json!([3]));
    }
}

#[test]
fn a_range_becomes_wider_and_nothing_else_happens_to_dates() {
    let mut bench = bench();
    let range = |begin: u64, end: u64| json!({"date_info": {"type": "DATE_TYPE_FIX_TIME_RANGE", "begin_timestamp": begin, "end_timestamp": end}});
    let term = |days: u64| json!({"date_info": {"type": "DATE_TYPE_FIX_TERM", "fixed_term": days}});
    let card_id = bench.card(&range(NOW - DAY, NOW + DAY));
    let (code, _) = bench.take(&card_id, ALICE);
    for narrower in [
        range(NOW, NOW + DAY),
        range(NOW - DAY, NOW),
        range(NOW - 2 * DAY, NOW + DAY - 1),
        term(30),
        json!({"date_info": {"type": "DATE_TYPE_PERMANENT"}}),
    ] {
        let errcode = if narrower["date_info"]["type"] == "DATE_TYPE_PERMANENT" {
            40079
        } else {
            40100
        };
        refused(&bench, &card_id, &narrower, errcode);
    }
    refused(&bench, &card_id, &range(NOW + DAY, NOW), 40079);
    refused(&bench, &card_id, &range(NOW - DAY, 2_147_483_647), 40079);
    refused(
        &bench,
        &card_id,
        &json!({"date_info": {"type": "DATE_TYPE_LUNAR"}}),
        40079,
    );
    let missing = json!({"date_info": {"type": "DATE_TYPE_FIX_TIME_RANGE", "end_timestamp": NOW + 2 * DAY}});
    let errmsg = refused(&bench, &card_id, &missing, 41011);
    assert!(
        errmsg.contains(" m_data.base_info().date_info().begin_timestamp rid: "),
        "{errmsg}"
    );

    // Also by the number of old, and the codes in users' hands with it.
    let mut wider = range(NOW - DAY, NOW + 3 * DAY);
    wider["date_info"]["type"] = json!(1);
    assert!(!base_info(&bench, &card_id, &wider));
    assert_eq!(
        shown(&bench, &card_id, "cash")["base_info"]["date_info"]["end_timestamp"],
        NOW + 3 * DAY
    );
    bench.advance(2 * DAY);
    bench.renew();
    bench.ok("/card/code/consume", &json!({"code": code}));

    let card_id = bench.card(&term(30));
    assert!(!base_info(&bench, &card_id, &term(30)), "the same is no change");
    refused(&bench, &card_id, &term(31), 40100);
    refused(&bench, &card_id, &range(NOW, NOW + DAY), 40100);
}

#[test]
fn a_refused_change_changes_nothing() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let before = shown(&bench, &card_id, "cash");
    bench.advance(1);
    let cases = [
        // Members that never change, whatever their value.
        (json!({"brand_name": "微信餐厅"}), 47001),
        (json!({"sku": {"quantity": 5}}), 47001),
        (json!({"use_custom_code": false}), 47001),
        (json!({"get_custom_code_mode": "GET_CUSTOM_CODE_MODE_DEPOSIT"}), 47001),
        (json!({"bind_openid": false}), 47001),
        (json!({"source": "大众点评"}), 47001),
        (json!({"sub_merchant_info": {"merchant_id": 1}}), 47001),
        (json!({"title": "字".repeat(10)}), 45021),
        (json!({"title": {}}), 47001),
        (json!({"color": "#63b359"}), 40076),
        (json!({"code_type": "CODE_TYPE_SMELL"}), 40072),
        (json!({"code_type": 1}), 47001),
        (json!({"get_limit": -1}), 40150),
        (json!({"location_id_list": "here"}), 47001),
        (json!({}), 41011),
    ];
    for (changes, errcode) in cases {
        let mut with_more = changes.clone();
        refused(&bench, &card_id, &with_more, errcode);
        if !changes.as_object().unwrap().is_empty() {
            with_more["service_phone"] = json!("020");
            refused(&bench, &card_id, &with_more, errcode);
        }
    }
    let bodies = [
        (json!({"card_id": "p404", "cash": {"base_info": {"title": "x"}}}), 40073),
        (json!({"cash": {"base_info": {"title": "x"}}}), 41012),
        (json!({"card_id": "", "cash": {"base_info": {"title": "x"}}}), 41012),
        (json!({"card_id": card_id}), 47001),
        (json!({"card_id": card_id, "cash": {}}), 41011),
        (json!({"card_id": card_id, "cash": []}), 41011),
        (json!({"card_id": card_id, "gift": {"gift": "x"}}), 40071),
        (json!({"card_id": card_id, "cash": {"reduce_cost": 0}}), 40150),
        (
            json!({"card_id": card_id, "cash": {"reduce_cost": 1}, "gift": {"gift": "x"}}),
            47001,
        ),
        // As a creation wraps it.
        (
            json!({"card_id": card_id, "card": {"card_type": "CASH", "cash": {"reduce_cost": 1}}}),
            40071,
        ),
    ];
    for (body, errcode) in bodies {
        bench.refused(UPDATE, &body, errcode);
    }
    assert_eq!(shown(&bench, &card_id, "cash"), before);
    bench.ok("/card/delete", &json!({"card_id": card_id}));
    refused(&bench, &card_id, &json!({"title": "x"}), 40078);
}

#[test]
fn bonus_and_balance_stay_once_they_are_there() {
    let bench = bench();
    let card_id = member_card(&bench);
    let change = |body: Value| json!({"card_id": card_id, "member_card": body});
    bench.refused(UPDATE, &change(json!({"supply_bonus": false})), 40135);
    bench.refused(UPDATE, &change(json!({"supply_balance": false})), 40150);
    bench.refused(UPDATE, &change(json!({"custom_field4": {"name": "第四"}})), 40124);
    let ids = json!(["p1", "p2", "p3", "p4", "p5", "p6"]);
    let message = json!({"modify_msg_operation": {"url_cell": {"card_id_list": ids}}});
    bench.refused(UPDATE, &change(message), 72019);
    bench.ok(UPDATE, &change(json!({"supply_bonus": true, "supply_balance": true})));
}

#[test]
fn a_button_does_not_come_beside_a_cell() {
    let bench = bench();
    let button = json!({"center_title": "使用"});
    for (path, errcode) in [("/card/paycell/set", 40145), ("/card/selfconsumecell/set", 45046)] {
        let card_id = bench.card(&json!({}));
        bench.ok(path, &json!({"card_id": card_id, "is_open": true}));
        refused(&bench, &card_id, &button, errcode);
        bench.ok(path, &json!({"card_id": card_id, "is_open": false}));
        base_info(&bench, &card_id, &button);
    }
}

#[test]
fn a_change_that_is_reviewed_goes_back_into_review() {
    let bench = bench_of(|builder| builder.manual_review(true));
    let card_id = bench.card(&json!({}));
    let status = || shown(&bench, &card_id, "cash")["base_info"]["status"].clone();
    bench.control("approve", &json!({"card_id": card_id}));
    assert!(!base_info(&bench, &card_id, &json!({"service_phone": "020"})));
    assert_eq!(status(), "CARD_STATUS_VERIFY_OK");
    assert!(base_info(&bench, &card_id, &json!({"title": "新标题"})));
    assert_eq!(status(), "CARD_STATUS_NOT_VERIFY");
    bench.control_refused("take", &json!({"card_id": card_id, "openid": ALICE}), 40078);
    bench.control("reject", &json!({"card_id": card_id, "reason": "the title"}));
    assert!(!base_info(&bench, &card_id, &json!({"service_phone": "021"})));
    assert_eq!(status(), "CARD_STATUS_VERIFY_FAIL");
    assert!(base_info(&bench, &card_id, &json!({"title": "旧标题"})));
    assert_eq!(status(), "CARD_STATUS_NOT_VERIFY");
}

#[test]
fn without_reviewers_a_change_passes_its_review_at_once() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    assert!(base_info(&bench, &card_id, &json!({"title": "新标题"})));
    bench.take(&card_id, ALICE);
    bench.control("reject", &json!({"card_id": card_id, "reason": "the title"}));
    assert!(base_info(&bench, &card_id, &json!({"title": "旧标题"})));
    assert_eq!(
        shown(&bench, &card_id, "cash")["base_info"]["status"],
        "CARD_STATUS_VERIFY_OK"
    );
}

#[test]
fn stock_and_codes_stay_through_a_change() {
    let bench = bench();
    let card_id = bench.card(&with_deposit());
    bench.ok("/card/code/deposit", &json!({"card_id": card_id, "code": ["1", "2"]}));
    bench.ok(
        "/card/modifystock",
        &json!({"card_id": card_id, "increase_stock_value": 2}),
    );
    let (code, _) = bench.take(&card_id, ALICE);
    base_info(&bench, &card_id, &json!({"title": "新标题"}));
    assert_eq!(
        shown(&bench, &card_id, "cash")["base_info"]["sku"],
        json!({"quantity": 1, "total_quantity": 2})
    );
    bench.ok("/card/code/consume", &json!({"card_id": card_id, "code": code}));
}
