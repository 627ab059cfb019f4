//! What holds for the cards of every kind.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fmt, fs};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use wx_card_types::{
    BaseInfo, BaseInfoUpdate, BoardingPass, CardBody, CardDetailBody, CardType, CardUpdate, Cash, CashUpdate, CodeType,
    Color, CreateCard, CustomField, DateInfo, Discount, DiscountCoupon, Endpoint, Fen, FieldNameType, FlightTime,
    GeneralCard, GeneralCoupon, GetCardResponse, Gift, Groupon, Level, LuckyMoney, MeetingTicket, MemberCard,
    MovieTicket, ScenicTicket, Sku, SubCardType, UpdateCard,
};

/// The kinds that have types here.
const TYPED: [CardType; 12] = [
    CardType::BoardingPass,
    CardType::Cash,
    CardType::Discount,
    CardType::GeneralCard,
    CardType::GeneralCoupon,
    CardType::Gift,
    CardType::Groupon,
    CardType::LuckyMoney,
    CardType::MeetingTicket,
    CardType::MemberCard,
    CardType::MovieTicket,
    CardType::ScenicTicket,
];

/// What `json` is once it was read as a `T` and written again.
fn again<T: DeserializeOwned + Serialize>(json: &Value) -> (T, Value) {
    let read: T = serde_json::from_value(json.clone()).unwrap();
    let written = serde_json::to_value(&read).unwrap();
    (read, written)
}

fn base_info() -> BaseInfo {
    BaseInfo::new(
        "http://mmbiz.qpic.cn/logo",
        "微信餐厅",
        CodeType::Text,
        "十元代金券",
        Color::Color010,
        "使用时出示此券",
        "不可与其他优惠同享",
        Sku::new(1),
        DateInfo::days(30),
    )
}

/// The members of a body that have no field.
fn extra(body: &CardBody) -> &Map<String, Value> {
    match body {
        CardBody::BoardingPass(card) => &card.extra,
        CardBody::Cash(card) => &card.extra,
        CardBody::Discount(card) => &card.extra,
        CardBody::GeneralCard(card) => &card.extra,
        CardBody::GeneralCoupon(card) => &card.extra,
        CardBody::Gift(card) => &card.extra,
        CardBody::Groupon(card) => &card.extra,
        CardBody::MeetingTicket(card) => &card.extra,
        CardBody::MemberCard(card) => &card.extra,
        CardBody::MovieTicket(card) => &card.extra,
        CardBody::ScenicTicket(card) => &card.extra,
        other => panic!("{other:?} is no official card, or has no type"),
    }
}

/// The official creation of each kind, by the name of its sample.
fn official_creations() -> BTreeMap<String, Value> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let mut creations = BTreeMap::new();
    for file in fs::read_dir(samples).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with("card-create.request") {
            let text = fs::read_to_string(path).unwrap();
            creations.insert(name, serde_json::from_str(&text).unwrap());
        }
    }
    assert_eq!(creations.len(), 12);
    creations
}

/// What the service makes of a card that was created so: it answers what it was given, and what it added.
fn answered(creation: &Value) -> Value {
    let mut answer = creation.clone();
    let card = &mut answer["card"];
    let key = card["card_type"].as_str().unwrap().to_ascii_lowercase();
    let base_info = card[&key]["base_info"].as_object_mut().unwrap();
    base_info.insert("id".to_owned(), "pbLatjnP97_F9PudzBARQhn7xR7A".into());
    base_info.insert("appid".to_owned(), "wx2b029c08a6232582".into());
    base_info.insert("status".to_owned(), "CARD_STATUS_VERIFY_OK".into());
    base_info.insert("color".to_owned(), "#63b359".into());
    base_info.insert("create_time".to_owned(), 1_478_922_000.into());
    base_info.insert("update_time".to_owned(), 1_478_922_001.into());
    base_info["sku"]["total_quantity"] = 7.into();
    base_info["sku"]["undocumented"] = json!({"a": [null, 1]});
    base_info["date_info"]["undocumented"] = 1.into();
    base_info.insert("undocumented".to_owned(), json!([{"b": 1.5}, "c"]));
    card[&key]["undocumented"] = json!({"d": {"e": false}});
    card[&key]["advanced_info"]["undocumented"] = json!([]);
    card["undocumented"] = json!("f");
    answer
}

