//! Rules for the guides: both languages say the same, and together the pages know every operation.

use std::collections::BTreeSet;

use super::Check;
use super::links::{heading, prose};
use crate::endpoints::{is_chinese, operations};
use crate::problem::{Problem, Rule};
use crate::source::{Source, Tree, words};

pub(super) const CHECKS: &[Check] = &[
    (&GUIDE_ALIKE, guide_alike),
    (&GUIDE_BLOCKS, guide_blocks),
    (&GUIDE_OPERATIONS, guide_operations),
];

const ENGLISH: &str = "docs/guide/en/";
const CHINESE: &str = "docs/guide/zh/";

/// The list of the pages, which is no page.
const SUMMARY: &str = "SUMMARY.md";

/// The pages of a language, its summary among them.
fn pages<'a>(tree: &'a Tree, folder: &'static str) -> impl Iterator<Item = (&'a str, &'a Source)> {
    tree.all()
        .filter_map(move |source| Some((source.path.strip_prefix(folder)?, source)))
        .filter(|(name, _)| name.ends_with(".md"))
}

static GUIDE_ALIKE: Rule = Rule {
    name: "guide-alike",
    reason: "Who reads the guides in one language is told what the readers of the other are told.",
};

fn guide_alike(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (from, to) in [(ENGLISH, CHINESE), (CHINESE, ENGLISH)] {
        for (name, page) in pages(tree, from) {
            problems.extend(opening(rule, from, name, page));
            problems.extend(untranslated(rule, from, page));
            match tree.get(&format!("{to}{name}")) {
                None => problems.push(Problem::new(rule, &page.path, format!("`{to}{name}` is missing"))),
                // Once for each pair.
                Some(other) if from == CHINESE => problems.extend(differences(rule, page, other, &["mermaid"])),
                Some(_) => {}
            }
        }
    }
    if let (Some(page), Some(other)) = (tree.get("README.md"), tree.get("README.zh-CN.md")) {
        // What its programs print is in the language of the page.
        problems.extend(differences(rule, page, other, &["mermaid", "rust", "rust,no_run"]));
    }
    problems
}

/// A page that does not begin with its title and the way to the same page in the other language.
fn opening(rule: &'static Rule, folder: &str, name: &str, page: &Source) -> Option<Problem> {
    let languages = if folder == ENGLISH {
        format!("**English** | [简体中文](../zh/{name})")
    } else {
        format!("[English](../en/{name}) | **简体中文**")
    };
    let mut lines = page.text.lines();
    let begins = lines.next().is_some_and(|line| line.starts_with("# "));
    let opens = begins && lines.next() == Some("") && lines.next() == Some(&languages);
    let text = format!("begins with a title, an empty line and `{languages}`");
    (name != SUMMARY && !opens).then(|| Problem::new(rule, &page.path, text))
}

/// Sentences of a Chinese page without a word of Chinese.
fn untranslated(rule: &'static Rule, folder: &str, page: &Source) -> Vec<Problem> {
    let sentences = prose(&page.text).filter(|(_, line)| folder == CHINESE && line.trim_end().ends_with('.'));
    let foreign = sentences.filter(|(_, line)| !line.contains(is_chinese));
    foreign
        .map(|(at, line)| Problem::new(rule, page.place(at), format!("is not in Chinese: {}", line.trim_end())))
        .collect()
}

/// Where the headings or the blocks of a page are not those of the same page in the other language; blocks of the
/// `translated` languages have words in them.
fn differences(rule: &'static Rule, page: &Source, other: &Source, translated: &[&str]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let levels = |page: &Source| -> Vec<usize> {
        let headings = prose(&page.text).filter_map(|(_, line)| heading(line));
        headings.map(|(level, _)| level).collect()
    };
    let (own, others) = (levels(page), levels(other));
    if own != others {
        let text = format!("has headings of the levels {own:?}, `{}` of {others:?}", other.path);
        problems.push(Problem::new(rule, &page.path, text));
    }
    let (own, others) = (blocks(&page.text), blocks(&other.text));
    if own.len() != others.len() {
        let text = format!("has {} blocks, `{}` has {}", own.len(), other.path, others.len());
        problems.push(Problem::new(rule, &page.path, text));
    }
    for (block, other_block) in own.iter().zip(&others) {
        if block.language == other_block.language && translated.contains(&block.language) {
            continue;
        }
        let (code, other_code) = (block.without_comments(), other_block.without_comments());
        if block.language != other_block.language || code != other_code {
            let differ = code.iter().zip(&other_code).find(|(a, b)| a != b);
            let line = differ.map_or("its length", |(line, _)| line.as_str());
            let text = format!("this block is not the one of `{}`: {line}", other.place(other_block.at));
            problems.push(Problem::new(rule, page.place(block.at), text));
        }
    }
    problems
}

