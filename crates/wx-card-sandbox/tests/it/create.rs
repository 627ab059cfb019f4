//! Cards: what makes a card, and what is shown of it.

use serde_json::{Value, json};

use crate::bench::{ALICE, DAY, NOW, bench, bench_of, coupon};

const CREATE: &str = "/card/create";

#[test]
fn base_info_is_checked_member_by_member() {
    let bench = bench();
    let date = |date_info: Value| json!({"date_info": date_info});
    let term = |members: Value| {
        let mut date_info = json!({"type": "DATE_TYPE_FIX_TERM"});
        date_info
            .as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        date(date_info)
    };
    let range = |begin: u64, end: u64| {
        date(json!({"type": "DATE_TYPE_FIX_TIME_RANGE", "begin_timestamp": begin, "end_timestamp": end}))
    };
    let cases = [
        (json!({"logo_url": null}), 41011, "m_data.base_info().logo_url"),
        (json!({"brand_name": ""}), 41011, "m_data.base_info().brand_name"),
        (json!({"code_type": null}), 41011, "m_data.base_info().code_type"),
        (json!({"title": null}), 41011, "m_data.base_info().title"),
        (json!({"color": null}), 41011, "m_data.base_info().color"),
        (json!({"notice": null}), 41011, "m_data.base_info().notice"),
        (json!({"description": null}), 41011, "m_data.base_info().description"),
        (json!({"sku": null}), 41011, "m_data.base_info().sku()"),
        (json!({"sku": {}}), 41011, "m_data.base_info().sku().quantity"),
        (json!({"date_info": null}), 41011, "m_data.base_info().date_info()"),
        (date(json!({})), 41011, "m_data.base_info().date_info().type"),
        (term(json!({})), 41011, "m_data.base_info().date_info().fixed_term"),
        (term(json!({"fixed_term": 0})), 40079, ""),
        (term(json!({"fixed_term": 1, "fixed_begin_term": -1})), 40079, ""),
        (term(json!({"fixed_term": 1})), 0, ""),
        (range(NOW, NOW - 1), 40079, ""),
        (range(NOW, 2_147_483_647), 40079, ""),
        (range(NOW, NOW + DAY), 0, ""),
        (
            date(json!({"type": "1", "begin_timestamp": NOW})),
            41011,
            "m_data.base_info().date_info().end_timestamp",
        ),
        (date(json!({"type": "DATE_TYPE_PERMANENT"})), 40079, ""),
        (date(json!({"type": "DATE_TYPE_LUNAR"})), 40079, ""),
        (json!({"color": "Color011"}), 40076, ""),
        (json!({"color": "#63b359"}), 40076, ""),
        (json!({"code_type": "CODE_TYPE_SMELL"}), 40072, ""),
        (json!({"code_type": 0}), 47001, ""),
        (json!({"title": "1000元面值充值卡哈哈"}), 45021, ""),
        (json!({"title": "100元面值充值卡哈哈"}), 0, ""),
        (json!({"brand_name": "十三个汉字的商户名字太长了"}), 45021, ""),
        (json!({"center_title": "七个汉字的标题"}), 45021, ""),
        (json!({"sku": {"quantity": 100_000_001}}), 40122, ""),
        (json!({"sku": {"quantity": -1}}), 40122, ""),
        (json!({"sku": {"quantity": 0}}), 40122, ""),
        (json!({"sku": {"quantity": "many"}}), 40122, ""),
        (json!({"sku": {"quantity": 100_000_000}}), 0, ""),
        (json!({"use_custom_code": true, "sku": {"quantity": 0}}), 0, ""),
        (
            json!({"get_custom_code_mode": "GET_CUSTOM_CODE_MODE_DEPOSIT", "sku": {"quantity": 0}}),
            40150,
            "",
        ),
        (
            json!({"use_custom_code": true, "get_custom_code_mode": "LATER"}),
            40150,
            "",
        ),
        (
            json!({"use_custom_code": true, "get_custom_code_mode": "GET_CUSTOM_CODE_MODE_DEPOSIT"}),
            40136,
            "",
        ),
    ];
    for (changes, errcode, member) in cases {
        let answer = bench.post(CREATE, &coupon(&changes).to_string());
        assert_eq!(answer["errcode"], errcode, "{changes} {answer}");
        let errmsg = answer["errmsg"].as_str().unwrap();
        assert!(
            member.is_empty() || errmsg.contains(&format!(" {member} rid: ")),
            "{changes} {errmsg}"
        );
    }
}