/// `json` with `date_info.type` as the word of today; the numbers of old are the one thing that is not written back.
fn with_word_of_today(mut json: Value) -> Value {
    for body in json["card"].as_object_mut().unwrap().values_mut() {
        if let Some(date_type) = body.pointer_mut("/base_info/date_info/type")
            && (*date_type == json!(1) || *date_type == json!("1"))
        {
            *date_type = json!("DATE_TYPE_FIX_TIME_RANGE");
        }
    }
    json
}

#[test]
fn every_official_creation_is_typed_passes_and_loses_nothing() {
    for (name, json) in official_creations() {
        let (request, written) = again::<CreateCard>(&json);
        assert_eq!(written, with_word_of_today(json), "{name}");
        assert!(extra(&request.card.body).is_empty(), "{name}");
        assert!(request.card.base_info().unwrap().extra.is_empty(), "{name}");
        assert!(request.validate().is_ok(), "{name}: {:?}", request.validate());
    }
}

#[test]
fn every_answer_with_members_that_nobody_documents_is_typed_and_loses_nothing() {
    for (name, creation) in official_creations() {
        let json = with_word_of_today(answered(&creation));
        let (answer, written) = again::<GetCardResponse>(&json);
        assert_eq!(written, json, "{name}");
        assert!(
            !matches!(answer.card.body, CardDetailBody::Untyped(_)),
            "{name} has no type"
        );
        let base_info = answer.card.base_info().unwrap();
        assert_eq!(
            base_info.color.as_ref().and_then(|color| color.name()),
            Some(Color::Color010)
        );
        assert_eq!(base_info.sku.as_ref().unwrap().total_quantity, Some(7));
        assert_eq!(base_info.extra.keys().collect::<Vec<_>>(), ["undocumented"], "{name}");
    }
}

#[test]
fn every_kind_is_typed_in_every_shape_and_by_the_same_word() {
    for word in CardType::KNOWN {
        let card_type = CardType::from(*word);
        let key = card_type.body_key();
        let (detail, _) = again::<GetCardResponse>(&json!({"card": {"card_type": word, &key: {}}}));
        let (update, _) = again::<UpdateCard>(&json!({"card_id": "p1", &key: {"x": 1}}));
        assert_eq!(detail.card.card_type(), card_type);
        assert_eq!(update.card.card_type(), card_type);
        let typed = TYPED.contains(&card_type);
        assert_eq!(!matches!(detail.card.body, CardDetailBody::Untyped(_)), typed, "{word}");
        assert_eq!(!matches!(update.card, CardUpdate::Untyped(_)), typed, "{word}");
    }
}

#[test]
fn constructors_take_what_is_required_and_nothing_else() {
    let time = FlightTime::new(1_434_507_901);
    let cards: [CreateCard; 12] = [
        CreateCard::new(BoardingPass::new(
            base_info(),
            "成都",
            "广州",
            "CE123",
            time,
            time,
            "空客A320",
        )),
        CreateCard::new(Cash::new(base_info(), Fen::new(1))),
        CreateCard::new(DiscountCoupon::new(base_info(), Discount::percent_off(30))),
        CreateCard::new(GeneralCard::new(base_info(), SubCardType::GiftCard)),
        CreateCard::new(GeneralCoupon::new(base_info(), "优惠")),
        CreateCard::new(Gift::new(base_info(), "木盒")),
        CreateCard::new(Groupon::new(base_info(), "双人餐")),
        CreateCard::new(LuckyMoney::new(base_info())),
        CreateCard::new(MeetingTicket::new(base_info(), "时间、地点")),
        CreateCard::new(MemberCard::new(base_info(), "特权", true, false).auto_activate(true)),
        CreateCard::new(MovieTicket::new(base_info())),
        CreateCard::new(ScenicTicket::new(base_info())),
    ];
    for (card_type, request) in TYPED.iter().zip(cards) {
        assert_eq!(request.card.card_type(), *card_type);
        assert!(request.validate().is_ok(), "{card_type}: {:?}", request.validate());
        let json = serde_json::to_value(&request).unwrap();
        let key = card_type.body_key();
        let required: Vec<String> = json["card"][&key].as_object().unwrap().keys().cloned().collect();
        // Without any one of them it is no card of its kind, and the fault is named by its path.
        for name in required.iter().filter(|name| *name != "auto_activate") {
            let mut json = json.clone();
            json["card"][&key].as_object_mut().unwrap().remove(name);
            let (request, _) = again::<CreateCard>(&json);
            let invalid = request.validate().unwrap_err();
            assert_eq!(invalid.field(), format!("card.{key}.{name}"));
        }
    }
}

