//! What the calls were told, held against what the service did for each of them.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::book::Entry;
use crate::claim::Stock;
use crate::effects::{Cause, Effect, Movement};
use crate::{Book, Claim, Deed, Effects, Told};

/// How many calls were told the same, by whether they ran.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Tally {
    /// The service did it for them.
    pub ran: u64,
    /// It did not.
    pub did_not: u64,
}

/// A book and a ledger, side by side.
#[derive(Debug)]
pub struct Reckoning<'a> {
    book: &'a Book,
    effects: &'a Effects,
    by_call: BTreeMap<u64, Vec<Effect<'a>>>,
}

/// A rule that is broken, in words.
type Broken = Option<&'static str>;

impl<'a> Reckoning<'a> {
    /// Holds `book` against `effects`.
    #[must_use]
    pub fn new(book: &'a Book, effects: &'a Effects) -> Self {
        let mut by_call: BTreeMap<u64, Vec<Effect<'a>>> = BTreeMap::new();
        for (call, effect) in effects.all() {
            if let Some(call) = call {
                by_call.entry(call).or_default().push(effect);
            }
        }
        Self { book, effects, by_call }
    }

    /// What the calls were told, by the kind of deed.
    #[must_use]
    pub fn told(&self) -> BTreeMap<&'static str, BTreeMap<Claim, Tally>> {
        let mut told: BTreeMap<_, BTreeMap<_, Tally>> = BTreeMap::new();
        for (number, entry) in self.book.entries() {
            let claim = entry.end.as_ref().map_or(Claim::Unclear, |(_, told)| told.claim);
            let tally = told.entry(entry.deed.kind()).or_default().entry(claim).or_default();
            if self.done_for(number).is_empty() {
                tally.did_not += 1;
            } else {
                tally.ran += 1;
            }
        }
        told
    }

    /// Where they disagree, a line for each case; empty if all is well.
    #[must_use]
    pub fn contradictions(&self) -> Vec<String> {
        let twice = self.effects.redeems.iter().filter(|(_, calls)| 1 < calls.len());
        let twice = twice.map(|(code, calls)| format!("code {code} was redeemed {} times, for {calls:?}", calls.len()));
        let strays = self
            .effects
            .all()
            .filter(|(call, effect)| self.is_stray(*call, *effect));
        let strays =
            strays.map(|(_, effect)| format!("it was done, and nobody is known to have called for it: {effect:?}"));
        let broken = self.book.entries().filter_map(|(number, entry)| {
            let rule = self.broken(number, entry)?;
            let done = self.done_for(number);
            Some(format!(
                "call {number}: {rule}; {entry:?}, and done for it was {done:?}"
            ))
        });
        twice.chain(strays).chain(broken).collect()
    }

    /// What was done for a call.
    fn done_for(&self, number: u64) -> &[Effect<'a>] {
        self.by_call.get(&number).map_or(&[], Vec::as_slice)
    }

    /// Whether nobody is known who called for it.
    fn is_stray(&self, call: Option<u64>, effect: Effect<'_>) -> bool {
        let may_be_unnamed = match effect {
            Effect::Redeemed(_) => false,
            Effect::Moved { card_id, movement, .. } => match movement.cause {
                Cause::Create => self.book.is_prepared(card_id),
                Cause::Modify => false,
                Cause::Take => true,
            },
        };
        !may_be_unnamed && call.and_then(|call| self.book.entry(call)).is_none()
    }

    /// The rule that what a call was told breaks.
    fn broken(&self, number: u64, entry: &Entry) -> Broken {
        let Some((end, told)) = &entry.end else {
            return Some("it never ended");
        };
        let done = self.done_for(number);
        let of_any = of_any_deed(&entry.deed, told, done);
        of_any.or_else(|| match &entry.deed {
            Deed::Create { .. } => of_creation(told, done),
            Deed::RaiseStock { .. } => None,
            Deed::Redeem { code } => self.of_redeem(code, entry, *end, told, done),
            Deed::SetStock { card_id, target } => {
                let stock = told.stock?;
                let Some(movements) = self.effects.stock.get(card_id) else {
                    return Some("it told the stock of a card that there is not");
                };
                let own = done.iter().find_map(|effect| match effect {
                    Effect::Moved { index, .. } => Some(*index),
                    Effect::Redeemed(_) => None,
                });
                let history = History {
                    movements,
                    window: self.window(entry, *end, movements),
                    own,
                };
                history.broken(told.claim, stock, *target)
            }
        })
    }

    fn of_redeem(&self, code: &str, entry: &Entry, end: u64, told: &Told, done: &[Effect<'_>]) -> Broken {
        let calls = self.effects.redeems.get(code).into_iter().flatten();
        let doers: Vec<&Entry> = calls
            .filter_map(|call| call.and_then(|call| self.book.entry(call)))
            .collect();
        if told.claim.says_done() && !doers.iter().any(|doer| doer.begin < end) {
            return Some("it was said to be redeemed, and was not");
        }
        // Whatever its caller was told, but for `Unclear`, says that nothing of the doer's was under way any more.
        let is_over = |doer: &&Entry| doer.is_before(entry) && !doer.was_told(Claim::Unclear);
        if told.claim == Claim::Likely && done.is_empty() && doers.iter().any(is_over) {
            return Some("it was called likely its own, and was redeemed before it began");
        }
        None
    }

    /// The movements after which the stock may have been looked at by a call.
    ///
    /// Before them all is what was done for calls that had an answer before it began; after them is what was done for
    /// calls that began after its end. What was done for a call of which nothing is known may have come late.
    fn window(&self, entry: &Entry, end: u64, movements: &[Movement]) -> RangeInclusive<usize> {
        let caller = |movement: &Movement| movement.call.and_then(|call| self.book.entry(call));
        let is_before = |movement: &Movement| {
            caller(movement).is_some_and(|caller| caller.is_before(entry) && caller.was_told(Claim::Done))
        };
        let is_after = |movement: &Movement| caller(movement).is_some_and(|caller| end < caller.begin);
        let first = movements.iter().rposition(is_before).unwrap_or(0);
        let behind = movements.iter().position(is_after).unwrap_or(movements.len());
        first..=behind.saturating_sub(1)
    }
}

