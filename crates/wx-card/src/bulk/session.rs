//! What all parts of one run share: the client, the journal, the limit, the counts, and whether it is to stop.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use wx_card_types::Endpoint;
use wx_core::{Error, RateLimit};

use super::book::Book;
use super::hash::Key;
use super::journal::{Header, Log, PastBatch, Raise};
use super::limit::day;
use super::outcome::{BulkCounts, BulkKind, BulkReport, BulkStop};
use super::pace::{Halt, Troubles};
use super::setup::{Setup, Until};
use super::work::Task;
use crate::CardClient;

/// A pause looks this often whether the run is to stop.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);

/// A run.
pub(crate) struct Session<'a> {
    pub(crate) client: &'a CardClient,
    /// The client for batches, whose codes were checked line by line.
    pub(crate) unchecked: CardClient,
    pub(super) in_flight: usize,
    pub(super) max_bytes: usize,
    pub(super) key: Key,
    /// What the journal knew when it was opened.
    pub(super) past: Vec<PastBatch>,
    pub(super) input_end: Option<u64>,
    /// Whether batches that the journal does not know may have been sent: what cannot be read at its end may never have
    /// been written whole, or was spoilt later.
    pub(super) may_know_too_little: bool,
    pub(super) until: Until,
    pub(crate) deposited_before: Option<u64>,
    pub(crate) raise: Option<(Raise, bool)>,
    kind: BulkKind,
    resumed: bool,
    limit: Option<Arc<dyn RateLimit>>,
    pub(super) has_journal: bool,
    /// Away while something is being written.
    pub(super) log: Mutex<Option<Log>>,
    book: Mutex<Book>,
    stop: Mutex<Option<BulkStop>>,
    is_stopped: AtomicBool,
    /// The day of the last call, and the calls on it.
    spent: Mutex<(u64, u64)>,
}

impl<'a> Session<'a> {
    /// Opens the journal. Where that fails the session is stopped from the beginning.
    ///
    /// `subject` is what a journal of the same task belongs to, such as the card.
    pub(crate) async fn open<T: Task>(client: &'a CardClient, setup: Setup, subject: &str) -> Self {
        let header = Header {
            kind: T::KIND,
            // No app id has a blank.
            subject: format!("{} {subject}", client.app_id()),
            batch: u32::try_from(T::BATCH).unwrap_or(u32::MAX),
            max_bytes: u32::try_from(setup.max_bytes).unwrap_or(u32::MAX),
            key: new_key(client),
        };
        let mut session = Self {
            client,
            unchecked: client.unchecked(),
            in_flight: setup.in_flight,
            max_bytes: setup.max_bytes,
            key: header.key,
            past: Vec::new(),
            input_end: None,
            may_know_too_little: false,
            until: setup.until,
            deposited_before: None,
            raise: None,
            kind: T::KIND,
            resumed: false,
            limit: setup.limit,
            has_journal: false,
            log: Mutex::new(None),
            book: Mutex::new(Book::new(client.core().now(), setup.on_line, setup.on_progress)),
            stop: Mutex::new(None),
            is_stopped: AtomicBool::new(false),
            spent: Mutex::new((0, 0)),
        };
        if let Some(journal) = setup.journal {
            match Log::open(journal, header).await {
                Ok(log) => session.take_over(log),
                Err(error) => session.halt(BulkStop::Journal(error)),
            }
        }
        session
    }

    /// Takes over what the journal knows.
    fn take_over(&mut self, mut log: Log) {
        self.key = log.header().key;
        self.past = std::mem::take(&mut log.past);
        self.input_end = log.input_end;
        self.may_know_too_little = log.is_torn;
        self.deposited_before = log.deposited_before;
        self.raise = log.raise;
        self.resumed = log.is_resumed();
        self.has_journal = true;
        let (spent_on, calls) = log.spent;
        if spent_on == self.today() {
            self.spent = Mutex::new(log.spent);
            if let Some(limit) = &self.limit {
                limit.spent_before(calls);
            }
        }
        self.log = Mutex::new(Some(log));
    }

