//! `POST /card/delete`: delete a card.

use crate::wire::wire;
use crate::{CardId, Check, Endpoint};

wire! {
    /// Deletes a card (删除卡券): nobody can take it any more, for good.
    ///
    /// `POST /card/delete`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Managing_Coupons_Vouchers_and_Cards.html).
    ///
    /// What users hold stays usable; make those codes void with
    /// [`MakeCodeUnavailable`](crate::MakeCodeUnavailable).
    ///
    /// Refused with 40073 when the account has no such card, 40078 when the card's state forbids it.
    #[doc(alias = "card/delete")]
    #[doc(alias = "deleteCard")]
    #[doc(alias = "删除卡券")]
    pub struct DeleteCard {
        /// The card to delete.
        card_id: CardId,
    }
}

impl Endpoint for DeleteCard {
    const PATH: &'static str = "/card/delete";
    // A second delivery may be refused with 40073, which reads as if there had never been such a card.
    const IDEMPOTENT: bool = false;
    type Response = DeleteCardResponse;

    fn check(&self, check: &mut Check) {
        check.filled("card_id", &self.card_id);
    }
}

wire! {
    /// The card is deleted.
    #[derive(Default)]
    pub answer DeleteCardResponse {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(DeleteCard::new("pFS7Fjg8kV1IdDz01r4SQwMkuCKc"), @r#"
        {
          "card_id": "pFS7Fjg8kV1IdDz01r4SQwMkuCKc"
        }
        "#);
        assert_round_trip::<DeleteCard>(r#"{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","later":1}"#);
    }

    #[test]
    fn the_official_answer_decodes() {
        let answer: DeleteCardResponse = serde_json::from_str(r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_eq!(answer, DeleteCardResponse::default());
    }

    #[test]
    fn an_empty_id_is_refused_here() {
        assert_eq!(invalid(&DeleteCard::new(" ")), "card_id: must not be empty");
    }
}
