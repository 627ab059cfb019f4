//! `POST /card/code/update`: give a coupon another code.

use crate::wire::wire;
use crate::{CardCode, CardId, Check, Endpoint, Rule};

wire! {
    /// Gives a coupon another code (更改 Code), so that whoever gave it away no longer knows a valid one.
    ///
    /// `POST /card/code/update`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Managing_Coupons_Vouchers_and_Cards.html).
    ///
    /// Refused with 40056 or 40116 when nobody holds the old code, 40127 when it cannot be used.
    ///
    /// After an unclear outcome ask [`GetCode`](crate::GetCode) for the new code.
    #[doc(alias = "card/code/update")]
    #[doc(alias = "cardCodeUpdate")]
    #[doc(alias = "更改Code")]
    pub struct UpdateCode {
        /// The code that the coupon has.
        code: CardCode,
        /// The code that it shall have.
        new_code: CardCode,
    } optional {
        /// The card that the code belongs to; required where the merchant chose the codes (`use_custom_code`).
        card_id: CardId,
    }
}

impl Endpoint for UpdateCode {
    const PATH: &'static str = "/card/code/update";
    // The second delivery is refused, as the old code is gone: the caller could not tell whether its own change did that.
    const IDEMPOTENT: bool = false;
    type Response = UpdateCodeResponse;

    fn check(&self, check: &mut Check) {
        check.filled("code", &self.code);
        check.filled("new_code", &self.new_code);
        check.filled_if_given("card_id", self.card_id.as_ref());
        if !self.code.is_empty() && self.code == self.new_code {
            check.violation(
                "new_code",
                Rule::Form {
                    expected: "another code than the old one",
                },
            );
        }
    }
}

wire! {
    /// The coupon has the new code.
    #[derive(Default)]
    pub answer UpdateCodeResponse {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(UpdateCode::new("12345678", "3495739475"), @r#"
        {
          "code": "12345678",
          "new_code": "3495739475"
        }
        "#);
        assert_round_trip::<UpdateCode>(
            r#"{"code":"12345678","card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","new_code":"3495739475"}"#,
        );
    }

    #[test]
    fn the_answer_keeps_what_it_does_not_know() {
        let answer: UpdateCodeResponse = serde_json::from_str(r#"{"errcode":0,"errmsg":"ok","later":[1]}"#).unwrap();
        assert_eq!(serde_json::to_string(&answer).unwrap(), r#"{"later":[1]}"#);
    }

    #[test]
    fn a_change_to_the_same_code_is_refused_here() {
        assert_eq!(
            invalid(&UpdateCode::new("1", "1")),
            "new_code: must be another code than the old one",
        );
        assert_eq!(
            invalid(&UpdateCode::new("", "").card_id("")),
            "code: must not be empty; new_code: must not be empty; card_id: must not be empty",
        );
    }
}
