//! House rules over the source text: what no compiler and no lint looks at.

mod docs;
mod guide;
mod links;
mod operations;
mod secrets;
mod signatures;
mod sources;
mod tests_rules;

pub(crate) use links::{links, plain};

use crate::problem::{Problem, Rule};
use crate::source::Tree;

/// One rule and the function that looks for what breaks it.
pub(crate) type Check = (&'static Rule, fn(&'static Rule, &Tree) -> Vec<Problem>);

/// Every check, in the order of `docs/style.md`.
fn checks() -> impl Iterator<Item = &'static Check> {
    [
        sources::CHECKS,
        signatures::CHECKS,
        tests_rules::CHECKS,
        secrets::CHECKS,
        operations::CHECKS,
        docs::CHECKS,
        links::CHECKS,
        guide::CHECKS,
    ]
    .into_iter()
    .flatten()
}

/// Everything that breaks a rule.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems: Vec<Problem> = checks().flat_map(|(rule, check)| check(rule, tree)).collect();
    problems.extend(docs::unwritten_rules(tree, checks().map(|(rule, _)| *rule)));
    problems
}

/// What one rule says of these files, a line each.
#[cfg(test)]
fn said(check: &Check, files: &[(&str, &str)]) -> Vec<String> {
    let (rule, check) = check;
    let problems = check(rule, &Tree::of(files));
    problems.iter().map(ToString::to_string).collect()
}
