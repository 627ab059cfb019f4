//! The service that a fleet calls, and what its ledger says.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};
use wx_card_sandbox::{Sandbox, Server};
use wx_core::Clock;
use wx_core::system::SystemClock;

/// How long a test waits for what must come; a busy machine is slow.
const PATIENCE: Duration = Duration::from_secs(30);

/// A sandbox on a port.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    server: Server,
    clock: AlignedClock,
}

/// The machine's clock, moved so that a whole second begins when a test says so: the service counts whole seconds.
#[derive(Clone, Debug, Default)]
struct AlignedClock(Arc<AtomicU64>);

impl AlignedClock {
    fn align(&self) {
        let since = SystemClock::new().now().duration_since(UNIX_EPOCH).unwrap();
        self.0
            .store(1_000 - u64::from(since.subsec_millis()), Ordering::Relaxed);
    }
}

#[async_trait]
impl Clock for AlignedClock {
    fn now(&self) -> SystemTime {
        SystemClock::new().now() + Duration::from_millis(self.0.load(Ordering::Relaxed))
    }

    async fn sleep(&self, duration: Duration) {
        let clock = SystemClock::new();
        clock.sleep(duration).await;
    }
}

/// What the sandbox has counted.
#[derive(Debug, Deserialize)]
pub(crate) struct Ledger {
    /// Requests by path.
    requests: BTreeMap<String, u64>,
    /// Refused ones.
    refusals: BTreeMap<String, u64>,
    /// Requests that met a fault, by path, and there by kind.
    faults: BTreeMap<String, BTreeMap<String, u64>>,
    /// New tokens by endpoint.
    tokens: BTreeMap<String, u64>,
    /// New tickets by type.
    tickets: BTreeMap<String, u64>,
}

impl World {
    /// A sandbox whose tokens live for two hours.
    pub(crate) async fn open() -> Self {
        Self::with_token_life(Duration::from_secs(7_200)).await
    }

    pub(crate) async fn with_token_life(life: Duration) -> Self {
        let clock = AlignedClock::default();
        let sandbox = Sandbox::builder()
            .clock(clock.clone())
            .token_life(life)
            .build()
            .unwrap();
        let server = sandbox.serve(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        Self { sandbox, server, clock }
    }

    /// Now begins a second of the service's.
    pub(crate) fn align(&self) {
        self.clock.align();
    }

    pub(crate) fn base_url(&self) -> String {
        self.server.base_url()
    }

    pub(crate) fn control(&self, name: &str, body: &Value) -> Value {
        self.sandbox.control(name, body).unwrap()
    }

    pub(crate) fn ledger(&self) -> Ledger {
        serde_json::from_value(self.control("ledger", &json!({}))).unwrap()
    }

    /// Every token and ticket is dead.
    pub(crate) fn expire(&self) {
        self.control("expire-token", &json!({}));
    }

    /// The next request for a token is carried out at once, and its answer is so late.
    pub(crate) fn delay_a_token(&self, late: Duration) {
        let rule = |path: &str| json!({"path": path, "fault": "delay", "millis": late.as_millis(), "times": 1});
        self.control(
            "faults",
            &json!({"rules": [rule("/cgi-bin/stable_token"), rule("/cgi-bin/token")]}),
        );
    }
}

impl Ledger {
    /// How often a token was asked for, at whichever endpoint.
    pub(crate) fn token_fetches(&self) -> u64 {
        self.asked("/cgi-bin/stable_token") + self.asked("/cgi-bin/token")
    }

    /// How often a ticket was given; a call for one may be the first that meets a dead token, and is refused then.
    pub(crate) fn ticket_fetches(&self) -> u64 {
        const PATH: &str = "/cgi-bin/ticket/getticket";
        self.asked(PATH) - self.refusals.get(PATH).copied().unwrap_or_default()
    }

    /// How many requests there were for `path`.
    pub(crate) fn asked(&self, path: &str) -> u64 {
        self.requests.get(path).copied().unwrap_or_default()
    }

    /// How many requests were refused, whatever they wanted.
    pub(crate) fn refused(&self) -> u64 {
        self.refusals.values().sum()
    }

    /// How many requests met a fault.
    pub(crate) fn hindered(&self) -> u64 {
        self.faults.values().flat_map(BTreeMap::values).sum()
    }

    /// How many tokens there have been, of whichever endpoint.
    pub(crate) fn new_tokens(&self) -> u64 {
        self.tokens.values().sum()
    }

    /// How many tickets there have been.
    pub(crate) fn new_tickets(&self) -> u64 {
        self.tickets.values().sum()
    }
}

/// Waits until `is_so`, by the machine's clock and not for ever.
pub(crate) async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let clock = SystemClock::new();
    let started = clock.now();
    while !is_so() {
        let waited = clock.now().duration_since(started).unwrap_or_default();
        assert!(waited < PATIENCE, "not within {PATIENCE:?}: {what}");
        clock.sleep(Duration::from_millis(5)).await;
    }
}