#[test]
fn a_member_card_has_one_way_of_activation() {
    let found = |card: MemberCard| match CreateCard::new(card).validate() {
        Ok(()) => String::new(),
        Err(invalid) => invalid.to_string(),
    };
    let card = || MemberCard::new(base_info(), "特权", true, false);
    assert!(
        found(card()).starts_with("card.member_card.auto_activate: must be given"),
        "{}",
        found(card())
    );
    assert!(found(card().wx_activate(false).activate_url(" ")).contains("must be given"));
    let two = found(card().wx_activate(true).activate_url("https://example.com"));
    assert!(
        two.starts_with("card.member_card.activate_url: cannot stand beside"),
        "{two}"
    );
    assert_eq!(found(card().wx_activate(true)), "");
    assert_eq!(found(card().activate_url("https://example.com")), "");
    // Where the card activates itself, the service ignores the other two; the official sample has one of them.
    assert_eq!(
        found(
            card()
                .auto_activate(true)
                .wx_activate(true)
                .activate_url("https://example.com")
        ),
        ""
    );
}

#[test]
fn values_of_a_member_have_a_name_and_there_are_three() {
    let card = || MemberCard::new(base_info(), "特权", true, false).auto_activate(true);
    let named = card()
        .custom_field1(CustomField::of(FieldNameType::Achievement))
        .custom_field2(CustomField::named("生日"))
        .custom_field3(CustomField::of("FIELD_NAME_TYPE_OF_TOMORROW"));
    let json = serde_json::to_value(CreateCard::new(named.clone())).unwrap();
    assert_eq!(
        json["card"]["member_card"]["custom_field1"],
        json!({"name_type": "FIELD_NAME_TYPE_ACHIEVEMEN"})
    );
    assert!(CreateCard::new(named.clone()).validate().is_ok());
    for (card, expected) in [
        (
            named.extra("custom_field4", json!({"name": "x"})),
            "card.member_card.custom_field4: must be left out",
        ),
        (
            card().custom_field1(CustomField::new()),
            "card.member_card.custom_field1.name_type: must be given",
        ),
        (
            card().custom_field1(CustomField::named(" ")),
            "card.member_card.custom_field1.name_type: must be given",
        ),
    ] {
        let invalid = CreateCard::new(card).validate().unwrap_err().to_string();
        assert!(invalid.starts_with(expected), "{invalid}");
    }
}

#[test]
fn what_may_be_demanded_of_a_ticket_is_a_warning() {
    for (card, field) in [
        (
            CreateCard::new(MovieTicket::new(base_info())),
            "card.movie_ticket.detail",
        ),
        (
            CreateCard::new(ScenicTicket::new(base_info())),
            "card.scenic_ticket.ticket_class",
        ),
    ] {
        let found: Vec<_> = card
            .findings()
            .into_iter()
            .map(|found| (found.field, found.level))
            .collect();
        assert_eq!(found, [(field.to_owned(), Level::Warning)]);
    }
    let movie = MovieTicket::new(base_info()).detail("简介");
    assert_eq!(CreateCard::new(movie).findings(), []);
}

#[test]
fn only_member_cards_and_gift_cards_are_valid_for_ever() {
    for (name, mut json) in official_creations() {
        let card_type = CardType::from(json["card"]["card_type"].as_str().unwrap());
        json["card"][card_type.body_key()]["base_info"]["date_info"] = json!({"type": "DATE_TYPE_PERMANENT"});
        let (request, _) = again::<CreateCard>(&json);
        let for_ever = matches!(card_type, CardType::GeneralCard | CardType::MemberCard);
        assert_eq!(request.validate().is_ok(), for_ever, "{name}");
    }
}

/// A value that is not written back as it stood, and what is written for it.
struct Normalization {
    what: &'static str,
    read: Value,
    written: Value,
}

impl fmt::Display for Normalization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }
}

