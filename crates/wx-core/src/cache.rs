//! One token or ticket, fetched once for everybody who needs it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::sync::{AtomicU64, Mutex, MutexGuard, Ordering, PoisonError, RwLock, RwLockWriteGuard};
use crate::timed_secret::{Span, TimedSecret};
use crate::{Clock, ErrClass, Error, ErrorKind};

mod running;

use running::Running;

/// How long wrong credentials are not tried again: as they are they do not become right, and each try counts against
/// the day's quota.
const CREDENTIAL_PAUSE: Duration = Duration::from_secs(60);

/// How often a page's report has a ticket fetched: what a page says is not to be believed every time, and the service
/// gives few tickets a day.
const REPORT_PAUSE: Duration = Duration::from_secs(60);

/// Holds what serves at present and lets one caller at a time fetch the next.
///
/// | a caller finds it | and |
/// | --- | --- |
/// | fresh | takes it; a running refresh does not matter |
/// | usable, nobody refreshing | begins a refresh and waits a second for it; if it takes longer or fails, takes the usable one |
/// | usable, somebody refreshing | takes the usable one at once |
/// | dead or missing | waits for the one refresh; its failure is everybody's who waited, and is not cached |
///
/// A fetch belongs to nobody: a caller who is dropped in the middle leaves it to whoever comes next.
/// After a refresh that failed nobody tries again for a while, as long as the usable one serves.
/// Only that the credentials are wrong, or the day's quota used up, is remembered, for a minute or until the cache is
/// cleared.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    /// Held only to swap or copy handles, never while fetching.
    held: RwLock<Held>,
    /// The right to fetch.
    refresh: Mutex<Leader>,
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
    /// When a page's report was last heeded.
    reported_at: Option<SystemTime>,
    /// Whether a page has reported the present one, which nobody has looked into yet.
    is_reported: bool,
}

/// What the leader is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Need {
    /// It shall not be this one.
    refused: Option<Arc<TimedSecret>>,
    /// Nor this one or an older one.
    newer_than: Option<Arc<TimedSecret>>,
    /// What was there last, be it dead.
    known: Option<Arc<TimedSecret>>,
    /// What serves as long as there is nothing better.
    pub(crate) usable: Option<Arc<TimedSecret>>,
    /// Why the source is not asked.
    pub(crate) barred: Option<Error>,
}

impl Need {
    /// Whether what a store has will do.
    pub(crate) fn takes(&self, stored: &TimedSecret) -> bool {
        let is_newer = |old: &Arc<TimedSecret>| old.version() < stored.version() || stored.is_newer_than(old);
        !self.refused.as_ref().is_some_and(|refused| stored.is_still(refused))
            && self.newer_than.as_ref().is_none_or(is_newer)
    }

