//! The bench of one case: handles of the store under test, a clock, and a list of what went wrong.

use std::fmt::Debug;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::Setup;
use super::damage::Damage;
use super::rules::{self, Rule};
use crate::conformance::report::Broken;
use crate::conformance::seen;
use crate::conformance::time::{Guarded, guarded};
use crate::{Secret, StoreError, StoreLease, StoredToken, TokenKey, TokenKind, TokenStore};

/// Part of every token that the suite saves.
const CANARY: &str = "canaryToken94e1c7";

/// Several times what a store may take for a call, so that a busy machine is no broken rule.
const LONGEST_CALL: Duration = Duration::from_secs(3);

/// A case that cannot go on; what stopped it has been reported.
pub(super) struct Stopped;

/// What a case comes to.
pub(super) type Outcome = Result<(), Stopped>;

pub(super) struct Bench {
    setup: Arc<Setup>,
    rule: &'static Rule,
    what: &'static str,
    app_id: String,
    broken: Mutex<Vec<Broken>>,
}

impl Bench {
    pub(super) fn new(setup: Arc<Setup>, rule: &'static Rule, what: &'static str, app_id: String) -> Self {
        Self {
            setup,
            rule,
            what,
            app_id,
            broken: Mutex::default(),
        }
    }

    pub(super) fn into_broken(self) -> Vec<Broken> {
        self.broken.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key that is this case's own.
    pub(super) fn key(&self) -> TokenKey {
        TokenKey::new(self.app_id.as_str(), TokenKind::AccessToken)
    }

    /// A handle of the store, of its own.
    pub(super) fn handle(&self) -> Handle<'_> {
        Handle {
            store: (self.setup.make)(),
            bench: self,
        }
    }

    pub(super) fn now(&self) -> SystemTime {
        self.setup.clock.now()
    }

    /// How exactly the store measures time.
    pub(super) fn resolution(&self) -> Duration {
        self.setup.resolution
    }

    /// A span that is worth waiting for.
    pub(super) fn short(&self) -> Duration {
        self.setup.resolution * 8
    }

    /// Waits until `span` is certainly over by the store's clock too.
    pub(super) async fn wait(&self, span: Duration) {
        let end = self.now() + span + self.setup.resolution;
        while let Ok(left) = end.duration_since(self.now())
            && !left.is_zero()
        {
            self.setup.clock.sleep(left).await;
        }
    }

    /// Damages the stored value, where somebody said how.
    pub(super) async fn damage(&self, key: &TokenKey, damage: Damage) {
        if let Some(damages) = &self.setup.damages {
            damages(key.clone(), damage).await;
        }
    }

    /// Reports that the case's rule is broken.
    pub(super) fn broken(&self, situation: &str, expected: &str, seen: impl Into<String>) {
        self.report(self.rule, situation, expected, seen);
    }

    fn report(&self, rule: &'static Rule, situation: &str, expected: &str, seen: impl Into<String>) {
        let situation = format!("{}: {situation}", self.what);
        let broken = Broken::new(rule, &situation, expected, seen);
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).push(broken);
    }

    /// Reports the case's rule unless `holds`.
    pub(super) fn check(&self, holds: bool, situation: &str, expected: &str, seen: &dyn Debug) {
        if !holds {
            self.broken(situation, expected, format!("{seen:?}"));
        }
    }

    /// Gives what is there, or reports and stops.
    pub(super) fn some<T>(&self, value: Option<T>, situation: &str, expected: &str) -> Result<T, Stopped> {
        if value.is_none() {
            self.broken(situation, expected, "None");
        }
        value.ok_or(Stopped)
    }

    /// Waits for a call, and looks at what it shows.
    async fn call<T>(
        &self,
        store: &dyn TokenStore,
        name: &str,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, Stopped> {
        let guarded = guarded(LONGEST_CALL, call).await;
        self.check_shown(&format!("`Debug` after `{name}`"), &seen::debug(store));
        match guarded {
            Guarded::Done(Ok(value)) => return Ok(value),
            Guarded::Done(Err(error)) => {
                let everything = seen::everything(&error);
                self.check_shown(&format!("the error of `{name}`"), &everything);
                self.broken(name, "no error", everything);
            }
            Guarded::Hung => self.report(
                &rules::TIME,
                name,
                &format!("an end within {LONGEST_CALL:?}"),
                "none so far",
            ),
            Guarded::Panicked(message) => {
                self.report(&rules::NO_PANIC, name, "a result", format!("a panic: {message}"));
            }
        }
        Err(Stopped)
    }

    fn check_shown(&self, situation: &str, text: &str) {
        if seen::shows(text, CANARY) {
            self.report(&rules::SHOWS_NOTHING, situation, "nothing of a token", text);
        }
    }
}

