//! The access token, and how it and the tickets are fetched.

use std::sync::Arc;

use super::Core;
use crate::observe::Event;
use crate::timed_secret::TimedSecret;
use crate::{Error, Grant, TicketKind, TokenAsk, TokenKind};

impl Core {
    /// The access token, fetched if there is none that serves.
    pub(super) async fn token(&self) -> Result<Arc<TimedSecret>, Error> {
        let kind = TokenKind::AccessToken;
        let cache = &self.slot(kind).cache;
        cache
            .get(&*self.shared.clock, |need| self.of_nobody().obtain(kind, need))
            .await
    }

    /// Drops the token that was `refused`.
    ///
    /// One that has just been fetched is dropped only if the next would be another: otherwise a service that refuses
    /// every token would be asked for two a call.
    pub(super) fn drop_token(&self, refused: &TimedSecret, has_refreshed: bool) {
        let (shared, now) = (&self.shared, self.now());
        let cache = &shared.token.cache;
        if has_refreshed {
            shared.forced.note_at(refused.secret(), now);
            if shared.source.forces() && shared.forced.is_due_at(now) {
                cache.reject(refused);
            }
        } else if cache.reject(refused) {
            shared.forced.note_at(refused.secret(), now);
        }
    }

    /// Asks the source.
    pub(super) async fn fetch(&self, kind: TokenKind) -> Result<TimedSecret, Error> {
        let asked = self.now();
        // The life counts from the question: the answer may have been long on its way.
        let fetched = self
            .grant(kind)
            .await
            .and_then(Grant::checked)
            .map(|grant| TimedSecret::starting_at(asked, grant.secret, grant.expires_in, &*self.shared.entropy));
        self.report(&Event::Refresh {
            what: kind,
            elapsed: self.since(asked),
            error: fetched.as_ref().err(),
        });
        fetched
    }

    async fn grant(&self, kind: TokenKind) -> Result<Grant, Error> {
        let source = &self.shared.source;
        let ask = |is_forced| TokenAsk::new(self.of_nobody(), is_forced);
        match kind {
            TokenKind::AccessToken => {
                // What was refused is forced away, and nothing that still serves.
                let may_force = source.forces() && self.shared.token.cache.has_dropped();
                let is_forced = may_force && self.shared.forced.take_at(self.now());
                if is_forced {
                    tracing::warn!("the stable token was refused twice, another one is forced");
                }
                source.token(ask(is_forced)).await
            }
            TokenKind::CardTicket => source.ticket(TicketKind::Card, ask(false)).await,
            TokenKind::JsapiTicket => source.ticket(TicketKind::Jsapi, ask(false)).await,
        }
    }
}
