//! `POST /card/code/checkcode`: which codes a card has been given.

use super::{MAX_CODES, check_codes};
use crate::wire::wire;
use crate::{CardCode, CardId, Check, Endpoint};

wire! {
    /// Asks which of some codes have been imported into a card (核查 Code).
    ///
    /// `POST /card/code/checkcode`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Distributing_Coupons_Vouchers_and_Cards.html).
    ///
    /// Check before raising the stock: a user who is given a code that is not there gets an error.
    ///
    /// Refused with 40109 for more than 100 codes, 40110 for an empty one, 40111 for a repeated one,
    /// 40073 when the card is none.
    #[doc(alias = "card/code/checkcode")]
    #[doc(alias = "cardCodeCheckcode")]
    #[doc(alias = "核查code")]
    pub struct CheckCodes without new {
        /// The card.
        card_id: CardId,
        /// The codes: 1 to [`MAX_CODES`](Self::MAX_CODES), none empty, none twice.
        code: Vec<CardCode>,
    }
}

impl CheckCodes {
    /// Most codes of one request.
    pub const MAX_CODES: usize = MAX_CODES;

    /// Takes the card and the codes.
    #[must_use]
    pub fn new(card_id: impl Into<CardId>, codes: impl IntoIterator<Item: Into<CardCode>>) -> Self {
        Self {
            card_id: card_id.into(),
            code: codes.into_iter().map(Into::into).collect(),
            extra: serde_json::Map::new(),
        }
    }
}

impl Endpoint for CheckCodes {
    const PATH: &'static str = "/card/code/checkcode";
    const IDEMPOTENT: bool = true;
    type Response = CheckCodesResponse;

    fn check(&self, check: &mut Check) {
        check.filled("card_id", &self.card_id);
        check_codes(check, &self.code);
    }
}

wire! {
    /// Which codes are there and which are not.
    ///
    /// Every code that was asked for stands in one of the two lists; an answer that names no code at all is an error.
    #[derive(Default)]
    pub answer CheckCodesResponse requiring codes {
    } lists {
        /// Codes that have been imported.
        exist_code: CardCode,
        /// Codes that have not.
        not_exist_code: CardCode,
    }
}

impl CheckCodesResponse {
    // Whoever raises the stock once nothing is missing must not take an empty answer for that, nor one whose list of
    // what is missing cannot be read.
    fn codes(&self) -> Result<(), &'static str> {
        if self.extra.contains_key("not_exist_code") {
            return Err("not_exist_code");
        }
        match (self.exist_code.as_slice(), self.not_exist_code.as_slice()) {
            ([], []) => Err("exist_code"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(CheckCodes::new("p1", ["11111", "22222"]), @r#"
        {
          "card_id": "p1",
          "code": [
            "11111",
            "22222"
          ]
        }
        "#);
        assert_round_trip::<CheckCodes>(
            r#"{"card_id":"pDF3iY0_dVjb_Pua96MMewA96qvA","code":["11111","22222","33333","44444","55555"]}"#,
        );
    }

    #[test]
    fn the_official_answer_decodes() {
        let answer = assert_round_trip::<CheckCodesResponse>(
            r#"{"exist_code":["11111","22222","33333"],"not_exist_code":["44444","55555"]}"#,
        );
        assert_eq!(answer.exist_code.len(), 3);
        assert_eq!(
            answer.not_exist_code,
            [CardCode::from("44444"), CardCode::from("55555")]
        );
    }

    #[test]
    fn a_list_may_be_missing_null_or_bare() {
        for answer in [
            r#"{"errcode":0,"not_exist_code":["1"]}"#,
            r#"{"exist_code":null,"not_exist_code":[1]}"#,
            r#"{"exist_code":[],"not_exist_code":"1"}"#,
        ] {
            let answer: CheckCodesResponse = serde_json::from_str(answer).unwrap();
            assert!(answer.exist_code.is_empty());
            assert_eq!(answer.not_exist_code, [CardCode::from("1")]);
        }
    }

    #[test]
    fn an_answer_without_codes_is_no_success() {
        for answer in [
            "{}",
            r#"{"errcode":0,"errmsg":"ok","exist_code":[],"not_exist_code":null}"#,
        ] {
            let error = serde_json::from_str::<CheckCodesResponse>(answer).unwrap_err();
            assert!(error.to_string().starts_with("missing field `exist_code`"), "{error}");
        }
    }

    #[test]
    fn a_list_that_cannot_be_read_is_not_an_empty_one() {
        for answer in [
            r#"{"exist_code":["1"],"not_exist_code":["2",{"code":"3"}]}"#,
            r#"{"exist_code":["1"],"not_exist_code":{"0":"2"}}"#,
        ] {
            let error = serde_json::from_str::<CheckCodesResponse>(answer).unwrap_err();
            assert!(
                error.to_string().starts_with("missing field `not_exist_code`"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_batch_that_the_service_refuses_is_refused_here() {
        assert_eq!(
            invalid(&CheckCodes::new("", ["1", "1"])),
            "card_id: must not be empty; code[1]: repeats item 0",
        );
        assert_eq!(
            invalid(&CheckCodes::new("p1", (0..101).map(|code| code.to_string()))),
            "code: has 101 items, must have 1 to 100",
        );
    }
}