#[test]
fn each_kind_has_members_of_its_own() {
    let bench = bench();
    let base_info = coupon(&json!({}))["card"]["cash"]["base_info"].clone();
    let mut member_base = base_info.clone();
    member_base["date_info"] = json!({"type": "DATE_TYPE_PERMANENT"});
    let cases = [
        ("GROUPON", json!({}), 41011),
        ("GROUPON", json!({"deal_detail": "双人套餐"}), 0),
        ("GROUPON", json!({"deal_detail": "长".repeat(1025)}), 45021),
        ("CASH", json!({}), 41011),
        ("CASH", json!({"reduce_cost": 100}), 0),
        ("CASH", json!({"reduce_cost": 0}), 40150),
        ("CASH", json!({"reduce_cost": 100.0, "least_cost": "1000"}), 0),
        ("DISCOUNT", json!({}), 41011),
        ("DISCOUNT", json!({"discount": 30}), 0),
        ("DISCOUNT", json!({"discount": 100}), 40150),
        ("GIFT", json!({}), 41011),
        ("GIFT", json!({"gift": "音乐木盒"}), 0),
        ("GENERAL_COUPON", json!({}), 41011),
        ("GENERAL_COUPON", json!({"default_detail": "优惠"}), 0),
        ("MEMBER_CARD", json!({"prerogative": "p", "supply_bonus": true}), 41011),
        (
            "MEMBER_CARD",
            json!({"prerogative": "p", "supply_bonus": true, "supply_balance": false}),
            41011,
        ),
        (
            "MEMBER_CARD",
            json!({"prerogative": "p", "supply_bonus": true, "supply_balance": false, "auto_activate": true}),
            0,
        ),
        ("MEETING_TICKET", json!({}), 41011),
        ("MOVIE_TICKET", json!({"detail": "电影"}), 0),
        ("NEW_KIND", json!({}), 40071),
        ("groupon", json!({"deal_detail": "x"}), 40071),
        ("INVOICE", json!({}), 40071),
    ];
    for (card_type, mut body, errcode) in cases {
        body["base_info"] = if card_type == "MEMBER_CARD" {
            member_base.clone()
        } else {
            base_info.clone()
        };
        let request = json!({"card": {"card_type": card_type, card_type.to_lowercase(): body}});
        let answer = bench.post(CREATE, &request.to_string());
        assert_eq!(answer["errcode"], errcode, "{card_type} {body} {answer}");
    }
    let other_key = json!({"card": {"card_type": "GIFT", "cash": {"base_info": base_info, "gift": "x"}}});
    let answer = bench.refused(CREATE, &other_key, 41011);
    assert!(
        answer["errmsg"].as_str().unwrap().contains("m_data.base_info()"),
        "{answer}"
    );
}

#[test]
fn the_detail_is_what_was_created_and_what_became_of_it() {
    let bench = bench();
    let mut request =
        coupon(&json!({"get_limit": 3, "sku": {"quantity": 7, "total_quantity": 99}, "seen_tomorrow": [1]}));
    request["card"]["cash"]["advanced_info"] = json!({"time_limit": [{"type": "MONDAY"}]});
    let card_id = bench.ok(CREATE, &request)["card_id"].as_str().unwrap().to_owned();
    assert_eq!(card_id.len(), 28);
    bench.take(&card_id, ALICE);
    bench.advance(5);
    bench.ok("/card/paycell/set", &json!({"card_id": card_id, "is_open": true}));

    let card = bench.ok("/card/get", &json!({"card_id": card_id}))["card"].clone();
    let mut expected = request["card"].clone();
    let base_info = expected["cash"]["base_info"].as_object_mut().unwrap();
    let answered = json!({
        "id": card_id,
        "appid": wx_card_sandbox::DEFAULT_APP_ID,
        "status": "CARD_STATUS_VERIFY_OK",
        "color": "#63b359",
        "sku": {"quantity": 6, "total_quantity": 7},
        "create_time": NOW,
        "update_time": NOW + 5,
    });
    base_info.extend(answered.as_object().unwrap().clone());
    base_info.extend(
        json!({"can_give_friend": true, "can_share": true, "location_id_list": []})
            .as_object()
            .unwrap()
            .clone(),
    );
    let advanced_info = json!({
        "business_service": [], "consume_share_card_list": [], "share_friends": false, "text_image_list": [],
    });
    expected["cash"]["advanced_info"]
        .as_object_mut()
        .unwrap()
        .extend(advanced_info.as_object().unwrap().clone());
    assert_eq!(card, expected);
}

