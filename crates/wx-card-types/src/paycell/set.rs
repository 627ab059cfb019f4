//! `POST /card/paycell/set`: switch paying from within a card on or off.

use crate::wire::wire;
use crate::{CardId, Check, Endpoint};

wire! {
    /// Lets users pay from within a card, or no longer (设置买单).
    ///
    /// `POST /card/paycell/set`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Create_a_Coupon_Voucher_or_Card.html).
    ///
    /// The account needs WeChat Pay (43008), the card needs stores.
    /// Refused with 40145 or 45046 when the card has a center button or self-redeeming.
    #[doc(alias = "card/paycell/set")]
    #[doc(alias = "cardPaycellSet")]
    #[doc(alias = "设置买单")]
    pub struct SetPayCell {
        /// The card.
        card_id: CardId,
        /// `true` to switch it on, `false` to switch it off.
        is_open: bool,
    }
}

impl Endpoint for SetPayCell {
    const PATH: &'static str = "/card/paycell/set";
    const IDEMPOTENT: bool = true;
    type Response = SetPayCellResponse;

    fn check(&self, check: &mut Check) {
        check.filled("card_id", &self.card_id);
    }
}

wire! {
    /// It is switched.
    #[derive(Default)]
    pub answer SetPayCellResponse {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(SetPayCell::new("p1", false), @r#"
        {
          "card_id": "p1",
          "is_open": false
        }
        "#);
        assert_round_trip::<SetPayCell>(r#"{"card_id":"ph_gmt7cUVrlRk8swPwx7aDyF-pg","is_open":true}"#);
    }

    #[test]
    fn the_switch_must_be_given() {
        let error = serde_json::from_str::<SetPayCell>(r#"{"card_id":"p1","is_open":null}"#).unwrap_err();
        assert!(error.to_string().starts_with("missing field `is_open`"), "{error}");
    }

    #[test]
    fn the_official_answer_decodes() {
        let answer: SetPayCellResponse = serde_json::from_str(r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_eq!(answer, SetPayCellResponse::new());
    }

    #[test]
    fn an_empty_id_is_refused_here() {
        assert_eq!(invalid(&SetPayCell::new("", true)), "card_id: must not be empty");
    }
}
