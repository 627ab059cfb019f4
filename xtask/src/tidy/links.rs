//! Links of the documentation: each leads to a file, and to a heading of it where it names one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use super::Check;
use crate::cargo::root;
use crate::layers;
use crate::problem::{Problem, Rule};
use crate::source::Tree;

pub(super) const CHECKS: &[Check] = &[(&LINKS_LEAD, links_lead)];

static LINKS_LEAD: Rule = Rule {
    name: "links-lead",
    reason: "A link that leads nowhere costs the reader's trust in the page.",
};

/// Begins the whole address of a file of ours.
const REPOSITORY: &str = "https://github.com/wx-card/wx-card/blob/main/";

fn links_lead(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    let pages = || tree.all().filter(|source| source.path.ends_with(".md"));
    let anchors: BTreeMap<&str, BTreeSet<String>> =
        pages().map(|page| (page.path.as_str(), anchors(&page.text))).collect();
    let mut problems = Vec::new();
    for page in pages() {
        for (at, target) in links(&page.text) {
            let wrong = if let Some(ours) = target.strip_prefix(REPOSITORY) {
                wrong_with(tree, &anchors, "", ours)
            } else if target.contains("://") || target.starts_with("mailto:") || target.contains("::") {
                // What names a scheme is elsewhere, what names a path of Rust is rustdoc's.
                None
            } else if is_read_elsewhere(&page.path) && !target.starts_with('#') {
                Some("leads nowhere on docs.rs; begin it with https://github.com/wx-card/wx-card/blob/main/")
            } else {
                wrong_with(tree, &anchors, &page.path, target)
            };
            problems.extend(wrong.map(|wrong| Problem::new(rule, page.place(at), format!("`{target}` {wrong}"))));
        }
    }
    problems
}

/// Whether the page at `path` is the front page of a published crate, which docs.rs shows without the files around it.
fn is_read_elsewhere(path: &str) -> bool {
    let name = path
        .strip_prefix("crates/")
        .and_then(|path| path.strip_suffix("/README.md"));
    layers::published().any(|published| name == Some(published))
}

/// What is wrong with a link to `target` on the page at `page`.
fn wrong_with(
    tree: &Tree,
    anchors: &BTreeMap<&str, BTreeSet<String>>,
    page: &str,
    target: &str,
) -> Option<&'static str> {
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let folder = Path::new(page).parent().unwrap_or(Path::new(""));
    let path = if file.is_empty() {
        page.to_owned()
    } else {
        plain(&folder.join(file))
    };
    if let Some(anchors) = anchors.get(path.as_str()) {
        return (!anchor.is_empty() && !anchors.contains(anchor)).then_some("names a heading that is not there");
    }
    let below = format!("{}/", path.trim_end_matches('/'));
    // A link may lead to a file, to a folder, or to a file that is no text.
    let leads = tree
        .all()
        .any(|source| source.path == path || source.path.starts_with(&below))
        || root().join(&path).exists();
    (!leads).then_some("leads nowhere")
}

/// A path without its `.` and `..`.
pub(crate) fn plain(path: &Path) -> String {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::Normal(name) => plain.push(name),
            _ => {}
        }
    }
    plain.to_string_lossy().replace('\\', "/")
}

/// The lines of a page that are no code, each with where it begins.
pub(super) fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let (mut offset, mut in_block) = (0, false);
    text.split_inclusive('\n').filter_map(move |line| {
        let at = offset;
        offset += line.len();
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
            return None;
        }
        (!in_block).then_some((at, line))
    })
}

/// Where each link of a page begins, and what it leads to.
pub(crate) fn links(text: &str) -> Vec<(usize, &str)> {
    let mut links = Vec::new();
    for (begin, line) in prose(text) {
        for (opening, closing) in [("](", ')'), ("src=\"", '"'), ("href=\"", '"')] {
            for (at, _) in line.match_indices(opening) {
                // Between backticks it is an example of a link.
                let is_code = line.get(..at).unwrap_or("").matches('`').count() % 2 == 1
                    && !line.get(..at).unwrap_or("").ends_with('`');
                let target = line
                    .get(at + opening.len()..)
                    .and_then(|rest| rest.split(closing).next());
                links.extend(target.filter(|_| !is_code).map(|target| (begin + at, target.trim())));
            }
        }
        // `[name]: target`
        if let Some((_, target)) = line.strip_prefix('[').and_then(|line| line.split_once("]: ")) {
            links.push((begin, target.trim()));
        }
    }
    links
}

/// The level, from 1 on, and the text of a heading.
pub(super) fn heading(line: &str) -> Option<(usize, &str)> {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    let text = line.get(level..)?.strip_prefix(' ')?;
    (1..=6).contains(&level).then_some((level, text.trim()))
}

