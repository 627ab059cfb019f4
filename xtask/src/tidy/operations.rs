//! Rules for operations: the checklist of `CONTRIBUTING.md`, line by line.

use super::Check;
use crate::endpoints::{Operation, aliases, declarations, documentation, is_chinese, operations};
use crate::problem::{Problem, Rule};
use crate::source::{Source, Tree, words};

pub(super) const CHECKS: &[Check] = &[
    (&OPERATION_FILE, operation_file),
    (&OPERATION_TITLE, operation_title),
    (&OPERATION_NAMES, operation_names),
    (&OPERATION_SNAPSHOT, operation_snapshot),
    (&OPERATION_SERVED, operation_served),
    (&OPERATION_METHOD, operation_method),
    (&OPERATION_COMMAND, operation_command),
    (&METHODS_SEARCHED, methods_searched),
];

/// The problems of all operations: what `broken` says of each.
fn each(rule: &'static Rule, tree: &Tree, broken: impl Fn(&Operation<'_>) -> Option<String>) -> Vec<Problem> {
    operations(tree)
        .iter()
        .filter_map(|operation| Some(Problem::new(rule, &operation.source.path, broken(operation)?)))
        .collect()
}

/// Whether any code below `folder`, tests apart, has one of `names`.
fn named_in(tree: &Tree, folder: &str, names: &[&str]) -> bool {
    tree.rust(folder)
        .any(|source| names.iter().any(|name| words(source.shipped(), name).next().is_some()))
}

static OPERATION_FILE: Rule = Rule {
    name: "operation-file",
    reason: "An operation stands alone in a file whose path mirrors its API path, so that whoever has the official page \
             finds the file.",
};

fn operation_file(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    each(rule, tree, |operation| {
        if declarations(operation.source.shipped()).count() > 1 {
            return Some("more than one operation in a file".to_owned());
        }
        // `/card/` begins almost every path, so only what would stand at the root is below `card`; `cgi-bin` cannot be
        // the name of a module.
        let mirrors = ["/card/", "/cgi-bin/", "/"].map(|prefix| operation.path.strip_prefix(prefix));
        let stands = mirrors
            .into_iter()
            .flatten()
            .any(|path| operation.source.path == format!("crates/wx-card-types/src/{path}.rs"));
        (!stands).then(|| format!("does not mirror its API path `{}`", operation.path))
    })
}

static OPERATION_TITLE: Rule = Rule {
    name: "operation-title",
    reason: "The first line names method, path and purpose; whoever reads what the request is, on docs.rs too, has the \
             official page a click away where there is one.",
};

fn operation_title(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    each(rule, tree, |operation| {
        let call = format!("`{} {}`", operation.http_method, operation.path);
        if !operation.source.text.starts_with(&format!("//! {call}: ")) {
            return Some(format!("does not begin with //! {call}:"));
        }
        // A page that was taken down has no link; then the request says so.
        let told = ["](https://developers.weixin.qq.com/", "documentation"];
        let documentation = documentation(operation.source, &format!("pub struct {}", operation.request));
        let linked = documentation
            .iter()
            .any(|line| line.contains(&call) && told.iter().any(|told| line.contains(told)));
        (!linked).then(|| {
            let request = operation.request;
            format!(
                "no line about `{request}` has {call} and a link to its official page, or a word on its documentation"
            )
        })
    })
}

static OPERATION_NAMES: Rule = Rule {
    name: "operation-names",
    reason: "A search for the API path or for the Chinese name finds the request; its answer is called after it.",
};

fn operation_names(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    each(rule, tree, |operation| {
        let path = operation.path.trim_start_matches('/');
        let response = format!("{}Response", operation.request);
        if !operation.aliases.contains(&path) {
            Some(format!("`{}` has no `#[doc(alias = \"{path}\")]`", operation.request))
        } else if operation.chinese().is_none() {
            Some(format!("`{}` has no alias with its Chinese name", operation.request))
        } else {
            (operation.response != response)
                .then(|| format!("its answer is `{}`, not `{response}`", operation.response))
        }
    })
}

static OPERATION_SNAPSHOT: Rule = Rule {
    name: "operation-snapshot",
    reason: "What an operation sends is in plain sight beside its type, and a change of it is seen in review.",
};

fn operation_snapshot(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    each(rule, tree, |operation| {
        let own_tests = operation.source.path.replace(".rs", "/tests.rs");
        let seen = [Some(operation.source), tree.get(&own_tests)]
            .into_iter()
            .flatten()
            .any(|source| {
                let tests = source.code().get(source.tests()).unwrap_or("");
                // A form with a file is no JSON.
                let snapshots = ["insta::assert_json_snapshot!", "insta::assert_snapshot!"];
                snapshots.iter().any(|snapshot| words(tests, snapshot).next().is_some())
            });
        (!seen).then(|| {
            "has no `insta::assert_json_snapshot!` of its request, nor an `insta::assert_snapshot!` of its form"
                .to_owned()
        })
    })
}

