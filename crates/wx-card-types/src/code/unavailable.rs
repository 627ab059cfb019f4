//! `POST /card/code/unavailable`: make a code void.

use crate::wire::wire;
use crate::{CardCode, CardId, Check, Endpoint};

wire! {
    /// Makes one code void, for example after a refund (设置卡券失效); this cannot be undone.
    ///
    /// `POST /card/code/unavailable`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Managing_Coupons_Vouchers_and_Cards.html).
    ///
    /// Refused with 40056 when nobody holds the code, 40099 when it is redeemed,
    /// 40127 when it is deleted, expired, on its way to a friend or void already.
    ///
    /// After an unclear outcome ask [`GetCode`](crate::GetCode) with `check_consume(false)`.
    #[doc(alias = "card/code/unavailable")]
    #[doc(alias = "unavailableCardCode")]
    #[doc(alias = "设置卡券失效")]
    pub struct MakeCodeUnavailable {
        /// The code to make void.
        code: CardCode,
    } optional {
        /// The card that the code belongs to; required where the merchant chose the codes (`use_custom_code`).
        card_id: CardId,
        /// Why, such as 退款.
        reason: String,
    }
}

impl Endpoint for MakeCodeUnavailable {
    const PATH: &'static str = "/card/code/unavailable";
    // The second delivery is refused with 40127, which is also said of a code on its way to a friend: one that lives.
    const IDEMPOTENT: bool = false;
    type Response = MakeCodeUnavailableResponse;

    fn check(&self, check: &mut Check) {
        check.filled("code", &self.code);
        check.filled_if_given("card_id", self.card_id.as_ref());
    }
}

wire! {
    /// The code is void.
    #[derive(Default)]
    pub answer MakeCodeUnavailableResponse {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(MakeCodeUnavailable::new("12312313"), @r#"
        {
          "code": "12312313"
        }
        "#);
        let request = assert_round_trip::<MakeCodeUnavailable>(
            r#"{"code":"12312313","card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","reason":"退款"}"#,
        );
        let built = MakeCodeUnavailable::new("12312313")
            .card_id("pFS7Fjg8kV1IdDz01r4SQwMkuCKc")
            .reason("退款");
        assert_eq!(request, built);
    }

    #[test]
    fn the_official_answer_decodes() {
        let answer: MakeCodeUnavailableResponse = serde_json::from_str(r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_eq!(answer, MakeCodeUnavailableResponse::new());
    }

    #[test]
    fn empty_ids_are_refused_here() {
        assert_eq!(
            invalid(&MakeCodeUnavailable::new(" ").card_id("")),
            "code: must not be empty; card_id: must not be empty",
        );
    }
}
