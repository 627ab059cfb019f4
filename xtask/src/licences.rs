//! The licences of what we link.

use crate::cargo::tree;
use crate::problem::{Checked, Problem, Rule};

/// Licences that ask for no more than their text beside the program, and those whose duty ends at their own files.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    // Boost's; it asks for its text beside sources only.
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

static LICENCE: Rule = Rule {
    name: "licences",
    reason: "Whoever links us links all of this, so all of it is under licences that ask for no more than ours do.",
};

/// Checks every package that is linked or that builds what is linked, on any platform, with every feature.
pub(crate) fn check() -> Checked {
    let packages = tree(
        &["--workspace", "--all-features", "-e", "normal,build", "--target", "all"],
        "{p}|{l}",
    )?;
    Ok(packages.iter().filter_map(|line| refused(line)).collect())
}

/// What is wrong with `name v1.0.0|licence`.
fn refused(line: &str) -> Option<Problem> {
    let (package, licence) = line.split_once('|').unwrap_or((line, ""));
    let text = match licence {
        "" => "names no licence".to_owned(),
        _ => format!("is under `{licence}`, which is not in the list of `xtask/src/licences.rs`"),
    };
    (!is_allowed(licence)).then(|| Problem::new(&LICENCE, package, text))
}

/// Whether an SPDX expression can be met with the allowed licences alone.
fn is_allowed(expression: &str) -> bool {
    // The slash is how old manifests write `OR`.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    any(&mut words) == Some(true) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

/// `A OR B`: nothing where it does not read.
fn any(words: &mut Words<'_>) -> Option<bool> {
    let mut allowed = all(words)?;
    while words.next_if_eq(&"OR").is_some() {
        // Both sides are read, whatever the first says.
        allowed |= all(words)?;
    }
    Some(allowed)
}

/// `A AND B`, which binds more tightly.
fn all(words: &mut Words<'_>) -> Option<bool> {
    let mut allowed = one(words)?;
    while words.next_if_eq(&"AND").is_some() {
        allowed &= one(words)?;
    }
    Some(allowed)
}

/// A licence, with its exception, or an expression in parentheses.
fn one(words: &mut Words<'_>) -> Option<bool> {
    let word = words.next()?;
    if word == "(" {
        let inside = any(words)?;
        return words.next_if_eq(&")").map(|_| inside);
    }
    match words.next_if_eq(&"WITH") {
        Some(_) => Some(ALLOWED.contains(&format!("{word} WITH {}", words.next()?).as_str())),
        None => Some(ALLOWED.contains(&word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read() {
        for fine in [
            "MIT",
            "MIT OR Apache-2.0",
            "GPL-3.0 OR MIT",
            "MIT/GPL-3.0",
            "Apache-2.0 AND ISC",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
            "GPL-3.0 AND ISC OR MIT",
        ] {
            assert!(is_allowed(fine), "{fine}");
        }
        for refused in [
            "",
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(MIT OR Apache-2.0) AND GPL-3.0",
            "MIT AND (GPL-3.0 OR AGPL-3.0)",
            "GPL-2.0 WITH LLVM-exception",
            "MIT OR",
            "(MIT",
            "MIT ISC",
        ] {
            assert!(!is_allowed(refused), "{refused}");
        }
    }

    #[test]
    fn the_package_is_named() {
        assert!(refused("a v1.0.0|MIT").is_none());
        let problem = refused("a v1.0.0|GPL-3.0").unwrap().to_string();
        assert!(problem.starts_with("a v1.0.0: is under `GPL-3.0`"), "{problem}");
        assert_eq!(
            refused("a v1.0.0|").unwrap().to_string(),
            "a v1.0.0: names no licence [licences]"
        );
    }
}
