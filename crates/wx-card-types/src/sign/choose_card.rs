//! `wx.chooseCard`: a page lets a user choose among their cards.
//!
//! Official page: <https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html>

use super::{Signature, check_seal, signature};
use crate::wire::wire;
use crate::{AppId, CardId, CardType, Check, Invalid, Rule};

wire! {
    /// Which of their cards a user may choose from, by `wx.chooseCard` of the JS-SDK (拉取适用卡券列表).
    ///
    /// Everything is signed but `extra`, which goes into the payload as it is; an empty restriction is as good as none.
    /// With the type `INVOICE` it is what `wx.chooseInvoice` takes.
    ///
    /// ```
    /// use wx_card_types::sign::ChooseCard;
    ///
    /// let ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg";
    /// let payload = ChooseCard::new("123456").card_type("GROUPON").sign_at(1_414_587_457, "Wm3WZYTPz0wzccnW", ticket)?;
    /// assert_eq!(payload.card_sign, "c47b1fb500eb35d8f2f9b9375b4491089df953e2");
    /// # Ok::<(), wx_card_types::Invalid>(())
    /// ```
    #[doc(alias = "chooseCard")]
    #[doc(alias = "cardSign")]
    #[doc(alias = "createCardApiSignature")]
    #[doc(alias = "拉取适用卡券列表")]
    pub struct ChooseCard {
        /// The account whose page it is.
        app_id: AppId,
    } optional {
        /// The only card to offer.
        card_id: CardId,
        /// The only type of card to offer.
        card_type: CardType,
        /// The only store whose cards to offer.
        #[doc(alias = "shopId")]
        location_id: String,
    }
}

impl ChooseCard {
    /// Signs at `timestamp`, in Unix seconds, with a `nonce` of at most 32 bytes and a `ticket` of type `wx_card`.
    ///
    /// The ticket is a secret; nothing of it stands in the result or in the error.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when the account, the nonce or the ticket is empty, the nonce is too long, the moment is not in seconds,
    /// or `extra` has what a field or an argument is for.
    pub fn sign_at(
        &self,
        timestamp: i64,
        nonce: impl Into<String>,
        ticket: &str,
    ) -> Result<ChooseCardPayload, Invalid> {
        let nonce = nonce.into();
        let mut check = Check::new();
        check.filled("app_id", &self.app_id);
        for name in self.extra.keys().filter(|name| FIELDS.contains(&name.as_str())) {
            // Whatever of these stood in `extra` would be passed on without being signed.
            let other = "the field or argument that is for it";
            check.violation(&format!("extra.{name}"), Rule::Conflict { other });
        }
        check_seal(&mut check, timestamp, &nonce, ticket);
        check.finish()?;

        let card_id = self.card_id.as_ref().map_or("", CardId::as_str);
        let card_type = self.card_type.as_ref().map_or("", CardType::as_str);
        let location_id = self.location_id.as_deref().unwrap_or_default();
        let signed = [self.app_id.as_str(), card_id, card_type, location_id];
        Ok(ChooseCardPayload {
            timestamp,
            card_sign: signature(&signed, timestamp, &nonce, ticket)?,
            nonce_str: nonce,
            sign_type: String::from("SHA1"),
            // An empty one is not signed, so it is not passed on.
            shop_id: self.location_id.clone().filter(|id| !id.is_empty()),
            card_type: self
                .card_type
                .clone()
                .filter(|card_type| !card_type.as_str().is_empty()),
            card_id: self.card_id.clone().filter(|id| !id.is_empty()),
            extra: self.extra.clone(),
        })
    }
}

/// What the payload has a field for.
const FIELDS: [&str; 7] = [
    "timestamp",
    "nonceStr",
    "signType",
    "cardSign",
    "shopId",
    "cardType",
    "cardId",
];

wire! {
    /// What a page passes to `wx.chooseCard`, under the names that it has there.
    pub struct ChooseCardPayload without new {
        /// The moment that was signed, in Unix seconds.
        timestamp: i64,
        /// The nonce that was signed.
        nonce_str: String = "nonceStr",
        /// How it was signed: `SHA1`.
        sign_type: String = "signType",
        /// The signature.
        card_sign: Signature = "cardSign",
    } optional {
        /// The only store whose cards to offer.
        shop_id: String = "shopId",
        /// The only type of card to offer.
        card_type: CardType = "cardType",
        /// The only card to offer.
        card_id: CardId = "cardId",
    }
}

impl ChooseCardPayload {
    /// Whether the signature is the one of these members, `app_id` and `ticket`.
    #[must_use]
    pub fn is_signed_with(&self, app_id: &AppId, ticket: &str) -> bool {
        let card_id = self.card_id.as_ref().map_or("", CardId::as_str);
        let card_type = self.card_type.as_ref().map_or("", CardType::as_str);
        let location_id = self.shop_id.as_deref().unwrap_or_default();
        let signed = [app_id.as_str(), card_id, card_type, location_id];
        signature(&signed, self.timestamp, &self.nonce_str, ticket).is_ok_and(|signature| signature == self.card_sign)
    }
}
