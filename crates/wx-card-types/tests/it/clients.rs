//! Cards as other clients write them, and as the service answers them today: typed, passed and kept.

use serde_json::{Value, json};
use wx_card_types::{CardBody, CardType, CreateCard, Endpoint as _, Finding, GetCardResponse, Level, UpdateCard};

/// What each kind has beside the common.
fn own(card_type: &CardType) -> Value {
    match card_type {
        CardType::BoardingPass => json!({"from": "成都", "to": "广州", "flight": "CE123", "air_model": "空客A320",
            "departure_time": "1434507901", "landing_time": 1_434_909_901}),
        CardType::Cash => json!({"reduce_cost": 3000.0, "least_cost": 10000.0}),
        CardType::Discount => json!({"discount": 30.0}),
        CardType::GeneralCard => json!({"sub_card_type": "GIFT_CARD", "init_balance": 5000.0}),
        CardType::GeneralCoupon => json!({"default_detail": "优惠"}),
        CardType::Gift => json!({"gift": "音乐木盒"}),
        CardType::Groupon => json!({"deal_detail": "双人套餐"}),
        CardType::MeetingTicket => json!({"meeting_detail": "时间、地点"}),
        CardType::MemberCard => json!({"prerogative": "特权", "supply_bonus": true, "supply_balance": false,
            "auto_activate": true, "wx_activate": false, "activate_url": "", "discount": 10.0,
            "bonus_rule": {"cost_money_unit": 100.0, "increase_bonus": 1.0}}),
        CardType::MovieTicket => json!({"detail": "电影名"}),
        CardType::ScenicTicket => json!({"ticket_class": "平日全票"}),
        _ => json!({}),
    }
}

/// The kinds that have types here.
fn typed() -> impl Iterator<Item = CardType> {
    let kinds = CardType::KNOWN.iter().map(|word| CardType::from(*word));
    kinds.filter(|kind| !matches!(kind, CardType::BusTicket | CardType::Invoice))
}

/// The request for a card of `card_type`, with `base_info` and `advanced_info`.
fn creation(card_type: &CardType, base_info: &Value, advanced_info: &Value) -> Value {
    let key = card_type.body_key();
    let mut body = own(card_type);
    body["base_info"] = base_info.clone();
    body["advanced_info"] = advanced_info.clone();
    json!({"card": {"card_type": card_type.as_str(), key: body}})
}

/// What every client gives of `base_info`.
fn common(changes: Value) -> Value {
    let mut base_info = json!({"logo_url": "http://mmbiz.qpic.cn/mmbiz/a/0", "brand_name": "微信餐厅",
        "code_type": "CODE_TYPE_QRCODE", "title": "双人套餐", "color": "Color010", "notice": "使用时出示",
        "description": "不可与其他优惠同享", "sku": {"quantity": 100},
        "date_info": {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 0}});
    if let (Value::Object(base_info), Value::Object(changes)) = (&mut base_info, changes) {
        base_info.extend(changes);
    }
    base_info
}

fn read(json: &Value) -> CreateCard {
    serde_json::from_value(json.clone()).unwrap()
}

fn errors(findings: Vec<Finding>) -> Vec<String> {
    let errors = findings.into_iter().filter(|finding| finding.level == Level::Error);
    errors.map(|finding| finding.to_string()).collect()
}

#[test]
fn cards_of_clients_with_defaults_for_everything_pass() {
    // WxJava: a list of pictures as one text, ids of stores as text, amounts as doubles, all booleans.
    let base_info = common(
        json!({"sku": {"quantity": 100, "total_quantity": 0}, "url_name_type": null,
        "can_share": false, "can_give_friend": false, "need_push_on_view": false, "is_pay_and_qrcode": false,
        "use_custom_code": false, "bind_openid": false, "get_limit": 1, "use_limit": 50,
        "location_id_list": ["123", "12321"], "use_all_locations": false, "center_title": "",
        "pay_info": {"swipe_card": {"is_swipe_card": false}}}),
    );
    let advanced_info = json!({"abstract": {"abstract": "餐厅", "icon_url_list": "http://mmbiz.qpic.cn/a"},
        "use_condition": {"least_cost": 3000.0, "can_use_with_other_discount": false},
        "text_image_list": [{"image_url": "http://mmbiz.qpic.cn/b", "text": "菜"}],
        "time_limit": [{"type": "MONDAY", "begin_hour": 0, "end_hour": 10, "begin_minute": 10, "end_minute": 59}],
        "business_service": ["BIZ_SERVICE_FREE_WIFI"]});
    for card_type in typed() {
        let request = read(&creation(&card_type, &base_info, &advanced_info));
        assert!(!matches!(request.card.body, CardBody::Untyped(_)), "{card_type}");
        assert_eq!(errors(request.findings()), Vec::<String>::new(), "{card_type}");
        let written = serde_json::to_value(&request).unwrap();
        let body = &written["card"][card_type.body_key()];
        assert_eq!(body["base_info"]["sku"]["total_quantity"], 0);
        assert_eq!(body["base_info"]["location_id_list"], json!([123, 12321]));
        let icons = &body["advanced_info"]["abstract"]["icon_url_list"];
        assert_eq!(*icons, json!(["http://mmbiz.qpic.cn/a"]));
    }
}

