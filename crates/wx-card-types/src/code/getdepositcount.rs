//! `POST /card/code/getdepositcount`: how many codes a card has been given.

use crate::wire::wire;
use crate::{CardId, Check, Endpoint};

wire! {
    /// Asks how many codes have been imported into a card (查询导入 Code 数目).
    ///
    /// `POST /card/code/getdepositcount`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Distributing_Coupons_Vouchers_and_Cards.html).
    ///
    /// Refused with 40073 when the card is none.
    #[doc(alias = "card/code/getdepositcount")]
    #[doc(alias = "cardCodeDepositCount")]
    #[doc(alias = "查询导入code数目")]
    pub struct GetDepositCount {
        /// The card.
        card_id: CardId,
    }
}

impl Endpoint for GetDepositCount {
    const PATH: &'static str = "/card/code/getdepositcount";
    const IDEMPOTENT: bool = true;
    type Response = GetDepositCountResponse;

    fn check(&self, check: &mut Check) {
        check.filled("card_id", &self.card_id);
    }
}

wire! {
    /// How many codes the card has been given.
    pub answer GetDepositCountResponse {
        /// The number of imported codes.
        count: u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::invalid;

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(GetDepositCount::new("pDF3iY0_dVjb_Pua96MMewA96qvA"), @r#"
        {
          "card_id": "pDF3iY0_dVjb_Pua96MMewA96qvA"
        }
        "#);
    }

    #[test]
    fn the_blanks_of_the_official_request_drop_out() {
        let request: GetDepositCount = serde_json::from_str(r#"{"card_id":" pDF3iY0_dVjb_Pua96MMewA96qvA "}"#).unwrap();
        assert_eq!(request, GetDepositCount::new("pDF3iY0_dVjb_Pua96MMewA96qvA"));
    }

    #[test]
    fn the_official_answer_decodes() {
        for answer in [r#"{"errcode":0,"errmsg":"ok","count":123}"#, r#"{"count":"123"}"#] {
            let answer: GetDepositCountResponse = serde_json::from_str(answer).unwrap();
            assert_eq!(answer, GetDepositCountResponse::new(123_u64));
        }
    }

    #[test]
    fn an_answer_without_a_count_is_not_zero() {
        for answer in ["{}", r#"{"count":null}"#, r#"{"count":""}"#] {
            let error = serde_json::from_str::<GetDepositCountResponse>(answer).unwrap_err();
            assert!(error.to_string().starts_with("missing field `count`"), "{error}");
        }
        serde_json::from_str::<GetDepositCountResponse>(r#"{"count":-1}"#).unwrap_err();
    }

    #[test]
    fn an_empty_id_is_refused_here() {
        assert_eq!(invalid(&GetDepositCount::new("")), "card_id: must not be empty");
    }
}