#[test]
fn the_detail_has_the_services_defaults_where_the_merchant_left_something_out() {
    let bench = bench();
    let detail = |request: &Value| {
        let card_id = bench.ok(CREATE, request)["card_id"].clone();
        bench.ok("/card/get", &json!({"card_id": card_id}))["card"]["cash"].clone()
    };
    let mut request = coupon(&json!({}));
    // An empty object as some clients write it is as good as none.
    request["card"]["cash"]["advanced_info"] = json!([]);
    for request in [coupon(&json!({})), request] {
        let card = detail(&request);
        let base_info = &card["base_info"];
        assert_eq!(base_info["can_give_friend"], true);
        assert_eq!(base_info["can_share"], true);
        assert_eq!(base_info["get_limit"], 50);
        assert_eq!(base_info["location_id_list"], json!([]));
        assert_eq!(
            card["advanced_info"],
            json!({
                "business_service": [],
                "consume_share_card_list": [],
                "share_friends": false,
                "text_image_list": [],
                "time_limit": [],
            })
        );
    }
    let said = json!({"can_give_friend": false, "can_share": false, "get_limit": 1, "location_id_list": [7]});
    let card = detail(&coupon(&said));
    for (name, value) in said.as_object().unwrap() {
        assert_eq!(card["base_info"][name], *value, "{name}");
    }
}

#[test]
fn two_cards_have_two_ids() {
    let bench = bench();
    let (first, second) = (bench.card(&json!({})), bench.card(&json!({})));
    assert_ne!(first, second);
    assert_eq!(first[..6], second[..6], "the cards of an account begin alike");
}

#[test]
fn a_card_waits_for_its_review_where_that_is_asked_for() {
    let bench = bench_of(|builder| builder.manual_review(true));
    let card_id = bench.card(&json!({}));
    let status = || {
        let detail = bench.ok("/card/get", &json!({"card_id": card_id}));
        detail["card"]["cash"]["base_info"]["status"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(status(), "CARD_STATUS_NOT_VERIFY");
    bench.control("reject", &json!({"card_id": card_id, "reason": "the logo"}));
    assert_eq!(status(), "CARD_STATUS_VERIFY_FAIL");
    bench.control("approve", &json!({"card_id": card_id}));
    assert_eq!(status(), "CARD_STATUS_VERIFY_OK");
    bench.ok("/card/delete", &json!({"card_id": card_id}));
    assert_eq!(status(), "CARD_STATUS_DELETE");
    bench.control_refused("approve", &json!({"card_id": card_id}), 40078);
    bench.control_refused("approve", &json!({"card_id": "p404"}), 40073);
}

#[test]
fn a_deleted_card_is_not_deleted_or_changed_again() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    bench.refused("/card/delete", &json!({"card_id": "p404"}), 40073);
    bench.ok("/card/delete", &json!({"card_id": card_id}));
    let calls = [
        ("/card/delete", json!({})),
        ("/card/modifystock", json!({"increase_stock_value": 1})),
        ("/card/paycell/set", json!({"is_open": true})),
        ("/card/selfconsumecell/set", json!({"is_open": true})),
        ("/card/mpnews/gethtml", json!({})),
    ];
    for (path, mut body) in calls {
        body["card_id"] = json!(card_id);
        bench.refused(path, &body, 40078);
    }
}

#[test]
fn pay_cell_self_consume_cell_and_center_button_exclude_each_other() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let set = |is_open: bool| json!({"card_id": card_id, "is_open": is_open});
    bench.ok("/card/paycell/set", &set(true));
    bench.refused("/card/selfconsumecell/set", &set(true), 45046);
    bench.ok("/card/selfconsumecell/set", &set(false));
    bench.ok("/card/paycell/set", &set(false));
    bench.ok("/card/selfconsumecell/set", &set(true));
    bench.refused("/card/paycell/set", &set(true), 45046);

    let center = bench.card(&json!({"center_title": "立即使用"}));
    bench.refused("/card/paycell/set", &json!({"card_id": center, "is_open": true}), 40145);
    bench.refused(
        "/card/selfconsumecell/set",
        &json!({"card_id": center, "is_open": true}),
        45046,
    );

    let mut friends = coupon(&json!({}));
    friends["card"]["cash"]["advanced_info"] = json!({"share_friends": true});
    let friends = bench.ok(CREATE, &friends)["card_id"].clone();
    let body = |need: bool| json!({"card_id": friends, "is_open": true, "need_verify_cod": need});
    bench.refused("/card/selfconsumecell/set", &body(false), 40153);
    bench.ok("/card/selfconsumecell/set", &body(true));
}
