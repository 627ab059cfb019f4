//! Rules that keep secrets where they belong.

use std::collections::BTreeMap;

use super::Check;
use crate::problem::{Problem, Rule};
use crate::source::{Source, Tree, is_word, words};

pub(super) const CHECKS: &[Check] = &[(&SECRETS_LISTED, secrets_listed), (&NOTHING_LOGGED, nothing_logged)];

static SECRETS_LISTED: Rule = Rule {
    name: "secrets-listed",
    reason: "Where a secret is taken out of its type it can leak, so every such place is known and was looked at.",
};

const LIST: &str = "docs/secrets.md";

fn secrets_listed(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for source in tree.rust("crates/") {
        let code = source.shipped();
        // A call, and the method handed over as a function.
        let count = words(code, ".expose()").count() + words(code, "::expose").count();
        if count > 0 {
            found.insert(&source.path, count);
        }
    }
    let mut listed = tree.get(LIST).map(rows).unwrap_or_default();
    let mut problems = Vec::new();
    for (path, count) in found {
        let known = listed.remove(path).unwrap_or(0);
        if known != count {
            let text =
                format!("takes secrets out {count} times, `{LIST}` has {known}: look at the place, then at the list");
            problems.push(Problem::new(rule, path, text));
        }
    }
    for (path, count) in listed {
        problems.push(Problem::new(
            rule,
            LIST,
            format!("has {count} for {path}, which takes none out"),
        ));
    }
    problems
}

/// The rows of the list: `| file | count | why |`.
fn rows(list: &Source) -> BTreeMap<&str, usize> {
    list.text
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
            let path = cells.next()?.trim_matches('`');
            Some((path, cells.next()?.parse().ok()?))
        })
        .collect()
}

static NOTHING_LOGGED: Rule = Rule {
    name: "nothing-logged",
    reason: "A request has the token in its address and an answer may have it in its body: neither is ever logged.",
};

/// The macros of `tracing`.
const LOGGERS: &[&str] = &[
    "debug!",
    "debug_span!",
    "error!",
    "error_span!",
    "event!",
    "info!",
    "info_span!",
    "span!",
    "trace!",
    "trace_span!",
    "warn!",
    "warn_span!",
];

/// What such a macro must not be given.
const UNLOGGED: &[&str] = &[
    "answer", "body", "headers", "query", "request", "response", "uri", "url",
];

fn nothing_logged(rule: &'static Rule, tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in tree.rust("crates/").filter(|source| source.path.contains("/src/")) {
        for at in LOGGERS.iter().flat_map(|logger| words(source.shipped(), logger)) {
            let call = call(source, at);
            for word in UNLOGGED.iter().filter(|word| logs(call, word)) {
                problems.push(Problem::new(rule, source.place(at), format!("logs `{word}`")));
            }
        }
        // `#[instrument]` logs every argument that it is not told to skip.
        for at in words(source.shipped(), "instrument]") {
            problems.push(Problem::new(rule, source.place(at), "`instrument` without `skip_all`"));
        }
        // The method of that name takes a span, not arguments.
        let is_method = |at: &usize| source.shipped().get(..*at).is_some_and(|before| before.ends_with('.'));
        for at in words(source.shipped(), "instrument(").filter(|at| !is_method(at)) {
            if !call(source, at).contains("skip_all") {
                problems.push(Problem::new(rule, source.place(at), "`instrument` without `skip_all`"));
            }
        }
    }
    problems
}

/// The call of a macro that begins at `at`, strings and all.
fn call(source: &Source, at: usize) -> &str {
    let code = source.code().get(at..).unwrap_or("");
    let mut depth = 0_usize;
    let end = code.find(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ')' && depth == 0
    });
    let length = end.unwrap_or(code.len());
    source.text.get(at..at + length).unwrap_or("")
}

/// Whether `call` records `word`: after a sigil of `tracing`, or inside a format string.
fn logs(call: &str, word: &str) -> bool {
    ["?", "%", "{"].iter().any(|sigil| {
        let wanted = format!("{sigil}{word}");
        call.match_indices(&wanted).any(|(at, _)| {
            !call
                .get(at + wanted.len()..)
                .is_some_and(|after| after.starts_with(is_word))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    #[test]
    fn exposures_are_counted_against_the_list() {
        let check = (&SECRETS_LISTED, secrets_listed as _);
        let code =
            "fn a() { b.expose(); c.map(Secret::expose); } // d.expose()\n\n#[cfg(test)]\nmod tests {\n e.expose() }";
        let list = "| file | count | why |\n| --- | --- | --- |\n| `crates/a/src/b.rs` | 2 | Because. |\n";
        assert!(said(&check, &[("crates/a/src/b.rs", code), (LIST, list)]).is_empty());
        assert_eq!(said(&check, &[("crates/a/src/b.rs", code)]).len(), 1);
        assert_eq!(said(&check, &[(LIST, list)]).len(), 1);
        let other = list.replace("| 2 |", "| 1 |");
        assert_eq!(
            said(&check, &[("crates/a/src/b.rs", code), (LIST, &other)]),
            [
                "crates/a/src/b.rs: takes secrets out 2 times, `docs/secrets.md` has 1: look at the place, then at the list \
              [secrets-listed]"
            ],
        );
    }

    #[test]
    fn logged_requests_are_found() {
        let check = (&NOTHING_LOGGED, nothing_logged as _);
        for code in [
            "fn a() { tracing::debug!(?request, \"b\"); }",
            "fn a() { warn!(\n    path,\n    answer = %response.status(),\n); }",
            "fn a() { trace!(\"{body:?}\"); }",
            "#[tracing::instrument]\nfn a() {}",
            "#[instrument(level = \"debug\")]\nfn a() {}",
        ] {
            assert_eq!(said(&check, &[("crates/a/src/b.rs", code)]).len(), 1, "{code}");
        }
        for code in [
            "fn a() { tracing::debug!(path, errcode, \"answered\"); }",
            "fn a() { debug!(?request_kind); }\nfn b() { format!(\"{request:?}\"); }",
            "#[instrument(skip_all)]\nfn a() {}",
            "fn a() { b().instrument(span) }",
        ] {
            assert!(said(&check, &[("crates/a/src/b.rs", code)]).is_empty(), "{code}");
        }
    }
}
