//! Rules for tests and for the examples in the documentation, which are tests.

use std::collections::BTreeMap;

use super::Check;
use crate::problem::{Problem, Rule};
use crate::source::{Source, Tree, words};

pub(super) const CHECKS: &[Check] = &[
    (&TESTS_RUN, tests_run),
    (&TESTS_DO_NOT_WAIT, tests_do_not_wait),
    (&EXAMPLES_RUN, examples_run),
    (&ONE_TEST_BINARY, one_test_binary),
];

static TESTS_RUN: Rule = Rule {
    name: "tests-run",
    reason: "A test that is skipped, or that passes on any panic, proves nothing and looks as if it did.",
};

fn tests_run(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in tree.rust("") {
        for attribute in ["ignore", "should_panic"] {
            for at in words(source.code(), attribute) {
                // Also inside `cfg_attr`; an attribute is what stands between `#[` and the end of its line.
                let line = source
                    .code()
                    .get(..at)
                    .and_then(|code| code.rsplit('\n').next())
                    .unwrap_or("");
                if line.contains("#[") {
                    problems.push(Problem::new(rule, source.place(at), format!("`{attribute}`")));
                }
            }
        }
    }
    problems
}

static TESTS_DO_NOT_WAIT: Rule = Rule {
    name: "tests-do-not-wait",
    reason: "A test that sleeps is slow on every machine and wrong on a busy one; the manual clock moves by itself.",
};

fn tests_do_not_wait(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in tree.rust("") {
        let tests = source.tests();
        for at in words(source.code(), "sleep(").filter(|at| tests.contains(at)) {
            let before = source.code().get(..at).unwrap_or("");
            // The handed-in clock, and a clock that a test declares, do not wait.
            if !before.ends_with("clock.") && !before.ends_with("fn ") {
                problems.push(Problem::new(rule, source.place(at), "waits; take the manual clock"));
            }
        }
    }
    problems
}

static EXAMPLES_RUN: Rule = Rule {
    name: "examples-run",
    reason: "An example that is not run is wrong some day; only those that call the real service are just compiled.",
};

fn examples_run(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in tree
        .all()
        .filter(|source| source.is_rust() || source.path.ends_with(".md"))
    {
        for (at, marks, example) in examples(source) {
            for mark in marks.split([',', ' ']).filter(|mark| is_not_run(mark, example)) {
                problems.push(Problem::new(
                    rule,
                    source.place(at),
                    format!("an example marked `{mark}`"),
                ));
            }
        }
    }
    problems
}

/// The fenced examples of a page, or of the documentation in a Rust file: where each begins, its marks and its text.
fn examples(source: &Source) -> Vec<(usize, &str, &str)> {
    let mut examples = Vec::new();
    let (mut offset, mut open) = (0, None);
    for line in source.text.split_inclusive('\n') {
        let begin = offset;
        offset += line.len();
        let text = line.trim();
        let text = match text.strip_prefix("///").or_else(|| text.strip_prefix("//!")) {
            Some(documentation) => documentation.trim_start(),
            None if source.is_rust() => continue,
            None => text,
        };
        match (text.strip_prefix("```"), open.take()) {
            (Some(marks), None) => open = Some((begin, marks)),
            (Some(_), Some((at, marks))) => examples.push((at, marks, source.text.get(at..begin).unwrap_or(""))),
            (None, still_open) => open = still_open,
        }
    }
    examples
}

/// Whether `mark` keeps `example` from being run for no good reason.
fn is_not_run(mark: &str, example: &str) -> bool {
    match mark {
        "ignore" | "should_panic" => true,
        // That backend's examples call the real service; they are compiled.
        "no_run" => !example.contains("wx_http_hyper"),
        _ => false,
    }
}

static ONE_TEST_BINARY: Rule = Rule {
    name: "one-test-binary",
    reason: "Every file in `tests/` is linked on its own; one binary of modules links once.",
};

fn one_test_binary(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    let mut binaries: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for source in tree.rust("") {
        let Some((package, file)) = source.path.split_once("/tests/") else {
            continue;
        };
        // A module `tests` with children is linked with its crate.
        if package.contains("/src/") {
            continue;
        }
        if !file.contains('/') || (file.ends_with("/main.rs") && file.matches('/').count() == 1) {
            binaries.entry(package).or_default().push(file);
        }
    }
    binaries
        .into_iter()
        .filter(|(_, files)| files.len() > 1)
        .map(|(package, files)| Problem::new(rule, package, format!("test binaries {}", files.join(", "))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    #[test]
    fn skipped_tests_are_found() {
        let check = (&TESTS_RUN, tests_run as _);
        let skipped = concat!(
            "#[test]\n#[ig",
            "nore]\nfn a() {}\n#[cfg_attr(a, should",
            "_panic)]\nfn b() {}\n"
        );
        assert_eq!(said(&check, &[("a.rs", skipped)]).len(), 2);
        assert!(said(&check, &[("a.rs", "fn a() {\n    ignore(b);\n}\n")]).is_empty());
    }

    #[test]
    fn waiting_tests_are_found() {
        let check = (&TESTS_DO_NOT_WAIT, tests_do_not_wait as _);
        let waits = concat!("fn a() {\n    thread::sl", "eep(B);\n}\n");
        assert_eq!(said(&check, &[("a/tests/it/main.rs", waits)]).len(), 1);
        assert_eq!(
            said(
                &check,
                &[("a/src/b.rs", &format!("\n#[cfg(test)]\nmod tests {{\n{waits}}}\n"))]
            )
            .len(),
            1
        );
        assert!(said(&check, &[("a/src/b.rs", waits)]).is_empty());
        assert!(said(&check, &[("a/tests/it/main.rs", "fn a() { clock.sleep(B); }")]).is_empty());
    }

    #[test]
    fn examples_that_do_not_run_are_found() {
        let check = (&EXAMPLES_RUN, examples_run as _);
        let examples = concat!("/// ```no", "_run\n/// ```\n//! ```rust,ig", "nore\n//! ```\n");
        assert_eq!(said(&check, &[("crates/wx-card/src/a.rs", examples)]).len(), 2);
        assert_eq!(
            said(&check, &[("README.md", concat!("```rust,no", "_run\n```\n"))]).len(),
            1
        );
        let network = concat!("```rust,no", "_run\nuse wx_http_hyper::HyperClient;\n```\n");
        assert!(said(&check, &[("README.md", network)]).is_empty());
        let skipped = network.replace("no_run", concat!("ig", "nore"));
        assert_eq!(said(&check, &[("README.md", &skipped)]).len(), 1);
        assert!(
            said(
                &check,
                &[("crates/wx-card/src/a.rs", "/// ```\n/// ignore();\n/// ```\n")]
            )
            .is_empty()
        );
    }

    #[test]
    fn a_second_test_binary_is_found() {
        let check = (&ONE_TEST_BINARY, one_test_binary as _);
        let files = [
            ("a/tests/it/main.rs", ""),
            ("a/tests/it/b.rs", ""),
            ("c/tests/d.rs", ""),
            ("c/src/e/tests/f.rs", ""),
            ("c/src/e/tests/g.rs", ""),
        ];
        assert!(said(&check, &files).is_empty());
        let files = [("a/tests/it/main.rs", ""), ("a/tests/b.rs", "")];
        assert_eq!(
            said(&check, &files),
            ["a: test binaries it/main.rs, b.rs [one-test-binary]"]
        );
    }
}
