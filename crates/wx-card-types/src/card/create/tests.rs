//! What creating a card is held to.

use proptest::prelude::*;
use serde_json::{Map, json};

use super::*;
use crate::test_util::{assert_round_trip, invalid};
use crate::{
    AdvancedInfo, BaseInfo, BusinessService, CardType, Cash, CodeType, Color, CustomCodeMode, DateInfo, Discount,
    DiscountCoupon, Fen, GeneralCoupon, GetCardResponse, Gift, Groupon, Sku, SubMerchantInfo, Summary, TextImage,
    TimeLimit, TimeLimitType, UntypedCard, UseCondition,
};

const CASH: &str = include_str!("../../../tests/samples/card-create.request.cash.json");
const COUPONS: [(&str, CardType); 5] = [
    (CASH, CardType::Cash),
    (
        include_str!("../../../tests/samples/card-create.request.discount.json"),
        CardType::Discount,
    ),
    (
        include_str!("../../../tests/samples/card-create.request.general-coupon.json"),
        CardType::GeneralCoupon,
    ),
    (
        include_str!("../../../tests/samples/card-create.request.gift.json"),
        CardType::Gift,
    ),
    (
        include_str!("../../../tests/samples/card-create.request.groupon.json"),
        CardType::Groupon,
    ),
];

fn base_info() -> BaseInfo {
    BaseInfo::new(
        "http://mmbiz.qpic.cn/mmbiz/iaL1LJM1mF9aRKPZ/0",
        "微信餐厅",
        CodeType::Qrcode,
        "十元代金券",
        Color::Color010,
        "使用时向服务员出示此券",
        "不可与其他优惠同享",
        Sku::new(500_000),
        DateInfo::days(30),
    )
}

/// The official cash coupon, changed.
fn cash(change: impl FnOnce(&mut Map<String, Value>)) -> CreateCard {
    let mut json: Value = serde_json::from_str(CASH).unwrap();
    change(json["card"]["cash"].as_object_mut().unwrap());
    serde_json::from_value(json).unwrap()
}

fn cash_with_base(name: &str, value: Value) -> String {
    invalid(&cash(|cash| {
        cash["base_info"][name] = value;
    }))
}