static OPERATION_SERVED: Rule = Rule {
    name: "operation-served",
    reason: "Users test against the sandbox, so it serves every operation that the client has.",
};

fn operation_served(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    each(rule, tree, |operation| {
        let served = named_in(tree, "crates/wx-card-sandbox/src/", &[operation.request]);
        (!served).then(|| format!("`{}` is not served by the sandbox", operation.request))
    })
}

static OPERATION_METHOD: Rule = Rule {
    name: "operation-method",
    reason: "The client has a method called after every request, which the same searches find.",
};

fn operation_method(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    each(rule, tree, |operation| {
        let method = operation.method();
        let client = tree
            .all()
            .filter(|source| source.path.starts_with("crates/wx-card/src/"));
        let declaration = format!("pub async fn {method}");
        let Some(source) = client
            .into_iter()
            .find(|source| words(source.shipped(), &declaration).next().is_some())
        else {
            return Some(format!("`CardClient` has no method `{method}`"));
        };
        let on_method = aliases(source, &declaration);
        let missing = operation.aliases.iter().find(|alias| !on_method.contains(*alias));
        missing
            .map(|alias| format!("the method `{method}` has no `#[doc(alias = \"{alias}\")]`, which the request has"))
    })
}

static OPERATION_COMMAND: Rule = Rule {
    name: "operation-command",
    reason: "An operator at a terminal reaches every operation by a command of its own.",
};

fn operation_command(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    each(rule, tree, |operation| {
        if operation.command.is_none() {
            return Some(format!(
                "no help of a command ends its first line in `: {} {}`",
                operation.http_method, operation.path
            ));
        }
        let method = operation.method();
        let reached = named_in(tree, "crates/wx-card-cli/src/", &[operation.request, &method]);
        (!reached).then(|| format!("the command uses neither `{}` nor `{method}`", operation.request))
    })
}

static METHODS_SEARCHED: Rule = Rule {
    name: "methods-searched",
    reason: "Whoever searches the documentation for the name that WxJava or the official page has finds the method.",
};

/// Holds the table of operations in the README: each name of a row is an alias of one of its methods.
fn methods_searched(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    let Some(readme) = tree.get("README.md") else {
        return Vec::new();
    };
    let (_, table) = readme.text.split_once("| what | method | WxJava |").unwrap_or_default();
    let listed: Vec<&str> = in_backticks(table).collect();
    let mut problems = each(rule, tree, |operation| {
        let method = operation.method();
        (!listed.contains(&method.as_str()))
            .then(|| format!("`{method}` is not in the table of operations of README.md"))
    });
    for row in table.lines().skip(2).take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, what, methods, theirs, ..] = *cells.as_slice() else {
            continue;
        };
        let aliases: Vec<&str> = in_backticks(methods)
            .flat_map(|method| of_method(tree, method))
            .collect();
        let mut missing = Vec::new();
        // Of `WxMpMaterialService.mediaImgUpload` the method is searched.
        let names = in_backticks(theirs).filter_map(|name| name.rsplit('.').next());
        missing.extend(
            names
                .filter(|name| !aliases.contains(name))
                .map(|name| format!("`{name}`")),
        );
        // The official name ends the first cell; names in documentation are searched without blanks.
        let what: String = what.split_whitespace().collect();
        if what.chars().any(is_chinese) && !aliases.iter().any(|alias| what.ends_with(alias)) {
            missing.push(format!("the name that ends `{what}`"));
        }
        problems.extend(missing.into_iter().map(|name| {
            let text = format!("none of {methods} has a `#[doc(alias = …)]` for {name}");
            Problem::new(rule, "README.md", text)
        }));
    }
    problems
}

/// What stands in `text` between backticks.
fn in_backticks(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The aliases of the method `name` of the client.
fn of_method<'a>(tree: &'a Tree, name: &str) -> Vec<&'a str> {
    let declarations = [format!("pub async fn {name}"), format!("pub fn {name}")];
    let declared = |source: &'a Source| declarations.iter().flat_map(|declaration| aliases(source, declaration));
    tree.rust("crates/wx-card/src/").flat_map(declared).collect()
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    const FILE: &str = "crates/wx-card-types/src/code/consume.rs";
    const GOOD: &str = r#"//! `POST /card/code/consume`: redeem a code.