static GUIDE_BLOCKS: Rule = Rule {
    name: "guide-blocks",
    reason: "A block of a guide is compiled, run, or says by its mark that it cannot be.",
};

/// Compiled as doc tests; typed into a shell; shown by an example that tests run; and what is no code to run.
const LANGUAGES: &[&str] = &[
    "rust", "console", "html", "json", "toml", "java", "php", "text", "mermaid",
];

fn guide_blocks(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (_, page) in pages(tree, ENGLISH).chain(pages(tree, CHINESE)) {
        for block in blocks(&page.text) {
            let language = block.language.split(',').next().unwrap_or("");
            if !LANGUAGES.contains(&language) {
                let text = format!("a block marked `{language}`; there are {}", LANGUAGES.join(", "));
                problems.push(Problem::new(rule, page.place(block.at), text));
            }
        }
    }
    problems
}

static GUIDE_OPERATIONS: Rule = Rule {
    name: "guide-operations",
    reason: "Whoever needs an operation finds a guide that tells when and how.",
};

fn guide_operations(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for folder in [ENGLISH, CHINESE] {
        for operation in operations(tree) {
            let method = operation.method();
            let told = |page: &Source| words(&page.text, &method).next().is_some();
            // A table of what other SDKs call it tells nothing of it.
            if !pages(tree, folder).any(|(name, page)| !name.starts_with("coming-from-") && told(page)) {
                problems.push(Problem::new(rule, folder, format!("no page has a word on `{method}`")));
            }
        }
    }
    problems
}

/// A fenced block of a page.
#[derive(Debug)]
struct Block<'a> {
    /// Where it begins.
    at: usize,
    /// Its language and its marks.
    language: &'a str,
    lines: Vec<&'a str>,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let (mut blocks, mut open): (Vec<Block<'_>>, Option<Block<'_>>) = (Vec::new(), None);
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let at = offset;
        offset += line.len();
        match (line.trim().strip_prefix("```"), open.take()) {
            (Some(language), None) => {
                open = Some(Block {
                    at,
                    language,
                    lines: Vec::new(),
                });
            }
            (Some(_), Some(block)) => blocks.push(block),
            (None, Some(mut block)) => {
                block.lines.push(line.trim_end());
                open = Some(block);
            }
            (None, None) => {}
        }
    }
    // One that never ends is a block too.
    blocks.extend(open);
    blocks
}

impl Block<'_> {
    /// Its lines without what is said to people, and without lines of nothing else.
    fn without_comments(&self) -> Vec<String> {
        let sign = match self.language.split(',').next() {
            Some("console" | "toml") => "#",
            Some("html") => "<!--",
            Some("text") => "…", // What cannot be run has no comments.
            _ => "//",
        };
        let code = self
            .lines
            .iter()
            .map(|line| without_comment(line, sign).trim().to_owned());
        code.filter(|line| !line.is_empty()).collect()
    }
}

