//! Rules for every source file.

use super::Check;
use crate::problem::{Problem, Rule};
use crate::source::{Source, Tree, words};

/// Code lines that a file may have before it must be split; about 300 is the aim.
const MOST_LINES: usize = 450;

pub(super) const CHECKS: &[Check] = &[
    (&MODULE_DOCS, module_docs),
    (&NO_MOD_RS, no_mod_rs),
    (&FILE_LENGTH, file_length),
    (&FINISHED, finished),
    (&ORDERED_MAPS, ordered_maps),
    (&PURE_BOTTOMS, pure_bottoms),
    (&OWN_WORDS, own_words),
];

static MODULE_DOCS: Rule = Rule {
    name: "module-docs",
    reason: "A file begins with `//!` and what it is for, so that nobody must read it to know whether to read it.",
};

fn module_docs(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    tree.rust("")
        // A crate's README is its page; it is documentation too.
        .filter(|source| !source.text.starts_with("//! ") && !source.text.starts_with("#![doc = include_str!("))
        .map(|source| Problem::new(rule, source.place(0), "the first line is no `//!` sentence"))
        .collect()
}

static NO_MOD_RS: Rule = Rule {
    name: "no-mod-rs",
    reason: "A module with children is `name.rs` beside `name/`, so that every open tab has a name of its own.",
};

fn no_mod_rs(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    tree.rust("")
        .filter(|source| source.path.ends_with("/mod.rs"))
        .map(|source| Problem::new(rule, &source.path, "call it after its folder, beside the folder"))
        .collect()
}

static FILE_LENGTH: Rule = Rule {
    name: "file-length",
    reason: "A file that does not fit into one reading does more than one thing.",
};

fn file_length(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    tree.rust("")
        .filter(|source| source.path.contains("/src/"))
        .map(|source| {
            (
                source,
                source.shipped().lines().filter(|line| !line.trim().is_empty()).count(),
            )
        })
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(source, lines)| {
            let text = format!("{lines} lines of code without comments and tests; split it at {MOST_LINES}");
            Problem::new(rule, &source.path, text)
        })
        .collect()
}

static FINISHED: Rule = Rule {
    name: "finished",
    reason: "What is not finished is not committed: a placeholder is a promise that nobody is bound by.",
};

fn finished(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    let macros = [concat!("to", "do!"), concat!("unimplemented", "!")];
    let notes = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];
    let in_code = tree.rust("").flat_map(|source| found(source, source.code(), &macros));
    let in_text = tree
        .all()
        .filter(|source| {
            [".rs", ".toml", ".md", ".sh", ".yml"]
                .iter()
                .any(|end| source.path.ends_with(end))
        })
        .flat_map(|source| found(source, &source.text, &notes));
    in_code
        .chain(in_text)
        .map(|(place, word)| Problem::new(rule, place, format!("`{word}`")))
        .collect()
}

static ORDERED_MAPS: Rule = Rule {
    name: "ordered-maps",
    reason: "What is iterated is serialized, signed or printed some day, and then its order must not change by itself.",
};

fn ordered_maps(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    tree.rust("")
        .flat_map(|source| found(source, source.code(), &["HashMap", "HashSet"]))
        .map(|(place, word)| Problem::new(rule, place, format!("`{word}`: take the one with `BTree`")))
        .collect()
}

static PURE_BOTTOMS: Rule = Rule {
    name: "pure-bottoms",
    reason: "The types and the core get transport, time and randomness handed in, so that every caller decides and \
             every test is the same each time.",
};

/// What reads files, the network, the environment, a clock or randomness.
const IMPURE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::os",
    "std::process",
    "std::thread",
    "tokio::net",
    "tokio::time",
    "Instant::now",
    "SystemTime::now",
    "TcpListener",
    "TcpStream",
    "ToSocketAddrs",
    "UdpSocket",
    "getrandom",
];

fn pure_bottoms(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    ["crates/wx-card-types/src/", "crates/wx-core/src/"]
        .into_iter()
        .flat_map(|folder| tree.rust(folder))
        // These two are chosen by whoever switches their feature on; nothing else in the crate uses them.
        .filter(|source| {
            !["/src/system.rs", "/src/conformance"]
                .iter()
                .any(|place| source.path.contains(place))
        })
        .flat_map(|source| found(source, source.shipped(), IMPURE))
        .map(|(place, word)| Problem::new(rule, place, format!("`{word}` in a crate that does nothing by itself")))
        .collect()
}

static OWN_WORDS: Rule = Rule {
    name: "own-words",
    reason: "The project speaks of itself, not of the machine or the people that made it.",
};

