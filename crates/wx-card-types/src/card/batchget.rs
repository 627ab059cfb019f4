//! `POST /card/batchget`: the cards of the account, page by page.

use crate::wire::wire;
use crate::{CardId, CardStatus, Check, Endpoint};

wire! {
    /// Asks for the cards of the account (批量查询卡券列表), a page of them.
    ///
    /// `POST /card/batchget`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Managing_Coupons_Vouchers_and_Cards.html).
    ///
    /// ```
    /// use wx_card_types::{BatchGetCards, CardStatus};
    ///
    /// let request = BatchGetCards::new(0_u32, BatchGetCards::MAX_COUNT).status_list([CardStatus::VerifyOk]);
    /// # assert_eq!(serde_json::to_string(&request)?,
    /// #     r#"{"offset":0,"count":50,"status_list":["CARD_STATUS_VERIFY_OK"]}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[doc(alias = "card/batchget")]
    #[doc(alias = "batchGetCard")]
    #[doc(alias = "批量查询卡券列表")]
    pub struct BatchGetCards {
        /// How many cards to leave out: 0 for the first page.
        offset: u32,
        /// How many cards to answer at most: 1 to 50.
        count: u32,
    } optional {
        /// Cards in these states alone; all when it is absent.
        status_list: Vec<CardStatus>,
    }
}

impl BatchGetCards {
    /// Most cards that a page can have.
    pub const MAX_COUNT: u32 = 50;

    /// The page after this one, of which `answered` is the answer; nothing after the last.
    ///
    /// It goes by the cards that were answered, not by those asked for: the service may answer fewer.
    #[must_use]
    pub fn next(&self, answered: &BatchGetCardsResponse) -> Option<Self> {
        let cards = u32::try_from(answered.card_id_list.len())
            .ok()
            .filter(|cards| *cards != 0)?;
        let offset = self.offset.checked_add(cards)?;
        let more = answered.total_num.is_none_or(|total| u64::from(offset) < total);
        more.then(|| Self { offset, ..self.clone() })
    }
}

impl Endpoint for BatchGetCards {
    const PATH: &'static str = "/card/batchget";
    const IDEMPOTENT: bool = true;
    type Response = BatchGetCardsResponse;

    fn check(&self, check: &mut Check) {
        check.range("count", self.count.into(), 1, Self::MAX_COUNT.into());
    }
}

wire! {
    /// A page of the cards of the account.
    #[derive(Default)]
    pub answer BatchGetCardsResponse {} optional {
        /// How many cards there are on all pages together.
        total_num: u64,
    } lists {
        /// The cards of the page.
        card_id_list: CardId,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    const REQUEST: &str = include_str!("../../tests/samples/card-batchget.request.json");
    const RESPONSE: &str = include_str!("../../tests/samples/card-batchget.response.json");

    #[test]
    fn request_on_the_wire() {
        let states = [CardStatus::VerifyOk, CardStatus::Dispatch];
        let request = BatchGetCards::new(0_u32, 10_u32).status_list(states);
        insta::assert_json_snapshot!(request, @r#"
        {
          "offset": 0,
          "count": 10,
          "status_list": [
            "CARD_STATUS_VERIFY_OK",
            "CARD_STATUS_DISPATCH"
          ]
        }
        "#);
        assert_eq!(assert_round_trip::<BatchGetCards>(REQUEST), request);
        assert_round_trip::<BatchGetCards>(r#"{"offset":50,"count":50,"later":1}"#);
    }

    #[test]
    fn a_page_has_one_to_fifty_cards() {
        for count in [0_u32, 51] {
            let found = invalid(&BatchGetCards::new(0_u32, count));
            assert!(
                found.starts_with(&format!("count: is {count}, must be 1 to 50")),
                "{found}"
            );
        }
        for count in [1_u32, 50] {
            assert!(BatchGetCards::new(7_u32, count).validate().is_ok());
        }
    }

    #[test]
    fn the_official_answer_decodes() {
        let answer: BatchGetCardsResponse = serde_json::from_str(RESPONSE).unwrap();
        assert_eq!(answer.card_id_list, ["ph_gmt7cUVrlRk8swPwx7aDyF-pg"]);
        assert_eq!(answer.total_num, Some(1));
        assert!(answer.extra.is_empty());
    }

    #[test]
    fn pages_follow_each_other_until_there_are_no_more() {
        let request = BatchGetCards::new(0_u32, 2_u32).status_list([CardStatus::VerifyOk]);
        let page = |json: &str| serde_json::from_str::<BatchGetCardsResponse>(json).unwrap();
        let second = request
            .next(&page(r#"{"card_id_list":["a","b"],"total_num":3}"#))
            .unwrap();
        assert_eq!(
            (second.offset, second.count, &second.status_list),
            (2, 2, &request.status_list)
        );
        assert_eq!(second.next(&page(r#"{"card_id_list":["c"],"total_num":3}"#)), None);
        // A page that is shorter than asked for is not the last; one that is empty is, whatever the total says.
        let short = request
            .next(&page(r#"{"card_id_list":["a"],"total_num":"3"}"#))
            .unwrap();
        assert_eq!(short.offset, 1);
        assert_eq!(request.next(&page(r#"{"card_id_list":[],"total_num":3}"#)), None);
        assert_eq!(request.next(&page(r#"{"card_id_list":["a"]}"#)).unwrap().offset, 1);
        let last = BatchGetCards::new(u32::MAX, 1_u32);
        assert_eq!(last.next(&page(r#"{"card_id_list":["a"]}"#)), None);
    }
}
