//! A small token store over bytes that keeps the contract, unless it is told to break it in one way.

use std::collections::BTreeMap;
use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use tokio::task::yield_now;
use wx_core::{Clock, Secret, StoreError, StoreLease, StoredToken, TokenKey, TokenRecord, TokenStore};

/// The one way in which a store is wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fault {
    None,
    KeepsTheLongerLife,
    TakesTheSameVersionAgain,
    TakesOlderWithLongerLife,
    SavesInTwoSteps,
    LeasesInTwoSteps,
    KeepsTheDead,
    ForgetsWhatIsDue,
    NeverAges,
    NeverComesDue,
    EndsLeasesEarly,
    LeasesForGood,
    FailsOnDamage,
    LoadsWhatIsLeft,
    NeverEnds,
    ShowsTokensInDebug,
    ShowsTokensInErrors,
    LoadsAnEmptyToken,
    CutsLongTokens,
    TrimsTokens,
    FoldsCase,
    CachesInTheHandle,
    ReleasesWhatWasSavedOnly,
    ReleasesAnybodys,
    ForgetsSavedVersions,
    RefusesLateOwners,
    PanicsOnDamage,
}

/// What stands under a key.
#[derive(Clone, Default)]
struct Entry {
    /// The record as text; what is damaged.
    text: Vec<u8>,
    /// What wrong stores remember besides.
    saved: Option<StoredToken>,
    ends_at: Option<SystemTime>,
    lease: Option<(u64, SystemTime)>,
}

#[derive(Clone)]
pub(super) struct Shelf {
    clock: Arc<dyn Clock>,
    fault: Fault,
    entries: Arc<Mutex<BTreeMap<TokenKey, Entry>>>,
    own: Arc<Mutex<BTreeMap<TokenKey, StoredToken>>>,
}

impl Shelf {
    pub(super) fn new(clock: Arc<dyn Clock>, fault: Fault) -> Self {
        Self {
            clock,
            fault,
            entries: Arc::default(),
            own: Arc::default(),
        }
    }

    pub(super) fn handle(&self) -> Self {
        Self {
            own: Arc::default(),
            ..self.clone()
        }
    }

    pub(super) fn overwrite(&self, key: &TokenKey, damaged: impl FnOnce(&[u8]) -> Vec<u8>) {
        self.with(key, |entry| entry.text = damaged(&entry.text));
    }