/// One handle of the store; a call that fails, hangs or panics is reported and stops the case.
pub(super) struct Handle<'a> {
    store: Arc<dyn TokenStore>,
    bench: &'a Bench,
}

impl Handle<'_> {
    pub(super) async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, Stopped> {
        let store = &*self.store;
        self.bench.call(store, "load", store.load(key)).await
    }

    pub(super) async fn save(&self, key: &TokenKey, token: &StoredToken) -> Result<bool, Stopped> {
        let store = &*self.store;
        self.bench
            .call(store, "save_if_newer", store.save_if_newer(key, token))
            .await
    }

    pub(super) async fn lease(&self, key: &TokenKey, ttl: Duration) -> Result<Option<StoreLease>, Stopped> {
        let store = &*self.store;
        self.bench.call(store, "lease", store.lease(key, ttl)).await
    }

    pub(super) async fn release(&self, key: &TokenKey, lease: &StoreLease) -> Result<(), Stopped> {
        let store = &*self.store;
        self.bench.call(store, "release", store.release(key, lease)).await
    }

    /// Saves what must be stored; reports and stops if it is not.
    pub(super) async fn must_save(&self, key: &TokenKey, token: &StoredToken, situation: &str) -> Outcome {
        if self.save(key, token).await? {
            return Ok(());
        }
        self.bench.broken(situation, "it is stored", "`save_if_newer` says no");
        Err(Stopped)
    }

    /// Takes the lease that must be free; reports and stops if it is not.
    pub(super) async fn must_lease(
        &self,
        key: &TokenKey,
        ttl: Duration,
        situation: &str,
    ) -> Result<StoreLease, Stopped> {
        let lease = self.lease(key, ttl).await?;
        self.bench.some(lease, situation, "the lease")
    }

    /// Reports and stops unless the token named `name`, of this version, is there.
    pub(super) async fn must_hold(&self, key: &TokenKey, version: u64, name: &str, situation: &str) -> Outcome {
        let found = self.load(key).await?;
        let holds = found
            .as_ref()
            .is_some_and(|found| found.version == version && found.secret == secret(name));
        if holds {
            return Ok(());
        }
        let expected = format!("token {name} of version {version}");
        self.bench.broken(situation, &expected, describe(found.as_ref()));
        Err(Stopped)
    }
}

/// What is known of a loaded token without its secret.
fn describe(found: Option<&StoredToken>) -> String {
    found.map_or_else(
        || "nothing".to_owned(),
        |found| {
            let text = found.secret.expose();
            let name = text.strip_prefix(CANARY).unwrap_or("that was never saved");
            format!("token {name} of version {}", found.version)
        },
    )
}

pub(super) fn secret(name: &str) -> Secret {
    Secret::new(format!("{CANARY}{name}"))
}

/// A lease that outlasts every case.
pub(super) const LONG: Duration = Duration::from_secs(60);

/// The spans of a life as the service gives it: refreshed a little before its end.
pub(super) const REFRESH_IN: Duration = Duration::from_secs(6900);
pub(super) const EXPIRES_IN: Duration = Duration::from_secs(7200);

/// A token with the usual life.
pub(super) fn token(name: &str, version: u64) -> StoredToken {
    StoredToken::new(secret(name), version, REFRESH_IN, EXPIRES_IN)
}