    /// What was fetched, but no longer alive than is known of it.
    pub(crate) fn bound(&self, fetched: TimedSecret, now: SystemTime) -> TimedSecret {
        fetched
            .not_beyond(self.known.as_deref(), now)
            .not_beyond(self.refused.as_deref(), now)
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

/// What one leader leaves to the next.
#[derive(Debug, Default)]
struct Leader {
    running: Option<Running>,
    /// What the last fetch came to, if it failed.
    error: Option<Error>,
    /// Until when it is not tried again, and how often the cache had been cleared by then.
    pause: Option<(SystemTime, u64)>,
}

impl Leader {
    fn fail(&mut self, error: &Error, now: SystemTime, clears: u64) {
        self.error = Some(error.clone());
        self.pause = is_lasting(error).then(|| (now + CREDENTIAL_PAUSE, clears));
    }

    /// The failure, as long as trying again is of no use.
    fn lasting(&self, now: SystemTime, clears: u64) -> Option<Error> {
        let (until, cleared) = self.pause?;
        // A clock that was set back would make the pause longer than it is.
        let is_paused = now < until && until <= now + CREDENTIAL_PAUSE && cleared == clears;
        self.error.clone().filter(|_| is_paused)
    }
}

impl Cache {
    /// What serves at present, if it needs nothing.
    pub(crate) fn fresh_at(&self, now: SystemTime) -> Option<Arc<TimedSecret>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.current
            .as_ref()
            .filter(|current| !held.is_reported && current.span_at(now) == Span::Fresh)
            .map(Arc::clone)
    }

    /// What serves at present, or what `fetch` gets.
    pub(crate) async fn get<F>(&self, clock: &dyn Clock, fetch: impl Fn(Need) -> F) -> Result<Arc<TimedSecret>, Error>
    where
        F: Future<Output = Result<TimedSecret, Error>> + Send + 'static,
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
                self.renew(leader, clock, usable, fetch).await
            }
            (Span::Dead, _) | (_, None) => {
                let failures = self.failures.load(Ordering::Acquire);
                let leader = self.refresh.lock().await;
                match self.look(clock) {
                    (Span::Fresh | Span::Usable, Some(present)) => return Ok(present),
                    _ if self.failures.load(Ordering::Acquire) == failures => {}
                    _ => {
                        if let Some(error) = &leader.error {
                            return Err(error.clone());
                        }
                    }
                }
                let need = Need {
                    barred: leader.lasting(clock.now(), self.clears.load(Ordering::Acquire)),
                    ..self.need()
                };
                self.fetch(leader, clock, need, fetch).await
            }
        }
    }

    /// Fetches a new one even though the present one may serve; that one is served until the new one is here.
    pub(crate) async fn refresh<F>(
        &self,
        clock: &dyn Clock,
        fetch: impl Fn(Need) -> F,
    ) -> Result<Arc<TimedSecret>, Error>
    where
        F: Future<Output = Result<TimedSecret, Error>> + Send + 'static,
    {
        let before = self.look(clock).1;
        let leader = self.refresh.lock().await;
        match self.look(clock) {
            // Somebody else has fetched one while this caller waited.
            (Span::Fresh, Some(fresh)) if !same(before.as_ref(), &fresh) => Ok(fresh),
            (_, present) => {
                let need = Need {
                    newer_than: present,
                    ..self.need()
                };
                self.fetch(leader, clock, need, fetch).await
            }
        }
    }

    /// Drops the present one if it still is `rejected`, and says so: another caller may have replaced it already, be
    /// it by the same secret fetched anew.
    pub(crate) fn reject(&self, rejected: &TimedSecret) -> bool {
        self.drop_if(|current| current.secret() == rejected.secret() && !current.is_newer_than(rejected))
    }

    /// Has the present one looked into if it was there already when something was signed at `signed_at`, and says so.
    ///
    /// Somebody says that the signature was not taken. It need not be true: the present one goes on if no other is to be
    /// had, and reports are heeded once a minute, until the service has given the same one again.
    pub(crate) fn report(&self, signed_at: SystemTime, now: SystemTime) -> bool {
        let mut held = self.write();
        let Some(current) = held.current.clone() else {
            return false;
        };
        let was_given_again = held
            .refused
            .as_ref()
            .is_some_and(|refused| refused.secret() == current.secret() && current.is_newer_than(refused));
        // A clock that was set back says nothing about the time that passed.
        let rested = !held
            .reported_at
            .is_some_and(|last| now.duration_since(last).is_ok_and(|since| since < REPORT_PAUSE));
        // Whoever reports knows the moment in whole seconds. A moment at the end of time comes from a page.
        let was_there = signed_at
            .checked_add(Duration::from_secs(1))
            .is_none_or(|signed_at| current.begins_at() < signed_at);
        let is_heeded = rested && was_there && !was_given_again;
        if is_heeded {
            held.reported_at = Some(now);
            held.is_reported = true;
            held.refused = Some(current);
        }
        is_heeded
    }

    /// Drops the present one, forgets that credentials were wrong, and what is being fetched.
    pub(crate) fn clear(&self) {
        self.clears.fetch_add(1, Ordering::AcqRel);
        self.drop_if(|_| true);
    }

    /// Whether somebody has the right to fetch.
    pub(crate) fn is_refreshing(&self) -> bool {
        self.refresh.try_lock().is_err()
    }

    /// Gives up what is being fetched, unless somebody waits for it.
    pub(crate) fn abandon(&self) {
        if let Ok(mut leader) = self.refresh.try_lock() {
            leader.running = None;
        }
    }

    /// Whether something was dropped that nothing has taken the place of.
    pub(crate) fn has_dropped(&self) -> bool {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.current.is_none() && held.refused.is_some()
    }

    fn drop_if(&self, is_due: impl FnOnce(&TimedSecret) -> bool) -> bool {
        let mut held = self.write();
        let is_due = held.current.as_ref().is_some_and(|current| is_due(current));
        if is_due {
            held.refused = held.current.take();
            held.is_reported = false;
        }
        is_due
    }

    /// Keeps `usable` from being refreshed for a while, unless it has been replaced.
    fn pause(&self, usable: &Arc<TimedSecret>, clock: &dyn Clock) {
        let mut held = self.write();
        if same(held.current.as_ref(), usable) {
            held.current = Some(Arc::new(TimedSecret::clone(usable).paused_at(clock.now())));
            held.is_reported = false;
        }
    }

    fn look(&self, clock: &dyn Clock) -> (Span, Option<Arc<TimedSecret>>) {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let (current, is_reported) = (held.current.clone(), held.is_reported);
        drop(held);
        let span = current
            .as_ref()
            .map_or(Span::Dead, |current| current.span_at(clock.now()));
        let span = if is_reported && span == Span::Fresh {
            Span::Usable
        } else {
            span
        };
        (span, current)
    }

    fn need(&self) -> Need {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        Need {
            refused: held.refused.clone(),
            known: held.current.clone(),
            ..Need::default()
        }
    }

    fn is_reported(&self) -> bool {
        self.held.read().unwrap_or_else(PoisonError::into_inner).is_reported
    }

    fn write(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drives on the refresh of what still serves, and begins one if there is none.
    async fn renew<F>(
        &self,
        mut leader: MutexGuard<'_, Leader>,
        clock: &dyn Clock,
        usable: Arc<TimedSecret>,
        fetch: impl Fn(Need) -> F,
    ) -> Result<Arc<TimedSecret>, Error>
    where
        F: Future<Output = Result<TimedSecret, Error>> + Send + 'static,
    {
        let need = Need {
            // Another process's fetch is waited for rather than going on with what a page has reported.
            usable: (!self.is_reported()).then(|| Arc::clone(&usable)),
            barred: leader.lasting(clock.now(), self.clears.load(Ordering::Acquire)),
            ..self.need()
        };
        let (running, is_new) = self.running(&mut leader, clock, &need, || Box::pin(fetch(need.clone())));
        let (clears, need) = (running.clears(), running.judged_by(&need));
        let was_barred = running.was_barred();
        let Some(result) = running.soon(clock).await else {
            // It goes on with whoever comes next.
            return Ok(usable);
        };
        leader.running = None;
        match result {
            // Begun for somebody else, it may have brought what was refused since.
            Ok(fetched) if is_new || need.takes(&fetched) => Ok(self.swap(&mut leader, clock, fetched)),
            Ok(_) => {
                self.pause(&usable, clock);
                Ok(usable)
            }
            Err(error) => {
                if !was_barred {
                    self.fail(&mut leader, clock, &error, clears);
                }
                if usable.span_at(clock.now()) == Span::Dead {
                    return Err(error);
                }
                tracing::warn!(path = error.path(), %error, "refresh failed, the present one goes on");
                self.pause(&usable, clock);
                Ok(usable)
            }
        }
    }

    /// Drives on the fetch to its end, and begins one if there is none.
    async fn fetch<F>(
        &self,
        mut leader: MutexGuard<'_, Leader>,
        clock: &dyn Clock,
        need: Need,
        fetch: impl Fn(Need) -> F,
    ) -> Result<Arc<TimedSecret>, Error>
    where
        F: Future<Output = Result<TimedSecret, Error>> + Send + 'static,
    {
        loop {
            let (running, is_new) = self.running(&mut leader, clock, &need, || Box::pin(fetch(need.clone())));
            let (clears, need) = (running.clears(), running.judged_by(&need));
            let was_barred = running.was_barred();
            let result = running.ended().await;
            leader.running = None;
            let is_of_use = |fetched: &TimedSecret| fetched.span_at(clock.now()) != Span::Dead && need.takes(fetched);
            match result {
                Ok(fetched) if is_new || is_of_use(&fetched) => return Ok(self.swap(&mut leader, clock, fetched)),
                // Nobody has tried.
                Err(error) if is_new && was_barred => return Err(error),
                Err(error) if is_new || (is_lasting(&error) && !was_barred) => {
                    self.fail(&mut leader, clock, &error, clears);
                    return Err(error);
                }
                // It was begun for somebody else, before this caller came.
                _ => {}
            }
        }
    }

    /// The fetch that is under way, or a new one, and whether it is new.
    fn running<'a>(
        &self,
        leader: &'a mut MutexGuard<'_, Leader>,
        clock: &dyn Clock,
        need: &Need,
        begin: impl FnOnce() -> Pin<Box<dyn Future<Output = Result<TimedSecret, Error>> + Send>>,
    ) -> (&'a mut Running, bool) {
        let (now, clears) = (clock.now(), self.clears.load(Ordering::Acquire));
        leader.running.take_if(|running| !running.is_worth_it(now, clears));
        let is_new = leader.running.is_none();
        let begin = || Running::new(begin(), now, clears, need);
        let running = leader.running.get_or_insert_with(begin);
        (running, is_new)
    }

    fn swap(&self, leader: &mut Leader, clock: &dyn Clock, fetched: TimedSecret) -> Arc<TimedSecret> {
        let fetched = Arc::new(self.need().bound(fetched, clock.now()));
        let mut held = self.write();
        held.current = Some(Arc::clone(&fetched));
        held.is_reported = false;
        drop(held);
        *leader = Leader::default();
        fetched
    }

    fn fail(&self, leader: &mut Leader, clock: &dyn Clock, error: &Error, clears: u64) {
        leader.fail(error, clock.now(), clears);
        self.failures.fetch_add(1, Ordering::Release);
    }
}

/// Whether trying again at once is of no use.
fn is_lasting(error: &Error) -> bool {
    let is_of_account = error.kind() == ErrorKind::Credential || error.class() == Some(ErrClass::Quota);
    // A number that nobody knows may be a gateway's, and gone with the next try.
    is_of_account && error.explanation().is_some()
}

fn same(before: Option<&Arc<TimedSecret>>, now: &Arc<TimedSecret>) -> bool {
    before.is_some_and(|before| Arc::ptr_eq(before, now))
}

#[cfg(test)]
mod tests;
