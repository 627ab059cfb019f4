//! The operations as the source text declares them, and the page that lists them.

mod commands;

use std::fmt::Write as _;
use std::fs;

use crate::cargo::root;
use crate::problem::{Checked, Problem, Rule};
use crate::source::{Source, Tree, is_word, words};

/// One operation, as its file declares it.
#[derive(Debug)]
pub(crate) struct Operation<'a> {
    /// The file.
    pub(crate) source: &'a Source,
    /// The type of the request.
    pub(crate) request: &'a str,
    /// How it is sent: `POST` unless its declaration says otherwise.
    pub(crate) http_method: &'static str,
    /// The API path; empty where the file does not have it in the usual form.
    pub(crate) path: &'a str,
    /// Whether it may be sent twice.
    idempotent: bool,
    /// The type of the answer.
    pub(crate) response: &'a str,
    /// The other names of the request, for searches.
    pub(crate) aliases: Vec<&'a str>,
    /// The command of `wx-card` that runs it, without `wx-card`.
    pub(crate) command: Option<String>,
}

impl<'a> Operation<'a> {
    /// The operation that `source` declares, if it declares one.
    fn read(source: &'a Source) -> Option<Self> {
        let code = source.shipped();
        let (at, declaration) = declarations(code).next()?;
        let request = code.get(at + declaration.len()..)?.split(|c| !is_word(c)).next()?;
        Some(Self {
            source,
            request,
            http_method: match between(code.get(at..)?, "const METHOD: Method = Method::", ";") {
                "Get" => "GET",
                _ => "POST",
            },
            path: between(source.text.get(at..)?, "const PATH: &'static str = \"", "\""),
            idempotent: between(code.get(at..)?, "const IDEMPOTENT: bool = ", ";") == "true",
            response: between(code.get(at..)?, "type Response = ", ";"),
            aliases: aliases(source, &format!("pub struct {request}")),
            command: None,
        })
    }

    /// The official Chinese name.
    pub(crate) fn chinese(&self) -> Option<&'a str> {
        self.aliases.iter().find(|alias| alias.chars().any(is_chinese)).copied()
    }

    /// The method of the client: the request in snake case.
    pub(crate) fn method(&self) -> String {
        lowered(self.request, '_')
    }
}

/// Whether `c` is a Chinese character.
pub(crate) fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// What declares an operation: one that sends JSON, and one that sends a file.
const DECLARATIONS: [&str; 2] = ["impl Endpoint for ", "impl Upload for "];

/// Where `code` declares operations, and in which words.
pub(crate) fn declarations(code: &str) -> impl Iterator<Item = (usize, &'static str)> {
    DECLARATIONS
        .into_iter()
        .flat_map(move |declaration| words(code, declaration).map(move |at| (at, declaration)))
}

/// `PayCell` in lower case, with `between` between its words.
fn lowered(name: &str, between: char) -> String {
    let mut lowered = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !lowered.is_empty() {
            lowered.push(between);
        }
        lowered.extend(letter.to_lowercase());
    }
    lowered
}

/// Every operation, by path.
pub(crate) fn operations(tree: &Tree) -> Vec<Operation<'_>> {
    let commands = commands::commands(tree);
    let mut operations: Vec<_> = tree
        .rust("crates/wx-card-types/src/")
        .filter_map(Operation::read)
        .map(|operation| Operation {
            command: commands.get(operation.path).cloned(),
            ..operation
        })
        .collect();
    operations.sort_by_key(|operation| operation.path);
    operations
}

/// What stands in `text` between `before` and `after`; nothing if it does not.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let inside = text.split_once(before).and_then(|(_, rest)| rest.split_once(after));
    inside.map_or("", |(inside, _)| inside)
}

/// The documentation aliases above the first `declaration`, such as `pub struct GetCode`.
pub(crate) fn aliases<'a>(source: &'a Source, declaration: &str) -> Vec<&'a str> {
    let lines = documentation(source, declaration).into_iter();
    lines
        .map(|line| between(line, "#[doc(alias = \"", "\""))
        .filter(|alias| !alias.is_empty())
        .collect()
}

/// The lines of documentation and attributes above the first `declaration`.
pub(crate) fn documentation<'a>(source: &'a Source, declaration: &str) -> Vec<&'a str> {
    let Some(at) = words(source.shipped(), declaration).next() else {
        return Vec::new();
    };
    let above = source.text.get(..at).unwrap_or("").trim_end();
    let mut lines: Vec<&str> = above
        .lines()
        .rev()
        .map(str::trim)
        .take_while(|line| line.starts_with("///") || line.starts_with("#["))
        .collect();
    lines.reverse();
    lines
}