#[test]
fn an_empty_list_for_an_object_is_a_warning_and_is_kept() {
    let base_info = common(json!({"pay_info": [], "location_id_list": [], "sub_merchant_info": []}));
    for advanced_info in [
        json!([]),
        json!({"use_condition": [], "abstract": [], "text_image_list": []}),
    ] {
        for card_type in typed() {
            let mut json = creation(&card_type, &base_info, &advanced_info);
            if card_type == CardType::MemberCard {
                let body = &mut json["card"]["member_card"];
                body["custom_cell1"] = json!([]);
                body["bonus_rule"] = json!([]);
            }
            let request = read(&json);
            assert_eq!(errors(request.findings()), Vec::<String>::new(), "{card_type}");
            let warned = request.findings();
            assert!(warned.iter().any(|finding| finding.field.ends_with(".pay_info")));
            let written = serde_json::to_value(&request).unwrap();
            let body = &written["card"][card_type.body_key()];
            assert_eq!(body["base_info"]["pay_info"], json!([]));
            assert_eq!(body["advanced_info"], advanced_info);
        }
    }
    // Where members are demanded, their absence is told all the same.
    for card_type in typed() {
        let found = errors(read(&creation(&card_type, &json!([]), &json!({}))).findings());
        let title = format!("card.{}.base_info.title: must be given", card_type.body_key());
        assert!(found.iter().any(|found| found.starts_with(&title)), "{found:?}");
    }
}

/// An answer with members that nobody documents, at every level, and values of many a form.
fn live(card_type: &CardType) -> Value {
    let base_info = common(
        json!({"id": "pKwKu1a", "status": "CARD_STATUS_VERIFY_OK", "color": "#10AD61",
        "sku": {"quantity": 1, "total_quantity": 5, "x": {"y": []}}, "create_time": 1_478_922_000,
        "location_id_list": [], "area_code_list": [], "owner_uin": 12.5, "risk": {"level": [1, {"a": "b"}]},
        "date_info": {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 3, "x": false},
        "sub_merchant_info": {"merchant_id": "9", "x": [[]]}, "pay_info": {"swipe_card": {"x": 1}, "x": {}}}),
    );
    let advanced_info = json!({"time_limit": [{"type": "MONDAY", "x": 1}], "text_image_list": [], "x": "",
        "business_service": ["BIZ_SERVICE_NAP"], "consume_share_card_list": [], "share_friends": false,
        "abstract": {"x": 1}, "use_condition": {"x": {"z": 0}}});
    let mut json = creation(card_type, &base_info, &advanced_info);
    let body = &mut json["card"][card_type.body_key()];
    for (name, value) in own(card_type).as_object().unwrap() {
        // Numbers as the service writes them; the forms of clients are settled when they are read.
        let whole = value.as_f64().map(|_| json!(7));
        body[name] = whole.unwrap_or_else(|| value.clone());
    }
    body["custom_field9"] = json!({"name": "n"});
    body["x"] = json!([{"deep": [1, "2", {"three": -3}]}]);
    match card_type {
        CardType::BoardingPass => body["landing_time"] = json!("1434909901"),
        CardType::MemberCard => {
            body["bonus_rule"] = json!({"cost_money_unit": 100, "x": 1});
            body["custom_cell1"] = json!({"name": "n", "x": 1});
            body["custom_field1"] = json!({"name_type": "FIELD_NAME_TYPE_LEVEL", "x": "y"});
        }
        _ => {}
    }
    json["card"]["x"] = json!(true);
    json
}

#[test]
fn answers_and_changes_of_every_kind_keep_what_nobody_documents() {
    for card_type in typed() {
        let json = live(&card_type);
        let answer: GetCardResponse = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&answer).unwrap(), json, "{card_type}");
        assert_eq!(answer.card.card_type(), card_type);
        let base_info = answer.card.base_info().unwrap();
        assert_eq!(base_info.extra.keys().collect::<Vec<_>>(), ["owner_uin", "risk"]);

        let key = card_type.body_key();
        let change = json!({"card_id": "p1", &key: json["card"][&key], "x": {"y": 1}});
        let request: UpdateCard = serde_json::from_value(change.clone()).unwrap();
        assert_eq!(serde_json::to_value(&request).unwrap(), change, "{card_type}");
        // What was read for a change is refused where the service refuses it, though no member of the type holds it.
        let found = errors(request.findings());
        for name in ["brand_name", "sku", "color"] {
            let field = format!("{key}.base_info.{name}: ");
            assert!(found.iter().any(|found| found.starts_with(&field)), "{found:?}");
        }
    }
}
