//! Every kind of card: what it must have, what it may not exceed, and how it is shown.

use serde_json::{Value, json};
use wx_card_sandbox::DEFAULT_APP_ID;

use crate::bench::{Bench, DAY, NOW, bench, coupon};

const CREATE: &str = "/card/create";

/// The request for a card with `body`; the kind is told by its key.
fn card(key: &str, body: &Value) -> Value {
    let mut card = json!({"card_type": key.to_uppercase(), key: body});
    let mut base_info = coupon(&json!({}))["card"]["cash"]["base_info"].take();
    if key == "member_card" {
        base_info["date_info"] = json!({"type": "DATE_TYPE_PERMANENT"});
    }
    if card[key].get("base_info").is_none() {
        card[key]["base_info"] = base_info;
    }
    json!({"card": card})
}

/// What each kind must have, and no more.
fn kinds() -> Vec<(&'static str, Value)> {
    vec![
        (
            "boarding_pass",
            json!({"from": "成都", "to": "广州", "flight": "CE123", "departure_time": 1_434_507_901,
            "landing_time": 1_434_909_901, "air_model": "空客A320"}),
        ),
        ("bus_ticket", json!({})),
        ("cash", json!({"reduce_cost": 100})),
        ("discount", json!({"discount": 30})),
        ("general_card", json!({"sub_card_type": "GIFT_CARD"})),
        ("general_coupon", json!({"default_detail": "优惠"})),
        ("gift", json!({"gift": "音乐木盒"})),
        ("groupon", json!({"deal_detail": "双人套餐"})),
        ("lucky_money", json!({})),
        (
            "meeting_ticket",
            json!({"meeting_detail": "本次会议于2015年5月10号在广州举行"}),
        ),
        (
            "member_card",
            json!({"prerogative": "特权", "supply_bonus": true, "supply_balance": false, "auto_activate": true}),
        ),
        ("movie_ticket", json!({"detail": "电影名：xxx"})),
        ("scenic_ticket", json!({"ticket_class": "平日全票"})),
    ]
}

/// The kind called `key` with `changes`; a name with a point is a path that leads into an object.
fn changed(key: &str, changes: &Value) -> Value {
    let (_, body) = kinds().into_iter().find(|(kind, _)| *kind == key).unwrap();
    let mut request = card(key, &body);
    for (path, value) in changes.as_object().unwrap() {
        let (parents, name) = path.rsplit_once('.').unwrap_or(("", path));
        let parents = parents.split('.').filter(|parent| !parent.is_empty());
        let object = parents.fold(&mut request["card"][key], |object, parent| &mut object[parent]);
        object[name] = value.clone();
    }
    request
}

#[track_caller]
fn refused_at(bench: &Bench, request: &Value, errcode: i32, path: &str) {
    let answer = bench.refused(CREATE, request, errcode);
    let errmsg = answer["errmsg"].as_str().unwrap();
    assert!(
        path.is_empty() || errmsg.contains(&format!(" {path} rid: ")),
        "{request} {errmsg}"
    );
}

#[test]
fn each_kind_is_made_and_shown_as_the_service_shows_it() {
    let bench = bench();
    for (key, body) in kinds() {
        let request = card(key, &body);
        let card_id = bench.ok(CREATE, &request)["card_id"].clone();
        let shown = bench.ok("/card/get", &json!({"card_id": card_id}))["card"].clone();
        assert_eq!(shown["card_type"], key.to_uppercase(), "{key}");
        let base_info = &shown[key]["base_info"];
        let answered = json!({
            "id": card_id,
            "appid": DEFAULT_APP_ID,
            "status": "CARD_STATUS_VERIFY_OK",
            "color": "#63b359",
            "sku": {"quantity": 10, "total_quantity": 10},
            "create_time": NOW,
            "update_time": NOW,
        });
        for (name, value) in answered.as_object().unwrap() {
            assert_eq!(base_info[name], *value, "{key} {name}");
        }
        let expected = &request["card"][key];
        for name in ["title", "notice", "date_info"] {
            assert_eq!(base_info[name], expected["base_info"][name], "{key} {name}");
        }
        for (name, value) in body.as_object().unwrap() {
            let digits = |value: &Value| value.to_string().replace('"', "");
            assert_eq!(digits(&shown[key][name]), digits(value), "{key} {name}");
        }
    }
}

