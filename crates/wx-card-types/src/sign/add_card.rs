//! `wx.addCard`: a page hands a user cards to take.
//!
//! Official page: <https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html>

use serde_core::ser::SerializeStruct as _;
use serde_core::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::{DIGITS, MAX_TIMESTAMP, Signature, check_seal, decimal, signature};
use crate::wire::wire;
use crate::{CardCode, CardId, Check, Invalid, OpenId, OuterStr, Rule};

wire! {
    /// One card that a page hands to a user, by `wx.addCard` of the JS-SDK or of a mini program (添加卡券).
    ///
    /// Signed are the card, the code and the user; an empty one of the latter two is as good as none.
    /// `extra` goes into `cardExt` without being signed.
    ///
    /// ```
    /// use wx_card_types::sign::AddCard;
    ///
    /// let payload = AddCard::new("pjZ8Yt1XGILfi-FUsewpnnolGgZk")
    ///     .code("1434008071")
    ///     .sign_at(1_404_896_688, "123", "ojZ8YtyVyr30HheH3CM73y7h4jJE")?;
    /// assert_eq!(
    ///     serde_json::to_value(&payload)?,
    ///     serde_json::json!({
    ///         "cardId": "pjZ8Yt1XGILfi-FUsewpnnolGgZk",
    ///         "cardExt": "{\"code\":\"1434008071\",\"timestamp\":\"1404896688\",\"nonce_str\":\"123\",\
    ///                     \"signature\":\"f137ab68b7f8112d20ee528ab6074564e2796250\"}",
    ///     }),
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "addCard")]
    #[doc(alias = "cardExt")]
    #[doc(alias = "createCardApiSignature")]
    #[doc(alias = "添加卡券")]
    pub struct AddCard {
        /// The card.
        card_id: CardId,
    } optional {
        /// The code that the user gets; required where the merchant chose the codes (`use_custom_code`), except for
        /// imported ones. Signed.
        code: CardCode,
        /// The only user who may take the card; required for a card with `bind_openid`. Signed.
        openid: OpenId,
        /// The scene in which the card is handed out; comes back in events and queries. Not signed.
        outer_str: OuterStr,
        /// When the user took the card in the merchant's own system, in Unix seconds; for cards that are valid for a
        /// number of days. Not signed.
        fixed_begintimestamp: i64,
    }
}

impl AddCard {
    /// Signs at `timestamp`, in Unix seconds, with a `nonce` of at most 32 bytes and a `ticket` of type `wx_card`.
    ///
    /// The ticket is a secret; nothing of it stands in the result or in the error.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when the card, the nonce or the ticket is empty, the nonce is too long, a moment is not in seconds,
    /// or `extra` has what a field or an argument is for.
    pub fn sign_at(&self, timestamp: i64, nonce: impl Into<String>, ticket: &str) -> Result<AddCardPayload, Invalid> {
        let nonce = nonce.into();
        let mut check = Check::new();
        check.filled("card_id", &self.card_id);
        if let Some(begin) = self.fixed_begintimestamp {
            check.range("fixed_begintimestamp", begin, 0, MAX_TIMESTAMP);
        }
        for name in self
            .extra
            .keys()
            .filter(|name| CardExtWriter::FIELDS.contains(&name.as_str()))
        {
            // Whatever of these stood in `extra` would be sent without being signed.
            let other = "the field or argument that is for it";
            check.violation(&format!("extra.{name}"), Rule::Conflict { other });
        }
        check_seal(&mut check, timestamp, &nonce, ticket);
        check.finish()?;

        let mut digits = [0; DIGITS];
        let seconds = decimal(timestamp, &mut digits);
        let code = self.code.as_ref().map_or("", CardCode::as_str);
        let openid = self.openid.as_ref().map_or("", OpenId::as_str);
        let pieces = [self.card_id.as_str(), code, openid, seconds, &nonce, ticket];
        let signature = Signature::of_sorted(pieces.into_iter());
        Ok(AddCardPayload {
            card_id: self.card_id.clone(),
            card_ext: self.card_ext(seconds, &nonce, &signature),
            timestamp,
            nonce_str: nonce,
            signature,
        })
    }

    fn card_ext(&self, seconds: &str, nonce: &str, signature: &Signature) -> String {
        let mut ext = CardExtWriter::new();
        // An empty one is not signed, so it is not sent.
        if let Some(code) = self.code.as_ref().filter(|code| !code.is_empty()) {
            ext.text("code", code.as_str());
        }
        if let Some(openid) = self.openid.as_ref().filter(|openid| !openid.is_empty()) {
            ext.text("openid", openid.as_str());
        }
        ext.plain("timestamp", seconds);
        ext.text("nonce_str", nonce);
        ext.plain("signature", signature.as_str());
        if let Some(outer_str) = &self.outer_str {
            ext.text("outer_str", outer_str.as_str());
        }
        if let Some(begin) = self.fixed_begintimestamp {
            ext.raw("fixed_begintimestamp", decimal(begin, &mut [0; DIGITS]));
        }
        if !self.extra.is_empty() {
            ext.rest(&self.extra);
        }
        ext.finish()
    }
}

