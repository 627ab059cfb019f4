//! `POST /card/create`: create a card.

use serde_json::Value;

use super::body::check_body;
use super::checked::{MISSING, check_word, object};
use crate::wire::wire;
use crate::{Card, CardBody, CardId, Check, Endpoint, Rule};

wire! {
    /// Creates a card (创建卡券), which users can take once it has been approved.
    ///
    /// `POST /card/create`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Create_a_Coupon_Voucher_or_Card.html).
    ///
    /// Refused with 41011 when a member is missing (the text ends in its path), 45021 when one is too long,
    /// 40071 for the kind, 40072 for the code type, 40076 for the color, 40079 for the dates, 40141 for a picture that
    /// is not from the upload, 43009 without the permission for the merchant's own codes.
    ///
    /// After an unclear outcome look for the card among those of the account before creating it again.
    ///
    /// ```
    /// use wx_card_types::{BaseInfo, Cash, CodeType, Color, CreateCard, DateInfo, Endpoint, Fen, Sku};
    ///
    /// let base_info = BaseInfo::new(
    ///     "http://mmbiz.qpic.cn/mmbiz/iaL1LJM1mF9aRKPZ/0",
    ///     "微信餐厅",
    ///     CodeType::Qrcode,
    ///     "十元代金券",
    ///     Color::Color010,
    ///     "使用时向服务员出示此券",
    ///     "不可与其他优惠同享",
    ///     Sku::new(500_000),
    ///     DateInfo::days(30),
    /// );
    /// let request = CreateCard::new(Cash::new(base_info.get_limit(3), Fen::from_yuan(10)).least_cost(Fen::from_yuan(100)));
    /// request.validate()?;
    /// # Ok::<(), wx_card_types::Invalid>(())
    /// ```
    #[doc(alias = "card/create")]
    #[doc(alias = "createCard")]
    #[doc(alias = "创建卡券")]
    pub struct CreateCard {
        /// The card.
        card: Card,
    }
}

impl Endpoint for CreateCard {
    const PATH: &'static str = "/card/create";
    // The second delivery creates a second card.
    const IDEMPOTENT: bool = false;
    type Response = CreateCardResponse;

    fn check(&self, check: &mut Check) {
        let card_type = self.card.card_type();
        let key = card_type.body_key();
        let json = serde_json::to_value(&self.card).unwrap_or_default();
        object(check, "card", &json, |check, card| {
            check.filled("card_type", card_type.as_str());
            check_word(check, "card_type", Some(&card_type));
            match card.get(&key) {
                None | Some(Value::Null) => check.violation(&key, MISSING),
                Some(body) if !check_body(check, &card_type, &key, body) => object(check, &key, body, |_, _| {}),
                Some(_) => {}
            }
        });
        if let CardBody::Untyped(card) = &self.card.body
            && card.misfit().is_some()
            && !check.has_errors()
        {
            // No rule names what the type could not read; the service could not read it either.
            let expected = "a card of its card_type";
            check.violation(&format!("card.{key}"), Rule::Form { expected });
        }
    }
}

wire! {
    /// The card is created and waits for review; an event tells the outcome.
    pub answer CreateCardResponse {
        /// The new card.
        card_id: CardId,
    }
}

#[cfg(test)]
mod tests;
