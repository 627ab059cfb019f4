//! What all parts of one run share: the client, the journal, the limit, the counts, and whether it is to stop.

use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::future::{Either, Shared, select};
use wx_core::Error;

use super::hash::Key;
use super::journal::{BulkJournal, Header, Log, PastBatch, Raise, Record};
use super::limit::{RateLimit, day};
use super::line::MAX_CODE_BYTES;
use super::outcome::{BulkCounts, BulkKind, BulkOutcome, BulkReport, BulkStop, LineOutcome};
use super::pace::{Halt, Troubles};
use super::work::Work;
use crate::CardClient;

/// Requests at the same time unless told otherwise.
const DEFAULT_IN_FLIGHT: usize = 4;

/// A pause looks this often whether the run is to stop.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);

type OnLine = Box<dyn FnMut(&LineOutcome<'_>) + Send>;
type OnProgress = Box<dyn FnMut(&BulkCounts) + Send>;
type Until = Shared<Pin<Box<dyn Future<Output = ()> + Send>>>;

/// The settings of a run.
pub(crate) struct Setup {
    pub(super) in_flight: usize,
    pub(super) max_bytes: usize,
    pub(super) limit: Option<Arc<dyn RateLimit>>,
    pub(super) journal: Option<Arc<dyn BulkJournal>>,
    pub(super) on_line: OnLine,
    pub(super) on_progress: OnProgress,
    pub(super) until: Until,
}

/// A run.
pub(crate) struct Session<'a> {
    pub(crate) client: &'a CardClient,
    pub(super) in_flight: usize,
    pub(super) max_bytes: usize,
    pub(super) key: Key,
    /// What the journal knew when it was opened.
    pub(super) past: Vec<PastBatch>,
    pub(super) input_end: Option<u64>,
    pub(super) until: Until,
    pub(crate) deposited_before: Option<u64>,
    pub(crate) raise: Option<(Raise, bool)>,
    kind: BulkKind,
    resumed: bool,
    limit: Option<Arc<dyn RateLimit>>,
    has_journal: bool,
    /// Away while something is being written.
    log: Mutex<Option<Log>>,
    book: Mutex<Book>,
    stop: Mutex<Option<BulkStop>>,
    is_stopped: AtomicBool,
    /// Calls of today.
    calls: AtomicU64,
}

struct Book {
    counts: BulkCounts,
    /// What is settled and not in the journal yet.
    unsaved: Vec<Work>,
    saved_at: SystemTime,
    on_line: OnLine,
    on_progress: OnProgress,
}

impl Default for Setup {
    fn default() -> Self {
        let never: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(std::future::pending());
        Self {
            in_flight: DEFAULT_IN_FLIGHT,
            max_bytes: MAX_CODE_BYTES,
            limit: None,
            journal: None,
            on_line: Box::new(|_| ()),
            on_progress: Box::new(|_| ()),
            until: futures_util::FutureExt::shared(never),
        }
    }
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup")
            .field("in_flight", &self.in_flight)
            .field("max_bytes", &self.max_bytes)
            .field("limit", &self.limit)
            .field("journal", &self.journal)
            .finish_non_exhaustive()
    }
}

impl<'a> Session<'a> {
    /// Opens the journal. Where that fails the session is stopped from the beginning.
    pub(crate) async fn open(
        client: &'a CardClient,
        setup: Setup,
        kind: BulkKind,
        subject: &str,
        batch: usize,
    ) -> Self {
        let header = Header {
            kind,
            subject: subject.to_owned(),
            batch: u32::try_from(batch).unwrap_or(u32::MAX),
            max_bytes: u32::try_from(setup.max_bytes).unwrap_or(u32::MAX),
            key: new_key(client),
        };
        let mut session = Self::new(client, kind, header.key, setup.in_flight, setup.max_bytes, setup.until);
        session.limit = setup.limit;
        {
            let mut book = session.book();
            (book.on_line, book.on_progress) = (setup.on_line, setup.on_progress);
        }
        if let Some(journal) = setup.journal {
            match Log::open(journal, header).await {
                Ok(log) => session.take_over(log),
                Err(error) => session.halt(BulkStop::Journal(error)),
            }
        }
        session
    }

    fn new(client: &'a CardClient, kind: BulkKind, key: Key, in_flight: usize, max_bytes: usize, until: Until) -> Self {
        let book = Book {
            counts: BulkCounts::default(),
            unsaved: Vec::new(),
            saved_at: client.core().now(),
            on_line: Box::new(|_| ()),
            on_progress: Box::new(|_| ()),
        };
        Self {
            client,
            in_flight,
            max_bytes,
            key,
            past: Vec::new(),
            input_end: None,
            until,
            deposited_before: None,
            raise: None,
            kind,
            resumed: false,
            limit: None,
            has_journal: false,
            log: Mutex::new(None),
            book: Mutex::new(book),
            stop: Mutex::new(None),
            is_stopped: AtomicBool::new(false),
            calls: AtomicU64::new(0),
        }
    }

