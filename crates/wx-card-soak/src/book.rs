//! What was called, in order, and what each call was told.

use std::collections::BTreeSet;

use crate::{Claim, Told};

/// What a call is to do.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Deed {
    /// Create a card; nobody else creates one with this title.
    #[non_exhaustive]
    Create {
        /// The title.
        title: String,
    },
    /// Raise the stock of a card by one.
    #[non_exhaustive]
    RaiseStock {
        /// The card, which others may change at the same time.
        card_id: String,
    },
    /// Redeem a code.
    #[non_exhaustive]
    Redeem {
        /// The code, which others may redeem at the same time.
        code: String,
    },
    /// Set the stock of a card.
    #[non_exhaustive]
    SetStock {
        /// The card, which nobody else changes, though users may take it.
        card_id: String,
        /// How many there shall be to take.
        target: i64,
    },
}

impl Deed {
    /// What kind of deed it is, in words.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create card",
            Self::RaiseStock { .. } => "raise stock",
            Self::Redeem { .. } => "redeem",
            Self::SetStock { .. } => "set stock",
        }
    }
}

/// One call.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) deed: Deed,
    /// When it began, by the clock of the book.
    pub(crate) begin: u64,
    /// When it ended, and what it was told; none while it goes on.
    pub(crate) end: Option<(u64, Told)>,
}

impl Entry {
    /// Whether the call was over before `other` began.
    pub(crate) fn is_before(&self, other: &Self) -> bool {
        self.end.as_ref().is_some_and(|(end, _)| *end < other.begin)
    }

    /// Whether the call was told this.
    pub(crate) fn was_told(&self, claim: Claim) -> bool {
        self.end.as_ref().is_some_and(|(_, told)| told.claim == claim)
    }
}

/// All calls, by number, with a clock that counts their beginnings and ends.
#[derive(Clone, Debug, Default)]
pub struct Book {
    entries: Vec<Entry>,
    now: u64,
    prepared: BTreeSet<String>,
}

impl Book {
    /// Notes that a call begins; its number.
    pub fn begin(&mut self, deed: Deed) -> u64 {
        let begin = self.tick();
        self.entries.push(Entry { deed, begin, end: None });
        self.entries.len() as u64 - 1
    }

    /// Notes that a call ended, and what it was told.
    pub fn end(&mut self, number: u64, told: Told) {
        let now = self.tick();
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        if let Some(entry) = self.entries.get_mut(index) {
            entry.end = Some((now, told));
        }
    }

    /// Notes a card that was created by no call.
    pub fn note_prepared(&mut self, card_id: impl Into<String>) {
        self.prepared.insert(card_id.into());
    }

    pub(crate) fn is_prepared(&self, card_id: &str) -> bool {
        self.prepared.contains(card_id)
    }

    /// The call of this number.
    pub(crate) fn entry(&self, number: u64) -> Option<&Entry> {
        self.entries.get(usize::try_from(number).ok()?)
    }

    /// All calls with their numbers.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (u64, &Entry)> {
        (0..).zip(&self.entries)
    }

    /// How many codes somebody tried to redeem.
    pub(crate) fn codes(&self) -> usize {
        let codes = self.entries.iter().filter_map(|entry| match &entry.deed {
            Deed::Redeem { code } => Some(code),
            _ => None,
        });
        codes.collect::<BTreeSet<_>>().len()
    }

    fn tick(&mut self) -> u64 {
        self.now += 1;
        self.now
    }
}
