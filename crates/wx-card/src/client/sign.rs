//! Tickets and signatures: what pages and phones are handed.

use std::time::{SystemTime, UNIX_EPOCH};

use wx_card_types::sign::{self, AddCard, AddCardPayload, ChooseCard, ChooseCardPayload, JsConfig, JsConfigPayload};
use wx_card_types::{Invalid, Signature};
use wx_core::{CardTicket, Error, JsapiTicket, TicketKind};

use crate::CardClient;

/// A signature over values of the caller's choice, with the timestamp and the nonce that are part of it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct SignedValues {
    /// When it was signed, in Unix seconds.
    pub timestamp: i64,
    /// The nonce.
    pub nonce_str: String,
    /// The signature.
    pub signature: Signature,
}

impl CardClient {
    /// The ticket that cards are signed with (卡券 api_ticket), fetched if there is none that serves:
    /// `GET /cgi-bin/ticket/getticket?type=wx_card`.
    ///
    /// # Errors
    ///
    /// Those of [`Core::card_ticket`](wx_core::Core::card_ticket).
    #[doc(alias = "getCardApiTicket")]
    #[doc(alias = "cgi-bin/ticket/getticket")]
    #[doc(alias = "api_ticket")]
    pub async fn card_ticket(&self) -> Result<CardTicket, Error> {
        self.core.card_ticket().await
    }

    /// Fetches the ticket that cards are signed with even though the present one may serve.
    ///
    /// # Errors
    ///
    /// Those of [`Core::refresh_card_ticket`](wx_core::Core::refresh_card_ticket).
    #[doc(alias = "getCardApiTicket")]
    pub async fn refresh_card_ticket(&self) -> Result<CardTicket, Error> {
        self.core.refresh_card_ticket().await
    }

    /// The ticket that `wx.config` is signed with (jsapi_ticket), fetched if there is none that serves:
    /// `GET /cgi-bin/ticket/getticket?type=jsapi`.
    ///
    /// # Errors
    ///
    /// Those of [`Core::jsapi_ticket`](wx_core::Core::jsapi_ticket).
    #[doc(alias = "getJsapiTicket")]
    pub async fn jsapi_ticket(&self) -> Result<JsapiTicket, Error> {
        self.core.jsapi_ticket().await
    }

    /// Fetches the ticket that `wx.config` is signed with even though the present one may serve.
    ///
    /// # Errors
    ///
    /// Those of [`Core::refresh_jsapi_ticket`](wx_core::Core::refresh_jsapi_ticket).
    #[doc(alias = "getJsapiTicket")]
    pub async fn refresh_jsapi_ticket(&self) -> Result<JsapiTicket, Error> {
        self.core.refresh_jsapi_ticket().await
    }

    /// Drops the ticket with which something was signed at `signed_at`, because the page reports "invalid signature";
    /// says whether it was dropped.
    ///
    /// Only the page can tell: the service never sees such a signature. Have it send the payload's timestamp back.
    /// A report is heeded once a minute; see [`Core::invalidate_ticket`](wx_core::Core::invalidate_ticket).
    pub fn invalidate_ticket(&self, kind: TicketKind, signed_at: SystemTime) -> bool {
        self.core.invalidate_ticket(kind, signed_at)
    }

    /// Signs what a page hands to `wx.addCard` (批量添加卡券), with the present time and a fresh nonce.
    ///
    /// # Errors
    ///
    /// [`Invalid`](wx_core::ErrorKind::Invalid) if the card id is empty; otherwise those of
    /// [`card_ticket`](Self::card_ticket).
    #[doc(alias = "createCardApiSignature")]
    #[doc(alias = "addCard")]
    #[doc(alias = "cardExt")]
    #[doc(alias = "签名")]
    pub async fn sign_add_card(&self, card: &AddCard) -> Result<AddCardPayload, Error> {
        let ticket = self.core.card_ticket().await?;
        card.sign_at(self.timestamp(), self.core.nonce(), ticket.secret().expose())
            .map_err(invalid)
    }

    /// Signs what a page hands to `wx.chooseCard` (拉取适用卡券列表), with the present time and a fresh nonce.
    ///
    /// # Errors
    ///
    /// [`Invalid`](wx_core::ErrorKind::Invalid) if the app id is empty; otherwise those of
    /// [`card_ticket`](Self::card_ticket).
    #[doc(alias = "createCardApiSignature")]
    #[doc(alias = "chooseCard")]
    #[doc(alias = "cardSign")]
    #[doc(alias = "签名")]
    pub async fn sign_choose_card(&self, choice: &ChooseCard) -> Result<ChooseCardPayload, Error> {
        let ticket = self.core.card_ticket().await?;
        choice
            .sign_at(self.timestamp(), self.core.nonce(), ticket.secret().expose())
            .map_err(invalid)
    }

    /// Signs `wx.config` for the page at `url`, with the present time and a fresh nonce.
    ///
    /// Take `url` from the page itself (`location.href`); what follows `#` is left out.
    ///
    /// # Errors
    ///
    /// [`Invalid`](wx_core::ErrorKind::Invalid) if `url` is none; otherwise those of
    /// [`jsapi_ticket`](Self::jsapi_ticket).
    #[doc(alias = "createJsapiSignature")]
    #[doc(alias = "wx.config")]
    #[doc(alias = "签名")]
    pub async fn sign_js_config(&self, url: impl Into<String>) -> Result<JsConfigPayload, Error> {
        let config = JsConfig::new(self.app_id(), url);
        let ticket = self.core.jsapi_ticket().await?;
        config
            .sign_at(self.timestamp(), self.core.nonce(), ticket.secret().expose())
            .map_err(invalid)
    }

    /// Signs values of the caller's choice together with the present time, a fresh nonce and the card ticket.
    ///
    /// Prefer [`sign_add_card`](Self::sign_add_card) and [`sign_choose_card`](Self::sign_choose_card), which know
    /// which values belong to the signature.
    ///
    /// # Errors
    ///
    /// Those of [`card_ticket`](Self::card_ticket).
    #[doc(alias = "createCardApiSignature")]
    #[doc(alias = "签名")]
    pub async fn sign_values(&self, values: &[&str]) -> Result<SignedValues, Error> {
        let ticket = self.core.card_ticket().await?;
        let (timestamp, nonce_str) = (self.timestamp(), self.core.nonce());
        let signature = sign::signature(values, timestamp, &nonce_str, ticket.secret().expose()).map_err(invalid)?;
        Ok(SignedValues {
            timestamp,
            nonce_str,
            signature,
        })
    }

    /// The present time in Unix seconds.
    fn timestamp(&self) -> i64 {
        let since = self.core.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }
}

fn invalid(invalid: Invalid) -> Error {
    Error::invalid("signature", invalid.field().to_owned(), invalid)
}
