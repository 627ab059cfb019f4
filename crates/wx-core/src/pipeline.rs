//! The one pipeline that sends every request.

mod exchange;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use crate::cache::Cache;
use crate::call::{Answer, Call};
use crate::lease::Lease;
use crate::retry::{self, Next};
use crate::ticket::TicketKind;
use crate::{BaseUrl, CardTicket, Clock, Entropy, ErrCode, Error, HttpSend, JsapiTicket, Secret, TokenEndpoint, token};

/// Everything that calls of one account share: transport, clock, token, tickets.
///
/// Cloning it is cheap, and clones share the token. Make one an account; many accounts can share one transport.
#[derive(Clone, Debug)]
pub struct Core {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    app_id: String,
    app_secret: Secret,
    base_url: BaseUrl,
    token_endpoint: TokenEndpoint,
    http: Arc<dyn HttpSend>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    token: Cache,
    card_ticket: Cache,
    jsapi_ticket: Cache,
}

/// Settings of a [`Core`].
#[derive(Debug)]
#[must_use]
pub struct CoreBuilder {
    shared: Shared,
}

impl CoreBuilder {
    /// Where the service is; [`BaseUrl::official`] unless told otherwise.
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        self.shared.base_url = base_url;
        self
    }

    /// Which endpoint gives the access token; [`TokenEndpoint::Stable`] unless told otherwise.
    pub fn token_endpoint(mut self, endpoint: TokenEndpoint) -> Self {
        self.shared.token_endpoint = endpoint;
        self
    }

    /// The clock that tells when tokens are due.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.shared.clock = clock;
        self
    }

    /// The randomness of nonces and jitter.
    pub fn entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.shared.entropy = entropy;
        self
    }

    /// The core.
    #[must_use]
    pub fn build(self) -> Core {
        Core {
            shared: Arc::new(self.shared),
        }
    }
}

impl Core {
    /// Begins a core for the account `app_id`.
    ///
    /// Transport, clock and randomness are handed in; there is no stand-in for any of them.
    pub fn builder(
        app_id: impl Into<String>,
        app_secret: impl Into<Secret>,
        http: Arc<dyn HttpSend>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> CoreBuilder {
        CoreBuilder {
            shared: Shared {
                app_id: app_id.into(),
                app_secret: app_secret.into(),
                base_url: BaseUrl::default(),
                token_endpoint: TokenEndpoint::default(),
                http,
                clock,
                entropy,
                token: Cache::default(),
                card_ticket: Cache::default(),
                jsapi_ticket: Cache::default(),
            },
        }
    }

    /// The account.
    #[must_use]
    pub fn app_id(&self) -> &str {
        &self.shared.app_id
    }

    /// The present moment, by the clock that was handed in.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.shared.clock.now()
    }

