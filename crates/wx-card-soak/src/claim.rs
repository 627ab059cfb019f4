//! What the callers were told, and what that claims about the service.

use std::collections::BTreeMap;

use wx_card::{ByThisCall, Redemption};
use wx_core::{ErrCode, Error};

/// What one attempt to redeem a code was told in the end.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Claim {
    /// This caller redeemed it.
    Redeemed,
    /// It is redeemed, likely by this caller.
    Likely,
    /// It is redeemed, by whomever; this caller may have done it.
    PerhapsMine,
    /// It is redeemed, and not by this caller.
    NotMine,
    /// This caller did certainly not redeem it.
    NotRun,
    /// This caller may have redeemed it.
    Unclear,
}

impl Claim {
    /// What the outcome of a plain `consume_code` claims.
    #[must_use]
    pub fn of_call<T>(result: &Result<T, Error>) -> Self {
        match result {
            Ok(_) => Self::Redeemed,
            Err(error) => Self::of_error(error),
        }
    }

    /// What the outcome of a `redeem` claims.
    #[must_use]
    pub fn of_flow(result: &Result<Redemption, Error>) -> Self {
        match result {
            Err(error) => Self::of_error(error),
            Ok(Redemption::Redeemed { .. }) => Self::Redeemed,
            Ok(Redemption::AlreadyRedeemed {
                by_this_call: ByThisCall::Likely,
                ..
            }) => Self::Likely,
            Ok(already @ Redemption::AlreadyRedeemed { .. }) if already.may_have_run() => Self::PerhapsMine,
            Ok(Redemption::AlreadyRedeemed { .. }) => Self::NotMine,
            Ok(Redemption::Refused { .. }) => Self::NotRun,
            // An outcome that has no name here promises nothing.
            Ok(_) => Self::Unclear,
        }
    }

    fn of_error(error: &Error) -> Self {
        if error.may_have_run() {
            Self::Unclear
        } else if error.errcode() == Some(ErrCode::CODE_CONSUMED) {
            Self::NotMine
        } else {
            Self::NotRun
        }
    }

    /// Whether the code must be redeemed if this is true.
    const fn says_redeemed(self) -> bool {
        matches!(self, Self::Redeemed | Self::Likely | Self::PerhapsMine | Self::NotMine)
    }

    /// Whether this caller may have been the one.
    const fn may_be_the_one(self) -> bool {
        matches!(self, Self::Redeemed | Self::Likely | Self::PerhapsMine | Self::Unclear)
    }
}

/// All claims, by code, and those about the stock.
#[derive(Clone, Debug, Default)]
pub struct Book {
    codes: BTreeMap<String, Vec<Claim>>,
    stock: BTreeMap<Claim, u64>,
}

impl Book {
    /// Notes what one caller was told about `code`.
    pub fn note(&mut self, code: &str, claim: Claim) {
        self.codes.entry(code.to_owned()).or_default().push(claim);
    }

    /// Notes what one caller was told about raising the stock by one.
    pub fn note_stock(&mut self, claim: Claim) {
        *self.stock.entry(claim).or_default() += 1;
    }

    /// How many codes there are claims about.
    #[must_use]
    pub fn codes(&self) -> usize {
        self.codes.len()
    }

    /// How many claims of each kind there are about codes.
    #[must_use]
    pub fn tally(&self) -> BTreeMap<Claim, u64> {
        let mut tally = BTreeMap::new();
        for claim in self.codes.values().flatten() {
            *tally.entry(*claim).or_default() += 1;
        }
        tally
    }

    /// Holds the claims against what the service did: how often it accepted each code, and how often the stock rose.
    #[must_use]
    pub fn contradictions(&self, accepted: &BTreeMap<String, u64>, raised: u64) -> Vec<String> {
        let mut found = Vec::new();
        for (code, times) in accepted {
            if *times > 1 {
                found.push(format!("code {code} was redeemed {times} times"));
            }
            if *times > 0 && !self.codes.contains_key(code) {
                found.push(format!("code {code} was redeemed and nobody tried to"));
            }
        }
        for (code, claims) in &self.codes {
            let times = accepted.get(code).copied().unwrap_or_default();
            let contradiction = contradiction(claims, times);
            found.extend(
                contradiction.map(|rule| format!("code {code}: {rule}; told {claims:?}, redeemed {times} times")),
            );
        }
        found.extend(self.contradiction_of_stock(raised));
        found
    }

    fn contradiction_of_stock(&self, raised: u64) -> Option<String> {
        let count = |claim| self.stock.get(&claim).copied().unwrap_or_default();
        let (least, perhaps) = (count(Claim::Redeemed), count(Claim::Unclear));
        let possible = least..=least + perhaps;
        (!possible.contains(&raised)).then(|| {
            format!("the stock was raised {raised} times; {least} callers were told so and {perhaps} were left unsure")
        })
    }
}

/// Which rule the claims about one code break, when it was redeemed so many times.
fn contradiction(claims: &[Claim], times: u64) -> Option<&'static str> {
    let redeemed = claims.iter().filter(|claim| **claim == Claim::Redeemed).count();
    if redeemed > 1 {
        Some("two callers were told that they redeemed it")
    } else if times == 0 && claims.iter().any(|claim| claim.says_redeemed()) {
        Some("it was said to be redeemed and is not")
    } else if times > 0 && !claims.iter().any(|claim| claim.may_be_the_one()) {
        Some("it was redeemed, and everybody was told that it was not by them")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(claims: &[Claim]) -> Book {
        let mut book = Book::default();
        for claim in claims {
            book.note("1", *claim);
        }
        book
    }

    fn found(claims: &[Claim], times: u64) -> Vec<String> {
        let accepted = BTreeMap::from([(String::from("1"), times)]);
        book(claims).contradictions(&accepted, 0)
    }

    #[test]
    fn what_fits_together_is_no_contradiction() {
        use Claim::{Likely, NotMine, NotRun, PerhapsMine, Redeemed, Unclear};
        for (claims, times) in [
            (&[Redeemed, NotMine, NotRun][..], 1),
            (&[Unclear, NotMine], 1),
            (&[Likely, NotMine], 1),
            (&[PerhapsMine], 1),
            (&[Unclear, NotRun], 0),
            (&[NotRun, NotRun], 0),
        ] {
            assert_eq!(found(claims, times), [""; 0], "{claims:?}");
        }
    }

    #[test]
    fn every_lie_is_found() {
        use Claim::{Likely, NotMine, NotRun, PerhapsMine, Redeemed};
        for (claims, times, problem) in [
            (&[Redeemed][..], 2, "was redeemed 2 times"),
            (&[Redeemed, Redeemed], 1, "two callers"),
            (&[Redeemed], 0, "said to be redeemed"),
            (&[Likely], 0, "said to be redeemed"),
            (&[PerhapsMine], 0, "said to be redeemed"),
            (&[NotMine], 0, "said to be redeemed"),
            (&[NotRun, NotMine], 1, "not by them"),
            (&[], 1, "nobody tried"),
        ] {
            let found = found(claims, times);
            assert!(
                found.iter().any(|found| found.contains(problem)),
                "{claims:?}: {found:?}"
            );
        }
    }

    #[test]
    fn the_stock_must_fit_what_was_told() {
        let mut book = Book::default();
        for claim in [Claim::Redeemed, Claim::Unclear, Claim::NotRun] {
            book.note_stock(claim);
        }
        for (raised, problems) in [(0, 1), (1, 0), (2, 0), (3, 1)] {
            assert_eq!(
                book.contradictions(&BTreeMap::new(), raised).len(),
                problems,
                "{raised}"
            );
        }
    }
}
