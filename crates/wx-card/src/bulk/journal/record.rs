//! The records of a journal as bytes.
//!
//! A journal begins with [`MAGIC`] and goes on with frames: the length of the payload, its checksum, the payload, which
//! is one or more records. Everything that is made durable together is one frame, so that only the last one can be torn.

use super::super::hash::{Key, low_half};
use super::super::outcome::{BulkKind, BulkOutcome};

pub(super) const MAGIC: &[u8] = b"wx-card bulk journal 1\n";

/// Length and checksum before a payload.
pub(super) const FRAME_HEAD: usize = 12;

/// What a journal belongs to.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct Header {
    pub(crate) kind: BulkKind,
    /// The account and the card, and whatever else decides what is done.
    pub(crate) subject: String,
    /// What decides which lines make a batch.
    pub(crate) batch: u32,
    pub(crate) max_bytes: u32,
    pub(crate) key: Key,
}

/// A raise of the stock that is about to be sent, and what the stock was before.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Raise {
    pub(crate) by: u64,
    pub(crate) quantity: i64,
    pub(crate) total: Option<i64>,
    /// When it was, in Unix seconds.
    pub(crate) at: u64,
}

/// One thing that a journal knows.
pub(crate) enum Record {
    Header(Header),
    /// Batches that may have been sent from here on, by number and fingerprint.
    Intent {
        first: u64,
        fingerprints: Vec<u128>,
    },
    /// What a batch came to.
    Settled {
        index: u64,
        outcomes: Vec<BulkOutcome>,
    },
    /// The input has so many batches.
    InputEnd {
        batches: u64,
    },
    /// Calls that were made on a day so far.
    Spent {
        day: u64,
        calls: u64,
    },
    /// How many codes were deposited before the first was sent.
    DepositedBefore {
        count: u64,
    },
    RaiseIntent(Raise),
    RaiseDone,
    RaiseNotDone,
}

/// Puts `payload` into a frame.
pub(super) fn frame(payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(FRAME_HEAD + payload.len());
    frame.extend(u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes());
    frame.extend(checksum(payload).to_le_bytes());
    frame.extend(payload);
    frame
}

pub(super) fn checksum(payload: &[u8]) -> u64 {
    low_half(Key::new([0; Key::BYTES]).fingerprint(payload))
}

/// Appends what `record` says.
pub(super) fn write(record: &Record, payload: &mut Vec<u8>) {
    match record {
        Record::Header(header) => {
            payload.push(1);
            payload.push(kind_number(header.kind));
            payload.extend(header.batch.to_le_bytes());
            payload.extend(header.max_bytes.to_le_bytes());
            payload.extend(header.key.to_bytes());
            put_length(payload, header.subject.len());
            payload.extend(header.subject.as_bytes());
        }
        Record::Intent { first, fingerprints } => {
            payload.push(2);
            put(payload, *first);
            put_length(payload, fingerprints.len());
            for fingerprint in fingerprints {
                payload.extend(fingerprint.to_le_bytes());
            }
        }
        Record::Settled { index, outcomes } => write_settled(*index, outcomes, payload),
        Record::InputEnd { batches } => put_tagged(payload, 4, &[*batches]),
        Record::Spent { day, calls } => put_tagged(payload, 5, &[*day, *calls]),
        Record::DepositedBefore { count } => put_tagged(payload, 6, &[*count]),
        Record::RaiseIntent(raise) => {
            let total = raise.total.unwrap_or(i64::MIN);
            let numbers = [
                raise.by,
                raise.quantity.cast_unsigned(),
                total.cast_unsigned(),
                raise.at,
            ];
            put_tagged(payload, 7, &numbers);
        }
        Record::RaiseDone => payload.push(8),
        Record::RaiseNotDone => payload.push(9),
    }
}