/// `line` up to the first `sign` that begins it or stands after a blank, outside of quotes.
fn without_comment<'a>(line: &'a str, sign: &str) -> &'a str {
    let signs: BTreeSet<usize> = line.match_indices(sign).map(|(at, _)| at).collect();
    let begins = signs.into_iter().find(|at| {
        let before = line.get(..*at).unwrap_or("");
        let after = line.get(at + sign.len()..).unwrap_or("");
        let is_quoted = before.matches('"').count() % 2 == 1;
        // `#[…]` and `#!` are no comments, nor is `# ` before a hidden line of Rust.
        let is_comment = sign != "#" || after.starts_with(' ');
        (before.is_empty() || before.ends_with([' ', '\t'])) && !is_quoted && is_comment
    });
    begins.and_then(|at| line.get(..at)).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    #[test]
    fn pages_that_differ_are_found() {
        let check = (&GUIDE_ALIKE, guide_alike as _);
        let english = "# One\n\n**English** | [简体中文](../zh/a.md)\n## Two\n```rust,no_run\nlet a = \"http://b\"; // three\n```\n```mermaid\nfour\n```\n\
                       ```console\n$ a --b # c\nd # e\n```\n";
        let chinese = "# 一\n\n[English](../en/a.md) | **简体中文**\n## 二\n```rust,no_run\nlet a = \"http://b\"; // 三\n```\n```mermaid\n四\n```\n\
                       ```console\n$ a --b # 丙\nd # e\n```\n";
        let differences = |chinese: &str| {
            said(
                &check,
                &[("docs/guide/en/a.md", english), ("docs/guide/zh/a.md", chinese)],
            )
        };
        assert_eq!(differences(chinese), [""; 0]);
        let broken = [
            (
                "## 二",
                "### 二",
                "has headings of the levels [1, 3], `docs/guide/en/a.md` of [1, 2]",
            ),
            (
                "http://b",
                "http://c",
                "this block is not the one of `docs/guide/en/a.md:5`: let a = \"http://c\";",
            ),
            (
                "let a",
                "let b = 1;\nlet a",
                "this block is not the one of `docs/guide/en/a.md:5`: let b = 1;",
            ),
            (
                ",no_run",
                "",
                "this block is not the one of `docs/guide/en/a.md:5`: its length",
            ),
            (
                "--b",
                "--c",
                "this block is not the one of `docs/guide/en/a.md:11`: $ a --c",
            ),
            ("```mermaid\n四\n```\n", "", "has 2 blocks, `docs/guide/en/a.md` has 3"),
            (
                "[English](../en/a.md) | **简体中文**",
                "**English** | [简体中文](../zh/a.md)",
                "begins with a title, an empty line and `[English](../en/a.md) | **简体中文**`",
            ),
            (
                "## 二",
                "## 二\nNobody put this into Chinese.",
                "zh/a.md:5: is not in Chinese: Nobody put",
            ),
        ];
        for (from, to, told) in broken {
            let said = differences(&chinese.replace(from, to));
            assert!(said.iter().any(|said| said.contains(told)), "{from}: {said:?}");
        }
        let alone = [("docs/guide/en/a.md", english), ("docs/guide/zh/SUMMARY.md", "")];
        assert_eq!(said(&check, &alone).len(), 2);
    }

    #[test]
    fn blocks_that_nobody_runs_are_found() {
        let check = (&GUIDE_BLOCKS, guide_blocks as _);
        let page = |mark: &str| format!("# One\n```{mark}\ntwo\n```\n");
        assert_eq!(said(&check, &[("docs/guide/en/a.md", &page("rust,no_run"))]), [""; 0]);
        for mark in ["sh", "bash", ""] {
            let told = format!("docs/guide/zh/a.md:2: a block marked `{mark}`; there are");
            let said = said(&check, &[("docs/guide/zh/a.md", &page(mark))]);
            assert!(said.len() == 1 && said[0].starts_with(&told), "{said:?}");
        }
    }

    #[test]
    fn operations_without_a_guide_are_found() {
        let check = (&GUIDE_OPERATIONS, guide_operations as _);
        let source = "//! A.\nimpl Endpoint for GetCard {\n    const PATH: &'static str = \"/card/get\";\n}\n";
        let operation = ("crates/wx-card-types/src/card/get.rs", source);
        let other = ("docs/guide/zh/coming-from-b.md", "`get_card`");
        let english = ("docs/guide/en/a.md", "`get_card` and `get_cards`");
        assert_eq!(
            said(
                &check,
                &[operation, english, ("docs/guide/zh/a.md", "`get_cards`"), other]
            ),
            ["docs/guide/zh/: no page has a word on `get_card` [guide-operations]"],
        );
        assert_eq!(
            said(&check, &[operation, english, ("docs/guide/zh/a.md", "`get_card`")]),
            [""; 0]
        );
    }
}