#[test]
fn request_on_the_wire() {
    insta::assert_json_snapshot!(CreateCard::new(Cash::new(base_info().can_share(false), Fen::new(1000)).least_cost(Fen::new(10000))), @r#"
    {
      "card": {
        "card_type": "CASH",
        "cash": {
          "base_info": {
            "logo_url": "http://mmbiz.qpic.cn/mmbiz/iaL1LJM1mF9aRKPZ/0",
            "brand_name": "微信餐厅",
            "code_type": "CODE_TYPE_QRCODE",
            "title": "十元代金券",
            "color": "Color010",
            "notice": "使用时向服务员出示此券",
            "description": "不可与其他优惠同享",
            "sku": {
              "quantity": 500000
            },
            "date_info": {
              "type": "DATE_TYPE_FIX_TERM",
              "fixed_term": 30
            },
            "can_share": false
          },
          "reduce_cost": 1000,
          "least_cost": 10000
        }
      }
    }
    "#);
}

#[test]
fn everything_that_a_coupon_can_say_is_on_the_wire() {
    let advanced_info = AdvancedInfo::default()
        .use_condition(
            UseCondition::default()
                .object_use_for("鞋类")
                .can_use_with_other_discount(true),
        )
        .summary(
            Summary::default()
                .text("新季菜品")
                .icon_url_list(["http://mmbiz.qpic.cn/1".to_owned()]),
        )
        .text_image_list([TextImage::new("http://mmbiz.qpic.cn/2", "营养均衡")])
        .business_service([BusinessService::FreeWifi])
        .time_limit([
            TimeLimit::new(TimeLimitType::Monday).begin_hour(0).end_hour(10),
            TimeLimit::new("HOLIDAY"),
        ]);
    let base_info = base_info()
        .use_custom_code(false)
        .location_id_list([123, 345])
        .sub_merchant_info(SubMerchantInfo::new("123456"))
        .extra("later", 1);
    let request = CreateCard::new(Gift::new(base_info, "音乐木盒一个").advanced_info(advanced_info));
    request.validate().unwrap();
    let written = serde_json::to_value(&request).unwrap();
    insta::assert_json_snapshot!(written["card"]["gift"]["advanced_info"], @r#"
    {
      "abstract": {
        "abstract": "新季菜品",
        "icon_url_list": [
          "http://mmbiz.qpic.cn/1"
        ]
      },
      "business_service": [
        "BIZ_SERVICE_FREE_WIFI"
      ],
      "text_image_list": [
        {
          "image_url": "http://mmbiz.qpic.cn/2",
          "text": "营养均衡"
        }
      ],
      "time_limit": [
        {
          "begin_hour": 0,
          "end_hour": 10,
          "type": "MONDAY"
        },
        {
          "type": "HOLIDAY"
        }
      ],
      "use_condition": {
        "can_use_with_other_discount": true,
        "object_use_for": "鞋类"
      }
    }
    "#);
    assert_eq!(
        written["card"]["gift"]["base_info"]["location_id_list"],
        json!([123, 345])
    );
    assert_eq!(written["card"]["gift"]["base_info"]["later"], 1);
    assert_eq!(serde_json::from_value::<CreateCard>(written).unwrap(), request);
}

#[test]
fn each_kind_has_its_word_and_its_key() {
    let cards: [(Card, &str, &str); 5] = [
        (Groupon::new(base_info(), "双人餐").into(), "GROUPON", "groupon"),
        (Cash::new(base_info(), Fen::new(1)).into(), "CASH", "cash"),
        (
            DiscountCoupon::new(base_info(), Discount::percent_off(30)).into(),
            "DISCOUNT",
            "discount",
        ),
        (Gift::new(base_info(), "木盒").into(), "GIFT", "gift"),
        (
            GeneralCoupon::new(base_info(), "优惠").into(),
            "GENERAL_COUPON",
            "general_coupon",
        ),
    ];
    for (card, word, key) in cards {
        let request = CreateCard::new(card);
        let written = serde_json::to_value(&request).unwrap();
        assert_eq!(written["card"]["card_type"], word);
        assert_eq!(written["card"][key]["base_info"]["title"], "十元代金券", "{word}");
        assert_eq!(written["card"].as_object().unwrap().len(), 2, "{word}");
        assert_eq!(request.card.base_info().unwrap().title, "十元代金券", "{word}");
        assert!(request.validate().is_ok(), "{word}");
    }
}

#[test]
fn the_official_coupons_are_typed_valid_and_lose_nothing() {
    for (json, card_type) in COUPONS {
        let request = assert_round_trip::<CreateCard>(json);
        assert_eq!(request.card.card_type(), card_type);
        assert!(!matches!(request.card.body, CardBody::Untyped(_)), "{card_type}");
        assert!(request.card.extra.is_empty(), "{card_type}");
        assert!(request.card.base_info().unwrap().extra.is_empty(), "{card_type}");
        request.validate().unwrap();
    }
    let CardBody::Cash(cash) = assert_round_trip::<CreateCard>(CASH).card.body else {
        panic!("no cash coupon");
    };
    assert_eq!(
        (cash.reduce_cost, cash.least_cost),
        (Fen::new(100), Some(Fen::new(1000)))
    );
    assert_eq!(cash.base_info.location_id_list, Some(vec![123, 12321, 345345]));
    let advanced_info = cash.advanced_info.unwrap();
    assert!(cash.extra.is_empty() && advanced_info.extra.is_empty());
    assert_eq!(
        advanced_info.time_limit.unwrap()[1],
        TimeLimit::new(TimeLimitType::Holiday)
    );
    assert_eq!(advanced_info.text_image_list.unwrap().len(), 2);
}

#[test]
fn the_official_deal_of_old_is_typed_and_valid() {
    let json = include_str!("../../../tests/samples/card-create.request.json");
    let request: CreateCard = serde_json::from_str(json).unwrap();
    request.validate().unwrap();
    // All that changes is the number that stood for a range.
    let mut expected: Value = serde_json::from_str(json).unwrap();
    expected["card"]["groupon"]["base_info"]["date_info"]["type"] = json!("DATE_TYPE_FIX_TIME_RANGE");
    assert_eq!(serde_json::to_value(&request).unwrap(), expected);
}

#[test]
fn the_titles_that_developers_report_pass_and_fail_as_reported() {
    let json = include_str!("../../../tests/samples/card-create.request.json");
    let mut request: CreateCard = serde_json::from_str(json).unwrap();
    let CardBody::Groupon(groupon) = &mut request.card.body else {
        panic!("no deal");
    };
    groupon.base_info.title = "1000元面值充值卡哈哈".to_owned();
    assert_eq!(
        invalid(&request),
        "card.groupon.base_info.title: has 28 bytes in 12 characters, must have at most 27 bytes (a Chinese character has 3)",
    );
    let CardBody::Groupon(groupon) = &mut request.card.body else {
        panic!("no deal");
    };
    groupon.base_info.title = "100元面值充值卡哈哈".to_owned();
    request.validate().unwrap();
}

#[test]
fn a_body_that_does_not_fit_is_kept_and_each_fault_named() {
    let request = assert_round_trip::<CreateCard>(
        r#"{"card":{"card_type":"CASH","cash":{"base_info":{"title":"a title of one byte too many","sku":{}},
            "least_cost":[1]}}}"#,
    );
    let CardBody::Untyped(card) = &request.card.body else {
        panic!("{:?} is typed", request.card);
    };
    assert!(card.misfit().unwrap().starts_with("missing field `quantity`"));
    insta::assert_snapshot!(invalid(&request).replace("; ", "\n"), @"
    card.cash.base_info.logo_url: must be given: the service makes no card without it
    card.cash.base_info.brand_name: must be given: the service makes no card without it
    card.cash.base_info.code_type: must be given: the service makes no card without it
    card.cash.base_info.title: has 28 bytes in 28 characters, must have at most 27 bytes (a Chinese character has 3)
    card.cash.base_info.color: must be given: the service makes no card without it
    card.cash.base_info.notice: must be given: the service makes no card without it
    card.cash.base_info.description: must be given: the service makes no card without it
    card.cash.base_info.sku.quantity: must be given: the service makes no card without it
    card.cash.base_info.date_info: must be given: the service makes no card without it
    card.cash.reduce_cost: must be given: the service makes no card without it
    card.cash.least_cost: must be a whole number of 分
    ");
}