#[test]
fn each_kind_lacks_none_of_its_members() {
    let bench = bench();
    for (key, body) in kinds() {
        // Whether the service demands the last two is not certain.
        let demanded = |name: &&String| !["auto_activate", "detail", "ticket_class"].contains(&name.as_str());
        for name in body.as_object().unwrap().keys().filter(demanded) {
            for none in [json!(null), json!(""), json!([])] {
                let request = changed(key, &json!({name: none}));
                refused_at(&bench, &request, 41011, &format!("m_data.{name}"));
            }
        }
        for name in ["brand_name", "title", "description"] {
            let request = changed(key, &json!({format!("base_info.{name}"): null}));
            refused_at(&bench, &request, 41011, &format!("m_data.base_info().{name}"));
        }
        for none in [json!(null), json!([]), json!("")] {
            refused_at(
                &bench,
                &changed(key, &json!({"base_info": none})),
                41011,
                "m_data.base_info()",
            );
        }
    }
    refused_at(
        &bench,
        &json!({"card": {"card_type": "GIFT"}}),
        41011,
        "m_data.base_info()",
    );
    refused_at(
        &bench,
        &json!({"card": {"card_type": "GIFT", "gift": "x"}}),
        41011,
        "m_data.base_info()",
    );
    let activation = changed("member_card", &json!({"auto_activate": false}));
    refused_at(&bench, &activation, 41011, "m_data.auto_activate");
}

#[test]
fn a_member_below_a_list_or_an_optional_object_is_named_with_its_place() {
    let bench = bench();
    let cases = [
        (
            "cash",
            json!({"advanced_info": {"text_image_list": [{"image_url": "http://mmbiz.qpic.cn/0", "text": "a"}, {"text": "b"}]}}),
            "m_data.advanced_info().text_image_list(1).image_url",
        ),
        (
            "cash",
            json!({"advanced_info": {"time_limit": [{"begin_hour": 1}]}}),
            "m_data.advanced_info().time_limit(0).type",
        ),
        (
            "member_card",
            json!({"custom_cell1": {"name": "入口", "url": "http://www.qq.com"}}),
            "m_data.custom_cell1().tips",
        ),
        (
            "member_card",
            json!({"custom_field2": {"url": "http://www.qq.com"}}),
            "m_data.custom_field2().name_type",
        ),
    ];
    for (key, changes, path) in cases {
        refused_at(&bench, &changed(key, &changes), 41011, path);
    }
}

#[test]
fn texts_are_as_long_as_the_pages_allow_and_no_longer() {
    let bench = bench();
    // (kind, member, bytes)
    let limits = [
        ("boarding_pass", "from", 54),
        ("boarding_pass", "air_model", 24),
        ("bus_ticket", "base_info.title", 27),
        ("cash", "base_info.brand_name", 36),
        ("cash", "base_info.center_sub_title", 24),
        ("cash", "base_info.custom_url_name", 15),
        ("cash", "base_info.description", 3072),
        ("cash", "base_info.notice", 48),
        ("cash", "base_info.promotion_url", 128),
        ("cash", "base_info.service_phone", 24),
        ("cash", "base_info.source", 36),
        ("cash", "base_info.sub_title", 54),
        ("general_card", "prerogative", 3072),
        ("general_coupon", "default_detail", 3072),
        ("gift", "gift", 3072),
        ("groupon", "deal_detail", 3072),
        ("member_card", "activate_url", 128),
        ("member_card", "bonus_rules", 3072),
        ("member_card", "prerogative", 3072),
    ];
    for (key, name, most) in limits {
        let (full, over) = ("字".repeat(most / 3), "字".repeat(most / 3) + "x");
        let rest = "y".repeat(most % 3);
        bench.ok(CREATE, &changed(key, &json!({name: full + &rest})));
        refused_at(&bench, &changed(key, &json!({name: over + &rest})), 45021, "");
    }
    // Longer than the page says, but the service's own upload answers such addresses.
    let logo = format!("https://mmbiz.qlogo.cn/mmbiz/{}", "a".repeat(200));
    bench.ok(CREATE, &changed("cash", &json!({"base_info.logo_url": logo})));
    let categories = json!({"advanced_info": {"use_condition": {"accept_category": "x".repeat(513)}}});
    refused_at(&bench, &changed("cash", &categories), 45021, "");
}

