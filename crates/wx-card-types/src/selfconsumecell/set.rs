//! `POST /card/selfconsumecell/set`: switch redeeming by the user on or off.

use crate::wire::wire;
use crate::{CardId, Check, Endpoint};

wire! {
    /// Lets users redeem a card by themselves, or no longer (设置自助核销).
    ///
    /// `POST /card/selfconsumecell/set`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Create_a_Coupon_Voucher_or_Card.html).
    ///
    /// Refused with 45046 when the card has a center button or paying,
    /// 40153 when it is a friends card and no verify code is asked for.
    #[doc(alias = "card/selfconsumecell/set")]
    #[doc(alias = "cardSelfConsumeCellSet")]
    #[doc(alias = "设置自助核销")]
    pub struct SetSelfConsumeCell {
        /// The card.
        card_id: CardId,
        /// `true` to switch it on, `false` to switch it off.
        is_open: bool,
    } optional {
        /// Whether users must enter the verify code that is set in the console; the service's own spelling.
        #[doc(alias = "need_verify_code")]
        need_verify_cod: bool,
        /// Whether users must enter the amount.
        need_remark_amount: bool,
    }
}

impl Endpoint for SetSelfConsumeCell {
    const PATH: &'static str = "/card/selfconsumecell/set";
    const IDEMPOTENT: bool = true;
    type Response = SetSelfConsumeCellResponse;

    fn check(&self, check: &mut Check) {
        check.filled("card_id", &self.card_id);
    }
}

wire! {
    /// It is switched.
    #[derive(Default)]
    pub answer SetSelfConsumeCellResponse {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(SetSelfConsumeCell::new("p1", true).need_verify_cod(true), @r#"
        {
          "card_id": "p1",
          "is_open": true,
          "need_verify_cod": true
        }
        "#);
        assert_round_trip::<SetSelfConsumeCell>(
            r#"{"card_id":"ph_gmt7cUVrlRk8swPwx7aDyF-pg","is_open":true,"need_verify_cod":false,
                "need_remark_amount":false}"#,
        );
    }

    #[test]
    fn null_flags_are_absent() {
        let request: SetSelfConsumeCell =
            serde_json::from_str(r#"{"card_id":"p1","is_open":1,"need_verify_cod":null,"need_remark_amount":null}"#)
                .unwrap();
        assert_eq!(request, SetSelfConsumeCell::new("p1", true));
    }

    #[test]
    fn an_answer_of_nothing_but_the_envelope_decodes() {
        let answer: SetSelfConsumeCellResponse = serde_json::from_str(r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_eq!(answer, SetSelfConsumeCellResponse::new());
    }

    #[test]
    fn an_empty_id_is_refused_here() {
        assert_eq!(
            invalid(&SetSelfConsumeCell::new("", true)),
            "card_id: must not be empty"
        );
    }
}
