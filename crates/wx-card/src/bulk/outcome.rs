//! What became of each line, and of all of them.

use std::error::Error as StdError;
use std::fmt;

use wx_core::{ErrCode, Error, RateLimitError};

use super::journal::JournalError;
use super::line::LineProblem;
use crate::CodeState;

/// What is done with many codes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BulkKind {
    /// They are asked for: `/card/code/checkcode`.
    Check,
    /// They are deposited: `/card/code/deposit`.
    Deposit,
    /// They are made void: `/card/code/unavailable`.
    Void,
}

/// What became of one line.
///
/// | | deposit | void | check |
/// | --- | --- | --- | --- |
/// | `Done` | `accepted` | `void` | `deposited` |
/// | `Before` | `duplicate` | `already_void` | |
/// | `Present` | `present` | `is_void` | |
/// | `Failed` | `failed` | `failed` | `missing` |
/// | `Refused` | `refused`, `empty` | the same | the same |
/// | `Repeated` | `repeated` | the same | the same |
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BulkOutcome {
    /// Done by this run or by the one that it goes on with, by the service's word; of a check: it is there.
    Done,
    /// It was so before this run began, and nothing was changed.
    Before,
    /// It is so now. Whether by this run or before is not known, because a request was sent twice, or its answer was
    /// lost, or told too little.
    Present,
    /// It is not so.
    Failed(FailReason),
    /// It was not sent.
    Refused(LineProblem),
    /// The code stands in an earlier line too, which has its outcome. It was sent once.
    Repeated,
}

/// Why a code failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum FailReason {
    /// The service refused it with this number.
    Errcode(ErrCode),
    /// The service listed it as failed, and says no more.
    Listed,
    /// The service does not have it, whatever it said before.
    NotFound,
    /// The code is in a state that does not allow it, by the name of [`CodeState::name`].
    State(&'static str),
}

/// A line and what became of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct LineOutcome<'a> {
    /// The number of the line, from 1 on.
    pub line: u64,
    /// The code, or what stood in its place.
    pub code: &'a str,
    /// What became of it.
    pub outcome: BulkOutcome,
}

/// How many lines came to what.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct BulkCounts {
    /// Lines that came to something; all of the input once it is complete.
    pub lines: u64,
    /// [`BulkOutcome::Done`].
    pub done: u64,
    /// [`BulkOutcome::Before`].
    pub before: u64,
    /// [`BulkOutcome::Present`].
    pub present: u64,
    /// [`BulkOutcome::Failed`].
    pub failed: u64,
    /// [`BulkOutcome::Refused`], empty lines apart.
    pub refused: u64,
    /// Empty lines.
    pub empty: u64,
    /// [`BulkOutcome::Repeated`].
    pub repeated: u64,
}

/// Why a run ended before all lines were done.
#[derive(Debug)]
#[non_exhaustive]
pub enum BulkStop {
    /// It was asked to: by the future that was given to `until`.
    Asked,
    /// A call failed, and going on would not help, or did not for a while. With
    /// [`ErrClass::Quota`](wx_core::ErrClass::Quota) go on tomorrow.
    Failed(Error),
    /// The input cannot be read.
    Input(Box<dyn StdError + Send + Sync>),
    /// The journal cannot be read or written. Nothing that it does not have is reported.
    Journal(JournalError),
    /// The rate limit has nothing left to give.
    Limit(RateLimitError),
    /// The journal belongs to another input: this one is not the same from about this line on.
    OtherInput {
        /// The line.
        line: u64,
    },
}

/// What a run came to.
#[derive(Debug)]
#[must_use = "it says whether all lines were done"]
#[non_exhaustive]
pub struct BulkReport {
    /// What was done.
    pub kind: BulkKind,
    /// How many lines came to what, those of the runs before that this one goes on with included.
    pub counts: BulkCounts,
    /// Whether it went on with what an earlier run had begun.
    pub resumed: bool,
    /// Why it ended early; none if it is complete.
    pub stop: Option<BulkStop>,
}

impl BulkKind {
    /// The name in snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Deposit => "deposit",
            Self::Void => "void",
        }
    }

    /// The word for `outcome`, as in the table of [`BulkOutcome`].
    #[must_use]
    pub const fn word(self, outcome: &BulkOutcome) -> &'static str {
        match (outcome, self) {
            (BulkOutcome::Done, Self::Check) => "deposited",
            (BulkOutcome::Done, Self::Deposit) => "accepted",
            (BulkOutcome::Done, Self::Void) => "void",
            (BulkOutcome::Before, Self::Void) => "already_void",
            (BulkOutcome::Before, _) => "duplicate",
            (BulkOutcome::Present, Self::Void) => "is_void",
            (BulkOutcome::Present, _) => "present",
            (BulkOutcome::Failed(FailReason::NotFound), Self::Check) => "missing",
            (BulkOutcome::Failed(_), _) => "failed",
            (BulkOutcome::Refused(LineProblem::Empty), _) => "empty",
            (BulkOutcome::Refused(_), _) => "refused",
            (BulkOutcome::Repeated, _) => "repeated",
        }
    }
}

