//! The one pipeline that sends every request.

mod exchange;
mod fetch;
mod run;
mod share;
mod tickets;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::observe::{self, Event};
use crate::retry::{Budget, RetryPolicy};
use crate::token::Forced;
use crate::{
    BaseUrl, Clock, Entropy, HttpSend, IntoTokenSource, Observer, SharingPolicy, TokenKey, TokenKind, TokenSource,
    TokenStore,
};
use share::Slot;

/// Everything that calls of one account share: transport, clock, token, tickets.
///
/// Cloning it is cheap, and clones share the token. Make one an account; many accounts can share one transport.
#[derive(Clone, Debug)]
pub struct Core {
    shared: Arc<Shared>,
    deadline: Option<Duration>,
    /// The handles that users have; a fetch has none.
    #[expect(dead_code, reason = "it is there to be dropped")]
    user: Option<Arc<User>>,
}

/// Gives up what is being fetched when the last handle of a user's is dropped: it would keep itself alive.
struct User(Arc<Shared>);

impl Drop for User {
    fn drop(&mut self) {
        // The token last: the fetch of a ticket may hold it.
        for kind in TokenKind::ALL.into_iter().rev() {
            self.0.slot(kind).cache.abandon();
        }
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("User(..)")
    }
}

#[derive(Debug)]
struct Shared {
    app_id: String,
    source: Arc<dyn TokenSource>,
    store: Option<Arc<dyn TokenStore>>,
    sharing: SharingPolicy,
    base_url: BaseUrl,
    retry: RetryPolicy,
    budget: Budget,
    observer: Option<Arc<dyn Observer>>,
    http: Arc<dyn HttpSend>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    forced: Forced,
    token: Slot,
    card_ticket: Slot,
    jsapi_ticket: Slot,
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

    /// Where token and tickets are kept for all processes that use the account; by this core alone unless told
    /// otherwise.
    pub fn token_store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.shared.store = Some(store);
        self
    }

    /// How they are shared; the policy's default unless told otherwise.
    pub fn sharing(mut self, policy: SharingPolicy) -> Self {
        self.shared.sharing = policy;
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
        let shared = Arc::new(self.shared);
        Core {
            user: Some(Arc::new(User(Arc::clone(&shared)))),
            shared,
            deadline: None,
        }
    }
}

impl Core {
    /// Begins a core for the account `app_id`, whose token comes from `source`: an app secret, or any [`TokenSource`].
    ///
    /// Transport, clock and randomness are handed in; there is no stand-in for any of them.
    pub fn builder(
        app_id: impl Into<String>,
        source: impl IntoTokenSource,
        http: Arc<dyn HttpSend>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> CoreBuilder {
        let retry = RetryPolicy::default();
        let app_id = app_id.into();
        let slot = |kind| Slot::new(TokenKey::new(app_id.clone(), kind));
        CoreBuilder {
            shared: Shared {
                token: slot(TokenKind::AccessToken),
                card_ticket: slot(TokenKind::CardTicket),
                jsapi_ticket: slot(TokenKind::JsapiTicket),
                app_id,
                source: source.into_token_source(),
                store: None,
                sharing: SharingPolicy::default(),
                base_url: BaseUrl::default(),
                budget: retry.new_budget(),
                retry,
                observer: None,
                http,
                clock,
                entropy,
                forced: Forced::default(),
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
            deadline: Some(deadline),
            ..self.clone()
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
        let mut bytes = [0; 16];
        self.shared.entropy.fill(&mut bytes);
        // 256 is a multiple of 32, so every letter is as likely as another.
        let letters = bytes.map(|byte| match byte % 32 {
            number @ ..26 => b'a' + number,
            number => b'2' + (number - 26),
        });
        str::from_utf8(&letters).unwrap_or_default().to_owned()
    }

    /// Drops the access token and both tickets, so that the next call fetches them or takes what others have stored
    /// since, also within the minute for which wrong credentials are not tried again.
    pub fn forget_tokens(&self) {
        for kind in TokenKind::ALL {
            self.slot(kind).cache.clear();
        }
    }

    /// The same core for a fetch, which belongs to nobody.
    fn of_nobody(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            deadline: None,
            user: None,
        }
    }

    fn slot(&self, kind: TokenKind) -> &Slot {
        self.shared.slot(kind)
    }

    fn since(&self, started: SystemTime) -> Duration {
        between(started, self.now())
    }

    fn report(&self, event: &Event<'_>) {
        observe::report(self.shared.observer.as_deref(), event);
    }
}

impl Shared {
    fn slot(&self, kind: TokenKind) -> &Slot {
        match kind {
            TokenKind::AccessToken => &self.token,
            TokenKind::CardTicket => &self.card_ticket,
            TokenKind::JsapiTicket => &self.jsapi_ticket,
        }
    }
}

/// How long it was. A clock that was set back says nothing about the time that passed.
fn between(started: SystemTime, ended: SystemTime) -> Duration {
    ended.duration_since(started).unwrap_or_default()
}
