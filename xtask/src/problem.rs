//! What a check finds.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;

/// The problems that a check found, or why it could not look.
pub(crate) type Checked = Result<Vec<Problem>, Box<dyn Error>>;

/// A rule that something can break.
#[derive(Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Rule {
    /// Its name, as in `docs/style.md`.
    pub(crate) name: &'static str,
    /// Why it is there, in a sentence.
    pub(crate) reason: &'static str,
}

/// One place that breaks one rule.
#[derive(Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Problem {
    rule: &'static Rule,
    place: String,
    text: String,
}

impl Problem {
    /// `place` breaks `rule`: `text` says how.
    pub(crate) fn new(rule: &'static Rule, place: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            rule,
            place: place.into(),
            text: text.into(),
        }
    }

    /// The problems, a line each, and below them the rules that they break, each once, with its reason.
    pub(crate) fn told(problems: &[Self]) -> String {
        let rules: BTreeSet<&Rule> = problems.iter().map(|problem| problem.rule).collect();
        let places = problems.iter().map(ToString::to_string);
        let reasons = rules.iter().map(|rule| format!("  [{}] {}", rule.name, rule.reason));
        places.chain(reasons).collect::<Vec<_>>().join("\n")
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.place, self.text, self.rule.name)
    }
}
