//! Tickets: what pages are signed with.

use std::pin::pin;
use std::sync::Arc;
use std::time::SystemTime;

use super::Core;
use crate::deadline::within;
use crate::timed_secret::TimedSecret;
use crate::token::TICKET_PATH;
use crate::{CardTicket, Error, JsapiTicket, TicketKind};

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
    /// The service gives the same ticket as long as that lives, and it then keeps the end that was known first.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call); the present ticket then goes on.
    pub async fn refresh_card_ticket(&self) -> Result<CardTicket, Error> {
        self.refresh_ticket(TicketKind::Card).await.map(CardTicket)
    }

    /// The ticket for `wx.config`, fetched if there is none that serves.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call); nothing was done that could run twice.
    pub async fn jsapi_ticket(&self) -> Result<JsapiTicket, Error> {
        self.ticket(TicketKind::Jsapi).await.map(JsapiTicket)
    }

    /// Fetches the ticket for `wx.config` even though the present one may serve.
    ///
    /// The service gives the same ticket as long as that lives, and it then keeps the end that was known first.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call); the present ticket then goes on.
    pub async fn refresh_jsapi_ticket(&self) -> Result<JsapiTicket, Error> {
        self.refresh_ticket(TicketKind::Jsapi).await.map(JsapiTicket)
    }

    /// Has the next signature fetch another ticket than the one with which something was signed at `signed_at`, because
    /// a page reports that the signature is not taken ("invalid signature"); says whether the report is heeded.
    ///
    /// The service never sees such a signature, so only the page can tell. A report about an older ticket than the
    /// present one is not heeded. What a page says need not be true, and the service gives few tickets a day: a report is
    /// heeded once a minute, and no longer when the service has given the same ticket again. If none is to be had, the
    /// present one goes on.
    pub fn invalidate_ticket(&self, kind: TicketKind, signed_at: SystemTime) -> bool {
        let is_heeded = self.slot(kind.into()).cache.report(signed_at, self.now());
        if is_heeded {
            tracing::warn!(what = crate::TokenKind::from(kind).as_str(), "reported as not valid");
        }
        is_heeded
    }

    async fn ticket(&self, kind: TicketKind) -> Result<Arc<TimedSecret>, Error> {
        let cache = &self.slot(kind.into()).cache;
        if let Some(fresh) = cache.fresh_at(self.now()) {
            return Ok(fresh);
        }
        let get = cache.get(&*self.shared.clock, |need| self.of_nobody().obtain(kind.into(), need));
        // Boxed because it is large and seldom needed.
        Box::pin(self.ticket_in_time(kind, get)).await
    }

    async fn refresh_ticket(&self, kind: TicketKind) -> Result<Arc<TimedSecret>, Error> {
        let cache = &self.slot(kind.into()).cache;
        let fetch = cache.refresh(&*self.shared.clock, |need| self.of_nobody().obtain(kind.into(), need));
        self.ticket_in_time(kind, fetch).await
    }

    async fn ticket_in_time(
        &self,
        kind: TicketKind,
        ticket: impl Future<Output = Result<Arc<TimedSecret>, Error>>,
    ) -> Result<Arc<TimedSecret>, Error> {
        // It is dropped after the future that it is about.
        let _leaving = Leaving { core: self, kind };
        let started = self.now();
        let in_time = within(&*self.shared.clock, self.deadline, pin!(ticket)).await;
        in_time.unwrap_or_else(|| {
            let over = Error::deadline(TICKET_PATH.into(), true, None, false);
            Err(over.with_elapsed(self.since(started)))
        })
    }
}

/// A caller who goes, be it that the fetch of the ticket has not ended.
struct Leaving<'a> {
    core: &'a Core,
    kind: TicketKind,
}

impl Drop for Leaving<'_> {
    /// Gives up the fetch if it may be about to fetch the token: left to nobody in particular, it would keep the token
    /// from all calls until somebody needs the ticket again. The token's own fetch is left as it is.
    fn drop(&mut self) {
        if self.core.shared.token.cache.is_refreshing() {
            self.core.slot(self.kind.into()).cache.abandon();
        }
    }
}
