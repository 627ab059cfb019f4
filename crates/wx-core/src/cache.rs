//! One token or ticket, fetched once for everybody who needs it.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::sync::{AtomicU64, Mutex, MutexGuard, Ordering, PoisonError, RwLock, RwLockWriteGuard};
use crate::timed_secret::{Span, TimedSecret};
use crate::{Clock, Error, ErrorKind};

/// How long wrong credentials are not tried again: as they are they do not become right, and each try counts against
/// the day's quota.
const CREDENTIAL_PAUSE: Duration = Duration::from_secs(60);

/// How often a page's report may drop a ticket: what a page says is not to be believed every time, and the service
/// gives few tickets a day.
const REPORT_PAUSE: Duration = Duration::from_secs(60);

/// Holds what serves at present and lets one caller at a time fetch the next.
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
    /// Held only to swap or copy handles, never while fetching.
    held: RwLock<Held>,
    /// The right to fetch; a leader that is dropped leaves it to the next in line.
    refresh: Mutex<Last>,
    /// Fetches that failed. Whoever sees it grow while waiting shares the failure instead of repeating it.
    failures: AtomicU64,
    /// How often it was cleared.
    clears: AtomicU64,
}

#[derive(Debug, Default)]
struct Held {
    /// What serves at present.
    current: Option<Arc<TimedSecret>>,
    /// What was dropped last because the service does not take it. It may come again, from a store or from the service,
    /// and then is not to live longer than was known.
    refused: Option<Arc<TimedSecret>>,
    /// When a page's report has last dropped one.
    reported_at: Option<SystemTime>,
}

/// What the leader is asked for.
#[derive(Debug, Default)]
pub(crate) struct Need {
    /// It shall not be this one.
    refused: Option<Arc<TimedSecret>>,
    /// Nor one of this version or an older one.
    newer_than: Option<u64>,
    /// What serves as long as there is nothing better.
    pub(crate) usable: Option<Arc<TimedSecret>>,
}

impl Need {
    /// Whether what a store has will do.
    pub(crate) fn takes(&self, stored: &TimedSecret) -> bool {
        !self.refused.as_ref().is_some_and(|refused| stored.is_still(refused))
            && self.newer_than.is_none_or(|version| version < stored.version())
    }