/// The anchors of a page, as the repository's pages make them from headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for (_, line) in prose(text) {
        if let Some((_, heading)) = heading(line) {
            let anchor = anchor(heading);
            let again = (1..).map(|number| format!("{anchor}-{number}"));
            let mut names = [anchor.clone()].into_iter().chain(again);
            anchors.extend(names.find(|name| !anchors.contains(name)));
        }
        for named in ["id=\"", "name=\""] {
            let ids = line.split(named).skip(1).filter_map(|rest| rest.split('"').next());
            anchors.extend(ids.map(ToOwned::to_owned));
        }
    }
    anchors
}

/// A heading in lower case, with hyphens for blanks and without anything but letters, digits, `-` and `_`.
fn anchor(heading: &str) -> String {
    // Of a link in a heading its text stays.
    let shown = heading.split("](").enumerate().map(|(number, piece)| match number {
        0 => piece,
        _ => piece.split_once(')').map_or("", |(_, after)| after),
    });
    let lower = shown.collect::<String>().to_lowercase();
    let kept = lower.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        _ => c.is_alphanumeric().then_some(c),
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    const CHECK: Check = (&LINKS_LEAD, links_lead as _);

    #[test]
    fn links_to_nothing_are_found() {
        let page = "# H\n[a](b.md) [c](../d.md#e) [f](https://example.com) [g](#h) [i](../crates)\n\
                    <img src=\"b.md\">\n`[k](l)`\n```text\n[m](n)\n```\n[o]: b.md\n";
        let files = [
            ("docs/a.md", page),
            ("docs/b.md", ""),
            ("d.md", "## E"),
            ("crates/j/k.rs", ""),
        ];
        assert_eq!(said(&CHECK, &files), [""; 0]);
        let page = "\n[a](nowhere.md)\n<a href=\"nothing\">b</a>\n[c]: never.md";
        assert_eq!(
            said(&CHECK, &[("docs/a.md", page)]),
            [
                "docs/a.md:2: `nowhere.md` leads nowhere [links-lead]",
                "docs/a.md:3: `nothing` leads nowhere [links-lead]",
                "docs/a.md:4: `never.md` leads nowhere [links-lead]",
            ],
        );
    }

    #[test]
    fn links_of_what_docs_rs_shows_are_whole_and_lead_too() {
        let page = "[a](https://github.com/wx-card/wx-card/blob/main/docs/a.md#b) [c](#d)\n# D\n";
        let files = [("crates/wx-core/README.md", page), ("docs/a.md", "# B")];
        assert_eq!(said(&CHECK, &files), [""; 0]);
        let page = "[a](../../docs/a.md)\n[b](https://github.com/wx-card/wx-card/blob/main/docs/b.md)";
        let told = said(&CHECK, &[("crates/wx-core/README.md", page), ("docs/a.md", "")]);
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("leads nowhere on docs.rs"), "{told:?}");
        assert!(told[1].ends_with("docs/b.md` leads nowhere [links-lead]"), "{told:?}");
        // A crate that is not published is read in the repository only.
        let page = "[a](../../docs/a.md)";
        let files = [("crates/wx-card-soak/README.md", page), ("docs/a.md", "")];
        assert_eq!(said(&CHECK, &files), [""; 0]);
    }

    #[test]
    fn links_to_headings_that_are_not_there_are_found() {
        let page = "# One `two`, three\n## 一个 token 的一生\n## Again\n## Again\n<a id=\"five\"></a>\n";
        let other = "[a](a.md#one-two-three) [b](a.md#一个-token-的一生) [c](a.md#again-1) [d](a.md#five)";
        assert_eq!(said(&CHECK, &[("a.md", page), ("b.md", other)]), [""; 0]);
        let other = "[a](a.md#one-two) [b](#again) [c](a.md#again-2)\n```text\n# Again\n```";
        assert_eq!(
            said(&CHECK, &[("a.md", page), ("b.md", other)]),
            [
                "b.md:1: `a.md#one-two` names a heading that is not there [links-lead]",
                "b.md:1: `#again` names a heading that is not there [links-lead]",
                "b.md:1: `a.md#again-2` names a heading that is not there [links-lead]",
            ],
        );
    }

    #[test]
    fn a_heading_has_an_anchor_without_its_marks() {
        assert_eq!(anchor("What `may_have_run` means"), "what-may_have_run-means");
        assert_eq!(anchor("A [link](b.md), and more?"), "a-link-and-more");
        assert_eq!(anchor("出错时：怎么办"), "出错时怎么办");
    }
}
