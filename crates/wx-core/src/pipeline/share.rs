//! Tokens and tickets through a store: one process fetches for all.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::Core;
use crate::cache::{Cache, Need};
use crate::observe::Event;
use crate::timed_secret::{Span, TimedSecret};
use crate::{Error, StoreError, StoreLease, TokenKey, TokenKind, TokenStore, WithoutStore};

/// Where one token or ticket of an account is kept.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) cache: Cache,
    key: TokenKey,
    /// The lease that is held, and until when. A leader that is dropped leaves it to the next of this process, which
    /// would otherwise wait for its end.
    lease: Mutex<Option<(StoreLease, SystemTime)>>,
}

impl Slot {
    pub(super) fn new(key: TokenKey) -> Self {
        Self {
            cache: Cache::default(),
            key,
            lease: Mutex::default(),
        }
    }

    /// The lease that a leader before has left, if it still lasts.
    fn left_at(&self, now: SystemTime) -> Option<StoreLease> {
        let left = *self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        left.filter(|(_, until)| now < *until).map(|(lease, _)| lease)
    }

    fn keep(&self, lease: Option<(StoreLease, SystemTime)>) {
        *self.lease.lock().unwrap_or_else(PoisonError::into_inner) = lease;
    }
}

/// A token or ticket, or why the source gave none; or why the store was of no help.
type Obtained = Result<Result<TimedSecret, Error>, StoreError>;

impl Core {
    /// What serves: from the store if there is one, else from the source. The cache sees to it that one caller at a
    /// time asks for it.
    pub(super) async fn obtain(self, kind: TokenKind, mut need: Need) -> Result<TimedSecret, Error> {
        let Some(store) = self.shared.store.as_deref() else {
            return match need.barred {
                Some(error) => Err(error),
                None => self.fetch(kind).await,
            };
        };
        if let Some(error) = need.barred.take() {
            return self.stored_only(store, self.slot(kind), &need).await.ok_or(error);
        }
        match self.obtain_shared(store, self.slot(kind), &mut need).await {
            Ok(result) => result,
            Err(error) => {
                self.report(&Event::Store {
                    what: kind,
                    error: &error,
                });
                // As long as one serves, nobody fetches behind the others' backs.
                let may_fetch = self.shared.sharing.without_store == WithoutStore::Fetch;
                if may_fetch && need.usable.is_none() {
                    self.fetch(kind).await
                } else {
                    Err(Error::token_store(kind, error))
                }
            }
        }
    }

    /// What another process has fetched, which may have better credentials.
    async fn stored_only(&self, store: &dyn TokenStore, slot: &Slot, need: &Need) -> Option<TimedSecret> {
        match self.load(store, slot).await {
            Ok(stored) => stored.filter(|stored| need.takes(stored)),
            Err(error) => {
                self.report_store(slot, &error);
                None
            }
        }
    }

    async fn obtain_shared(&self, store: &dyn TokenStore, slot: &Slot, need: &mut Need) -> Obtained {
        let mut waited = Duration::ZERO;
        loop {
            let stored = self.load(store, slot).await?;
            // Of a ticket nobody is sure that it is dead, and the service gives few a day.
            if let Some(stored) = &stored
                && waited.is_zero()
                && slot.key.kind == TokenKind::AccessToken
            {
                need.refuse_again(stored);
            }
            let stored = stored.filter(|stored| need.takes(stored));
            if let Some(fresh) = self.fresh(stored.as_ref()) {
                return Ok(Ok(fresh));
            }
            match (self.lease(store, slot).await, &stored) {
                (Ok(Some(lease)), _) => return self.fetch_leased(store, slot, lease, need).await,
                (Ok(None), _) => {}
                // A store that can only be read is good for what is in it.
                (Err(error), Some(usable)) => {
                    self.report_store(slot, &error);
                    return Ok(Ok(usable.clone().paused_at(self.now())));
                }
                (Err(error), None) => return Err(error),
            }
            // Somebody else fetches. Who has one that serves does not wait for it.
            let usable = stored.as_ref().into_iter().chain(need.usable.as_deref());
            if let Some(usable) = usable.max_by_key(|usable| usable.expires_at()) {
                return Ok(Ok(usable.clone().paused_at(self.now())));
            }
            if waited > self.shared.sharing.lease * 2 {
                return Err(StoreError::new(
                    "another process has the lease again and again, and brings nothing",
                ));
            }
            let wait = self.poll_interval();
            self.sleep(wait).await;
            waited += wait;
        }
    }