    /// Refuses what a store has at the first look too, if it is the refused one that was fetched again.
    ///
    /// A later version only says that it was fetched later, not that this was after it had died.
    pub(crate) fn refuse_again(&mut self, stored: &TimedSecret) {
        if let Some(refused) = &mut self.refused
            && refused.secret() == stored.secret()
            && refused.version() < stored.version()
        {
            *refused = Arc::new(TimedSecret::clone(refused).with_version(stored.version()));
        }
    }
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
    /// What serves at present, if it needs nothing.
    pub(crate) fn fresh_at(&self, now: SystemTime) -> Option<Arc<TimedSecret>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.current
            .as_ref()
            .filter(|current| current.span_at(now) == Span::Fresh)
            .map(Arc::clone)
    }

    /// What serves at present, or what `fetch` gets.
    pub(crate) async fn get<F>(
        &self,
        clock: &dyn Clock,
        fetch: impl FnOnce(Need) -> F,
    ) -> Result<Arc<TimedSecret>, Error>
    where
        F: Future<Output = Result<TimedSecret, Error>>,
    {
        match self.look(clock) {
            (Span::Fresh, Some(fresh)) => Ok(fresh),
            (Span::Usable, Some(usable)) => {
                let Ok(leader) = self.refresh.try_lock() else {
                    return Ok(usable);
                };
                if let (Span::Fresh, Some(fresh)) = self.look(clock) {
                    return Ok(fresh);
                }
                // Before the fetch: a caller whose time is over drops it, and the next shall not hang there too.
                self.pause(&usable, clock);
                let need = Need {
                    usable: Some(Arc::clone(&usable)),
                    ..self.need()
                };
                match self.fetch(leader, clock, need, fetch).await {
                    Ok(fetched) => Ok(fetched),
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

    /// Fetches a new one even though the present one may serve; that one is served until the new one is here.
    pub(crate) async fn refresh<F>(
        &self,
        clock: &dyn Clock,
        fetch: impl FnOnce(Need) -> F,
    ) -> Result<Arc<TimedSecret>, Error>
    where
        F: Future<Output = Result<TimedSecret, Error>>,
    {
        let before = self.look(clock).1;
        let leader = self.refresh.lock().await;
        match self.look(clock) {
            // Somebody else has fetched one while this caller waited.
            (Span::Fresh, Some(fresh)) if !same(before.as_ref(), &fresh) => Ok(fresh),
            (_, present) => {
                let need = Need {
                    newer_than: present.map(|present| present.version()),
                    ..self.need()
                };
                self.fetch(leader, clock, need, fetch).await
            }
        }
    }

    /// Drops the present one if it still is `rejected`, and says so: another caller may have replaced it already, be
    /// it by the same secret fetched anew.
    pub(crate) fn reject(&self, rejected: &TimedSecret) -> bool {
        self.drop_if(|current, _| current.secret() == rejected.secret() && !current.is_newer_than(rejected))
    }

    /// Drops the present one if it was there already when something was signed at `signed_at`, and says so.
    ///
    /// Somebody says that the signature was not taken: it need not be true, so it is heeded once a minute.
    pub(crate) fn report(&self, signed_at: SystemTime, now: SystemTime) -> bool {
        self.drop_if(|current, reported_at| {
            // A clock that was set back says nothing about the time that passed.
            let rested =
                !reported_at.is_some_and(|last| now.duration_since(last).is_ok_and(|since| since < REPORT_PAUSE));
            // Whoever reports knows the moment in whole seconds.
            let until = signed_at.checked_add(Duration::from_secs(1));
            let was_there = until.is_none_or(|until| current.begins_at() < until);
            if rested && was_there {
                *reported_at = Some(now);
            }
            rested && was_there
        })
    }

    /// Drops the present one, and forgets that credentials were wrong.
    pub(crate) fn clear(&self) {
        self.clears.fetch_add(1, Ordering::AcqRel);
        self.drop_if(|_, _| true);
    }

    fn drop_if(&self, is_due: impl FnOnce(&TimedSecret, &mut Option<SystemTime>) -> bool) -> bool {
        let mut held = self.write();
        let Held {
            current, reported_at, ..
        } = &mut *held;
        let is_due = current.as_ref().is_some_and(|current| is_due(current, reported_at));
        if is_due {
            held.refused = held.current.take();
        }
        is_due
    }

    /// Keeps `usable` from being refreshed for a while, unless it has been replaced.
    fn pause(&self, usable: &Arc<TimedSecret>, clock: &dyn Clock) {
        let mut held = self.write();
        if same(held.current.as_ref(), usable) {
            held.current = Some(Arc::new(TimedSecret::clone(usable).paused_at(clock.now())));
        }
    }

    fn look(&self, clock: &dyn Clock) -> (Span, Option<Arc<TimedSecret>>) {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let current = held.current.clone();
        drop(held);
        let span = current
            .as_ref()
            .map_or(Span::Dead, |current| current.span_at(clock.now()));
        (span, current)
    }

    fn need(&self) -> Need {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        Need {
            refused: held.refused.clone(),
            ..Need::default()
        }
    }

    fn write(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fetches, unless the last leader has left something that serves, or wrong credentials.
    async fn lead<F>(
        &self,
        leader: MutexGuard<'_, Last>,
        clock: &dyn Clock,
        fetch: impl FnOnce(Need) -> F,
    ) -> Result<Arc<TimedSecret>, Error>
    where
        F: Future<Output = Result<TimedSecret, Error>>,
    {
        match self.look(clock) {
            (Span::Fresh | Span::Usable, Some(present)) => Ok(present),
            _ => match leader.lasting(clock.now(), self.clears.load(Ordering::Acquire)) {
                Some(error) => Err(error.clone()),
                None => self.fetch(leader, clock, self.need(), fetch).await,
            },
        }
    }

    async fn fetch<F>(
        &self,
        mut leader: MutexGuard<'_, Last>,
        clock: &dyn Clock,
        need: Need,
        fetch: impl FnOnce(Need) -> F,
    ) -> Result<Arc<TimedSecret>, Error>
    where
        F: Future<Output = Result<TimedSecret, Error>>,
    {
        let clears = self.clears.load(Ordering::Acquire);
        match fetch(need).await {
            Ok(fetched) => {
                let mut held = self.write();
                let now = clock.now();
                let fetched = fetched
                    .not_beyond(held.current.as_deref(), now)
                    .not_beyond(held.refused.as_deref(), now);
                let fetched = Arc::new(fetched);
                held.current = Some(Arc::clone(&fetched));
                drop(held);
                *leader = Last::default();
                Ok(fetched)
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
