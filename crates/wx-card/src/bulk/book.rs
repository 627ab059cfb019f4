//! The books of a run: what is settled, made durable, and only then told.

use std::time::{Duration, SystemTime};

use super::journal::Record;
use super::outcome::{BulkCounts, BulkOutcome, BulkStop, LineOutcome};
use super::session::{Session, lock};
use super::setup::{OnLine, OnProgress};
use super::work::Work;

/// What is settled is made durable this often, if not before.
const SAVED_WITHIN: Duration = Duration::from_millis(250);

pub(super) struct Book {
    pub(super) counts: BulkCounts,
    /// What is settled and not in the journal yet.
    unsaved: Vec<Work>,
    saved_at: SystemTime,
    on_line: OnLine,
    on_progress: OnProgress,
}

impl Session<'_> {
    /// Tells what became of a line that was not sent, or whose outcome the journal has.
    pub(super) fn tell(&self, line: u64, code: &str, outcome: BulkOutcome) {
        self.book().tell(line, code, outcome);
    }

    /// Takes in what is settled; it is told once it is durable, a moment later.
    pub(super) async fn take_in(&self, work: Work) {
        let is_due = {
            let mut book = self.book();
            book.unsaved.push(work);
            let age = self.client.core().now().duration_since(book.saved_at);
            !self.has_journal || age.is_ok_and(|age| SAVED_WITHIN <= age)
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
            let (day, calls) = self.spent();
            records.push(Record::Spent { day, calls });
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

    /// Whether nothing is being written.
    pub(super) fn is_at_rest(&self) -> bool {
        !self.has_journal || lock(&self.log).is_some()
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
}

impl Book {
    pub(super) fn new(now: SystemTime, on_line: OnLine, on_progress: OnProgress) -> Self {
        Self {
            counts: BulkCounts::default(),
            unsaved: Vec::new(),
            saved_at: now,
            on_line,
            on_progress,
        }
    }

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