    /// Fetches for all, unless another has done so between looking and leasing.
    async fn fetch_leased(&self, store: &dyn TokenStore, slot: &Slot, lease: StoreLease, need: &Need) -> Obtained {
        let stored = self.load(store, slot).await?;
        let taken = stored.as_ref().filter(|stored| need.takes(stored));
        if let Some(fresh) = self.fresh(taken) {
            self.release(store, slot, lease).await;
            return Ok(Ok(fresh));
        }
        let result = match self.fetch(slot.key.kind).await {
            Ok(fetched) => {
                let now = self.now();
                let fetched = need.bound(fetched.not_beyond(stored.as_ref(), now), now);
                let fetched = fetched.with_version(lease.version());
                Ok(self.save(store, slot, fetched, need).await)
            }
            Err(error) => match taken {
                Some(usable) if usable.span_at(self.now()) != Span::Dead => {
                    tracing::warn!(path = error.path(), %error, "refresh failed, the stored one goes on");
                    Ok(usable.clone().paused_at(self.now()))
                }
                _ => Err(error),
            },
        };
        self.release(store, slot, lease).await;
        Ok(result)
    }

    /// Stores what was fetched; gives back what another has stored since, if that is newer.
    async fn save(&self, store: &dyn TokenStore, slot: &Slot, fetched: TimedSecret, need: &Need) -> TimedSecret {
        let saved = match store.save_if_newer(&slot.key, &fetched.to_stored(self.now())).await {
            Ok(true) => return fetched,
            Ok(false) => self.load(store, slot).await,
            Err(error) => Err(error),
        };
        match saved {
            Ok(newer) => self
                .fresh(newer.as_ref().filter(|newer| need.takes(newer)))
                .unwrap_or(fetched),
            Err(error) => {
                self.report_store(slot, &error);
                fetched
            }
        }
    }

    async fn load(&self, store: &dyn TokenStore, slot: &Slot) -> Result<Option<TimedSecret>, StoreError> {
        let asked = self.now();
        let stored = store.load(&slot.key).await?;
        // What is left of the life counts from the question.
        let stored = stored
            .filter(|stored| !stored.secret.is_empty())
            .map(|stored| TimedSecret::from_stored(asked, stored));
        Ok(stored.filter(|stored| stored.span_at(self.now()) != Span::Dead))
    }

    fn fresh(&self, stored: Option<&TimedSecret>) -> Option<TimedSecret> {
        stored
            .filter(|stored| stored.span_at(self.now()) == Span::Fresh)
            .cloned()
    }

    async fn lease(&self, store: &dyn TokenStore, slot: &Slot) -> Result<Option<StoreLease>, StoreError> {
        let asked = self.now();
        if let Some(left) = slot.left_at(asked) {
            return Ok(Some(left));
        }
        let ttl = self.shared.sharing.lease;
        let lease = store.lease(&slot.key, ttl).await?;
        slot.keep(lease.map(|lease| (lease, asked + ttl)));
        Ok(lease)
    }

    async fn release(&self, store: &dyn TokenStore, slot: &Slot, lease: StoreLease) {
        slot.keep(None);
        if let Err(error) = store.release(&slot.key, &lease).await {
            self.report_store(slot, &error);
        }
    }

    fn report_store(&self, slot: &Slot, error: &StoreError) {
        self.report(&Event::Store {
            what: slot.key.kind,
            error,
        });
    }

    /// Half to one and a half of what was asked for, so that processes spread out.
    fn poll_interval(&self) -> Duration {
        let mut random = [0];
        self.shared.entropy.fill(&mut random);
        let poll = self.shared.sharing.poll;
        poll / 2 + poll * u32::from(random[0]) / 255
    }
}