    /// A nonce of 16 letters and digits, 80 bits of the randomness that was handed in.
    #[must_use]
    pub fn nonce(&self) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
        let mut bytes = [0; 16];
        self.shared.entropy.fill(&mut bytes);
        // 256 is a multiple of 32, so every letter is as likely as another.
        bytes
            .iter()
            .filter_map(|byte| LETTERS.get(usize::from(byte % 32)))
            .map(|byte| char::from(*byte))
            .collect()
    }

    /// Sends `call` with the account's token.
    ///
    /// A token that the service refuses is fetched anew once, and the call sent once more: a refused token means that
    /// nothing ran. Nothing else is repeated.
    ///
    /// # Errors
    ///
    /// Every [`ErrorKind`](crate::ErrorKind); [`Error::may_have_run`] tells whether the service may have acted.
    pub async fn call(&self, call: &Call) -> Result<Answer, Error> {
        let started = self.now();
        // Before a token is spent on it.
        self.uri(call, None)?;
        let mut attempts = 0;
        loop {
            let lease = if call.needs_token() {
                Some(self.token(attempts, started).await?)
            } else {
                None
            };
            attempts += 1;
            let result = self.attempt(call, lease.as_deref(), attempts).await;
            let elapsed = self.since(started);
            let error = match result {
                Ok(body) => {
                    let (path, idempotent) = (call.path().clone(), call.is_idempotent());
                    return Ok(Answer {
                        path,
                        idempotent,
                        body,
                        attempts,
                        elapsed,
                    });
                }
                Err(error) => call.failure(error).with_attempts(attempts, elapsed),
            };
            match (retry::next(&error, attempts > 1), lease) {
                (Next::RefreshToken, Some(refused)) => self.shared.token.reject(&refused),
                _ => return Err(error),
            }
        }
    }

    /// The ticket for `wx.addCard` and `wx.chooseCard`, fetched if there is none that serves.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call); nothing was done that could run twice.
    pub async fn card_ticket(&self) -> Result<CardTicket, Error> {
        let cache = &self.shared.card_ticket;
        cache
            .get(&*self.shared.clock, || self.fetch_ticket(TicketKind::Card))
            .await
            .map(CardTicket)
    }

    /// Fetches the ticket for `wx.addCard` and `wx.chooseCard` even though the present one may serve.
    ///
    /// The service gives the same ticket as long as that lives.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call); the present ticket then goes on.
    pub async fn refresh_card_ticket(&self) -> Result<CardTicket, Error> {
        let cache = &self.shared.card_ticket;
        cache
            .refresh(&*self.shared.clock, || self.fetch_ticket(TicketKind::Card))
            .await
            .map(CardTicket)
    }

    /// The ticket for `wx.config`, fetched if there is none that serves.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call); nothing was done that could run twice.
    pub async fn jsapi_ticket(&self) -> Result<JsapiTicket, Error> {
        let cache = &self.shared.jsapi_ticket;
        cache
            .get(&*self.shared.clock, || self.fetch_ticket(TicketKind::Jsapi))
            .await
            .map(JsapiTicket)
    }

    /// Drops the access token and both tickets, so that the next call fetches them.
    pub fn forget_tokens(&self) {
        for cache in [&self.shared.token, &self.shared.card_ticket, &self.shared.jsapi_ticket] {
            cache.clear();
        }
    }

    async fn token(&self, attempts: u32, started: SystemTime) -> Result<Arc<Lease>, Error> {
        let shared = &self.shared;
        let fetched = shared.token.get(&*shared.clock, || self.fetch_token()).await;
        fetched.map_err(|error| error.with_attempts(attempts, self.since(started)))
    }

    async fn fetch_token(&self) -> Result<Lease, Error> {
        let call = self
            .shared
            .token_endpoint
            .call(&self.shared.app_id, &self.shared.app_secret);
        let asked = self.now();
        // Boxed because a call may need a token, whose fetch is a call.
        let answer = Box::pin(self.call(&call)).await?;
        Ok(self.lease(asked, token::grant(&answer, "access_token")?))
    }

    async fn fetch_ticket(&self, kind: TicketKind) -> Result<Lease, Error> {
        let call = Call::get("/cgi-bin/ticket/getticket")
            .query("type", kind.word())
            .for_ticket();
        let asked = self.now();
        let answer = self.call(&call).await?;
        Ok(self.lease(asked, token::grant(&answer, "ticket")?))
    }

    /// The life counts from the question: the answer may have been long on its way.
    fn lease(&self, asked: SystemTime, (secret, life): (Secret, Duration)) -> Lease {
        Lease::starting_at(asked, secret, life, &*self.shared.entropy)
    }

    fn since(&self, started: SystemTime) -> Duration {
        // A clock that was set back says nothing about the time that passed.
        self.now().duration_since(started).unwrap_or_default()
    }

    /// Sends `call` once.
    async fn attempt(&self, call: &Call, lease: Option<&Lease>, attempt: u32) -> Result<Bytes, Error> {
        let started = self.now();
        let request = self.request(call, lease.map(Lease::secret))?;
        let result = match self.shared.http.send(request).await {
            Ok(response) => self.read(call, lease.map(Lease::secret), response),
            Err(error) => Err(Error::transport(call.path().clone(), call.is_idempotent(), error)),
        };
        tracing::debug!(
            path = &**call.path(),
            attempt,
            errcode = result
                .as_ref()
                .map_or_else(|error| error.errcode().map(ErrCode::get), |_| Some(0)),
            kind = result.as_ref().err().map(|error| tracing::field::debug(error.kind())),
            elapsed_ms = u64::try_from(self.since(started).as_millis()).unwrap_or(u64::MAX),
            "called",
        );
        result
    }
}