wire! {
    /// Redeems one code.
    ///
    /// `POST /card/code/consume`: [official page](https://developers.weixin.qq.com/doc/a.html).
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

#[cfg(test)]
mod tests {
    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(ConsumeCode::new("1"), @"");
    }
}
"#;

    /// What the check at `rule` says of the good operation with `from` made `to`.
    fn with(rule: &Rule, from: &str, to: &str) -> Vec<String> {
        assert!(GOOD.contains(from), "{from}");
        let changed = GOOD.replace(from, to);
        let files = [
            (FILE, changed.as_str()),
            (
                "crates/wx-card/src/client.rs",
                "#[doc(alias = \"card/code/consume\")]\n#[doc(alias = \"核销卡券\")]\npub async fn consume_code() {}",
            ),
            ("crates/wx-card-sandbox/src/routes.rs", "on::<ConsumeCode>()"),
            ("crates/wx-card-cli/src/commands/code.rs", "ConsumeCode::new(code)"),
            (
                "crates/wx-card-cli/src/args.rs",
                "enum CodeCommand {\n/// Redeem: POST /card/code/consume\nConsume,\n}",
            ),
        ];
        let check = CHECKS.iter().find(|(each, _)| *each == rule).unwrap();
        said(check, &files)
    }

    #[test]
    fn a_complete_operation_passes() {
        for (rule, _) in CHECKS {
            assert!(with(rule, "redeem", "redeem").is_empty(), "{}", rule.name);
        }
    }

    #[test]
    fn each_line_of_the_checklist_is_held() {
        for (rule, from, to) in [
            (&OPERATION_FILE, "/card/code/consume\";", "/card/code/other\";"),
            (
                &OPERATION_FILE,
                "impl Endpoint for ConsumeCode {",
                "impl Endpoint for A {}\nimpl Endpoint for B {",
            ),
            (
                &OPERATION_TITLE,
                "//! `POST /card/code/consume`",
                "//! `POST /card/consume`",
            ),
            (&OPERATION_TITLE, "(https://developers.weixin.qq.com/doc/a.html)", ""),
            (
                &OPERATION_TITLE,
                "/// `POST /card/code/consume`",
                "/// `POST /card/consume`",
            ),
            (&OPERATION_NAMES, "#[doc(alias = \"card/code/consume\")]", ""),
            (&OPERATION_NAMES, "核销卡券", "redeem"),
            (&OPERATION_NAMES, "ConsumeCodeResponse", "Consumed"),
            (
                &OPERATION_SNAPSHOT,
                "insta::assert_json_snapshot!",
                "// insta::assert_json_snapshot!",
            ),
            (&OPERATION_SERVED, "ConsumeCode", "RedeemCode"),
            (&OPERATION_METHOD, "ConsumeCode", "RedeemCode"),
            (
                &OPERATION_METHOD,
                "#[doc(alias = \"核销卡券\")]",
                "#[doc(alias = \"核销\")]",
            ),
            (&OPERATION_COMMAND, "ConsumeCode", "RedeemCode"),
            (&OPERATION_COMMAND, "/card/code/consume\";", "/card/code/other\";"),
        ] {
            assert_eq!(with(rule, from, to).len(), 1, "{}: {from}", rule.name);
        }
    }

    #[test]
    fn operations_that_the_readme_does_not_list_are_found() {
        let check = (&METHODS_SEARCHED, methods_searched as _);
        let readme = |row: &str| format!("| what | method | WxJava | path |\n| --- | --- | --- | --- |\n{row}");
        assert_eq!(
            said(&check, &[(FILE, GOOD), ("README.md", &readme("| | `send` | | |\n"))]),
            [
                "crates/wx-card-types/src/code/consume.rs: `consume_code` is not in the table of operations of README.md [methods-searched]"
            ],
        );
        assert_eq!(
            said(
                &check,
                &[(FILE, GOOD), ("README.md", &readme("| | `consume_code` | | |\n"))]
            ),
            [""; 0]
        );
    }

    #[test]
    fn names_that_no_method_has_are_found() {
        let check = (&METHODS_SEARCHED, methods_searched as _);
        let client = (
            "crates/wx-card/src/client.rs",
            "#[doc(alias = \"consumeCardCode\")]\n#[doc(alias = \"核销Code\")]\npub async fn consume_code() {}\n\
             #[doc(alias = \"批量导入\")]\npub fn deposit() {}",
        );
        let table = "| what | method | WxJava | path |\n| --- | --- | --- | --- |\n";
        let rows = "| redeem 核销 Code | `consume_code` | `A.consumeCardCode` | |\n| many 批量导入 | `deposit` | | |\n| else | `send` | | |\n";
        assert_eq!(
            said(&check, &[("README.md", &format!("{table}{rows}")), client]),
            [""; 0]
        );
        let rows = "| redeem 核销 Code | `consume_code`, `redeem` | `consumeCode` | |\n| many 批量 | `deposit` | | |\n";
        assert_eq!(
            said(&check, &[("README.md", &format!("{table}{rows}")), client]),
            [
                "README.md: none of `consume_code`, `redeem` has a `#[doc(alias = …)]` for `consumeCode` [methods-searched]",
                "README.md: none of `deposit` has a `#[doc(alias = …)]` for the name that ends `many批量` [methods-searched]",
            ],
        );
    }
}
