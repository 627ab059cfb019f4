//! Token and tickets: where they are kept, and how they are fetched.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{Core, Shared};
use crate::cache::Cache;
use crate::call::Call;
use crate::deadline::within;
use crate::observe::Event;
use crate::ticket::TicketKind;
use crate::timed_secret::TimedSecret;
use crate::{CardTicket, Error, JsapiTicket, Secret, TokenEndpoint, TokenKind, token};

impl Core {
    /// The ticket for `wx.addCard` and `wx.chooseCard`, fetched if there is none that serves.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call); nothing was done that could run twice.
    pub async fn card_ticket(&self) -> Result<CardTicket, Error> {
        self.ticket(TicketKind::Card).await.map(CardTicket)
    }

    /// Fetches the ticket for `wx.addCard` and `wx.chooseCard` even though the present one may serve.
    ///
    /// The service gives the same ticket as long as that lives.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call); the present ticket then goes on.
    pub async fn refresh_card_ticket(&self) -> Result<CardTicket, Error> {
        let kind = TicketKind::Card;
        let cache = self.ticket_cache(kind);
        let fetch = cache.refresh(&*self.shared.clock, || self.fetch_ticket(kind));
        self.ticket_in_time(fetch).await.map(CardTicket)
    }

    /// The ticket for `wx.config`, fetched if there is none that serves.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call); nothing was done that could run twice.
    pub async fn jsapi_ticket(&self) -> Result<JsapiTicket, Error> {
        self.ticket(TicketKind::Jsapi).await.map(JsapiTicket)
    }

    async fn ticket(&self, kind: TicketKind) -> Result<Arc<TimedSecret>, Error> {
        let cache = self.ticket_cache(kind);
        let get = cache.get(&*self.shared.clock, || self.fetch_ticket(kind));
        self.ticket_in_time(get).await
    }

    async fn ticket_in_time(
        &self,
        ticket: impl Future<Output = Result<Arc<TimedSecret>, Error>>,
    ) -> Result<Arc<TimedSecret>, Error> {
        let started = self.now();
        let in_time = within(&*self.shared.clock, self.deadline, ticket).await;
        in_time.unwrap_or_else(|| {
            let over = Error::deadline(TICKET_PATH.into(), true, None, false);
            Err(over.with_elapsed(self.since(started)))
        })
    }

    fn ticket_cache(&self, kind: TicketKind) -> &Cache {
        match kind {
            TicketKind::Card => &self.shared.card_ticket,
            TicketKind::Jsapi => &self.shared.jsapi_ticket,
        }
    }

    /// The access token, fetched if there is none that serves.
    pub(super) async fn token(&self) -> Result<Arc<TimedSecret>, Error> {
        let shared = &self.shared;
        shared.token.get(&*shared.clock, || self.fetch_token()).await
    }

    /// Drops the token that was `refused`.
    ///
    /// One that has just been fetched is dropped only if the next would be another: otherwise a service that refuses
    /// every token would be asked for two a call.
    pub(super) fn drop_token(&self, refused: &TimedSecret, has_refreshed: bool) {
        let (shared, now) = (&self.shared, self.now());
        if has_refreshed {
            shared.forced.note_at(refused.secret(), now);
            if shared.forces() && shared.forced.is_due_at(now) {
                shared.token.reject(refused);
            }
        } else if shared.token.reject(refused) {
            shared.forced.note_at(refused.secret(), now);
        }
    }

    async fn fetch_token(&self) -> Result<TimedSecret, Error> {
        let shared = &self.shared;
        let force = shared.forces() && shared.forced.take_at(shared.clock.now());
        let call = shared.token_endpoint.call(&shared.app_id, &shared.app_secret, force);
        if force {
            tracing::warn!("the stable token was refused twice, another one is forced");
        }
        self.fetch(&call, TokenKind::AccessToken, "access_token").await
    }

    async fn fetch_ticket(&self, kind: TicketKind) -> Result<TimedSecret, Error> {
        let call = Call::get(TICKET_PATH)
            .query("type", TokenKind::from(kind).ticket_type().unwrap_or_default())
            .operation("GetTicket")
            .for_ticket();
        self.fetch(&call, kind.into(), "ticket").await
    }

    /// Fetches what stands in `member` of the answer to `call`.
    ///
    /// The deadline of the one who leads is not everybody's: when it is over, the fetch is dropped and another leads.
    async fn fetch(&self, call: &Call, what: TokenKind, member: &str) -> Result<TimedSecret, Error> {
        let asked = self.now();
        // Boxed because a call may need a token, whose fetch is a call.
        let answer = Box::pin(self.call_within(call, None)).await;
        let lease = answer.and_then(|answer| Ok(self.lease(asked, token::grant(&answer, member)?)));
        self.report(&Event::Refresh {
            what,
            elapsed: self.since(asked),
            error: lease.as_ref().err(),
        });
        lease
    }

    /// The life counts from the question: the answer may have been long on its way.
    fn lease(&self, asked: SystemTime, (secret, life): (Secret, Duration)) -> TimedSecret {
        TimedSecret::starting_at(asked, secret, life, &*self.shared.entropy)
    }
}

impl Shared {
    /// Whether the endpoint keeps giving the same token.
    fn forces(&self) -> bool {
        self.token_endpoint == TokenEndpoint::Stable
    }
}

const TICKET_PATH: &str = "/cgi-bin/ticket/getticket";
