//! `POST /card/qrcode/create`: make a QR code by which users take cards.

use crate::open_enum::open_enum;
use crate::wire::wire;
use crate::{CardCode, CardId, Check, Endpoint, OpenId, OuterStr, Rule, WebUrl};

wire! {
    /// Makes a QR code by which users take one card, or several at once (创建二维码投放卡券).
    ///
    /// `POST /card/qrcode/create`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Distributing_Coupons_Vouchers_and_Cards.html).
    ///
    /// Refused with 40053 when the parts of the request do not fit, 40073 when a card is none,
    /// 40078 when a card is not approved, 40131 or 45029 when there are too many QR codes.
    ///
    /// ```
    /// use wx_card_types::{CreateQrCode, QrCard};
    ///
    /// let card = QrCard::new("pFS7Fjg8kV1IdDz01r4SQwMkuCKc").outer_str("12b");
    /// let request = CreateQrCode::new(card).expire_seconds(1800);
    /// assert_eq!(
    ///     serde_json::to_value(&request)?,
    ///     serde_json::json!({
    ///         "action_name": "QR_CARD",
    ///         "action_info": {"card": {"card_id": "pFS7Fjg8kV1IdDz01r4SQwMkuCKc", "outer_str": "12b"}},
    ///         "expire_seconds": 1800,
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[doc(alias = "card/qrcode/create")]
    #[doc(alias = "createQrcodeCard")]
    #[doc(alias = "创建二维码")]
    #[doc(alias = "扫描二维码领取卡券")]
    pub struct CreateQrCode without new {
        /// Whether it is for one card or for several.
        action_name: QrAction,
        /// The cards.
        action_info: QrActionInfo,
    } optional {
        /// After how many seconds the QR code ceases to work: 60 to 1800.
        ///
        /// When it is absent the QR code works for 365 days by the documentation; answers have said 90.
        expire_seconds: i64,
    }
}

impl CreateQrCode {
    /// Least [`expire_seconds`](Self::expire_seconds).
    pub const MIN_EXPIRE_SECONDS: i64 = 60;
    /// Greatest [`expire_seconds`](Self::expire_seconds).
    pub const MAX_EXPIRE_SECONDS: i64 = 1800;
    /// Most cards of one QR code, as far as the documentation says; more are warned of.
    pub const MAX_CARDS: usize = 5;

    /// A QR code for one card.
    #[must_use]
    pub fn new(card: impl Into<QrCard>) -> Self {
        Self::of(QrAction::Card, QrActionInfo::new().card(card))
    }

    /// A QR code for 1 to [`MAX_CARDS`](Self::MAX_CARDS) cards, taken together.
    #[must_use]
    pub fn multiple(cards: impl IntoIterator<Item: Into<QrCard>>) -> Self {
        let cards: Vec<QrCard> = cards.into_iter().map(Into::into).collect();
        Self::of(
            QrAction::MultipleCard,
            QrActionInfo::new().multiple_card(QrCardList::new(cards)),
        )
    }

    fn of(action_name: QrAction, action_info: QrActionInfo) -> Self {
        Self {
            action_name,
            action_info,
            expire_seconds: None,
            extra: serde_json::Map::new(),
        }
    }

    /// The cards that [`action_name`](Self::action_name) speaks of.
    #[must_use]
    pub fn cards(&self) -> &[QrCard] {
        match self.action_name {
            QrAction::Card => self.action_info.card.as_slice(),
            _ => self
                .action_info
                .multiple_card
                .as_ref()
                .map_or(&[], |cards| &cards.card_list),
        }
    }

    /// [`expire_seconds`](Self::expire_seconds), or what stands in its place inside the card:
    /// some clients and official samples have it there.
    #[must_use]
    pub fn lifetime(&self) -> Option<i64> {
        self.expire_seconds.or_else(|| {
            let card = self.action_info.card.as_ref()?;
            match card.extra.get("expire_seconds")? {
                serde_json::Value::String(text) => text.trim().parse().ok(),
                value => value.as_i64(),
            }
        })
    }
}

impl Endpoint for CreateQrCode {
    const PATH: &'static str = "/card/qrcode/create";
    // Each delivery makes a QR code; with `is_unique_code` each of them gives away one more coupon.
    const IDEMPOTENT: bool = false;
    type Response = CreateQrCodeResponse;

