//! The service's own two endpoints for access tokens, and the one for tickets.

use async_trait::async_trait;
use bytes::Bytes;
use serde::Serialize;

use super::{Grant, TokenAsk, TokenSource};
use crate::{Call, Error, Secret, TicketKind, TokenKind};

pub(crate) const TICKET_PATH: &str = "/cgi-bin/ticket/getticket";

/// `POST /cgi-bin/stable_token` (获取稳定版接口调用凭据): fetching gives the same token to everybody and kills none.
///
/// The default, because several processes can then fetch without harming each other. A token that was refused, given
/// again and refused again is replaced by force, at most 20 times a day and every 30 seconds.
///
/// Limits of the service: 10,000 fetches a minute, 500,000 a day.
#[derive(Clone, Debug)]
pub struct StableToken(Secret);

impl StableToken {
    /// The source for the account with this app secret.
    #[must_use]
    pub fn new(app_secret: impl Into<Secret>) -> Self {
        Self(app_secret.into())
    }
}

#[derive(Serialize)]
struct GetStableToken<'a> {
    grant_type: &'static str,
    appid: &'a str,
    secret: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    force_refresh: Option<bool>,
}

#[async_trait]
impl TokenSource for StableToken {
    async fn token(&self, ask: TokenAsk) -> Result<Grant, Error> {
        let body = GetStableToken {
            grant_type: "client_credential",
            appid: ask.app_id(),
            secret: self.0.expose(),
            force_refresh: ask.is_forced().then_some(true),
        };
        // Texts alone always serialize.
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let call = Call::post("/cgi-bin/stable_token", Bytes::from(body))
            // Whoever asks again gets the same token, save by force, which is counted.
            .idempotent(!ask.is_forced())
            .operation("GetStableToken");
        Grant::from_answer(&ask.call(call).await?, "access_token")
    }

    fn forces(&self) -> bool {
        true
    }

    fn secret(&self) -> Option<&Secret> {
        Some(&self.0)
    }
}

/// `GET /cgi-bin/token` (获取接口调用凭据): every fetch replaces the token of whoever fetched before.
///
/// Use it where another system needs it, and let one process fetch for all, or share a
/// [`TokenStore`](crate::TokenStore). The service allows few fetches a day, often 2,000.
#[derive(Clone, Debug)]
pub struct ClassicToken(Secret);

impl ClassicToken {
    /// The source for the account with this app secret.
    #[must_use]
    pub fn new(app_secret: impl Into<Secret>) -> Self {
        Self(app_secret.into())
    }
}

#[async_trait]
impl TokenSource for ClassicToken {
    async fn token(&self, ask: TokenAsk) -> Result<Grant, Error> {
        let call = Call::get("/cgi-bin/token")
            .query("grant_type", "client_credential")
            .query("appid", ask.app_id())
            .query("secret", self.0.expose())
            .operation("GetToken");
        Grant::from_answer(&ask.call(call).await?, "access_token")
    }

    fn secret(&self) -> Option<&Secret> {
        Some(&self.0)
    }
}

/// Asks for a ticket, with the account's token.
pub(crate) fn ticket_call(kind: TicketKind) -> Call {
    let word = TokenKind::from(kind).ticket_type().unwrap_or_default();
    Call::get(TICKET_PATH)
        .query("type", word)
        .operation("GetTicket")
        .for_ticket()
}
