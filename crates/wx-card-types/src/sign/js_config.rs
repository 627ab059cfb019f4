//! `wx.config`: a page is let use the JS-SDK.
//!
//! Official page: <https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html>

use super::{DIGITS, Signature, check_seal, decimal};
use crate::wire::wire;
use crate::{AppId, Check, Invalid, Rule};

wire! {
    /// A page that may use the JS-SDK, by `wx.config` (权限验证配置).
    ///
    /// `extra` goes into the payload without being signed, such as `jsApiList`.
    ///
    /// ```
    /// use wx_card_types::sign::JsConfig;
    ///
    /// let ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg";
    /// let payload = JsConfig::new("wx123456", "http://mp.weixin.qq.com?params=value#top")
    ///     .extra("jsApiList", vec!["addCard", "chooseCard"])
    ///     .sign_at(1_414_587_457, "Wm3WZYTPz0wzccnW", ticket)?;
    /// assert_eq!(payload.signature, "0f9de62fce790f9a083d5c99e95740ceb90c27ed");
    /// # Ok::<(), wx_card_types::Invalid>(())
    /// ```
    #[doc(alias = "wx.config")]
    #[doc(alias = "createJsapiSignature")]
    #[doc(alias = "权限验证配置")]
    pub struct JsConfig {
        /// The account whose page it is.
        app_id: AppId,
        /// The page's full address as the browser has it, query included; what follows a `#` is not signed.
        ///
        /// Take it from the page itself: one that is put together again differs in the encoding of some character.
        url: String,
    }
}

impl JsConfig {
    /// Signs at `timestamp`, in Unix seconds, with a `nonce` of at most 32 bytes and a `ticket` of type `jsapi`.
    ///
    /// The ticket is a secret; nothing of it stands in the result or in the error.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when the account's id, the nonce or the ticket is empty, the nonce is too long,
    /// the moment is not in seconds, or the address does not begin with `http://` or `https://`.
    pub fn sign_at(&self, timestamp: i64, nonce: impl Into<String>, ticket: &str) -> Result<JsConfigPayload, Invalid> {
        let nonce = nonce.into();
        let mut check = Check::new();
        check.filled("app_id", &self.app_id);
        if !self.url.starts_with("http://") && !self.url.starts_with("https://") {
            let expected = "a full address that begins with http:// or https://";
            check.violation("url", Rule::Form { expected });
        }
        check_seal(&mut check, timestamp, &nonce, ticket);
        check.finish()?;
        Ok(JsConfigPayload {
            app_id: self.app_id.clone(),
            timestamp,
            signature: sign(timestamp, &nonce, &self.url, ticket),
            nonce_str: nonce,
            extra: self.extra.clone(),
        })
    }
}

/// Unlike the signatures of cards this one has names, a fixed order and another ticket.
fn sign(timestamp: i64, nonce: &str, url: &str, ticket: &str) -> Signature {
    let mut digits = [0; DIGITS];
    let seconds = decimal(timestamp, &mut digits);
    let url = url.split_once('#').map_or(url, |(url, _)| url);
    Signature::of([
        "jsapi_ticket=",
        ticket,
        "&noncestr=",
        nonce,
        "&timestamp=",
        seconds,
        "&url=",
        url,
    ])
}

wire! {
    /// What a page passes to `wx.config`, under the names that it has there.
    pub struct JsConfigPayload without new {
        /// The account whose page it is.
        app_id: AppId = "appId",
        /// The moment that was signed, in Unix seconds.
        timestamp: i64,
        /// The nonce that was signed.
        nonce_str: String = "nonceStr",
        /// The signature.
        signature: Signature,
    }
}

impl JsConfigPayload {
    /// Whether the signature is the one of these members, the page's address and `ticket`.
    #[must_use]
    pub fn is_signed_with(&self, url: &str, ticket: &str) -> bool {
        !ticket.is_empty() && sign(self.timestamp, &self.nonce_str, url, ticket) == self.signature
    }
}