    fn is(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    fn with<T>(&self, key: &TokenKey, step: impl FnOnce(&mut Entry) -> T) -> T {
        let mut key = key.clone();
        if self.is(Fault::FoldsCase) {
            key.app_id = key.app_id.to_lowercase();
        }
        step(self.entries.lock().unwrap().entry(key).or_default())
    }

    /// One step with the record.
    fn step<T>(&self, key: &TokenKey, step: impl FnOnce(&mut TokenRecord, &mut Entry, SystemTime) -> T) -> T {
        let now = self.clock.now();
        self.with(key, |entry| {
            let mut record = TokenRecord::read(&entry.text).unwrap_or_default();
            let result = step(&mut record, entry, now);
            entry.text = record.to_text().expose().into();
            result
        })
    }

    fn check_damage(&self, key: &TokenKey) -> Result<Option<StoredToken>, StoreError> {
        let text = self.with(key, |entry| entry.text.clone());
        if text.is_empty() || TokenRecord::read(&text).is_some() {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&text).into_owned();
        match self.fault {
            Fault::FailsOnDamage => Err(StoreError::new("the value is damaged")),
            Fault::ShowsTokensInErrors => Err(StoreError::new(format!("the value is damaged: {text}"))),
            Fault::PanicsOnDamage => panic!("the value is damaged"),
            Fault::LoadsWhatIsLeft => {
                let life = Duration::from_secs(60);
                Ok(Some(StoredToken::new(Secret::new(text), 0, life, life)))
            }
            _ => Ok(None),
        }
    }

    fn loaded(&self, record: &TokenRecord, entry: &Entry, now: SystemTime) -> Option<StoredToken> {
        let mut found = record.load_at(now);
        let saved = entry.saved.as_ref();
        match self.fault {
            Fault::KeepsTheDead if found.is_none() && TokenRecord::read(&entry.text).is_some() => {
                found = saved.cloned();
            }
            Fault::ForgetsWhatIsDue => found = found.filter(|found| !found.refresh_in.is_zero()),
            Fault::LoadsAnEmptyToken if found.is_none() && saved.is_none() && entry.lease.is_some() => {
                found = Some(StoredToken::new(Secret::new(""), 0, Duration::ZERO, Duration::ZERO));
            }
            _ => {}
        }
        if let (Some(found), Some(saved)) = (&mut found, saved) {
            match self.fault {
                Fault::NeverAges => found.expires_in = saved.expires_in,
                Fault::NeverComesDue => found.refresh_in = saved.refresh_in,
                _ => {}
            }
        }
        found
    }

    /// What becomes of a token before it is stored, and whether a wrong store decides by itself.
    fn twisted(&self, record: &TokenRecord, entry: &Entry, token: &StoredToken, now: SystemTime) -> Option<bool> {
        let known = record.load_at(now)?;
        let lives_longer = entry.ends_at < Some(now + token.expires_in);
        match self.fault {
            Fault::KeepsTheLongerLife if Some(now + token.expires_in) < entry.ends_at => Some(false),
            Fault::TakesTheSameVersionAgain if token.version == known.version => Some(true),
            Fault::TakesOlderWithLongerLife if token.version < known.version && lives_longer => Some(true),
            _ => None,
        }
    }

    fn shortened(&self, token: &StoredToken) -> StoredToken {
        let text = token.secret.expose();
        let text = match self.fault {
            Fault::CutsLongTokens => text.chars().take(1024).collect(),
            Fault::TrimsTokens => text.trim().to_owned(),
            _ => text.to_owned(),
        };
        StoredToken::new(text.into(), token.version, token.refresh_in, token.expires_in)
    }

    fn save(&self, key: &TokenKey, token: &StoredToken) -> bool {
        self.step(key, |record, entry, now| {
            let late = entry
                .lease
                .is_some_and(|(version, until)| version == token.version && until <= now);
            if late && self.is(Fault::RefusesLateOwners) {
                return false;
            }
            let before = record.clone();
            match self.twisted(record, entry, token, now) {
                Some(false) => return false,
                Some(true) => *record = without_token(record),
                None => {}
            }
            let stored = record.save_at(now, &self.shortened(token));
            if stored {
                entry.saved = Some(token.clone());
                entry.ends_at = Some(now + token.expires_in);
                self.own.lock().unwrap().insert(key.clone(), token.clone());
            } else {
                *record = before;
            }
            stored
        })
    }

    fn leased(&self, key: &TokenKey, ttl: Duration) -> Option<StoreLease> {
        let ttl = match self.fault {
            Fault::EndsLeasesEarly => ttl.min(Duration::from_millis(40)),
            Fault::LeasesForGood => Duration::MAX,
            _ => ttl,
        };
        self.step(key, |record, entry, now| {
            if let (Fault::ForgetsSavedVersions, Some((version, _))) = (self.fault, entry.lease) {
                *record = changed(record, "version", version.into());
            }
            let lease = record.lease_at(now, ttl)?;
            let until = now.checked_add(ttl).unwrap_or(now);
            entry.lease = Some((lease.version(), until));
            Some(lease)
        })
    }
}

/// The record with another value of one member.
fn changed(record: &TokenRecord, member: &str, value: serde_json::Value) -> TokenRecord {
    let mut text: serde_json::Value = serde_json::from_str(record.to_text().expose()).unwrap();
    text[member] = value;
    TokenRecord::read(text.to_string().as_bytes()).unwrap()
}

/// The record without what would be a reason to refuse a save.
fn without_token(record: &TokenRecord) -> TokenRecord {
    changed(record, "token", serde_json::Value::Null)
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Shelf");
        if self.is(Fault::ShowsTokensInDebug) {
            shown.field(
                "texts",
                &self
                    .entries
                    .lock()
                    .unwrap()
                    .values()
                    .map(|entry| entry.text.clone())
                    .collect::<Vec<_>>(),
            );
        }
        shown.finish_non_exhaustive()
    }
}

#[async_trait]
impl TokenStore for Shelf {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, StoreError> {
        if let Some(left) = self.check_damage(key)? {
            return Ok(Some(left));
        }
        let found = self.step(key, |record, entry, now| self.loaded(record, entry, now));
        let own = self.own.lock().unwrap().get(key).cloned();
        if self.is(Fault::CachesInTheHandle) && found.is_some() && own.is_some() {
            return Ok(own);
        }
        Ok(found)
    }

    async fn save_if_newer(&self, key: &TokenKey, token: &StoredToken) -> Result<bool, StoreError> {
        if self.is(Fault::SavesInTwoSteps) {
            let known = self.step(key, |record, _, now| record.load_at(now));
            if known.is_some_and(|known| token.version <= known.version) {
                return Ok(false);
            }
            yield_now().await;
            self.step(key, |record, _, _| *record = without_token(record));
        }
        Ok(self.save(key, token))
    }

    async fn lease(&self, key: &TokenKey, ttl: Duration) -> Result<Option<StoreLease>, StoreError> {
        if self.is(Fault::NeverEnds) {
            pending::<()>().await;
        }
        if self.is(Fault::LeasesInTwoSteps) {
            let taken = self.step(key, |record, _, now| record.clone().lease_at(now, ttl).is_none());
            if taken {
                return Ok(None);
            }
            yield_now().await;
            self.step(key, |record, entry, _| {
                if let Some((version, _)) = entry.lease {
                    record.release(&StoreLease::new(version));
                }
            });
        }
        Ok(self.leased(key, ttl))
    }

    async fn release(&self, key: &TokenKey, lease: &StoreLease) -> Result<(), StoreError> {
        self.step(key, |record, entry, now| {
            let held = entry.lease.map(|(version, _)| StoreLease::new(version));
            match (self.fault, held) {
                (Fault::ReleasesWhatWasSavedOnly, _) if record.load_at(now).is_none() => {}
                (Fault::ReleasesAnybodys, Some(held)) => drop(record.release(&held)),
                _ => drop(record.release(lease)),
            }
        });
        Ok(())
    }
}