/// Writes `cardExt`, which is JSON within a text, in one allocation.
struct CardExtWriter(String);

impl CardExtWriter {
    const FIELDS: [&str; 7] = [
        "code",
        "openid",
        "timestamp",
        "nonce_str",
        "signature",
        "outer_str",
        "fixed_begintimestamp",
    ];

    fn new() -> Self {
        // Enough for all members with ids of their usual lengths.
        let mut json = String::with_capacity(256);
        json.push('{');
        Self(json)
    }

    /// A text of any characters.
    fn text(&mut self, name: &str, value: &str) {
        // A fold looks at all bytes at once, where a search would stop at each.
        if value
            .bytes()
            .fold(false, |found, byte| found | matches!(byte, ..b' ' | b'"' | b'\\'))
        {
            self.raw(name, &Value::from(value).to_string());
        } else {
            self.plain(name, value);
        }
    }

    /// A text without characters that JSON escapes.
    fn plain(&mut self, name: &str, value: &str) {
        self.name(name);
        self.0.push('"');
        self.0.push_str(value);
        self.0.push('"');
    }

    /// Members that have no field here; null never leaves.
    fn rest(&mut self, extra: &Map<String, Value>) {
        let rest = extra.iter().filter(|(_, value)| !value.is_null());
        let json = Value::from_iter(rest.map(|(name, value)| (name.clone(), value.clone()))).to_string();
        let members = json.strip_prefix('{').and_then(|json| json.strip_suffix('}'));
        if let Some(members) = members.filter(|members| !members.is_empty()) {
            self.0.push(',');
            self.0.push_str(members);
        }
    }

    /// Ready JSON.
    fn raw(&mut self, name: &str, json: &str) {
        self.name(name);
        self.0.push_str(json);
    }

    fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }

    fn name(&mut self, name: &str) {
        self.0.push_str(if self.0.len() > 1 { ",\"" } else { "\"" });
        self.0.push_str(name);
        self.0.push_str("\":");
    }
}

/// What a page passes to `wx.addCard`, as one entry of its `cardList`: serializes as `{cardId, cardExt}`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AddCardPayload {
    card_id: CardId,
    card_ext: String,
    timestamp: i64,
    nonce_str: String,
    signature: Signature,
}

impl AddCardPayload {
    /// The card.
    #[must_use]
    pub fn card_id(&self) -> &CardId {
        &self.card_id
    }

    /// `cardExt`: a text that is JSON in itself, to be passed on as it is.
    #[must_use]
    pub fn card_ext(&self) -> &str {
        &self.card_ext
    }

    /// The moment that was signed, in Unix seconds.
    #[must_use]
    pub fn timestamp(&self) -> i64 {
        self.timestamp
    }

    /// The nonce that was signed.
    #[must_use]
    pub fn nonce_str(&self) -> &str {
        &self.nonce_str
    }

    /// The signature.
    #[must_use]
    pub fn signature(&self) -> &Signature {
        &self.signature
    }
}

impl Serialize for AddCardPayload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut payload = serializer.serialize_struct("AddCardPayload", 2)?;
        payload.serialize_field("cardId", &self.card_id)?;
        payload.serialize_field("cardExt", &self.card_ext)?;
        payload.end()
    }
}

wire! {
    /// `cardExt` as whoever checks it reads it.
    ///
    /// ```
    /// use wx_card_types::CardId;
    /// use wx_card_types::sign::{AddCard, CardExt};
    ///
    /// let payload = AddCard::new("p1").code("12").sign_at(1_404_896_688, "123", "a ticket")?;
    /// let ext: CardExt = serde_json::from_str(payload.card_ext())?;
    /// assert!(ext.is_signed_with(payload.card_id(), "a ticket"));
    /// assert!(!ext.is_signed_with(&CardId::from("p2"), "a ticket"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct CardExt {
        /// The moment of the signature: Unix seconds, as text.
        timestamp: String,
        /// The signature.
        signature: Signature,
    } optional {
        /// The code that the user gets.
        code: CardCode,
        /// The only user who may take the card.
        openid: OpenId,
        /// The nonce; some pages sign without one.
        nonce_str: String,
        /// The scene in which the card is handed out.
        outer_str: OuterStr,
        /// When the user took the card in the merchant's own system, in Unix seconds.
        fixed_begintimestamp: i64,
    }
}

impl CardExt {
    /// The moment of the signature in Unix seconds, if it is a number.
    #[must_use]
    pub fn seconds(&self) -> Option<i64> {
        self.timestamp.parse().ok()
    }

    /// Whether the signature is the one of these members, `card_id` and `ticket`.
    #[must_use]
    pub fn is_signed_with(&self, card_id: &CardId, ticket: &str) -> bool {
        let Some(seconds) = self.seconds() else {
            return false;
        };
        let code = self.code.as_ref().map_or("", CardCode::as_str);
        let openid = self.openid.as_ref().map_or("", OpenId::as_str);
        let nonce = self.nonce_str.as_deref().unwrap_or_default();
        signature(&[card_id.as_str(), code, openid], seconds, nonce, ticket)
            .is_ok_and(|signature| signature == self.signature)
    }
}
