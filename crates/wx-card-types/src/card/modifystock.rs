//! `POST /card/modifystock`: change how many cards there are to take.

use serde_json::Map;

use crate::wire::wire;
use crate::{CardId, Check, Endpoint, Rule};

/// Most cards that there can be to take.
const MAX_STOCK: i64 = 100_000_000;

wire! {
    /// Raises or lowers the stock of a card (修改库存) by a number; it does not set the stock.
    ///
    /// `POST /card/modifystock`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Managing_Coupons_Vouchers_and_Cards.html).
    ///
    /// Refused with 40122 or 45031 for a number that does not fit the stock, 40136 for more than there are deposited
    /// codes, 45041 or 45095 beyond a limit, 72014 for a card that shares its stock, 40073 for an unknown card.
    ///
    /// After an unclear outcome ask [`GetCard`](crate::GetCard) for the stock before changing it again.
    ///
    /// ```
    /// use wx_card_types::ModifyStock;
    ///
    /// assert_eq!(ModifyStock::new("p1", -5), ModifyStock::reduce("p1", 5));
    /// assert_eq!(
    ///     serde_json::to_string(&ModifyStock::increase("p1", 100))?,
    ///     r#"{"card_id":"p1","increase_stock_value":100}"#,
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[doc(alias = "card/modifystock")]
    #[doc(alias = "cardModifyStock")]
    #[doc(alias = "修改库存")]
    pub struct ModifyStock without new {
        /// The card.
        card_id: CardId,
    } optional {
        /// How many more there shall be; not beside `reduce_stock_value`.
        increase_stock_value: u64,
        /// How many fewer there shall be; not beside `increase_stock_value`.
        reduce_stock_value: u64,
    }
}

impl ModifyStock {
    /// Changes the stock by `change`: a positive number raises it, a negative one lowers it.
    #[must_use]
    pub fn new(card_id: impl Into<CardId>, change: i64) -> Self {
        if change < 0 {
            Self::reduce(card_id, change.unsigned_abs())
        } else {
            Self::increase(card_id, change.unsigned_abs())
        }
    }

    /// Raises the stock by `number`.
    #[must_use]
    pub fn increase(card_id: impl Into<CardId>, number: u64) -> Self {
        Self::of(card_id.into()).increase_stock_value(number)
    }

    /// Lowers the stock by `number`.
    #[must_use]
    pub fn reduce(card_id: impl Into<CardId>, number: u64) -> Self {
        Self::of(card_id.into()).reduce_stock_value(number)
    }

    fn of(card_id: CardId) -> Self {
        Self {
            card_id,
            increase_stock_value: None,
            reduce_stock_value: None,
            extra: Map::new(),
        }
    }
}

impl Endpoint for ModifyStock {
    const PATH: &'static str = "/card/modifystock";
    // The change is relative: the second delivery changes the stock again.
    const IDEMPOTENT: bool = false;
    type Response = ModifyStockResponse;

    fn check(&self, check: &mut Check) {
        check.filled("card_id", &self.card_id);
        let other = "increase_stock_value";
        match (self.increase_stock_value, self.reduce_stock_value) {
            (None, None) => {
                let because = "it or reduce_stock_value says by how much";
                check.violation(other, Rule::Missing { because });
            }
            // Some clients always send both, and the one that is not meant is 0.
            (Some(number), None | Some(0)) => check_number(check, other, number),
            (None | Some(0), Some(number)) => check_number(check, "reduce_stock_value", number),
            (Some(_), Some(_)) => check.violation("reduce_stock_value", Rule::Conflict { other }),
        }
    }
}

fn check_number(check: &mut Check, field: &str, number: u64) {
    check.range(field, i64::try_from(number).unwrap_or(i64::MAX), 1, MAX_STOCK);
}

wire! {
    /// The stock is changed.
    #[derive(Default)]
    pub answer ModifyStockResponse {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(ModifyStock::new("pFS7Fjg8kV1IdDz01r4SQwMkuCKc", 1_231_231), @r#"
        {
          "card_id": "pFS7Fjg8kV1IdDz01r4SQwMkuCKc",
          "increase_stock_value": 1231231
        }
        "#);
        insta::assert_json_snapshot!(ModifyStock::new("pFS7Fjg8kV1IdDz01r4SQwMkuCKc", -1), @r#"
        {
          "card_id": "pFS7Fjg8kV1IdDz01r4SQwMkuCKc",
          "reduce_stock_value": 1
        }
        "#);
    }

    #[test]
    fn the_smallest_number_has_a_size() {
        assert_eq!(ModifyStock::new("p1", i64::MIN).reduce_stock_value, Some(1 << 63));
        assert_eq!(
            invalid(&ModifyStock::new("p1", i64::MIN)),
            "reduce_stock_value: is 9223372036854775807, must be 1 to 100000000",
        );
    }

    #[test]
    fn the_official_request_has_both_and_is_refused_here() {
        let request = assert_round_trip::<ModifyStock>(
            r#"{"card_id":"pFS7Fjg8kV1IdDz01r4SQwMkuCKc","increase_stock_value":1231231,"reduce_stock_value":1231231}"#,
        );
        assert_eq!(
            invalid(&request),
            "reduce_stock_value: cannot stand beside increase_stock_value; leave one of them out",
        );
    }

    #[test]
    fn a_change_of_nothing_is_refused_here() {
        assert_eq!(
            invalid(&ModifyStock::new("", 0)),
            "card_id: must not be empty; increase_stock_value: is 0, must be 1 to 100000000",
        );
        let neither = assert_round_trip::<ModifyStock>(r#"{"card_id":"p1","increase_stock_value":-5}"#);
        assert_eq!(
            invalid(&neither),
            "increase_stock_value: must be given: it or reduce_stock_value says by how much",
        );
        assert_eq!(
            invalid(&ModifyStock::increase("p1", 100_000_001)),
            "increase_stock_value: is 100000001, must be 1 to 100000000",
        );
        assert!(ModifyStock::increase("p1", 100_000_000).validate().is_ok());
        assert!(ModifyStock::reduce("p1", 1).validate().is_ok());
        assert!(
            ModifyStock::reduce("p1", 1)
                .increase_stock_value(0_u64)
                .validate()
                .is_ok()
        );
        assert!(
            ModifyStock::increase("p1", 1)
                .reduce_stock_value(0_u64)
                .validate()
                .is_ok()
        );
        assert!(
            ModifyStock::increase("p1", 0)
                .reduce_stock_value(0_u64)
                .validate()
                .is_err()
        );
    }

    #[test]
    fn the_official_answer_decodes() {
        let answer: ModifyStockResponse = serde_json::from_str(r#"{"errcode":0,"errmsg":"ok"}"#).unwrap();
        assert_eq!(answer, ModifyStockResponse::default());
    }
}
