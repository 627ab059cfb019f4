//! One token or ticket, fetched once for everybody who needs it.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use tokio::sync::{Mutex, MutexGuard};

use crate::timed_secret::{Span, TimedSecret};
use crate::{Clock, Error, ErrorKind};

/// How long wrong credentials are not tried again: as they are they do not become right, and each try counts against
/// the day's quota.
const CREDENTIAL_PAUSE: Duration = Duration::from_secs(60);

/// Holds the present lease and lets one caller at a time fetch the next.
///
/// | a caller finds it | and |
/// | --- | --- |
/// | fresh | takes it; a running refresh does not matter |
/// | usable, nobody refreshing | refreshes; if that fails, takes the usable one, and for a while nobody tries again |
/// | usable, somebody refreshing | takes the usable one at once |
/// | dead or missing | waits for the one refresh; its failure is everybody's who waited, and is not cached |
///
/// Only that the credentials are wrong is remembered, for a minute or until the cache is cleared.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    /// Held only to swap or copy the handle, never while fetching.
    current: RwLock<Option<Arc<TimedSecret>>>,
    /// The right to fetch; a leader that is dropped leaves it to the next in line.
    refresh: Mutex<Last>,
    /// Fetches that failed. Whoever sees it grow while waiting shares the failure instead of repeating it.
    failures: AtomicU64,
    /// How often it was cleared.
    clears: AtomicU64,
}

/// What the last fetch came to, if it failed.
#[derive(Debug, Default)]
struct Last {
    error: Option<Error>,
    /// Until when it is not tried again, and how often the cache had been cleared by then.
    pause: Option<(SystemTime, u64)>,
}

impl Last {
    fn failed(error: &Error, now: SystemTime, clears: u64) -> Self {
        // A number that nobody knows may be a gateway's, and gone with the next try.
        let is_lasting = error.kind() == ErrorKind::Credential && error.explanation().is_some();
        Self {
            error: Some(error.clone()),
            pause: is_lasting.then(|| (now + CREDENTIAL_PAUSE, clears)),
        }
    }

    /// The failure, as long as trying again is of no use.
    fn lasting(&self, now: SystemTime, clears: u64) -> Option<&Error> {
        let (until, cleared) = self.pause?;
        // A clock that was set back would make the pause longer than it is.
        let is_paused = now < until && until <= now + CREDENTIAL_PAUSE && cleared == clears;
        self.error.as_ref().filter(|_| is_paused)
    }
}

impl Cache {
    /// The present lease, or the one that `fetch` gets.
    pub(crate) async fn get<F>(&self, clock: &dyn Clock, fetch: impl FnOnce() -> F) -> Result<Arc<TimedSecret>, Error>
    where
        F: Future<Output = Result<TimedSecret, Error>>,
    {
        match self.look(clock) {
            (Span::Fresh, Some(lease)) => Ok(lease),
            (Span::Usable, Some(usable)) => {
                let Ok(leader) = self.refresh.try_lock() else {
                    return Ok(usable);
                };
                if let (Span::Fresh, Some(lease)) = self.look(clock) {
                    return Ok(lease);
                }
                // Before the fetch: a caller whose time is over drops it, and the next shall not hang there too.
                self.pause(&usable, clock);
                match self.fetch(leader, clock, fetch).await {
                    Ok(lease) => Ok(lease),
                    Err(error) => {
                        tracing::warn!(path = error.path(), %error, "refresh failed, the present one goes on");
                        Ok(usable)
                    }
                }
            }
            (Span::Dead, _) | (_, None) => {
                let failures = self.failures.load(Ordering::Acquire);
                let leader = self.refresh.lock().await;
                if self.failures.load(Ordering::Acquire) != failures
                    && self.look(clock).0 == Span::Dead
                    && let Some(error) = &leader.error
                {
                    return Err(error.clone());
                }
                self.lead(leader, clock, fetch).await
            }
        }
    }

    /// Fetches a new lease even though the present one may serve; that one is served until the new one is here.
    pub(crate) async fn refresh<F>(
        &self,
        clock: &dyn Clock,
        fetch: impl FnOnce() -> F,
    ) -> Result<Arc<TimedSecret>, Error>
    where
        F: Future<Output = Result<TimedSecret, Error>>,
    {
        let before = self.look(clock).1;
        let leader = self.refresh.lock().await;
        match self.look(clock) {
            // Somebody else has fetched one while this caller waited.
            (Span::Fresh, Some(lease)) if !same(before.as_ref(), &lease) => Ok(lease),
            _ => self.fetch(leader, clock, fetch).await,
        }
    }

    /// Drops the present lease if it still is `rejected`, and says so: another caller may have replaced it already, be
    /// it by the same secret fetched anew.
    pub(crate) fn reject(&self, rejected: &TimedSecret) -> bool {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let is_current = current
            .as_ref()
            .is_some_and(|lease| lease.secret() == rejected.secret() && !lease.is_newer_than(rejected));
        if is_current {
            *current = None;
        }
        is_current
    }

    /// Drops the present lease, and forgets that credentials were wrong.
    pub(crate) fn clear(&self) {
        self.clears.fetch_add(1, Ordering::AcqRel);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Keeps `usable` from being refreshed for a while, unless it has been replaced.
    fn pause(&self, usable: &Arc<TimedSecret>, clock: &dyn Clock) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if same(current.as_ref(), usable) {
            *current = Some(Arc::new(TimedSecret::clone(usable).paused_at(clock.now())));
        }
    }

    fn look(&self, clock: &dyn Clock) -> (Span, Option<Arc<TimedSecret>>) {
        let lease = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        let span = lease.as_ref().map_or(Span::Dead, |lease| lease.span_at(clock.now()));
        (span, lease)
    }

    /// Fetches, unless the last leader has left a lease, or wrong credentials.
    async fn lead<F>(
        &self,
        leader: MutexGuard<'_, Last>,
        clock: &dyn Clock,
        fetch: impl FnOnce() -> F,
    ) -> Result<Arc<TimedSecret>, Error>
    where
        F: Future<Output = Result<TimedSecret, Error>>,
    {
        match self.look(clock) {
            (Span::Fresh | Span::Usable, Some(lease)) => Ok(lease),
            _ => match leader.lasting(clock.now(), self.clears.load(Ordering::Acquire)) {
                Some(error) => Err(error.clone()),
                None => self.fetch(leader, clock, fetch).await,
            },
        }
    }

    async fn fetch<F>(
        &self,
        mut leader: MutexGuard<'_, Last>,
        clock: &dyn Clock,
        fetch: impl FnOnce() -> F,
    ) -> Result<Arc<TimedSecret>, Error>
    where
        F: Future<Output = Result<TimedSecret, Error>>,
    {
        let clears = self.clears.load(Ordering::Acquire);
        match fetch().await {
            Ok(lease) => {
                let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
                let lease = Arc::new(lease.not_beyond(current.as_deref(), clock.now()));
                *current = Some(Arc::clone(&lease));
                drop(current);
                *leader = Last::default();
                Ok(lease)
            }
            Err(error) => {
                *leader = Last::failed(&error, clock.now(), clears);
                self.failures.fetch_add(1, Ordering::Release);
                Err(error)
            }
        }
    }
}

fn same(before: Option<&Arc<TimedSecret>>, now: &Arc<TimedSecret>) -> bool {
    before.is_some_and(|before| Arc::ptr_eq(before, now))
}

#[cfg(test)]
mod tests;
