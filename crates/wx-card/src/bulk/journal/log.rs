//! A journal that is open: what it knew, and where the next frame goes.

use std::sync::Arc;

use bytes::Bytes;

use super::super::outcome::BulkOutcome;
use super::record::{FRAME_HEAD, Header, MAGIC, Raise, Record, checksum, frame, read, write};
use super::{BulkJournal, JournalError};

/// What the journal knows of a batch.
pub(in crate::bulk) struct PastBatch {
    pub(in crate::bulk) fingerprint: u128,
    /// What it came to; none if it may have been sent and its answer is not known.
    pub(in crate::bulk) outcomes: Option<Outcomes>,
}

/// The outcomes of a batch in little room: mostly all are the same.
pub(in crate::bulk) enum Outcomes {
    All(BulkOutcome, u32),
    Each(Box<[BulkOutcome]>),
}

/// An open journal.
pub(in crate::bulk) struct Log {
    journal: Arc<dyn BulkJournal>,
    end: u64,
    /// What it begins with.
    header: Header,
    is_new: bool,
    /// Whether something at its end cannot be read.
    pub(in crate::bulk) is_torn: bool,
    pub(in crate::bulk) past: Vec<PastBatch>,
    pub(in crate::bulk) input_end: Option<u64>,
    pub(in crate::bulk) spent: (u64, u64),
    pub(in crate::bulk) deposited_before: Option<u64>,
    /// The last raise of the stock, and whether it is known to be done.
    pub(in crate::bulk) raise: Option<(Raise, bool)>,
}

impl Log {
    /// Opens `journal`, or begins it with `header`, whose key is then the journal's.
    pub(in crate::bulk) async fn open(journal: Arc<dyn BulkJournal>, header: Header) -> Result<Self, JournalError> {
        let bytes = journal.read().await?;
        let mut log = Self {
            journal,
            end: 0,
            header,
            is_new: true,
            is_torn: false,
            past: Vec::new(),
            input_end: None,
            spent: (0, 0),
            deposited_before: None,
            raise: None,
        };
        let Some(frames) = bytes.strip_prefix(MAGIC) else {
            // What is not a journal may be somebody's codes, given under the wrong name.
            return if MAGIC.starts_with(&bytes) {
                Ok(log)
            } else {
                Err(NOT_A_JOURNAL)
            };
        };
        log.replay(frames)?;
        Ok(log)
    }

    pub(in crate::bulk) fn header(&self) -> &Header {
        &self.header
    }

    /// Whether an earlier run began it.
    pub(in crate::bulk) fn is_resumed(&self) -> bool {
        !self.is_new
    }

    /// Makes `records` durable.
    pub(in crate::bulk) async fn commit(&mut self, records: &[Record]) -> Result<(), JournalError> {
        let mut payload = Vec::new();
        let mut bytes = Vec::new();
        if self.is_new {
            bytes.extend(MAGIC);
            write(&Record::Header(self.header.clone()), &mut payload);
        }
        records.iter().for_each(|record| write(record, &mut payload));
        bytes.extend(frame(&payload));
        let length = bytes.len() as u64;
        self.journal.append(self.end, Bytes::from(bytes)).await?;
        self.end += length;
        self.is_new = false;
        Ok(())
    }

    fn replay(&mut self, mut frames: &[u8]) -> Result<(), JournalError> {
        let mut end = MAGIC.len();
        while !frames.is_empty() {
            let Some((payload, rest)) = split_frame(frames) else {
                // Only what was written last can be torn. What has a whole frame somewhere behind it was whole once, and
                // nobody knows what it said, nor how long it was.
                let is_in_the_middle =
                    (1..frames.len()).any(|place| frames.get(place..).and_then(split_frame).is_some());
                self.is_torn = true;
                return if is_in_the_middle { Err(DAMAGED) } else { Ok(()) };
            };
            self.take_in(payload)?;
            end += FRAME_HEAD + payload.len();
            self.end = end as u64;
            frames = rest;
        }
        Ok(())
    }

    fn take_in(&mut self, mut payload: &[u8]) -> Result<(), JournalError> {
        while !payload.is_empty() {
            let record = read(&mut payload).ok_or(DAMAGED)?;
            self.learn(record)?;
        }
        Ok(())
    }

    fn learn(&mut self, record: Record) -> Result<(), JournalError> {
        match record {
            Record::Header(header) => {
                let key = header.key;
                if header
                    != (Header {
                        key,
                        ..self.header.clone()
                    })
                {
                    return Err(OTHER_SUBJECT);
                }
                self.header.key = key;
                self.is_new = false;
            }
            // The header comes first.
            _ if self.is_new => return Err(DAMAGED),
            Record::Intent { first, fingerprints } => {
                if first != self.past.len() as u64 {
                    return Err(DAMAGED);
                }
                let unsettled = |fingerprint| PastBatch {
                    fingerprint,
                    outcomes: None,
                };
                self.past.extend(fingerprints.into_iter().map(unsettled));
            }
            Record::Settled { index, outcomes } => {
                let batch = usize::try_from(index).ok().and_then(|index| self.past.get_mut(index));
                batch.ok_or(DAMAGED)?.outcomes = Some(Outcomes::new(outcomes));
            }
            Record::InputEnd { batches } => self.input_end = Some(batches),
            Record::Spent { day, calls } => self.spent = (day, calls),
            Record::DepositedBefore { count } => self.deposited_before = Some(count),
            Record::RaiseIntent(raise) => self.raise = Some((raise, false)),
            Record::RaiseDone => self.raise = self.raise.map(|(raise, _)| (raise, true)),
            Record::RaiseNotDone => self.raise = None,
        }
        Ok(())
    }
}

impl Outcomes {
    fn new(outcomes: Vec<BulkOutcome>) -> Self {
        match outcomes.first() {
            Some(first) if outcomes.iter().all(|outcome| outcome == first) => {
                Self::All(*first, u32::try_from(outcomes.len()).unwrap_or(u32::MAX))
            }
            _ => Self::Each(outcomes.into_boxed_slice()),
        }
    }

    /// One for each of `count` codes; none if there are not as many.
    pub(in crate::bulk) fn of(&self, count: usize) -> Option<Vec<BulkOutcome>> {
        match self {
            Self::All(outcome, length) => (usize::try_from(*length) == Ok(count)).then(|| vec![*outcome; count]),
            Self::Each(outcomes) => (outcomes.len() == count).then(|| outcomes.to_vec()),
        }
    }
}

/// The payload of the first frame and what stands behind it; none if it is not whole.
fn split_frame(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (sum, rest) = rest.split_first_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (payload, rest) = rest.split_at_checked(length)?;
    let is_whole = !payload.is_empty() && checksum(payload) == u64::from_le_bytes(*sum);
    is_whole.then_some((payload, rest))
}

const DAMAGED: JournalError = JournalError::misfit("is damaged in its middle");
const NOT_A_JOURNAL: JournalError = JournalError::misfit("is no journal, and is left as it is");
const OTHER_SUBJECT: JournalError = JournalError::misfit("belongs to another account, another card or another task");
