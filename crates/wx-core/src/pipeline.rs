//! The one pipeline that sends every request.

mod exchange;
mod fetch;
mod run;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::cache::Cache;
use crate::observe::{self, Event};
use crate::retry::{Budget, RetryPolicy};
use crate::token::Forced;
use crate::{BaseUrl, Clock, Entropy, HttpSend, Observer, Secret, TokenEndpoint};

/// Everything that calls of one account share: transport, clock, token, tickets.
///
/// Cloning it is cheap, and clones share the token. Make one an account; many accounts can share one transport.
#[derive(Clone, Debug)]
pub struct Core {
    shared: Arc<Shared>,
    deadline: Option<Duration>,
}

#[derive(Debug)]
struct Shared {
    app_id: String,
    app_secret: Secret,
    base_url: BaseUrl,
    token_endpoint: TokenEndpoint,
    retry: RetryPolicy,
    budget: Budget,
    observer: Option<Arc<dyn Observer>>,
    http: Arc<dyn HttpSend>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    token: Cache,
    forced: Forced,
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

    /// What is sent again after a failure, how often and for how long; the policy's default unless told otherwise.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.shared.budget = policy.new_budget();
        self.shared.retry = policy;
        self
    }

    /// Who is told what happens; nobody unless told otherwise. Logs are written in any case.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.shared.observer = Some(observer);
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
            deadline: None,
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
        let retry = RetryPolicy::default();
        CoreBuilder {
            shared: Shared {
                app_id: app_id.into(),
                app_secret: app_secret.into(),
                base_url: BaseUrl::default(),
                token_endpoint: TokenEndpoint::default(),
                budget: retry.new_budget(),
                retry,
                observer: None,
                http,
                clock,
                entropy,
                token: Cache::default(),
                forced: Forced::default(),
                card_ticket: Cache::default(),
                jsapi_ticket: Cache::default(),
            },
        }
    }

    /// The same core, whose every call ends after `deadline`: fetching a token, waiting and all attempts included.
    ///
    /// The call then fails with [`Deadline`](crate::ErrorKind::Deadline). Whatever it was doing is dropped;
    /// a fetch that others wait for goes on with one of them.
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            deadline: Some(deadline),
        }
    }

    /// How long a call of this core may take, if that is bounded.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        self.deadline
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

    /// Returns after `duration`, by the clock that was handed in.
    pub async fn sleep(&self, duration: Duration) {
        self.shared.clock.sleep(duration).await;
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

    /// Drops the access token and both tickets, so that the next call fetches them, also within the minute for which
    /// wrong credentials are not tried again.
    pub fn forget_tokens(&self) {
        for cache in [&self.shared.token, &self.shared.card_ticket, &self.shared.jsapi_ticket] {
            cache.clear();
        }
    }

    fn since(&self, started: SystemTime) -> Duration {
        // A clock that was set back says nothing about the time that passed.
        self.now().duration_since(started).unwrap_or_default()
    }

    fn report(&self, event: &Event<'_>) {
        observe::report(self.shared.observer.as_deref(), event);
    }
}
