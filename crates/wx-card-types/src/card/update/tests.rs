//! What changing a card is held to.

use serde_json::json;

use super::*;
use crate::test_util::{assert_round_trip, invalid};
use crate::{
    BaseInfoUpdate, CashUpdate, DateInfo, Discount, GrouponUpdate, Level, MemberCardUpdate, MsgOperation, MsgUrlCell,
    UntypedCard,
};

const REQUEST: &str = include_str!("../../../tests/samples/card-update.request.json");
const RESPONSE: &str = include_str!("../../../tests/samples/card-update.response.json");

fn read(json: Value) -> UpdateCard {
    serde_json::from_value(json).unwrap()
}

#[test]
fn request_on_the_wire() {
    let base_info = BaseInfoUpdate::new()
        .notice("使用时向服务员出示此券")
        .date_info(DateInfo::range(1_397_577_600, 1_472_724_261))
        .location_id_list([123, 12321]);
    let url_cell = MsgUrlCell::new()
        .card_id_list([CardId::from("pbLatjhcI6XUxJWA0Au3Gaq5eFPs")])
        .text("恭喜你获得一张50元代金券");
    let changes = MemberCardUpdate::new()
        .base_info(base_info)
        .activate_msg_operation(MsgOperation::new().url_cell(url_cell));
    let request = UpdateCard::new("ph_gmt7cUVrlRk8swPwx7aDyF-pg", changes);
    assert!(request.validate().is_ok());
    insta::assert_json_snapshot!(request, @r#"
    {
      "card_id": "ph_gmt7cUVrlRk8swPwx7aDyF-pg",
      "member_card": {
        "base_info": {
          "notice": "使用时向服务员出示此券",
          "date_info": {
            "type": "DATE_TYPE_FIX_TIME_RANGE",
            "begin_timestamp": 1397577600,
            "end_timestamp": 1472724261
          },
          "location_id_list": [
            123,
            12321
          ]
        },
        "activate_msg_operation": {
          "url_cell": {
            "card_id_list": [
              "pbLatjhcI6XUxJWA0Au3Gaq5eFPs"
            ],
            "text": "恭喜你获得一张50元代金券"
          }
        }
      }
    }
    "#);
}

#[test]
fn the_official_request_is_typed_valid_and_loses_nothing() {
    let request = assert_round_trip::<UpdateCard>(REQUEST);
    assert!(request.validate().is_ok(), "{:?}", request.validate());
    let CardUpdate::MemberCard(card) = &request.card else {
        panic!("{request:?} has no type");
    };
    assert!(request.extra.is_empty() && card.extra.is_empty());
    let base_info = card.base_info.as_ref().unwrap();
    assert!(base_info.extra.is_empty());
    assert_eq!(base_info.location_id_list, Some(vec![123, 12321, 345_345]));
    // An empty text is a change: it takes the text away.
    assert_eq!(card.prerogative.as_deref(), Some(""));
    let cell = card
        .activate_msg_operation
        .as_ref()
        .and_then(|message| message.url_cell.as_ref());
    assert_eq!(cell.unwrap().end_time, Some(1_492_724_561));
}

#[test]
fn the_key_tells_the_kind() {
    for word in CardType::KNOWN {
        let card_type = CardType::from(*word);
        let json = json!({"card_id": "p1", card_type.body_key(): {"base_info": {"notice": "n", "x": 1}, "y": [2]}});
        let request = assert_round_trip::<UpdateCard>(&json.to_string());
        assert_eq!(request.card.card_type(), card_type);
        assert_eq!(request.card.base_info().unwrap().notice.as_deref(), Some("n"), "{word}");
        let untyped = matches!(request.card, CardUpdate::Untyped(_));
        let has_no_type = matches!(card_type, CardType::BusTicket | CardType::Invoice);
        assert_eq!(untyped, has_no_type, "{word}");
    }
}

#[test]
fn a_kind_of_tomorrow_stays_as_it_is() {
    let json = r#"{"card_id":"p1","bike_ride":{"speed":3},"later":[1],"another":"x"}"#;
    let request = assert_round_trip::<UpdateCard>(json);
    assert_eq!(request.card.card_type().as_str(), "BIKE_RIDE");
    assert!(request.validate().is_ok());
    // Words of other kinds beside it are members like any other, unless they have a body.
    let beside = assert_round_trip::<UpdateCard>(r#"{"card_id":"p1","discount":30,"member_card":{"discount":10}}"#);
    assert!(matches!(&beside.card, CardUpdate::MemberCard(card) if card.discount == Some(Discount::percent_off(10))));
    let own = UpdateCard::new("p1", UntypedCard::new("BIKE_RIDE", json!({"speed": 3})));
    assert_eq!(
        serde_json::to_value(own).unwrap(),
        json!({"card_id": "p1", "bike_ride": {"speed": 3}})
    );
}

#[test]
fn a_body_that_does_not_fit_is_kept_and_refused() {
    let request = assert_round_trip::<UpdateCard>(r#"{"card_id":"p1","cash":"none"}"#);
    assert!(matches!(&request.card, CardUpdate::Untyped(card) if card.misfit().is_some()));
    assert_eq!(invalid(&request), "cash: must be an object");
}

#[test]
fn what_changes_no_card_does_not_decode() {
    for (json, expected) in [
        (json!({"cash": {}}), "missing field `card_id`"),
        (json!({"card_id": null, "cash": {}}), "missing field `card_id`"),
        (json!({"card_id": "p1"}), "no member such as `member_card` says"),
        (
            json!({"card_id": "p1", "card_type": "CASH", "cash": null}),
            "no member such as `member_card` says",
        ),
        (json!({"card_id": {}, "cash": {}}), "invalid type"),
    ] {
        let error = serde_json::from_value::<UpdateCard>(json.clone())
            .unwrap_err()
            .to_string();
        assert!(error.starts_with(expected), "{json}: {error}");
    }
}

#[test]
fn an_update_of_nothing_is_refused_here() {
    assert_eq!(
        invalid(&UpdateCard::new(" ", CashUpdate::new())),
        "card_id: must not be empty; cash: must not be empty",
    );
    let empty = GrouponUpdate::new().base_info(BaseInfoUpdate::new());
    assert_eq!(invalid(&UpdateCard::new("p1", empty)), "groupon: must not be empty");
    assert_eq!(
        invalid(&read(json!({"card_id": "p1", "bike_ride": {}}))),
        "bike_ride: must not be empty"
    );
}

#[test]
fn members_that_never_change_are_refused_here() {
    let fixed = [
        "bind_openid",
        "brand_name",
        "get_custom_code_mode",
        "sku",
        "source",
        "sub_merchant_info",
        "use_custom_code",
    ];
    for name in fixed {
        let changes = CashUpdate::new().base_info(BaseInfoUpdate::new().extra(name, "x"));
        assert_eq!(
            invalid(&UpdateCard::new("p1", changes)),
            format!("cash.base_info.{name}: must be left out: the service never changes it"),
        );
        let nothing = json!({"card_id": "p1", "cash": {"base_info": {"notice": "n", name: null}}});
        assert!(read(nothing).validate().is_ok());
    }
}

#[test]
fn values_that_the_service_would_refuse_are_found() {
    let cases = [
        (
            json!({"cash": {"reduce_cost": 0}}),
            "cash.reduce_cost: is 0, must be at least 1",
        ),
        (
            json!({"cash": {"base_info": {"date_info": {"begin_timestamp": 1, "end_timestamp": 2}}}}),
            "cash.base_info.date_info.type: must be given",
        ),
        (
            json!({"cash": {"base_info": {"date_info": {"type": "DATE_TYPE_FIX_TIME_RANGE", "end_timestamp": 2}}}}),
            "cash.base_info.date_info.begin_timestamp: must be given",
        ),
        (
            json!({"cash": {"base_info": {"date_info": {"type": "DATE_TYPE_PERMANENT"}}}}),
            "cash.base_info.date_info.type: must be another type",
        ),
        (
            json!({"member_card": {"modify_msg_operation": {"url_cell": {"card_id_list": ["1", "2", "3", "4", "5", "6"]}}}}),
            "member_card.modify_msg_operation.url_cell.card_id_list: has 6 items",
        ),
        (
            json!({"member_card": {"custom_field4": {"name": "n"}}}),
            "member_card.custom_field4: must be left out",
        ),
        (json!({"cash": {"least_cost": 1}, "gift": {}}), "gift: must be left out"),
    ];
    for (mut json, expected) in cases {
        json["card_id"] = "p1".into();
        let found = invalid(&read(json));
        assert!(found.starts_with(expected), "{expected}: {found}");
    }
    let term = json!({"card_id": "p1", "cash": {"base_info": {"date_info": {"type": 2, "fixed_term": 3}}}});
    assert!(read(term).validate().is_ok());
}

#[test]
fn a_change_beyond_the_common_is_sent_with_a_warning() {
    let request = read(json!({"card_id": "p1", "cash": {"advanced_info": {"share_friends": true}}}));
    let found = request.findings();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].field.as_str(), found[0].level),
        ("cash.advanced_info", Level::Warning)
    );
}

#[test]
fn an_update_needs_nothing_that_a_creation_needs() {
    for word in CardType::KNOWN {
        let key = CardType::from(*word).body_key();
        let request = read(json!({"card_id": "p1", key: {"base_info": {"service_phone": "1"}}}));
        assert!(request.validate().is_ok(), "{word}: {:?}", request.validate());
    }
}

#[test]
fn the_official_answer_decodes() {
    let answer: UpdateCardResponse = serde_json::from_str(RESPONSE).unwrap();
    assert_eq!(answer.send_check, Some(false));
    assert!(answer.extra.is_empty());
    let silent: UpdateCardResponse = serde_json::from_str(r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
    assert_eq!(silent.send_check, None);
}