fn own_words(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    let folders = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    let names = [concat!("fa", "rm-"), concat!("helper", " agent")];
    let mut problems = Vec::new();
    for source in tree.all() {
        let of_machine = folders.into_iter().filter(|folder| begins_a_path(&source.text, folder));
        let wanted: Vec<&str> = of_machine.chain(names).collect();
        for (place, word) in found(source, &source.text, &wanted) {
            problems.push(Problem::new(rule, place, format!("`{word}`")));
        }
    }
    problems
}

/// Whether a path in `text` begins with `folder`; in the middle of an address it may stand.
fn begins_a_path(text: &str, folder: &str) -> bool {
    text.match_indices(folder).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || "._-~}".contains(c))
    })
}

/// Every place of `source` where one of `wanted` stands in `text`, a part of it from its beginning.
fn found<'a>(source: &Source, text: &str, wanted: &[&'a str]) -> Vec<(String, &'a str)> {
    wanted
        .iter()
        .flat_map(|word| {
            words(text, word)
                .map(|at| (source.place(at), *word))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    #[test]
    fn a_file_says_what_it_is_for() {
        let files = [
            ("a/src/a.rs", "//! A.\n"),
            ("a/src/b.rs", "// B\n"),
            ("a/src/c.rs", "#![doc = include_str!(\"../README.md\")]\n"),
        ];
        let said = said(&(&MODULE_DOCS, module_docs), &files);
        assert_eq!(
            said,
            ["a/src/b.rs:1: the first line is no `//!` sentence [module-docs]"]
        );
    }

    #[test]
    fn a_module_is_named_after_itself() {
        let said = said(&(&NO_MOD_RS, no_mod_rs), &[("a/src/b/mod.rs", ""), ("a/src/b.rs", "")]);
        assert_eq!(
            said,
            ["a/src/b/mod.rs: call it after its folder, beside the folder [no-mod-rs]"]
        );
    }

    #[test]
    fn a_file_has_an_end() {
        let code = "fn a() {}\n";
        let tests = format!("\n#[cfg(test)]\nmod tests {{\n{}}}\n", code.repeat(100));
        let fits = format!("{}// Comment.\n\n{tests}", code.repeat(MOST_LINES));
        let too_long = format!("{code}{fits}");
        let check = (&FILE_LENGTH, file_length as _);
        assert!(said(&check, &[("a/src/a.rs", &fits)]).is_empty());
        assert_eq!(
            said(&check, &[("a/src/a.rs", &too_long)]),
            ["a/src/a.rs: 451 lines of code without comments and tests; split it at 450 [file-length]"],
        );
    }

    #[test]
    fn placeholders_are_found_in_code_and_notes_anywhere() {
        let placeholder = concat!("//! A.\nfn a() { to", "do!() }\n// TO", "DO: b\n");
        let check = (&FINISHED, finished as _);
        assert_eq!(said(&check, &[("a/src/a.rs", placeholder)]).len(), 2);
        assert_eq!(said(&check, &[("docs/a.md", concat!("FIX", "ME"))]).len(), 1);
        let fine = concat!("//! A.\nconst A: &str = \"to", "do!\";\nconst NO_X", "XX: u8 = 1;\n");
        assert!(said(&check, &[("a/src/a.rs", fine)]).is_empty());
    }

    #[test]
    fn maps_are_ordered() {
        let check = (&ORDERED_MAPS, ordered_maps as _);
        assert_eq!(said(&check, &[("a.rs", "use std::collections::HashMap;")]).len(), 1);
        assert!(
            said(
                &check,
                &[("a.rs", "// No HashMap here.\nuse std::collections::BTreeMap;")]
            )
            .is_empty()
        );
    }

    #[test]
    fn the_bottoms_read_nothing_by_themselves() {
        let check = (&PURE_BOTTOMS, pure_bottoms as _);
        let reads = "//! A.\nfn a() { std::env::var(\"A\"); }\n";
        assert_eq!(said(&check, &[("crates/wx-core/src/a.rs", reads)]).len(), 1);
        assert!(said(&check, &[("crates/wx-core/src/system.rs", reads)]).is_empty());
        assert!(said(&check, &[("crates/wx-card-cli/src/a.rs", reads)]).is_empty());
    }

    #[test]
    fn the_machine_stays_out() {
        let check = (&OWN_WORDS, own_words as _);
        assert_eq!(
            said(&check, &[("a.md", concat!("See /wo", "rk/a.\nAnd /ho", "me/b."))]).len(),
            2
        );
        assert!(said(&check, &[("a.md", concat!("<https://example.com/wo", "rk/a>"))]).is_empty());
    }
}
