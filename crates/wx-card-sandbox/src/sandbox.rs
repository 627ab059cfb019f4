//! The sandbox and how it is made.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use wx_core::system::{OsEntropy, SystemClock};
use wx_core::{Clock, Entropy, HttpSend, Secret, SendError};

use crate::fault;
use crate::ops;
use crate::router::Router;
use crate::service::{self, Peer};
use crate::state::file::StateFile;
use crate::state::{DAY, State};
use crate::tls::{Authority, Tls};
use crate::token::LIFE;

/// App id of the account that a sandbox has unless it is given others.
pub const DEFAULT_APP_ID: &str = "wx5a4dbc0fe1d2c3b4";

/// App secret of the account that a sandbox has unless it is given others. It opens nothing but sandboxes.
pub const DEFAULT_APP_SECRET: &str = "5a4db0c5a4db0c5a4db0c5a4db0c5a4d";

/// A WeChat card service of your own, with no one in it but you.
///
/// Clones are handles on one and the same service. As an [`HttpSend`] it answers in process, whatever the host of the
/// request; [`serve`](Self::serve) and [`serve_tls`](Self::serve_tls) put the same service on a port.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) accounts: Vec<(String, Secret)>,
    /// Signs for every server of this sandbox, once the first one needs it.
    authority: Mutex<Option<Authority>>,
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) entropy: Box<dyn Entropy>,
    pub(crate) file: Option<StateFile>,
    pub(crate) manual_review: bool,
    pub(crate) router: Router,
    /// How many seconds a new token or ticket lives.
    pub(crate) token_life: i64,
    state: Mutex<State>,
}

impl Sandbox {
    /// A sandbox with the default account, the machine's clock and randomness, and cards approved at once.
    #[must_use]
    pub fn new() -> Self {
        Builder::default().with_state(State::default(), None)
    }

    /// A sandbox made to measure.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The app ids of the accounts, the first one first: that is the one which control calls mean by default.
    pub fn app_ids(&self) -> impl Iterator<Item = &str> {
        self.0.accounts.iter().map(|(app_id, _)| app_id.as_str())
    }

    /// The paths of the card calls that the sandbox serves, in order.
    pub fn paths(&self) -> impl Iterator<Item = &'static str> {
        self.0.router.paths()
    }

    /// Writes the state file now; without one, does nothing.
    ///
    /// # Errors
    ///
    /// Whatever the file system says.
    pub fn save(&self) -> io::Result<()> {
        self.0.save()
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    /// What a server on `address` needs for TLS.
    pub(crate) fn tls(&self, address: IpAddr) -> io::Result<Tls> {
        let mut authority = self.0.authority.lock().unwrap_or_else(PoisonError::into_inner);
        let made = match authority.take() {
            Some(made) => made,
            None => Authority::new()?,
        };
        authority.insert(made).certify(address)
    }
}

impl Default for Sandbox {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("app_ids", &self.app_ids().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl HttpSend for Sandbox {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        let (head, body) = request.into_parts();
        match service::fault(&self.0, &head) {
            Some(fault) => fault::send(&self.0, &head, &body, &fault).await,
            None => Ok(service::respond(&self.0, &head, &body, Peer::Loopback, None)),
        }
    }
}

impl Inner {
    /// The state; whoever panicked while holding it left it as consistent as any refused request does.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The present moment in Unix seconds, as control calls moved it.
    pub(crate) fn now(&self, state: &State) -> i64 {
        let since = self.clock.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs().saturating_add(state.advanced)).unwrap_or(i64::MAX)
    }

    fn save(&self) -> io::Result<()> {
        self.file
            .as_ref()
            .map_or(Ok(()), |file| file.save(|| file.encode(&self.state())))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Whoever must know whether this worked calls `save`.
        drop(self.save());
    }
}

/// What a [`Sandbox`] is made of.
#[derive(Debug)]
#[must_use]
pub struct Builder {
    accounts: Vec<(String, Secret)>,
    clock: Box<dyn Clock>,
    entropy: Box<dyn Entropy>,
    manual_review: bool,
    state_file: Option<PathBuf>,
    token_life: i64,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            accounts: Vec::new(),
            clock: Box::new(SystemClock::new()),
            entropy: Box::new(OsEntropy::new()),
            manual_review: false,
            state_file: None,
            token_life: LIFE,
        }
    }
}

impl Builder {
    /// Adds an account. The default account is there only if no other is.
    pub fn account(mut self, app_id: impl Into<String>, app_secret: impl Into<Secret>) -> Self {
        let app_id = app_id.into();
        self.accounts.retain(|(known, _)| *known != app_id);
        self.accounts.push((app_id, app_secret.into()));
        self
    }

    /// Leaves new cards in review until a control call decides; otherwise they are approved at once.
    pub const fn manual_review(mut self, manual_review: bool) -> Self {
        self.manual_review = manual_review;
        self
    }

    /// How long a new token or ticket lives: whole seconds, from one to a day's; 7200 unless told otherwise.
    ///
    /// For tests that see one end and the next one come without moving a clock.
    pub fn token_life(mut self, life: Duration) -> Self {
        self.token_life = i64::try_from(life.as_secs()).unwrap_or(DAY).clamp(1, DAY);
        self
    }

    /// Takes the time from `clock` instead of the machine's.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Takes randomness from `entropy` instead of the operating system.
    pub fn entropy(mut self, entropy: impl Entropy) -> Self {
        self.entropy = Box::new(entropy);
        self
    }

    /// Keeps the state in this file, and starts with what is in it.
    ///
    /// The file is replaced as a whole, so it is never half written. While the state is small that happens after every
    /// request; the larger it grows, the more requests are gathered. It also happens in [`Sandbox::save`], when a
    /// server shuts down and when the last handle is dropped.
    /// It holds the sandbox's tokens and tickets, but no app secret.
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// Makes the sandbox.
    ///
    /// # Errors
    ///
    /// When the state file is there but cannot be read, or is not one.
    pub fn build(self) -> io::Result<Sandbox> {
        let file = self.state_file.clone().map(StateFile::new);
        let state = file.as_ref().map_or_else(|| Ok(State::default()), StateFile::load)?;
        Ok(self.with_state(state, file))
    }

    fn with_state(mut self, state: State, file: Option<StateFile>) -> Sandbox {
        if self.accounts.is_empty() {
            self = self.account(DEFAULT_APP_ID, DEFAULT_APP_SECRET);
        }
        Sandbox(Arc::new(Inner {
            accounts: self.accounts,
            authority: Mutex::default(),
            clock: self.clock,
            entropy: self.entropy,
            file,
            manual_review: self.manual_review,
            router: ops::router(),
            token_life: self.token_life,
            state: Mutex::new(state),
        }))
    }
}
