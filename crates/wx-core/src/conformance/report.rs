//! What a run has found.

use std::collections::BTreeSet;
use std::fmt;

use super::rule::Rule;

/// One thing that was done against a rule.
#[derive(Clone, Debug)]
pub struct Broken {
    rule: &'static Rule,
    situation: String,
    expected: String,
    seen: String,
}

impl Broken {
    pub(super) fn new(rule: &'static Rule, situation: &str, expected: &str, seen: impl Into<String>) -> Self {
        Self {
            rule,
            situation: situation.to_owned(),
            expected: expected.to_owned(),
            seen: seen.into(),
        }
    }

    /// The rule.
    #[must_use]
    pub const fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// What it was about: what the suite did, or its server.
    #[must_use]
    pub fn situation(&self) -> &str {
        &self.situation
    }

    /// What an implementation that keeps the rule does then.
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// What this one did. The planted texts may stand in it, which are no secrets.
    #[must_use]
    pub fn seen(&self) -> &str {
        &self.seen
    }
}

/// Something that was not tried, and why.
#[derive(Clone, Debug)]
pub struct LeftOut {
    pub(super) rule: &'static Rule,
    pub(super) what: &'static str,
    pub(super) why: &'static str,
}

impl LeftOut {
    /// The rule that it would have been about; other situations may have been tried for it.
    #[must_use]
    pub const fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// What was not tried.
    #[must_use]
    pub const fn what(&self) -> &'static str {
        self.what
    }

    /// Why not.
    #[must_use]
    pub const fn why(&self) -> &'static str {
        self.why
    }
}

/// What a run of the suite has found; `Display` is the whole of it in plain words.
#[derive(Clone, Debug)]
#[must_use = "a report that nobody looks at proves nothing; call `assert`"]
pub struct Report {
    /// Every rule of the suite, in the order of the contract.
    pub(super) rules: &'static [&'static Rule],
    pub(super) broken: Vec<Broken>,
    pub(super) left_out: Vec<LeftOut>,
}

impl Report {
    /// Passes when every rule was kept.
    ///
    /// # Panics
    ///
    /// When one was not: with every broken rule, what was expected and what was seen.
    pub fn assert(&self) {
        assert!(self.broken.is_empty(), "{self}");
    }

    /// Everything that was done against a rule.
    #[must_use]
    pub fn broken(&self) -> &[Broken] {
        &self.broken
    }

    /// The names of the rules that were broken.
    #[must_use]
    pub fn broken_rules(&self) -> BTreeSet<&'static str> {
        self.broken.iter().map(|broken| broken.rule.name()).collect()
    }

    /// Everything that was not tried. It is empty unless the suite was told of something that cannot be.
    #[must_use]
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.broken_rules().len(), self.rules.len()) {
            (0, all) => writeln!(f, "all {all} rules of the contract are kept")?,
            (broken, all) => writeln!(f, "{broken} of {all} rules of the contract are broken")?,
        }
        for rule in self.rules {
            let broken: Vec<&Broken> = self.broken.iter().filter(|broken| broken.rule == *rule).collect();
            if !broken.is_empty() {
                writeln!(f, "\n{rule}")?;
            }
            for Broken {
                situation,
                expected,
                seen,
                ..
            } in broken
            {
                writeln!(
                    f,
                    "  situation: {situation}\n    expected: {expected}\n    seen:     {seen}"
                )?;
            }
        }
        for LeftOut { rule, what, why } in &self.left_out {
            writeln!(f, "\nleft out of {}: {what}, because {why}", rule.name())?;
        }
        Ok(())
    }
}
