//! What is done with a batch of codes.

use std::future::Future;

use wx_card_types::CardCode;

use super::outcome::{BulkKind, BulkOutcome};
use super::pace::Halt;
use super::session::Session;

/// A batch of codes and how far it has come.
pub(crate) struct Work {
    pub(super) index: u64,
    pub(super) lines: Vec<u64>,
    pub(crate) codes: Vec<CardCode>,
    /// One for each code; none while it is open.
    pub(crate) outcomes: Vec<Option<BulkOutcome>>,
    /// Whether some of it may have been sent before, so that what is found done may be our own doing.
    pub(crate) was_sent: bool,
}

/// What is done with batches; it makes outcomes out of codes.
pub(crate) trait Task: Sync {
    const KIND: BulkKind;
    /// Codes of a batch.
    const BATCH: usize;

    /// Settles what is open in `work`. After a halt it is called again with the same work.
    fn settle(&self, session: &Session<'_>, work: &mut Work) -> impl Future<Output = Result<(), Halt>> + Send;
}

impl Work {
    /// The places of the codes that have no outcome yet.
    pub(crate) fn open(&self) -> Vec<usize> {
        let outcomes = self.outcomes.iter().enumerate();
        outcomes
            .filter(|(_, outcome)| outcome.is_none())
            .map(|(place, _)| place)
            .collect()
    }

    /// The codes at `places`.
    pub(crate) fn codes_at(&self, places: &[usize]) -> Vec<CardCode> {
        places
            .iter()
            .filter_map(|place| self.codes.get(*place))
            .cloned()
            .collect()
    }

    /// The codes at `places` for a request; all of them without a copy, which [`give_back`](Self::give_back) ends.
    pub(crate) fn lend(&mut self, places: &[usize]) -> Vec<CardCode> {
        if places.len() == self.codes.len() {
            std::mem::take(&mut self.codes)
        } else {
            self.codes_at(places)
        }
    }

    /// Takes back what was lent.
    pub(crate) fn give_back(&mut self, codes: Vec<CardCode>) {
        if self.codes.is_empty() {
            self.codes = codes;
        }
    }

    pub(crate) fn set(&mut self, place: usize, outcome: BulkOutcome) {
        if let Some(open) = self.outcomes.get_mut(place) {
            *open = Some(outcome);
        }
    }

    /// The outcome of something that is done already: whose doing it was is known only if nothing was sent before.
    pub(crate) fn found_done(&self) -> BulkOutcome {
        if self.was_sent {
            BulkOutcome::Present
        } else {
            BulkOutcome::Before
        }
    }
}
