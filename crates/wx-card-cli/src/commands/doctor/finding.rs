//! What was found out, and what to do about it.

use std::error::Error as StdError;

use serde::Serialize;
use wx_card::core::Error;

use crate::failure::{Failure, tls_advice};
use crate::output::{Format, Table};

/// What was found out in a step.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    check: &'static str,
    outcome: Outcome,
    says: String,
    next: Option<String>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Fine,
    Unusual,
    Failed,
}

impl Finding {
    pub(super) fn fine(check: &'static str, says: impl Into<String>) -> Self {
        Self {
            check,
            outcome: Outcome::Fine,
            says: says.into(),
            next: None,
        }
    }

    /// Nothing is wrong with it, but it may not be what was meant.
    pub(super) fn unusual(check: &'static str, says: impl Into<String>, next: &str) -> Self {
        Self {
            check,
            outcome: Outcome::Unusual,
            says: says.into(),
            next: Some(next.to_owned()),
        }
    }

    pub(super) fn failed(check: &'static str, says: impl Into<String>, next: Option<String>) -> Self {
        Self {
            check,
            outcome: Outcome::Failed,
            says: says.into(),
            next,
        }
    }

    /// What a call came to.
    pub(super) fn of_call<T>(check: &'static str, says: &str, called: Result<T, Error>) -> Self {
        match called.map_err(Failure::from) {
            Ok(_) => Self::fine(check, says),
            Err(failure) => Self::failed(check, failure.text(), failure.next_step()),
        }
    }
}

/// What was found out, in order.
#[derive(Debug, Default, Serialize)]
pub(super) struct Findings {
    checks: Vec<Finding>,
}

impl Findings {
    pub(super) fn add(&mut self, finding: Finding) {
        self.checks.push(finding);
    }

    /// Prints them; a run in which a step failed fails.
    pub(super) fn print(&self, format: Format) -> Result<(), Failure> {
        format.print_list(self, || self.table(), || self.text())?;
        if self.checks.iter().any(|finding| finding.outcome == Outcome::Failed) {
            return Err(Failure::told_with(4));
        }
        Ok(())
    }

    fn table(&self) -> Table {
        let mut table = Table::new(&["CHECK", "OUTCOME", "SAYS", "NEXT"]);
        for finding in &self.checks {
            let next = finding.next.as_deref().unwrap_or_default();
            table.row(&[finding.check, finding.outcome.word(), &finding.says, next]);
        }
        table
    }

    fn text(&self) -> String {
        let mut table = Table::default();
        for finding in &self.checks {
            table.row(&[finding.outcome.word(), finding.check, &finding.says]);
            if let Some(next) = &finding.next {
                table.row(&["", "", &format!("→ {next}")]);
            }
        }
        let failed = self.checks.iter().filter(|finding| finding.outcome == Outcome::Failed);
        let text = table.text();
        match failed.count() {
            0 => format!("{text}nothing is wrong\n"),
            1 => format!("{text}1 thing is wrong\n"),
            count => format!("{text}{count} things are wrong\n"),
        }
    }
}

impl Outcome {
    const fn word(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Unusual => "look",
            Self::Failed => "WRONG",
        }
    }
}

/// An error and its causes in a line, and what to do where TLS is one of them.
pub(super) fn causes(error: &(dyn StdError + 'static)) -> (String, Option<String>) {
    let mut text = error.to_string();
    let mut link = error.source();
    while let Some(cause) = link {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        link = cause.source();
    }
    (text, tls_advice(error).map(ToOwned::to_owned))
}