/// Runs of equal outcomes: mostly there is one.
fn write_settled(index: u64, outcomes: &[BulkOutcome], payload: &mut Vec<u8>) {
    payload.push(3);
    put(payload, index);
    let runs = || outcomes.chunk_by(|one, other| one == other);
    put_length(payload, runs().count());
    for run in runs() {
        let (word, detail) = run
            .first()
            .and_then(|outcome| outcome.to_numbers())
            .unwrap_or((u8::MAX, 0));
        put_length(payload, run.len());
        payload.push(word);
        payload.extend(detail.to_le_bytes());
    }
}

fn put_tagged(payload: &mut Vec<u8>, tag: u8, numbers: &[u64]) {
    payload.push(tag);
    numbers.iter().for_each(|number| put(payload, *number));
}

fn put(payload: &mut Vec<u8>, number: u64) {
    payload.extend(number.to_le_bytes());
}

fn put_length(payload: &mut Vec<u8>, length: usize) {
    payload.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
}

/// Reads the first record off `payload`; none if it is no record.
pub(super) fn read(payload: &mut &[u8]) -> Option<Record> {
    let [tag] = take(payload)?;
    Some(match tag {
        1 => read_header(payload)?,
        2 => Record::Intent {
            first: take_u64(payload)?,
            fingerprints: (0..take_u32(payload)?)
                .map(|_| take(payload).map(u128::from_le_bytes))
                .collect::<Option<_>>()?,
        },
        3 => read_settled(payload)?,
        4 => Record::InputEnd {
            batches: take_u64(payload)?,
        },
        5 => Record::Spent {
            day: take_u64(payload)?,
            calls: take_u64(payload)?,
        },
        6 => Record::DepositedBefore {
            count: take_u64(payload)?,
        },
        7 => Record::RaiseIntent(Raise {
            by: take_u64(payload)?,
            quantity: take_u64(payload)?.cast_signed(),
            total: Some(take_u64(payload)?.cast_signed()).filter(|total| *total != i64::MIN),
            at: take_u64(payload)?,
        }),
        8 => Record::RaiseDone,
        9 => Record::RaiseNotDone,
        _ => return None,
    })
}

fn read_header(payload: &mut &[u8]) -> Option<Record> {
    let [kind] = take(payload)?;
    let (batch, max_bytes) = (take_u32(payload)?, take_u32(payload)?);
    let key = Key::new(take(payload)?);
    let length = usize::try_from(take_u32(payload)?).ok()?;
    let (subject, rest) = payload.split_at_checked(length)?;
    *payload = rest;
    Some(Record::Header(Header {
        kind: kind_of(kind)?,
        subject: std::str::from_utf8(subject).ok()?.to_owned(),
        batch,
        max_bytes,
        key,
    }))
}

fn read_settled(payload: &mut &[u8]) -> Option<Record> {
    let index = take_u64(payload)?;
    let mut outcomes = Vec::new();
    for _ in 0..take_u32(payload)? {
        let length = usize::try_from(take_u32(payload)?).ok()?;
        let [word] = take(payload)?;
        let outcome = BulkOutcome::of_numbers(word, i64::from_le_bytes(take(payload)?))?;
        outcomes.extend(std::iter::repeat_n(outcome, length.min(MAX_BATCH)));
    }
    Some(Record::Settled { index, outcomes })
}

/// More than any batch has.
const MAX_BATCH: usize = 1000;

fn take<const N: usize>(payload: &mut &[u8]) -> Option<[u8; N]> {
    let (bytes, rest) = payload.split_first_chunk()?;
    *payload = rest;
    Some(*bytes)
}

fn take_u32(payload: &mut &[u8]) -> Option<u32> {
    take(payload).map(u32::from_le_bytes)
}

fn take_u64(payload: &mut &[u8]) -> Option<u64> {
    take(payload).map(u64::from_le_bytes)
}

const fn kind_number(kind: BulkKind) -> u8 {
    match kind {
        BulkKind::Check => 0,
        BulkKind::Deposit => 1,
        BulkKind::Void => 2,
    }
}

const fn kind_of(number: u8) -> Option<BulkKind> {
    match number {
        0 => Some(BulkKind::Check),
        1 => Some(BulkKind::Deposit),
        2 => Some(BulkKind::Void),
        _ => None,
    }
}