impl fmt::Display for FailReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Errcode(errcode) => match errcode.explain() {
                Some(explanation) => write!(f, "refused with {errcode} ({})", explanation.gloss),
                None => write!(f, "refused with {errcode}"),
            },
            Self::Listed => f.write_str("listed in fail_code"),
            Self::NotFound => f.write_str("not found by checkcode"),
            Self::State(name) => write!(f, "the code is {name}"),
        }
    }
}

impl BulkCounts {
    /// Lines that have a code which is now as it shall be.
    #[must_use]
    pub const fn good(&self) -> u64 {
        self.done + self.before + self.present
    }

    pub(super) fn add(&mut self, outcome: &BulkOutcome) {
        self.lines += 1;
        *match outcome {
            BulkOutcome::Done => &mut self.done,
            BulkOutcome::Before => &mut self.before,
            BulkOutcome::Present => &mut self.present,
            BulkOutcome::Failed(_) => &mut self.failed,
            BulkOutcome::Refused(LineProblem::Empty) => &mut self.empty,
            BulkOutcome::Refused(_) => &mut self.refused,
            BulkOutcome::Repeated => &mut self.repeated,
        } += 1;
    }
}

impl BulkReport {
    /// Whether all lines came to something.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.stop.is_none()
    }
}

impl fmt::Display for BulkStop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked => f.write_str("asked to stop"),
            Self::Failed(error) => error.fmt(f),
            Self::Input(error) => write!(f, "the input cannot be read: {error}"),
            Self::Journal(error) => write!(f, "the journal: {error}"),
            Self::Limit(error) => error.fmt(f),
            Self::OtherInput { line } => {
                write!(f, "the journal belongs to another input, which differs by line {line}")
            }
        }
    }
}

/// The names of states that a code can fail with, in the order of their numbers in a journal; new ones go to the end.
const STATES: &[&str] = &[
    "deleted",
    "expired",
    "gift_timeout",
    "gifting",
    "given_away",
    "not_held",
    "not_usable",
    "other",
    "redeemable",
    "redeemed",
    "unavailable",
];

impl FailReason {
    pub(crate) fn state(state: &CodeState) -> Self {
        Self::State(state.name())
    }
}

impl BulkOutcome {
    /// Two numbers that say the same; what is never journaled has none.
    pub(super) fn to_numbers(self) -> Option<(u8, i64)> {
        Some(match self {
            Self::Done => (0, 0),
            Self::Before => (1, 0),
            Self::Present => (2, 0),
            Self::Failed(FailReason::Listed) => (3, 0),
            Self::Failed(FailReason::NotFound) => (4, 0),
            Self::Failed(FailReason::Errcode(errcode)) => (5, errcode.get()),
            Self::Failed(FailReason::State(name)) => {
                let number = STATES.iter().position(|state| *state == name)?;
                (6, i64::try_from(number).ok()?)
            }
            Self::Refused(_) | Self::Repeated => return None,
        })
    }

    /// The outcome that [`to_numbers`](Self::to_numbers) made them of.
    pub(super) fn of_numbers(word: u8, detail: i64) -> Option<Self> {
        Some(match word {
            0 => Self::Done,
            1 => Self::Before,
            2 => Self::Present,
            3 => Self::Failed(FailReason::Listed),
            4 => Self::Failed(FailReason::NotFound),
            5 => Self::Failed(FailReason::Errcode(ErrCode::new(detail))),
            6 => Self::Failed(FailReason::State(STATES.get(usize::try_from(detail).ok()?)?)),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_survives_the_journal() {
        let states = STATES.iter().map(|name| FailReason::State(name));
        let failures = states.chain([
            FailReason::Listed,
            FailReason::NotFound,
            FailReason::Errcode(40111.into()),
        ]);
        let outcomes = [BulkOutcome::Done, BulkOutcome::Before, BulkOutcome::Present];
        for outcome in outcomes.into_iter().chain(failures.map(BulkOutcome::Failed)) {
            let (word, detail) = outcome.to_numbers().unwrap();
            assert_eq!(BulkOutcome::of_numbers(word, detail), Some(outcome));
        }
        assert_eq!(BulkOutcome::Repeated.to_numbers(), None);
        assert_eq!(BulkOutcome::of_numbers(7, 0), None);
        assert_eq!(BulkOutcome::of_numbers(6, 99), None);
    }
}