#[test]
fn what_breaks_a_rule_gets_the_number_of_the_rule() {
    let bench = bench();
    let pictures = json!(["http://mmbiz.qpic.cn/0", "http://mmbiz.qpic.cn/1"]);
    let cases = [
        ("cash", json!({"reduce_cost": 0}), 40150),
        ("cash", json!({"least_cost": -1}), 40150),
        ("cash", json!({"reduce_cost": "much"}), 47001),
        ("cash", json!({"base_info.get_limit": -1}), 40150),
        ("cash", json!({"base_info.can_share": "perhaps"}), 47001),
        ("cash", json!({"base_info.location_id_list": ["here"]}), 47001),
        ("cash", json!({"base_info.sku": {"quantity": 0}}), 40122),
        (
            "cash",
            json!({"base_info.date_info": {"type": "DATE_TYPE_PERMANENT"}}),
            40079,
        ),
        (
            "cash",
            json!({"advanced_info": {"abstract": {"icon_url_list": pictures}}}),
            45044,
        ),
        (
            "cash",
            json!({"advanced_info": {"time_limit": [{"type": "MONDAY", "begin_hour": 24}]}}),
            40149,
        ),
        ("cash", json!({"advanced_info": "none"}), 47001),
        ("discount", json!({"discount": 0}), 40150),
        ("discount", json!({"discount": 100}), 40150),
        ("boarding_pass", json!({"landing_time": -1}), 40150),
        ("boarding_pass", json!({"departure_time": "soon"}), 47001),
        (
            "boarding_pass",
            json!({"base_info.date_info": {"type": "DATE_TYPE_PERMANENT"}}),
            40079,
        ),
        ("bus_ticket", json!({"base_info.color": "Color011"}), 40076),
        ("general_card", json!({"init_balance": -1}), 40150),
        ("member_card", json!({"custom_field4": {"name": "第四"}}), 40124),
        (
            "member_card",
            json!({"auto_activate": false, "wx_activate": true, "activate_url": "http://www.qq.com"}),
            40150,
        ),
        ("member_card", json!({"discount": 101}), 40150),
        ("member_card", json!({"supply_bonus": {}}), 47001),
        ("member_card", json!({"bonus_rule": {"increase_bonus": -1}}), 40150),
    ];
    for (key, changes, errcode) in cases {
        refused_at(&bench, &changed(key, &changes), errcode, "");
    }
    for card_type in ["INVOICE", "BIKE_RIDE", "Cash", ""] {
        let body = json!({"base_info": coupon(&json!({}))["card"]["cash"]["base_info"]});
        let request = json!({"card": {"card_type": card_type, card_type.to_lowercase(): body}});
        let errcode = if card_type.is_empty() { 41011 } else { 40071 };
        refused_at(&bench, &request, errcode, "");
    }
}

#[test]
fn what_is_missing_is_told_before_what_is_wrong() {
    let bench = bench();
    let request = changed(
        "cash",
        &json!({"reduce_cost": null, "base_info.color": "red", "base_info.title": "字".repeat(10)}),
    );
    refused_at(&bench, &request, 41011, "m_data.reduce_cost");
}

#[test]
fn what_the_service_takes_though_it_is_unusual_is_taken() {
    let bench = bench();
    let cases = [
        // Pictures and texts whose limits are unclear.
        ("cash", json!({"base_info.logo_url": "http://example.com/logo.png"})),
        ("meeting_ticket", json!({"meeting_detail": "x".repeat(3073)})),
        (
            "cash",
            json!({"advanced_info": {"abstract": {"abstract": "字".repeat(30)}}}),
        ),
        // Amounts that only coupons after a payment may not have.
        ("cash", json!({"reduce_cost": 1})),
        ("cash", json!({"reduce_cost": 100, "least_cost": 50})),
        ("member_card", json!({"activate_url": "http://www.qq.com"})),
        (
            "general_card",
            json!({"base_info.date_info": {"type": "DATE_TYPE_PERMANENT"}}),
        ),
        (
            "boarding_pass",
            json!({"departure_time": "1434507901", "landing_time": "1434909901"}),
        ),
        ("discount", json!({"discount": "30"})),
        // WxJava, also in a kind without a type of its own.
        (
            "bus_ticket",
            json!({"base_info.use_all_locations": true, "base_info.location_id_list": ["123"],
            "advanced_info": {"abstract": {"abstract": "a", "icon_url_list": "http://mmbiz.qpic.cn/0"}}}),
        ),
        // Empty objects as PHP writes them.
        (
            "member_card",
            json!({"bonus_rule": [], "custom_cell1": [], "base_info.pay_info": []}),
        ),
        (
            "cash",
            json!({"advanced_info": {"use_condition": [], "abstract": [], "text_image_list": []}}),
        ),
        // Numbers and truth values as text, doubles without a fraction.
        (
            "member_card",
            json!({"supply_bonus": "true", "supply_balance": 0, "discount": 10.0, "base_info.get_limit": "3"}),
        ),
        (
            "cash",
            json!({"base_info.url_name_type": 0, "base_info.center_title": ""}),
        ),
        (
            "cash",
            json!({"base_info.date_info": {"type": 1, "begin_timestamp": NOW.to_string(),
            "end_timestamp": (NOW + DAY).to_string(), "fixed_term": 0, "fixed_begin_term": 0}}),
        ),
    ];
    for (key, changes) in cases {
        let card_id = bench.ok(CREATE, &changed(key, &changes))["card_id"].clone();
        bench.ok("/card/get", &json!({"card_id": card_id}));
    }
}
