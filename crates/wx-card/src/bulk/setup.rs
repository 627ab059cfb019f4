//! The settings of a run.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::future::Shared;
use wx_core::RateLimit;

use super::journal::BulkJournal;
use super::line::MAX_CODE_BYTES;
use super::outcome::{BulkCounts, LineOutcome};

/// Requests at the same time unless told otherwise.
const DEFAULT_IN_FLIGHT: usize = 4;

pub(super) type OnLine = Box<dyn FnMut(&LineOutcome<'_>) + Send>;
pub(super) type OnProgress = Box<dyn FnMut(&BulkCounts) + Send>;
pub(super) type Until = Shared<Pin<Box<dyn Future<Output = ()> + Send>>>;

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