/// Everything in a card that is written otherwise than it was read. To the service both are the same.
fn normalizations() -> Vec<Normalization> {
    let row = |what, read, written| Normalization { what, read, written };
    vec![
        row(
            "null is absent",
            json!({"a": null, "base_info": {"title": null}}),
            json!({"base_info": {}}),
        ),
        row(
            "numbers of old say the word of today",
            json!({"base_info": {"date_info": {"type": "1", "begin_timestamp": 1, "end_timestamp": 2}}}),
            json!({"base_info": {"date_info":
                {"type": "DATE_TYPE_FIX_TIME_RANGE", "begin_timestamp": 1, "end_timestamp": 2}}}),
        ),
        row("numbers as text", json!({"discount": "10"}), json!({"discount": 10})),
        row("numbers as double", json!({"discount": 10.0}), json!({"discount": 10})),
        row(
            "empty text for a number is absent",
            json!({"bonus_rule": {"increase_bonus": ""}}),
            json!({"bonus_rule": {}}),
        ),
        row(
            "truth as number or text",
            json!({"supply_bonus": 1, "wx_activate": "false"}),
            json!({"supply_bonus": true, "wx_activate": false}),
        ),
        row(
            "texts as number",
            json!({"base_info": {"sub_merchant_info": {"merchant_id": 12}}}),
            json!({"base_info": {"sub_merchant_info": {"merchant_id": "12"}}}),
        ),
        row(
            "words as number",
            json!({"base_info": {"status": 1}}),
            json!({"base_info": {"status": "1"}}),
        ),
        row(
            "words have no blanks around them",
            json!({"base_info": {"code_type": " CODE_TYPE_TEXT "}}),
            json!({"base_info": {"code_type": "CODE_TYPE_TEXT"}}),
        ),
        row(
            "spellings of one state",
            json!({"base_info": {"status": "CARD_STATUS_VERIFY_FALL"}}),
            json!({"base_info": {"status": "CARD_STATUS_VERIFY_FAIL"}}),
        ),
        row(
            "one bare item is a list",
            json!({"base_info": {"location_id_list": "0"}}),
            json!({"base_info": {"location_id_list": [0]}}),
        ),
        row(
            "an empty object is an empty list",
            json!({"advanced_info": {"text_image_list": {}}}),
            json!({"advanced_info": {"text_image_list": []}}),
        ),
    ]
}

#[test]
fn what_is_written_otherwise_than_it_was_read_is_listed() {
    for row in normalizations() {
        let card = |body: &Value| json!({"card": {"card_type": "MEMBER_CARD", "member_card": body}});
        let (answer, written) = again::<GetCardResponse>(&card(&row.read));
        assert_eq!(written, card(&row.written), "{row}");
        assert!(matches!(answer.card.body, CardDetailBody::MemberCard(_)), "{row}");
        let (_, settled) = again::<GetCardResponse>(&written);
        assert_eq!(settled, written, "{row}");
    }
}

#[test]
fn times_of_flights_are_text_however_they_were_read() {
    let card = |time: Value| json!({"card": {"card_type": "BOARDING_PASS", "boarding_pass": {"departure_time": time}}});
    for time in [json!(1_434_507_901), json!("1434507901"), json!(1_434_507_901.0)] {
        let (_, written) = again::<GetCardResponse>(&card(time));
        assert_eq!(written, card(json!("1434507901")));
    }
    let (_, kept) = again::<GetCardResponse>(&card(json!("noon")));
    assert_eq!(kept, card(json!("noon")));
    let found = |time: i64| {
        let pass = BoardingPass::new(base_info(), "成都", "广州", "CE123", time, 1, "空客A320");
        CreateCard::new(pass).validate().map_err(|invalid| invalid.to_string())
    };
    assert_eq!(found(i32::MAX.into()), Ok(()));
    let late = found(i64::from(i32::MAX) + 1).unwrap_err();
    assert!(
        late.starts_with("card.boarding_pass.departure_time: is 2147483648, must be 0 to 2147483647"),
        "{late}"
    );
}

#[test]
fn what_only_answers_have_cannot_be_changed_or_created() {
    let members = |json: Value| json.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let base = serde_json::to_value(base_info()).unwrap();
    let read_only = ["appid", "create_time", "id", "status", "update_time"];
    assert!(members(base).iter().all(|name| !read_only.contains(&name.as_str())));
    // The names are kept when they are read all the same: what is no member is an extra one.
    let json = json!({"card_id": "p1", "cash": {"base_info": {"id": "p2", "notice": "n"}}});
    let (request, written) = again::<UpdateCard>(&json);
    assert_eq!(written, json);
    assert_eq!(
        request.card.base_info().unwrap().extra.keys().collect::<Vec<_>>(),
        ["id"]
    );
    let own = UpdateCard::new("p1", CashUpdate::new().base_info(BaseInfoUpdate::new().notice("n")));
    assert!(own.validate().is_ok());
}
