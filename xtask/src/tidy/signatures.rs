//! The rule for public signatures: a user's own HTTP stack must not meet somebody else's types.

use super::Check;
use crate::problem::{Problem, Rule};
use crate::source::{Source, Tree, is_word, words};

pub(super) const CHECKS: &[Check] = &[(&OWN_TYPES, own_types)];

static OWN_TYPES: Rule = Rule {
    name: "own-types",
    reason: "A backend's type in a public signature makes its version ours, and its users everybody.",
};

/// Crates whose types no library shows, and the one library that may show them.
const BACKENDS: &[(&str, Option<&str>)] = &[
    ("anyhow", None),
    ("aws_lc_rs", None),
    ("futures_timer", None),
    ("getrandom", None),
    ("hyper", Some("wx-http-hyper")),
    ("hyper_rustls", Some("wx-http-hyper")),
    ("hyper_util", Some("wx-http-hyper")),
    ("redis", Some("wx-store-redis")),
    ("reqwest", None),
    ("ring", None),
    ("rustls", Some("wx-http-hyper")),
    ("tokio", None),
    ("tokio_rustls", None),
    ("tower", None),
    // A trait, not a stack: without it no service of the caller's could be taken.
    ("tower_service", Some("wx-core")),
    ("ureq", None),
    ("zeroize", None),
];

fn own_types(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    tree.rust("crates/")
        .filter(|source| source.path.contains("/src/") && !source.path.starts_with("crates/wx-card-cli/"))
        .flat_map(|source| foreign(rule, source))
        .collect()
}

/// The signatures of `source` that name what is not theirs to name.
fn foreign(rule: &'static Rule, source: &Source) -> Vec<Problem> {
    let code = source.shipped();
    let mut problems = Vec::new();
    for (backend, owner) in BACKENDS {
        if owner.is_some_and(|owner| source.path.starts_with(&format!("crates/{owner}/"))) {
            continue;
        }
        let path = format!("{backend}::");
        let imported = imported(code, &path);
        for (at, signature) in signatures(code) {
            let named = words(signature, &path).next().is_some();
            let aliased = imported.iter().find(|name| words(signature, name).next().is_some());
            match (named, aliased) {
                (true, _) => problems.push(Problem::new(
                    rule,
                    source.place(at),
                    format!("shows a type of `{backend}`"),
                )),
                (_, Some(name)) => {
                    let text = format!("shows `{name}`, a type of `{backend}`");
                    problems.push(Problem::new(rule, source.place(at), text));
                }
                (false, None) => {}
            }
        }
    }
    problems
}

/// The types that `code` imports from below `path`.
fn imported<'a>(code: &'a str, path: &'a str) -> Vec<&'a str> {
    words(code, "use ")
        .filter_map(|at| code.get(at + 4..)?.split(';').next())
        .filter(|import| import.trim_start().trim_start_matches(':').starts_with(path))
        .flat_map(|import| import.split(|c| !is_word(c)))
        .filter(|name| name.starts_with(char::is_uppercase))
        .collect()
}

/// Every public item of `code` without its body, and every public field, with its place.
fn signatures(code: &str) -> impl Iterator<Item = (usize, &str)> {
    words(code, "pub ").filter_map(|at| {
        let item = code.get(at..)?;
        let second = item.split_whitespace().nth(1)?;
        let end = match second {
            "enum" => item.find("\n}"),
            // A re-export names what it shows inside its braces.
            "use" => item.find(';'),
            // What a struct shows of its fields begins with a `pub` of its own.
            "struct" => item.find(['{', '(', ';']),
            "async" | "const" | "fn" | "static" | "trait" | "type" => item.find(['{', ';']),
            // A field: its line.
            _ => item.find('\n'),
        };
        Some((at, item.get(..end.unwrap_or(item.len()))?))
    })
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    const CHECK: Check = (&OWN_TYPES, own_types);

    fn place_of(code: &str) -> Vec<String> {
        said(&CHECK, &[("crates/wx-core/src/a.rs", code)])
    }

    #[test]
    fn a_backend_in_a_signature_is_found() {
        for code in [
            "pub fn a(b: hyper::Uri) {}",
            "pub async fn a(\n    b: u8,\n) -> Result<(), reqwest::Error> {}",
            "pub struct A(pub tokio::net::TcpStream);\n",
            "pub struct A {\n    pub b: Vec<rustls::Error>,\n}\n",
            "pub enum A {\n    B(redis::Value),\n}\n",
            "pub use hyper::Uri;",
            "use anyhow::Result;\npub fn a() -> Result<()> {}",
            "use hyper::{Method, Uri as Address};\npub type A = Option<Address>;",
            "pub trait A: tokio::io::AsyncRead {\n}",
        ] {
            assert_eq!(place_of(code).len(), 1, "{code}");
        }
    }

    #[test]
    fn a_backend_inside_is_fine() {
        for code in [
            "pub(crate) fn a(b: hyper::Uri) {}",
            "fn a(b: hyper::Uri) {}",
            "pub fn a() {\n    hyper::b();\n}",
            "pub struct A {\n    pub b: u8,\n    c: hyper::Uri,\n}",
            "pub struct A(hyper::Uri);",
            "/// Like hyper::Uri.\npub fn a() {}",
            "use hyper::Uri;\npub fn uri() -> http::Uri2 {}",
        ] {
            assert!(place_of(code).is_empty(), "{code}");
        }
    }

    #[test]
    fn its_own_crate_may_show_it() {
        let code = "pub fn a(b: rustls::Error) {}";
        assert!(said(&CHECK, &[("crates/wx-http-hyper/src/a.rs", code)]).is_empty());
        assert_eq!(said(&CHECK, &[("crates/wx-card-sandbox/src/a.rs", code)]).len(), 1);
        let code = "use tower_service::Service;\npub fn a<S>(b: S)\nwhere\n    S: Service<u8>,\n{\n}";
        assert!(place_of(code).is_empty());
        assert_eq!(said(&CHECK, &[("crates/wx-card/src/a.rs", code)]).len(), 1);
    }
}
