//! `POST /card/code/consume`: redeem a code.

use crate::wire::wire;
use crate::{CardCode, CardId, Check, Endpoint, OpenId};

wire! {
    /// Redeems one code (核销 Code); a redeemed code cannot be redeemed again.
    ///
    /// `POST /card/code/consume`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Redeeming_a_coupon_voucher_or_card.html).
    ///
    /// Refused with 40099 when the code is redeemed already, 40127 when it is deleted, expired, on its way to a friend
    /// or void, 40056 when nobody holds it, 40147 outside the card's redeem time, 43018 when a friends card is not marked.
    ///
    /// After an unclear outcome ask [`GetCode`](crate::GetCode) before redeeming again.
    ///
    /// ```
    /// use wx_card_types::ConsumeCode;
    ///
    /// let request = ConsumeCode::new("12312313").card_id("pFS7Fjg8kV1IdDz01r4SQwMkuCKc");
    /// assert_eq!(
    ///     serde_json::to_string(&request)?,
    ///     r#"{"code":"12312313","card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc"}"#,
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[doc(alias = "card/code/consume")]
    #[doc(alias = "consumeCardCode")]
    #[doc(alias = "核销Code")]
    #[doc(alias = "核销卡券")]
    pub struct ConsumeCode {
        /// The code to redeem.
        code: CardCode,
    } optional {
        /// The card that the code belongs to; required where the merchant chose the codes (`use_custom_code`).
        card_id: CardId,
    }
}

impl Endpoint for ConsumeCode {
    const PATH: &'static str = "/card/code/consume";
    // The second delivery is refused with 40099, so the caller could not tell its own redeem from another's.
    const IDEMPOTENT: bool = false;
    type Response = ConsumeCodeResponse;

    fn check(&self, check: &mut Check) {
        check.filled("code", &self.code);
        check.filled_if_given("card_id", self.card_id.as_ref());
    }
}

wire! {
    /// The code is redeemed.
    pub answer ConsumeCodeResponse {
        /// The card that the code belongs to.
        card: CardRef,
        /// The user who held it.
        openid: OpenId,
    }
}

wire! {
    /// A card, by its id.
    pub struct CardRef {
        /// The card.
        card_id: CardId,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(ConsumeCode::new("12312313"), @r#"
        {
          "code": "12312313"
        }
        "#);
        assert_round_trip::<ConsumeCode>(
            r#"{"code":"12312313","card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","later":{"a":[1]}}"#,
        );
    }

    #[test]
    fn the_official_answer_decodes() {
        let answer: ConsumeCodeResponse = serde_json::from_str(
            r#"{"errcode":0,"errmsg":"ok","card":{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc"},
                "openid":"oFS7Fjl0WsZ9AMZqrI80nbIq8xrA"}"#,
        )
        .unwrap();
        assert_eq!(answer.card.card_id, "pFS7Fjg8kV1IdDz01r4SQwMkuCKc");
        assert_eq!(answer.openid, "oFS7Fjl0WsZ9AMZqrI80nbIq8xrA");
        assert!(answer.extra.is_empty());
    }

    #[test]
    fn an_answer_without_the_card_is_no_success() {
        let error = serde_json::from_str::<ConsumeCodeResponse>(r#"{"openid":"o1"}"#).unwrap_err();
        assert!(error.to_string().starts_with("missing field `card`"), "{error}");
    }

    #[test]
    fn empty_ids_are_refused_here() {
        assert_eq!(
            invalid(&ConsumeCode::new("").card_id("")),
            "code: must not be empty; card_id: must not be empty",
        );
    }
}