static LISTED: Rule = Rule {
    name: "endpoints-listed",
    reason: "The list of operations is made from their declarations, so it cannot promise what is not there.",
};

const PAGE: &str = "docs/endpoints.md";

/// Whether the page is what the source text says.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    let page = page_of(&operations(tree));
    if tree.get(PAGE).is_some_and(|current| current.text == page) {
        Vec::new()
    } else {
        vec![Problem::new(
            &LISTED,
            PAGE,
            "is not current; run `cargo xtask endpoints`",
        )]
    }
}

/// Writes the page.
pub(crate) fn write(tree: &Tree) -> Checked {
    fs::write(root().join(PAGE), page_of(&operations(tree)))?;
    Ok(Vec::new())
}

/// The page that lists `operations`.
fn page_of(operations: &[Operation<'_>]) -> String {
    let mut page = String::from(
        "<!-- Made by `cargo xtask endpoints` from the source text; do not edit. -->\n\
         # Operations\n\
         \n\
         Each operation is a request type of `wx-card-types`, a method of `CardClient` in `wx-card`, \
         a route of `wx-card-sandbox` and a command of `wx-card`.\n\
         *Repeat-safe* says whether a request that may have arrived may be sent again.\n\
         \n\
         | operation | API path | request | repeat-safe | client method | command |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for operation in operations {
        let repeat_safe = if operation.idempotent { "yes" } else { "no" };
        // Writing into a `String` cannot fail.
        let _ = writeln!(
            page,
            "| {} | `{}` | [`{}`](../{}) | {repeat_safe} | `{}` | `wx-card {}` |",
            operation.chinese().unwrap_or(""),
            operation.path,
            operation.request,
            operation.source.path,
            operation.method(),
            operation.command.as_deref().unwrap_or("call"),
        );
    }
    let _ = write!(page, "\n{} operations.\n", operations.len());
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONSUME: &str = r#"//! `POST /card/code/consume`: redeem a code.

wire! {
    /// Redeems one code.
    #[doc(alias = "card/code/consume")]
    #[doc(alias = "核销卡券")]
    pub struct ConsumeCode {
        code: CardCode,
    }
}

impl Endpoint for ConsumeCode {
    const PATH: &'static str = "/card/code/consume";
    const IDEMPOTENT: bool = false;
    type Response = ConsumeCodeResponse;
}
"#;
    const FILE: &str = "crates/wx-card-types/src/code/consume.rs";
    const ARGS: &str = "enum CodeCommand {\n    /// Redeem a code: POST /card/code/consume\n    Consume,\n}\n";

    #[test]
    fn an_operation_is_read_from_its_declaration() {
        let tree = Tree::of(&[
            (FILE, CONSUME),
            ("crates/wx-card-types/src/id.rs", "/// impl Endpoint for A\n"),
            ("crates/wx-card-cli/src/args.rs", ARGS),
        ]);
        let operations = operations(&tree);
        assert_eq!(operations.len(), 1);
        let page = page_of(&operations);
        let row = "| 核销卡券 | `/card/code/consume` | [`ConsumeCode`](../crates/wx-card-types/src/code/consume.rs) | no \
                   | `consume_code` | `wx-card code consume` |\n";
        assert!(page.contains(row), "{page}");
        assert!(page.ends_with("\n1 operations.\n"), "{page}");
        assert_eq!(operations[0].response, "ConsumeCodeResponse");
    }

    #[test]
    fn an_operation_that_sends_a_file_is_one_too() {
        let upload = CONSUME.replace("impl Endpoint for", "impl Upload for");
        let tree = Tree::of(&[(FILE, &upload)]);
        let operations = operations(&tree);
        assert_eq!((operations.len(), operations[0].request), (1, "ConsumeCode"));
    }

    #[test]
    fn a_page_that_is_not_current_is_found() {
        let tree = Tree::of(&[(FILE, CONSUME)]);
        let page = page_of(&operations(&tree));
        let stale = |page: &str| !check(&Tree::of(&[(FILE, CONSUME), (PAGE, page)])).is_empty();
        assert!(!stale(&page));
        assert!(stale(&page.replace("no", "yes")));
        assert!(stale(""));
        assert_eq!(check(&tree).len(), 1);
    }
}
