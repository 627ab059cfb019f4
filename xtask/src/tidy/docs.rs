//! Rules for the documentation.

use super::Check;
use crate::problem::{Problem, Rule};
use crate::source::{Tree, words};

pub(super) const CHECKS: &[Check] = &[(&TESTS_NAMED, tests_named), (&CRATES_TOLD, crates_told)];

static TESTS_NAMED: Rule = Rule {
    name: "tests-named",
    reason: "A page that names the test behind a promise is believed, so the test must be there.",
};

/// The pages that name tests.
const PROMISES: &[&str] = &["docs/architecture.md", "docs/secrets.md", "docs/testing.md"];

fn tests_named(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for page in PROMISES.iter().filter_map(|path| tree.get(path)) {
        // What stands between two backticks is every second piece of the text.
        let mut offset = 0;
        for (number, piece) in page.text.split('`').enumerate() {
            if number % 2 == 1 && is_sentence(piece) {
                let declaration = format!("fn {piece}");
                if !tree
                    .rust("")
                    .any(|source| words(source.code(), &declaration).next().is_some())
                {
                    problems.push(Problem::new(
                        rule,
                        page.place(offset),
                        format!("no test is called `{piece}`"),
                    ));
                }
            }
            offset += piece.len() + 1;
        }
    }
    problems
}

/// Whether `text` is the name of a test: a sentence of at least four words.
fn is_sentence(text: &str) -> bool {
    text.matches('_').count() >= 3
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

static CRATES_TOLD: Rule = Rule {
    name: "crates-told",
    reason: "A user of a crate reads what it is in its README and what changed in its CHANGELOG.",
};

fn crates_told(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for manifest in tree.all() {
        let Some(folder) = manifest
            .path
            .strip_suffix("/Cargo.toml")
            .filter(|folder| folder.starts_with("crates/"))
        else {
            continue;
        };
        for (file, must_say) in [("README.md", "#"), ("CHANGELOG.md", "## Unreleased")] {
            let path = format!("{folder}/{file}");
            match tree.get(&path) {
                None => problems.push(Problem::new(rule, path, "is missing")),
                Some(source) if !source.text.contains(must_say) => {
                    problems.push(Problem::new(rule, path, format!("has no `{must_say}`")));
                }
                Some(_) => {}
            }
        }
    }
    problems
}

static RULES_WRITTEN: Rule = Rule {
    name: "rules-written",
    reason: "A rule that a check holds is written down with its reason, so that nobody learns it from a failure.",
};

const STYLE: &str = "docs/style.md";

/// The rules that `docs/style.md` does not have.
pub(super) fn unwritten_rules(tree: &Tree, rules: impl Iterator<Item = &'static Rule>) -> Vec<Problem> {
    let style = tree.get(STYLE).map_or("", |source| &source.text);
    rules
        .chain([&RULES_WRITTEN])
        .filter(|rule| !style.contains(&format!("**{}**", rule.name)))
        .map(|rule| Problem::new(&RULES_WRITTEN, STYLE, format!("has no word on **{}**", rule.name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    #[test]
    fn promises_of_tests_that_are_not_there_are_found() {
        let check = (&TESTS_NAMED, tests_named as _);
        let page = (
            "docs/secrets.md",
            "It is held by\n`nothing_secret_is_shown`, and `wx_core` is `a::b`.",
        );
        assert!(
            said(
                &check,
                &[page, ("a/tests/it/main.rs", "fn nothing_secret_is_shown() {}")]
            )
            .is_empty()
        );
        assert_eq!(
            said(&check, &[page, ("a/src/b.rs", "// fn nothing_secret_is_shown\n")]),
            ["docs/secrets.md:2: no test is called `nothing_secret_is_shown` [tests-named]"],
        );
    }

    #[test]
    fn crates_without_their_pages_are_found() {
        let check = (&CRATES_TOLD, crates_told as _);
        let readme = ("crates/a/README.md", "# A\n");
        assert_eq!(
            said(
                &check,
                &[
                    ("crates/a/Cargo.toml", ""),
                    readme,
                    ("crates/a/CHANGELOG.md", "# Changes\n")
                ]
            ),
            ["crates/a/CHANGELOG.md: has no `## Unreleased` [crates-told]"],
        );
        assert!(
            said(
                &check,
                &[
                    ("crates/a/Cargo.toml", ""),
                    readme,
                    ("crates/a/CHANGELOG.md", "## Unreleased\n")
                ]
            )
            .is_empty()
        );
        assert_eq!(said(&check, &[("crates/a/Cargo.toml", "")]).len(), 2);
    }

    #[test]
    fn rules_without_a_word_are_found() {
        let tree = Tree::of(&[(STYLE, "- **tests-named**: yes. **rules-written**: yes.")]);
        let problems = unwritten_rules(&tree, [&TESTS_NAMED, &CRATES_TOLD].into_iter());
        assert_eq!(problems.len(), 1);
        assert_eq!(
            problems[0].to_string(),
            "docs/style.md: has no word on **crates-told** [rules-written]"
        );
    }
}