#[test]
fn a_single_missing_member_is_named() {
    let because = "must be given: the service makes no card without it";
    let request = cash(|cash| {
        cash.remove("reduce_cost");
    });
    assert_eq!(invalid(&request), format!("card.cash.reduce_cost: {because}"));
    let request = cash(|cash| {
        cash.remove("base_info");
    });
    assert_eq!(invalid(&request), format!("card.cash.base_info: {because}"));
    for name in [
        "logo_url",
        "brand_name",
        "code_type",
        "title",
        "color",
        "notice",
        "description",
        "sku",
        "date_info",
    ] {
        let request = cash(|cash| {
            cash["base_info"].as_object_mut().unwrap().remove(name);
        });
        assert_eq!(invalid(&request), format!("card.cash.base_info.{name}: {because}"));
    }
}

#[test]
fn a_body_must_stand_under_the_key_of_its_type() {
    for json in [
        r#"{"card":{"card_type":"CASH"}}"#,
        r#"{"card":{"card_type":"CASH","groupon":{"base_info":{}}}}"#,
    ] {
        let request = assert_round_trip::<CreateCard>(json);
        assert!(invalid(&request).starts_with("card.cash: must be given"), "{json}");
    }
    let request = assert_round_trip::<CreateCard>(r#"{"card":{"card_type":"CASH","cash":["x"],"later":{"a":1}}}"#);
    assert_eq!(invalid(&request), "card.cash: must be an object");
    assert_eq!(request.card.extra["later"], json!({"a": 1}));
    let request = assert_round_trip::<CreateCard>(r#"{"card":{"card_type":"BIKE_RIDE","bike_ride":"x"}}"#);
    assert_eq!(invalid(&request), "card.bike_ride: must be an object");
}

#[test]
fn what_is_no_card_does_not_decode() {
    for (json, missing) in [
        ("{}", "card"),
        (r#"{"card":null}"#, "card"),
        (r#"{"card":{}}"#, "card_type"),
        (r#"{"card":{"card_type":null,"cash":{}}}"#, "card_type"),
        (r#"{"card":{"cash":{"base_info":{}}}}"#, "card_type"),
    ] {
        let error = serde_json::from_str::<CreateCard>(json).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("missing field `{missing}`")),
            "{json}: {error}"
        );
    }
    assert!(serde_json::from_str::<CreateCard>(r#"{"card":[]}"#).is_err());
}

#[test]
fn null_never_leaves() {
    let request: CreateCard = serde_json::from_str(
        r#"{"card":{"card_type":"MEMBER_CARD","member_card":{"base_info":{"sub_title":null,"title":"x"},
            "cells":[{"tips":null}]},"later":null}}"#,
    )
    .unwrap();
    assert_eq!(
        serde_json::to_string(&request).unwrap(),
        r#"{"card":{"card_type":"MEMBER_CARD","member_card":{"base_info":{"title":"x"},"cells":[{}]}}}"#,
    );
    let by_hand = UntypedCard::new("MEMBER_CARD", json!({"a": null}));
    assert_eq!(by_hand.body, Some(json!({})));
}

#[test]
fn a_body_given_as_json_is_held_to_the_rules_of_its_type() {
    let request = CreateCard::new(UntypedCard::new(CardType::Discount, json!({"discount": 100})));
    assert!(invalid(&request).ends_with("card.discount.discount: is 100, must be 1 to 99"));
}

#[test]
fn texts_are_measured_in_bytes() {
    for (name, max) in [
        ("brand_name", 36),
        ("title", 27),
        ("sub_title", 54),
        ("notice", 48),
        ("description", 3072),
        ("service_phone", 24),
        ("center_title", 18),
        ("center_sub_title", 24),
        ("center_url", 128),
        ("center_app_brand_user_name", 128),
        ("center_app_brand_pass", 128),
        ("custom_url_name", 15),
        ("custom_url", 128),
        ("custom_url_sub_title", 18),
        ("custom_app_brand_user_name", 128),
        ("custom_app_brand_pass", 128),
        ("promotion_url_name", 15),
        ("promotion_url", 128),
        ("promotion_url_sub_title", 18),
        ("promotion_app_brand_user_name", 128),
        ("promotion_app_brand_pass", 128),
        ("source", 36),
    ] {
        let request = cash(|cash| cash["base_info"][name] = json!("a".repeat(max)));
        assert!(request.validate().is_ok(), "{name}");
        let found = cash_with_base(name, json!("a".repeat(max + 1)));
        let expected = format!(
            "card.cash.base_info.{name}: has {0} bytes in {0} characters, must have at most {max} ",
            max + 1
        );
        assert!(found.starts_with(&expected), "{found}");
    }
    assert_eq!(
        cash_with_base("title", json!("九个汉字刚刚好正好啊多")),
        "card.cash.base_info.title: has 33 bytes in 11 characters, must have at most 27 bytes (a Chinese character has 3)",
    );
}

#[test]
fn values_of_the_common_part_that_the_service_would_refuse_are_found() {
    let cases = [
        ("title", json!(""), "title: must not be empty"),
        ("code_type", json!(""), "code_type: must not be empty"),
        ("color", json!({}), "color: must be a word"),
        ("sku", json!(500), "sku: must be an object"),
        (
            "sku",
            json!({"quantity": -1}),
            "sku.quantity: is -1, must be 0 to 100000000",
        ),
        (
            "sku",
            json!({"quantity": 100_000_001}),
            "sku.quantity: is 100000001, must be 0 to 100000000",
        ),
        ("get_limit", json!("many"), "get_limit: must be a whole number"),
        ("get_limit", json!(-1), "get_limit: is -1, must be at least 0"),
        ("can_share", json!("maybe"), "can_share: must be true or false"),
        (
            "location_id_list",
            json!([1, "x"]),
            "location_id_list[1]: must be a whole number",
        ),
        (
            "use_all_locations",
            json!(true),
            "use_all_locations: cannot stand beside location_id_list; leave one of them out",
        ),
        (
            "date_info",
            json!({"type": "DATE_TYPE_PERMANENT"}),
            "date_info.type: must be another type: only member cards are valid for ever",
        ),
        (
            "date_info",
            json!({"type": 1, "begin_timestamp": 2, "end_timestamp": 1}),
            "date_info.end_timestamp: must be later than begin_timestamp",
        ),
        (
            "pay_info",
            json!({"swipe_card": 1}),
            "pay_info.swipe_card: must be an object",
        ),
        (
            "sub_merchant_info",
            json!({}),
            "sub_merchant_info.merchant_id: must be given: the service makes no card without it",
        ),
    ];
    for (name, value, expected) in cases {
        assert_eq!(cash_with_base(name, value), format!("card.cash.base_info.{expected}"));
    }
}

#[test]
fn words_of_tomorrow_pass() {
    let request = cash(|cash| {
        cash["base_info"]["code_type"] = json!("CODE_TYPE_SMELL");
        cash["base_info"]["color"] = json!("Color999");
        cash["base_info"]["date_info"] = json!({"type": "DATE_TYPE_LUNAR"});
        cash["base_info"]["use_all_locations"] = json!(false);
        cash["advanced_info"]["business_service"] = json!(["BIZ_SERVICE_NAP"]);
        cash["base_info"]["sub_title"] = json!("");
    });
    assert!(request.validate().is_ok());
}

#[test]
fn deposited_codes_need_custom_codes_and_no_stock() {
    let deposit = base_info().get_custom_code_mode(CustomCodeMode::Deposit);
    assert_eq!(
        invalid(&CreateCard::new(Cash::new(deposit.clone(), Fen::new(1)))),
        "card.cash.base_info.use_custom_code: must be true where codes are deposited; \
         card.cash.base_info.sku.quantity: must be 0 where codes are deposited; raise the stock when they are in",
    );
    let mut deposit = deposit.use_custom_code(true);
    deposit.sku = Sku::new(0);
    assert!(CreateCard::new(Cash::new(deposit, Fen::new(1))).validate().is_ok());
}

#[test]
fn values_of_the_kinds_that_the_service_would_refuse_are_found() {
    let cases: [(Card, &str); 6] = [
        (
            Cash::new(base_info(), Fen::new(0)).into(),
            "cash.reduce_cost: is 0, must be at least 1",
        ),
        (
            Cash::new(base_info(), Fen::new(1)).least_cost(Fen::new(-1)).into(),
            "cash.least_cost: is -1, must be at least 0",
        ),
        (
            DiscountCoupon::new(base_info(), Discount::percent_off(0)).into(),
            "discount.discount: is 0, must be 1 to 99",
        ),
        (
            Groupon::new(base_info(), " ").into(),
            "groupon.deal_detail: must not be empty",
        ),
        (Gift::new(base_info(), "").into(), "gift.gift: must not be empty"),
        (
            GeneralCoupon::new(base_info(), "a".repeat(3073)).into(),
            "general_coupon.default_detail: has 3073 bytes in 3073 characters, must have at most 3072 bytes (a Chinese character has 3)",
        ),
    ];
    for (card, expected) in cases {
        assert_eq!(invalid(&CreateCard::new(card)), format!("card.{expected}"));
    }
}

#[test]
fn advanced_values_that_the_service_would_refuse_are_found() {
    let cases = [
        (json!([1]), ": must be an object"),
        (
            json!({"abstract": {"icon_url_list": ["a", "b"]}}),
            ".abstract.icon_url_list: has 2 items, must have 0 to 1",
        ),
        (
            json!({"text_image_list": [{"image_url": "u", "text": "t"}, {"text": "t"}, {"image_url": "u", "text": ""}]}),
            ".text_image_list[1].image_url: must be given: the service makes no card without it; \
             card.cash.advanced_info.text_image_list[2].text: must not be empty",
        ),
        (
            json!({"text_image_list": ["x"]}),
            ".text_image_list[0]: must be an object",
        ),
        (
            json!({"time_limit": [{"type": "MONDAY", "begin_hour": 24, "end_minute": 60}]}),
            ".time_limit[0].begin_hour: is 24, must be 0 to 23; \
             card.cash.advanced_info.time_limit[0].end_minute: is 60, must be 0 to 59",
        ),
        (
            json!({"time_limit": [{}]}),
            ".time_limit[0].type: must be given: the service makes no card without it",
        ),
        (
            json!({"use_condition": {"accept_category": "a".repeat(513)}}),
            ".use_condition.accept_category: has 513 bytes in 513 characters, must have at most 512 bytes (a Chinese character has 3)",
        ),
    ];
    for (advanced_info, expected) in cases {
        let request = cash(|cash| cash["advanced_info"] = advanced_info);
        assert_eq!(invalid(&request), format!("card.cash.advanced_info{expected}"));
    }
}

#[test]
fn the_official_answer_decodes() {
    let answer: CreateCardResponse =
        serde_json::from_str(r#"{"errcode":0,"errmsg":"ok","card_id":"p1Pj9jr90_SQRaVqYI239Ka1erkI"}"#).unwrap();
    assert_eq!(answer.card_id, "p1Pj9jr90_SQRaVqYI239Ka1erkI");
    assert!(answer.extra.is_empty());
    let error = serde_json::from_str::<CreateCardResponse>("{}").unwrap_err();
    assert!(error.to_string().starts_with("missing field `card_id`"), "{error}");
}

/// Any JSON, with members that cards have.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop_oneof!["", "1", "-0.5", "DATE_TYPE_FIX_TERM", "\\PC{0,8}"].prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        let name = prop::sample::select(vec![
            "base_info",
            "advanced_info",
            "abstract",
            "sku",
            "quantity",
            "date_info",
            "type",
            "fixed_term",
            "time_limit",
            "text_image_list",
            "text",
            "location_id_list",
            "pay_info",
            "swipe_card",
            "reduce_cost",
            "title",
            "status",
            "use_custom_code",
            "get_custom_code_mode",
            "card_type",
            "cash",
            "later",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..6).prop_map(|members| members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

proptest! {
    #[test]
    fn any_body_decodes_validates_and_settles(body in json_value(), change in json_value()) {
        let mut official: Value = serde_json::from_str(CASH).unwrap();
        if let Value::Object(members) = &change {
            official["card"]["cash"]["base_info"].as_object_mut().unwrap().extend(members.clone());
        }
        for json in [json!({"card": {"card_type": "CASH", "cash": body}}), official] {
            let request: CreateCard = serde_json::from_value(json.clone()).unwrap();
            let written = serde_json::to_value(&request).unwrap();
            let again: CreateCard = serde_json::from_value(written.clone()).unwrap();
            prop_assert_eq!(serde_json::to_value(&again).unwrap(), written);
            prop_assert_eq!(again.validate(), request.validate());

            let answer: GetCardResponse = serde_json::from_value(json).unwrap();
            let written = serde_json::to_value(&answer).unwrap();
            let again: GetCardResponse = serde_json::from_value(written.clone()).unwrap();
            prop_assert_eq!(serde_json::to_value(&again).unwrap(), written);
        }
    }

    #[test]
    fn a_valid_card_leaves_as_it_was_checked(change in json_value()) {
        let request = cash(|cash| {
            if let Value::Object(members) = change {
                cash["base_info"].as_object_mut().unwrap().extend(members);
            }
        });
        // What passes is typed: a body that fits no type never does.
        let typed = !matches!(request.card.body, CardBody::Untyped(_));
        prop_assert!(typed || request.validate().is_err());
    }
}