    fn check(&self, check: &mut Check) {
        if let Some(seconds) = self.lifetime() {
            check.range(
                "expire_seconds",
                seconds,
                Self::MIN_EXPIRE_SECONDS,
                Self::MAX_EXPIRE_SECONDS,
            );
        }
        check.within("action_info", |check| match self.action_name {
            QrAction::Card => match &self.action_info.card {
                None => check.violation(
                    "card",
                    Rule::Missing {
                        because: "action_name is QR_CARD",
                    },
                ),
                Some(card) => check.within("card", |check| card.check(check)),
            },
            QrAction::MultipleCard => match &self.action_info.multiple_card {
                None => {
                    let because = "action_name is QR_MULTIPLE_CARD";
                    check.violation("multiple_card", Rule::Missing { because });
                }
                Some(cards) => check.within("multiple_card", |check| cards.check(check)),
            },
            QrAction::_Other(_) => {}
        });
    }
}

open_enum! {
    /// What a QR code is for.
    pub enum QrAction {
        /// One card.
        Card = "QR_CARD",
        /// Several cards, taken together.
        MultipleCard = "QR_MULTIPLE_CARD",
    }
}

wire! {
    /// The cards of a QR code; [`QrAction`] says which member counts.
    #[derive(Default)]
    pub struct QrActionInfo {
    } optional {
        /// The card, for `QR_CARD`.
        card: QrCard,
        /// The cards, for `QR_MULTIPLE_CARD`.
        multiple_card: QrCardList,
    }
}

wire! {
    /// Several cards.
    pub struct QrCardList {
        /// The cards: 1 to [`CreateQrCode::MAX_CARDS`].
        card_list: Vec<QrCard>,
    }
}

impl QrCardList {
    fn check(&self, check: &mut Check) {
        let count = self.card_list.len();
        if count == 0 {
            check.violation("card_list", Rule::Empty);
        }
        // The number is in a note on another page and has not been seen enforced.
        check.as_warnings(|check| check.count("card_list", count, 0, CreateQrCode::MAX_CARDS));
        for (index, card) in self.card_list.iter().enumerate() {
            check.within(&format!("card_list[{index}]"), |check| card.check(check));
        }
    }
}

wire! {
    /// One card of a QR code.
    pub struct QrCard {
        /// The card.
        card_id: CardId,
    } optional {
        /// The code that whoever takes the card gets; required where the merchant chose the codes (`use_custom_code`),
        /// except for imported ones.
        code: CardCode,
        /// The only user who may take the card; required for a card with `bind_openid`.
        openid: OpenId,
        /// Whether the card can be taken once in all; the service takes `false` when it is absent.
        is_unique_code: bool,
        /// The scene in which the card is handed out; comes back in events and queries.
        outer_str: OuterStr,
        /// The scene as a number, from before [`outer_str`](Self::outer_str).
        outer_id: i64,
    }
}

impl QrCard {
    fn check(&self, check: &mut Check) {
        check.filled("card_id", &self.card_id);
        check.filled_if_given("code", self.code.as_ref());
        check.filled_if_given("openid", self.openid.as_ref());
    }
}

impl From<CardId> for QrCard {
    fn from(card_id: CardId) -> Self {
        Self::new(card_id)
    }
}

impl From<&CardId> for QrCard {
    fn from(card_id: &CardId) -> Self {
        Self::new(card_id)
    }
}

impl From<&str> for QrCard {
    fn from(card_id: &str) -> Self {
        Self::new(card_id)
    }
}

wire! {
    /// The QR code.
    pub answer CreateQrCodeResponse {
        /// The ticket for which the service shows the picture.
        ticket: String,
        /// What the QR code says; enough to draw the picture oneself.
        url: WebUrl,
    } optional {
        /// After how many seconds the QR code ceases to work.
        expire_seconds: i64,
        /// The picture; not in every answer, [`picture_url`](Self::picture_url) always is.
        show_qrcode_url: WebUrl,
    }
}

impl CreateQrCodeResponse {
    /// Address of the picture; whoever has it needs no token.
    ///
    /// ```
    /// use wx_card_types::CreateQrCodeResponse;
    ///
    /// let answer = CreateQrCodeResponse::new("gQHB+/8=", "http://weixin.qq.com/q/BHWya_zlfioH6fXeL16o");
    /// assert_eq!(
    ///     answer.picture_url(),
    ///     "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=gQHB%2B%2F8%3D",
    /// );
    /// ```
    #[must_use]
    #[doc(alias = "showqrcode")]
    pub fn picture_url(&self) -> WebUrl {
        let mut url = String::from("https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=");
        for byte in self.ticket.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => url.push(char::from(byte)),
                _ => url.push_str(&format!("%{byte:02X}")),
            }
        }
        WebUrl::from(url)
    }
}

#[cfg(test)]
mod tests;