    /// Whether nothing more shall be begun.
    pub(crate) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// Has the run stop; the first reason counts.
    pub(crate) fn halt(&self, reason: BulkStop) {
        lock(&self.stop).get_or_insert(reason);
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Returns when a batch may be sent; the run may have to stop before.
    pub(crate) async fn begin(&self) -> Result<(), Halt> {
        match select(pin!(self.acquire()), self.until.clone()).await {
            Either::Left((acquired, _)) => acquired?,
            Either::Right(_) => self.halt(BulkStop::Asked),
        }
        if self.is_stopped() { Err(Halt::Stopped) } else { Ok(()) }
    }

    /// Returns when one more call may be made.
    pub(crate) async fn acquire(&self) -> Result<(), Halt> {
        if let Some(limit) = &self.limit {
            limit.acquire().await.map_err(Halt::Limit)?;
        }
        self.count(1);
        Ok(())
    }

    /// Sends `request`, which was acquired, and counts its attempts. Those of an error are counted by whoever takes it.
    pub(crate) async fn call<E: Endpoint>(&self, client: &CardClient, request: &E) -> Result<E::Response, Error> {
        let answer = client.answer(request).await?;
        let response = CardClient::read::<E>(&answer)?;
        self.attempted(answer.attempts());
        Ok(response)
    }

    /// Counts the attempts of one call beyond its first.
    pub(crate) fn attempted(&self, attempts: u32) {
        let repeats = u64::from(attempts.saturating_sub(1));
        if 0 < repeats {
            self.count(repeats);
            if let Some(limit) = &self.limit {
                limit.spent(repeats);
            }
        }
    }

    fn count(&self, calls: u64) {
        let today = self.today();
        let mut spent = lock(&self.spent);
        let before = if spent.0 == today { spent.1 } else { 0 };
        *spent = (today, before + calls);
    }

    /// The day of the last call, and how many there were on it.
    pub(super) fn spent(&self) -> (u64, u64) {
        *lock(&self.spent)
    }

    fn today(&self) -> u64 {
        day(self.client.core().now())
    }

    /// Pauses; ends early when the run is to stop.
    pub(crate) async fn pause(&self, duration: Duration) {
        let mut left = duration;
        while !left.is_zero() && !self.is_stopped() {
            let sleep = left.min(LONGEST_SLEEP);
            let sleeping = self.client.core().sleep(sleep);
            match select(pin!(sleeping), self.until.clone()).await {
                Either::Left(_) => left = left.saturating_sub(sleep),
                Either::Right(_) => self.halt(BulkStop::Asked),
            }
        }
    }

    /// The answer to a call that does no harm when it is made again, however long it takes; none if the run is to stop.
    pub(crate) async fn steadily<T, F>(&self, call: impl Fn() -> F) -> Option<T>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let mut troubles = Troubles::default();
        while !self.is_stopped() {
            let called = match self.acquire().await {
                Ok(()) => call().await.map_err(Halt::from),
                Err(halt) => Err(halt),
            };
            match called {
                Ok(answer) => return Some(answer),
                Err(halt) => self.overcome(halt, &mut troubles, 0).await,
            }
        }
        None
    }

    /// Pauses after a halt where that may help, and else stops the run.
    pub(super) async fn overcome(&self, halt: Halt, troubles: &mut Troubles, spread: u64) {
        let (error, is_harmless) = match halt {
            Halt::Failed(error) => (error, false),
            Halt::Again(error) => (error, true),
            Halt::Limit(error) => return self.halt(BulkStop::Limit(error)),
            Halt::Stopped => return,
        };
        if !is_harmless {
            self.attempted(error.attempts());
        }
        match troubles.pause(&error, is_harmless, self.client.core().now(), spread) {
            Some(pause) => self.pause(pause).await,
            None => self.halt(BulkStop::Failed(error)),
        }
    }

    /// How many lines came to what so far.
    pub(crate) fn counts(&self) -> BulkCounts {
        self.book().counts
    }

    pub(crate) fn report(&self) -> BulkReport {
        BulkReport {
            kind: self.kind,
            counts: self.book().counts,
            resumed: self.resumed,
            stop: lock(&self.stop).take(),
        }
    }

    pub(super) fn book(&self) -> MutexGuard<'_, Book> {
        lock(&self.book)
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A key of the client's own randomness.
fn new_key(client: &CardClient) -> Key {
    // Two nonces of 80 random bits each are spread over the key by the hash itself.
    let nonces = client.core().nonce() + &client.core().nonce();
    let print = |seed: u8| Key::new([seed; Key::BYTES]).fingerprint(nonces.as_bytes());
    Key::new(print(1).to_le_bytes())
}