    /// Takes over what the journal knows.
    fn take_over(&mut self, mut log: Log) {
        self.key = log.header().key;
        self.past = std::mem::take(&mut log.past);
        self.input_end = log.input_end;
        self.deposited_before = log.deposited_before;
        self.raise = log.raise;
        self.resumed = log.is_resumed();
        self.has_journal = true;
        let (spent_on, calls) = log.spent;
        if spent_on == day(self.client.core().now()) {
            self.calls = AtomicU64::new(calls);
            if let Some(limit) = &self.limit {
                limit.spent(calls);
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

    /// Returns when one more call may be made.
    pub(crate) async fn acquire(&self) -> Result<(), Halt> {
        if let Some(limit) = &self.limit {
            limit.acquire().await.map_err(Halt::Limit)?;
        }
        self.calls.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Counts the attempts of one call beyond its first.
    pub(crate) fn attempted(&self, attempts: u32) {
        let repeats = u64::from(attempts.saturating_sub(1));
        if 0 < repeats {
            self.calls.fetch_add(repeats, Ordering::Relaxed);
            if let Some(limit) = &self.limit {
                limit.spent(repeats);
            }
        }
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
        };
        self.attempted(error.attempts());
        match troubles.pause(&error, is_harmless, self.client.core().now(), spread) {
            Some(pause) => self.pause(pause).await,
            None => self.halt(BulkStop::Failed(error)),
        }
    }

    /// Tells what became of a line that was not sent, or whose outcome the journal has.
    pub(super) fn tell(&self, line: u64, code: &str, outcome: BulkOutcome) {
        self.book().tell(line, code, outcome);
    }

    /// Takes in what is settled; it is told once it is durable, a second later at most.
    pub(super) async fn take_in(&self, work: Work) {
        let is_due = {
            let mut book = self.book();
            book.unsaved.push(work);
            let age = self.client.core().now().duration_since(book.saved_at);
            !self.has_journal || age.is_ok_and(|age| LONGEST_SLEEP <= age)
        };
        if is_due {
            self.save(Vec::new()).await;
        }
    }

    /// Makes `records` durable, and what is settled by now; then tells the latter. Whether it did.
    pub(crate) async fn save(&self, mut records: Vec<Record>) -> bool {
        let log = lock(&self.log).take();
        if log.is_none() && self.has_journal {
            // Somebody else is writing. What is settled by now goes with the next time.
            return false;
        }
        let settled = std::mem::take(&mut self.book().unsaved);
        if let Some(mut log) = log {
            records.extend(settled.iter().map(Work::record));
            if records.is_empty() {
                lock(&self.log).replace(log);
                return true;
            }
            records.push(Record::Spent {
                day: day(self.client.core().now()),
                calls: self.calls.load(Ordering::Relaxed),
            });
            let committed = log.commit(&records).await;
            lock(&self.log).replace(log);
            if let Err(error) = committed {
                self.halt(BulkStop::Journal(error));
                return false;
            }
        }
        self.tell_settled(&settled);
        true
    }

    fn tell_settled(&self, settled: &[Work]) {
        let mut book = self.book();
        book.saved_at = self.client.core().now();
        for work in settled {
            let outcomes = work.lines.iter().zip(&work.codes).zip(&work.outcomes);
            for ((line, code), outcome) in outcomes {
                if let Some(outcome) = outcome {
                    book.tell(*line, code.as_str(), *outcome);
                }
            }
        }
        let counts = book.counts;
        (book.on_progress)(&counts);
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

    fn book(&self) -> MutexGuard<'_, Book> {
        lock(&self.book)
    }
}

impl Book {
    fn tell(&mut self, line: u64, code: &str, outcome: BulkOutcome) {
        self.counts.add(&outcome);
        (self.on_line)(&LineOutcome { line, code, outcome });
    }
}

impl Work {
    fn record(&self) -> Record {
        Record::Settled {
            index: self.index,
            outcomes: self.outcomes.iter().copied().flatten().collect(),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A key of the client's own randomness.
fn new_key(client: &CardClient) -> Key {
    // Two nonces of 80 random bits each are spread over the key by the hash itself.
    let nonces = client.core().nonce() + &client.core().nonce();
    let print = |seed: u8| Key::new([seed; Key::BYTES]).fingerprint(nonces.as_bytes());
    Key::new(print(1).to_le_bytes())
}
