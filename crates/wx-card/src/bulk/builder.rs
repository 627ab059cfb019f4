//! The settings that all runs have.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt as _;
use wx_core::RateLimit;

use super::journal::BulkJournal;
use super::outcome::{BulkCounts, LineOutcome};
use super::setup::Setup;
use crate::CardClient;

/// Something that is to be done with many codes; `run` does it.
#[must_use = "nothing is done before it is run"]
pub struct Bulk<T> {
    pub(crate) client: CardClient,
    pub(crate) task: T,
    pub(crate) setup: Setup,
}

impl<T> Bulk<T> {
    pub(crate) fn new(client: &CardClient, task: T) -> Self {
        Self {
            client: client.clone(),
            task,
            setup: Setup::default(),
        }
    }

    /// How many requests are on their way at the same time: 1 to 1000, 4 unless told otherwise, which is enough for some
    /// thousand codes a second.
    pub fn in_flight(mut self, requests: usize) -> Self {
        self.setup.in_flight = requests.clamp(1, 1000);
        self
    }

    /// Most bytes of a code: 20, as the documentation has it, unless told otherwise. Longer ones are refused here.
    pub fn max_code_bytes(mut self, bytes: usize) -> Self {
        self.setup.max_bytes = bytes;
        self
    }

    /// What is asked before each call; nothing unless told otherwise.
    pub fn limit(mut self, limit: impl RateLimit) -> Self {
        self.setup.limit = Some(Arc::new(limit));
        self
    }

    /// Where it is kept what was done, so that another run can go on; nowhere unless told otherwise.
    pub fn journal(mut self, journal: impl BulkJournal) -> Self {
        self.setup.journal = Some(Arc::new(journal));
        self
    }

    /// Who is told what became of each line, also of those that an earlier run has done.
    ///
    /// Lines come as they are settled, not in the order of the input.
    pub fn on_line(mut self, tell: impl FnMut(&LineOutcome<'_>) + Send + 'static) -> Self {
        self.setup.on_line = Box::new(tell);
        self
    }

    /// Who is told how far it has come, whenever more is settled.
    pub fn on_progress(mut self, tell: impl FnMut(&BulkCounts) + Send + 'static) -> Self {
        self.setup.on_progress = Box::new(tell);
        self
    }

    /// Stops cleanly when `signal` comes: what is in flight is finished, nothing else is begun.
    pub fn until(mut self, signal: impl Future<Output = ()> + Send + 'static) -> Self {
        let signal: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(signal);
        self.setup.until = signal.shared();
        self
    }
}

impl<T: fmt::Debug> fmt::Debug for Bulk<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk")
            .field("client", &self.client)
            .field("task", &self.task)
            .field("setup", &self.setup)
            .finish()
    }
}