/// What holds for all deeds.
fn of_any_deed(deed: &Deed, told: &Told, done: &[Effect<'_>]) -> Broken {
    let ran = !done.is_empty();
    let rules = [
        (
            told.claim == Claim::Broken,
            "it failed and left open whether it ran, which it promises not to",
        ),
        (
            !done.iter().all(|effect| is_of(*effect, deed)),
            "something else was done than it was to do",
        ),
        (1 < done.len(), "it ran more than once"),
        (ran && !told.may_have_run, "it ran, and `may_have_run` is false"),
        (
            ran && told.claim.says_not_mine(),
            "it ran, and its caller was told that it did not",
        ),
        (
            !ran && told.claim == Claim::Done,
            "its caller was told that it ran, and it did not",
        ),
    ];
    rules
        .into_iter()
        .find_map(|(is_broken, rule)| is_broken.then_some(rule))
}

/// Whether this is what `deed` is about.
fn is_of(effect: Effect<'_>, deed: &Deed) -> bool {
    match (effect, deed) {
        (Effect::Redeemed(redeemed), Deed::Redeem { code }) => redeemed == code,
        (Effect::Moved { movement, .. }, Deed::Create { .. }) => movement.cause == Cause::Create,
        (
            Effect::Moved {
                card_id: moved,
                movement,
                ..
            },
            Deed::RaiseStock { card_id },
        ) => moved == card_id && movement.cause == Cause::Modify && movement.change == 1,
        (
            Effect::Moved {
                card_id: moved,
                movement,
                ..
            },
            Deed::SetStock { card_id, .. },
        ) => moved == card_id && movement.cause == Cause::Modify,
        _ => false,
    }
}

/// A card that is called new, even if only likely, must be the call's own: no other has its title.
fn of_creation(told: &Told, done: &[Effect<'_>]) -> Broken {
    let own = done.iter().filter_map(|effect| match effect {
        Effect::Moved { card_id, .. } => Some(*card_id),
        Effect::Redeemed(_) => None,
    });
    let is_own = own.eq(told.cards.iter().map(String::as_str));
    (told.claim.says_done() && !is_own).then_some("it names another card than the one that was created for it")
}

/// The stock of a card of which one till at a time sets the stock, as a call of that till may have seen it.
struct History<'a> {
    movements: &'a [Movement],
    /// The movements after which it may have looked.
    window: RangeInclusive<usize>,
    /// The movement that is its own.
    own: Option<usize>,
}

impl History<'_> {
    fn broken(&self, claim: Claim, told: Stock, target: i64) -> Broken {
        let (first, last) = (*self.window.start(), *self.window.end());
        let before = self.own.map_or(last, |own| own.saturating_sub(1));
        let own = self.own.and_then(|own| self.movements.get(own));
        let is_by_now = claim == Claim::Done || claim == Claim::NotRun;
        let rules = [
            (
                !self.had(told.from, first..=before),
                "it read a stock that the card did not have then",
            ),
            (
                own.is_some_and(|own| own.change != target - told.from),
                "it changed the stock by another number than was missing",
            ),
            (
                is_by_now && told.now != Some(target),
                "it called the stock set, and told another number than it was to set",
            ),
            (
                !is_by_now && told.now.is_some_and(|now| !self.had(now, first..=last)),
                "it told a stock that the card did not have then",
            ),
            // A change of the till's before that came late looks the same from outside, since nobody else makes any.
            (
                claim == Claim::Likely && !self.is_changed_in(first + 1..=last),
                "it called the stock changed, and nobody changed it",
            ),
        ];
        rules
            .into_iter()
            .find_map(|(is_broken, rule)| is_broken.then_some(rule))
    }

    /// Whether there were ever so many left to take in this span.
    fn had(&self, quantity: i64, span: RangeInclusive<usize>) -> bool {
        self.within(span).any(|movement| movement.quantity == quantity)
    }

    fn is_changed_in(&self, span: RangeInclusive<usize>) -> bool {
        self.within(span).any(|movement| movement.cause == Cause::Modify)
    }

    fn within(&self, span: RangeInclusive<usize>) -> impl Iterator<Item = &Movement> {
        let movements = self.movements.iter().enumerate();
        movements.filter_map(move |(index, movement)| span.contains(&index).then_some(movement))
    }
}

#[cfg(test)]
mod tests;
