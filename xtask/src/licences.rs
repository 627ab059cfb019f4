//! The licences of what we link.

use std::error::Error;
use std::fs;

use crate::cargo::{root, tree};
use crate::problem::{Checked, Problem, Rule};

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
    let allowed = allowed()?;
    Ok(packages.iter().filter_map(|line| refused(line, &allowed)).collect())
}

/// The list that `cargo deny` reads too.
fn allowed() -> Result<Vec<String>, Box<dyn Error>> {
    let deny: toml::Table = fs::read_to_string(root().join("deny.toml"))?.parse()?;
    let allowed = deny
        .get("licenses")
        .and_then(|licenses| licenses.get("allow")?.as_array())
        .ok_or("deny.toml has no list licenses.allow")?;
    Ok(allowed
        .iter()
        .filter_map(|licence| Some(licence.as_str()?.to_owned()))
        .collect())
}

/// What is wrong with `name v1.0.0|licence`.
fn refused(line: &str, allowed: &[String]) -> Option<Problem> {
    let (package, licence) = line.split_once('|').unwrap_or((line, ""));
    let text = match licence {
        "" => "names no licence".to_owned(),
        _ => format!("is under `{licence}`, which is not in the list of `deny.toml`"),
    };
    (!is_allowed(licence, allowed)).then(|| Problem::new(&LICENCE, package, text))
}

/// Whether an SPDX expression can be met with the allowed licences alone.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    // The slash is how old manifests write `OR`.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    any(&mut words, allowed) == Some(true) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

/// `A OR B`: nothing where it does not read.
fn any(words: &mut Words<'_>, list: &[String]) -> Option<bool> {
    let mut allowed = all(words, list)?;
    while words.next_if_eq(&"OR").is_some() {
        // Both sides are read, whatever the first says.
        allowed |= all(words, list)?;
    }
    Some(allowed)
}

/// `A AND B`, which binds more tightly.
fn all(words: &mut Words<'_>, list: &[String]) -> Option<bool> {
    let mut allowed = one(words, list)?;
    while words.next_if_eq(&"AND").is_some() {
        allowed &= one(words, list)?;
    }
    Some(allowed)
}

/// A licence, with its exception, or an expression in parentheses.
fn one(words: &mut Words<'_>, list: &[String]) -> Option<bool> {
    let word = words.next()?;
    if word == "(" {
        let inside = any(words, list)?;
        return words.next_if_eq(&")").map(|_| inside);
    }
    match words.next_if_eq(&"WITH") {
        Some(_) => Some(list.contains(&format!("{word} WITH {}", words.next()?))),
        None => Some(list.iter().any(|allowed| allowed == word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Vec<String> {
        let list = [
            "Apache-2.0",
            "Apache-2.0 WITH LLVM-exception",
            "ISC",
            "MIT",
            "Unicode-3.0",
        ];
        list.map(ToOwned::to_owned).to_vec()
    }

    #[test]
    fn the_list_is_that_of_deny_toml() {
        assert!(allowed().unwrap().contains(&"MIT".to_owned()));
    }

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
            assert!(is_allowed(fine, &list()), "{fine}");
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
            assert!(!is_allowed(refused, &list()), "{refused}");
        }
    }

    #[test]
    fn the_package_is_named() {
        assert!(refused("a v1.0.0|MIT", &list()).is_none());
        let problem = refused("a v1.0.0|GPL-3.0", &list()).unwrap().to_string();
        assert!(problem.starts_with("a v1.0.0: is under `GPL-3.0`"), "{problem}");
        assert_eq!(
            refused("a v1.0.0|", &list()).unwrap().to_string(),
            "a v1.0.0: names no licence [licences]"
        );
    }
}
