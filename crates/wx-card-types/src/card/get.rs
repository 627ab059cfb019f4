//! `POST /card/get`: what the service knows of a card.

use crate::wire::wire;
use crate::{CardDetail, CardId, CardStatus, Check, Endpoint};

wire! {
    /// Asks what a card is and in what state (查看卡券详情).
    ///
    /// `POST /card/get`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Managing_Coupons_Vouchers_and_Cards.html).
    ///
    /// Refused with 40073 when the account has no such card, 40078 when the card's state forbids it.
    #[doc(alias = "card/get")]
    #[doc(alias = "getCardDetail")]
    #[doc(alias = "查看卡券详情")]
    pub struct GetCard {
        /// The card.
        card_id: CardId,
    }
}

impl Endpoint for GetCard {
    const PATH: &'static str = "/card/get";
    const IDEMPOTENT: bool = true;
    type Response = GetCardResponse;

    fn check(&self, check: &mut Check) {
        check.filled("card_id", &self.card_id);
    }
}

wire! {
    /// What the service knows of a card.
    pub answer GetCardResponse {
        /// The card.
        card: CardDetail,
    }
}

impl CardDetail {
    /// The state of the card.
    #[must_use]
    pub fn status(&self) -> Option<CardStatus> {
        self.base_info()?.status.clone()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::test_util::{assert_round_trip, invalid};
    use crate::{CardDetailBody, CardType, ColorValue, DateInfo, Discount};

    const SAMPLE: &str = include_str!("../../tests/samples/card-get.response.json");

    fn read(json: &Value) -> CardDetail {
        serde_json::from_value::<GetCardResponse>(json.clone()).unwrap().card
    }

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(GetCard::new("pFS7Fjg8kV1IdDz01r4SQwMkuCKc"), @r#"
        {
          "card_id": "pFS7Fjg8kV1IdDz01r4SQwMkuCKc"
        }
        "#);
        assert_round_trip::<GetCard>(r#"{"card_id":"p1","later":[]}"#);
        assert_eq!(invalid(&GetCard::new("")), "card_id: must not be empty");
    }

    #[test]
    fn the_official_answer_decodes_and_nothing_is_lost() {
        let mut sample: Value = serde_json::from_str(SAMPLE).unwrap();
        sample.as_object_mut().unwrap().retain(|name, _| name == "card");
        let card = assert_round_trip::<GetCardResponse>(&sample.to_string()).card;
        assert_eq!(read(&serde_json::from_str(SAMPLE).unwrap()), card);
        assert_eq!(card.card_type(), CardType::Discount);
        assert_eq!(card.status(), Some(CardStatus::VerifyOk));
        let CardDetailBody::Discount(discount) = card.body else {
            panic!("no discount");
        };
        assert_eq!(discount.discount, Some(Discount::percent_off(10)));
        let base_info = discount.base_info.unwrap();
        assert_eq!(base_info.id.as_ref().unwrap(), "pbLatjnP97_F9PudzBARQhn7xR7A");
        assert_eq!(base_info.color.as_ref().and_then(ColorValue::hex), Some("#10AD61"));
        let sku = base_info.sku.as_ref().unwrap();
        assert_eq!((sku.quantity, sku.total_quantity), (Some(100_096), Some(100_100)));
        assert!(base_info.extra.is_empty() && discount.extra.is_empty());
        let advanced_info = discount.advanced_info.unwrap();
        assert_eq!(advanced_info.text_image_list, Some(Vec::new()));
        assert_eq!(advanced_info.summary.unwrap().text.unwrap(), "点击了解更多");
        assert!(advanced_info.extra.is_empty());
    }

    #[test]
    fn answers_of_old_and_of_other_senders_decode() {
        let card = read(&json!({"card": {"card_type": "GROUPON", "groupon": {"base_info": {
            "status": 1, "color": "#3373bb", "description": null, "area_code_list": [], "get_limit": "3",
            "date_info": {"type": 1, "begin_timestamp": "1397577600", "end_timestamp": 1399910400},
            "sku": {"quantity": "5", "total_quantity": "7"}, "location_id_list": ["123", 345, ""],
            "sub_merchant_info": {"merchant_id": 12}, "sub_title": "", "can_share": 1,
        }, "deal_detail": ""}}}));
        let base_info = card.base_info().unwrap();
        assert_eq!(base_info.status, Some(CardStatus::from("1")));
        assert_eq!(base_info.color, Some(ColorValue::from("#3373bb")));
        assert_eq!(base_info.description, None);
        assert_eq!(base_info.get_limit, Some(3));
        assert_eq!(base_info.can_share, Some(true));
        assert_eq!(base_info.date_info, Some(DateInfo::range(1_397_577_600, 1_399_910_400)));
        assert_eq!(base_info.sku.as_ref().unwrap().total_quantity, Some(7));
        assert_eq!(base_info.location_id_list, Some(vec![123, 345]));
        assert_eq!(
            base_info.sub_merchant_info.as_ref().unwrap().merchant_id.as_deref(),
            Some("12")
        );
        assert!(base_info.extra.is_empty());
    }

    #[test]
    fn unknown_members_stay_at_every_level() {
        let json = r#"{"card":{"card_type":"GIFT","x":1,"gift":{"x":2,"gift":"g","base_info":{"x":3,
            "sku":{"quantity":1,"x":4},"date_info":{"type":"DATE_TYPE_FIX_TERM","fixed_term":1,"x":5},
            "pay_info":{"x":6,"swipe_card":{"x":7}}},"advanced_info":{"x":8,"use_condition":{"x":9},
            "abstract":{"x":10},"text_image_list":[{"text":"t","x":11}],"time_limit":[{"x":12}],
            "share_friends":false,"consume_share_card_list":[{"num":1,"x":13}]}}},"x":14}"#;
        let card = assert_round_trip::<GetCardResponse>(json).card;
        assert!(matches!(card.body, CardDetailBody::Gift(_)));
    }

    #[test]
    fn surprising_values_do_not_lose_the_rest() {
        let json = r#"{"card":{"card_type":"CASH","cash":{"reduce_cost":{"a":1},"base_info":{"title":["x"],"sku":5,
            "date_info":"soon","get_limit":"many","location_id_list":[1,"x",{"y":2}],"brand_name":"n"},"advanced_info":"none"}}}"#;
        let card = assert_round_trip::<GetCardResponse>(json).card;
        let CardDetailBody::Cash(cash) = &card.body else {
            panic!("{card:?} has no type");
        };
        assert_eq!(cash.reduce_cost, None);
        assert_eq!(card.base_info().unwrap().brand_name.as_deref(), Some("n"));
    }

    #[test]
    fn a_body_of_no_use_is_kept_with_the_reason() {
        for body in [r#"["x"]"#, r#""text""#, "7"] {
            let json = format!(r#"{{"card":{{"card_type":"CASH","cash":{body},"later":1}}}}"#);
            let card = assert_round_trip::<GetCardResponse>(&json).card;
            assert_eq!(card.card_type(), CardType::Cash);
            assert_eq!(card.status(), None);
            let CardDetailBody::Untyped(untyped) = card.body else {
                panic!("{body} has a type");
            };
            assert!(untyped.misfit().unwrap().starts_with("invalid type"), "{untyped:?}");
        }
        let card = assert_round_trip::<GetCardResponse>(r#"{"card":{"card_type":"CASH"}}"#).card;
        assert_eq!(card.base_info(), None);
    }

    #[test]
    fn a_kind_without_a_type_still_has_its_common_part() {
        let card = assert_round_trip::<GetCardResponse>(
            r#"{"card":{"card_type":"BIKE_RIDE","bike_ride":{"speed":3,"base_info":{"title":"t",
                "status":"CARD_STATUS_NOT_VERIFY"}}}}"#,
        )
        .card;
        assert_eq!(card.status(), Some(CardStatus::NotVerify));
        assert_eq!(card.base_info().unwrap().title.as_deref(), Some("t"));
        assert_eq!(card.card_type().as_str(), "BIKE_RIDE");
    }

    #[test]
    fn an_answer_without_a_card_is_no_success() {
        for (json, missing) in [
            ("{}", "card"),
            (r#"{"errcode":0,"card":null}"#, "card"),
            (r#"{"card":{"cash":{"base_info":{}}}}"#, "card_type"),
        ] {
            let error = serde_json::from_str::<GetCardResponse>(json).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("missing field `{missing}`")),
                "{json}: {error}"
            );
        }
    }
}
