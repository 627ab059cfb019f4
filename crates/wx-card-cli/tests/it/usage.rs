//! What is refused on this side: exit code 2, and nothing is sent.

use crate::run::{bare, command, example, file, finish};
use crate::world::World;

#[test]
fn requests_that_break_a_rule_are_named_by_field_and_not_sent() {
    let world = World::new();
    let codes: Vec<String> = (0..101).map(|code| code.to_string()).collect();
    let codes: Vec<&str> = ["code", "deposit", "p1"]
        .into_iter()
        .chain(codes.iter().map(String::as_str))
        .collect();
    for (args, field, rule) in [
        (vec!["card", "get", ""], "card_id", "must not be empty"),
        (vec!["code", "consume", ""], "code", "must not be empty"),
        (
            vec!["code", "get", "1", "--card-id", ""],
            "card_id",
            "must not be empty",
        ),
        (vec!["user", "cards", " "], "openid", "must not be empty"),
        (codes, "code", "has 101 items, must have 1 to 100"),
        (vec!["code", "deposit", "p1"], "code", "has 0 items, must have 1 to 100"),
        (vec!["code", "check", "p1"], "code", "has 0 items, must have 1 to 100"),
        (vec!["code", "deposit", "p1", "a", "-"], "code", "stands alone"),
        (
            vec!["code", "deposit", "p1", "a", "b", "a"],
            "code[2]",
            "repeats item 0",
        ),
        (vec!["code", "check", "p1", "a", ""], "code[1]", "must not be empty"),
        (
            vec!["card", "stock", "p1", "+0"],
            "increase_stock_value",
            "must be 1 to",
        ),
        (
            vec!["card", "stock", "p1", "-0"],
            "increase_stock_value",
            "must be 1 to",
        ),
        (
            vec!["share", "qrcode", "p1", "--expires-in", "59"],
            "expire_seconds",
            "is 59, must be 60 to 1800",
        ),
        (
            vec!["share", "qrcode", "p1", "--expires-in", "1801"],
            "expire_seconds",
            "is 1801, must be 60 to 1800",
        ),
        (
            vec!["share", "qrcode", "p1", "--expires-in", "-5"],
            "expire_seconds",
            "is -5",
        ),
        (vec!["share", "whitelist"], "openid", "replaces the list"),
        (
            vec!["sign", "add-card", "--card-id", ""],
            "card_id",
            "must not be empty",
        ),
        (
            vec!["sign", "add-card", "--card-id", "p1", "--timestamp", "1404896688000"],
            "timestamp",
            "must be",
        ),
        (vec!["sign", "js-config", "--url", "example.com"], "url", "http://"),
        (vec!["call", "card/get", "-"], "path", "slash"),
    ] {
        let error = world.json(&args).error(2);
        assert_eq!(error["kind"], "invalid", "{error}");
        assert_eq!(error["field"], field, "{error}");
        assert!(error["message"].as_str().unwrap().contains(rule), "{error}");
        assert_eq!(error["attempts"], 0);
    }
    assert!(world.is_untouched());
}

#[test]
fn files_that_are_no_cards_are_not_sent() {
    let world = World::new();
    for (content, member) in [
        ("", "message"),
        ("{", "message"),
        ("汤圆", "message"),
        ("[]", "field"),
        ("\"card\"", "field"),
        ("{}", "field"),
        (r#"{"title":"汤圆"}"#, "field"),
        (r#"{"card":{}}"#, "field"),
        (r#"{"card":[]}"#, "field"),
        (r#"{"card":{"card_type":"CASH"}}"#, "field"),
        (r#"{"card_type":"CASH","cash":{"base_info":{"title":"汤圆"}}}"#, "field"),
        (r#"{"card_type":"CASH","cash":{"base_info":7}}"#, "field"),
    ] {
        let card = file(content);
        let error = world.json(&["card", "create", card.path().to_str().unwrap()]).error(2);
        assert!(error[member].is_string(), "{content}: {error}");
    }
    let missing = world.json(&["card", "create", "no-such-file.json"]).error(2);
    assert!(
        missing["message"].as_str().unwrap().starts_with("no-such-file.json: "),
        "{missing}"
    );
    let page = file(r#"{"banner":"a"}"#);
    let error = world
        .json(&["share", "landing-page", page.path().to_str().unwrap()])
        .error(2);
    assert_eq!(error["field"], "page_title", "{error}");
    assert!(world.is_untouched());
}

#[test]
fn a_title_that_is_too_long_is_named_by_its_path() {
    let world = World::new();
    let body = std::fs::read_to_string(example("groupon.json")).unwrap();
    let body = file(&body.replace("双人面食套餐", "双人面食套餐双人面食套餐"));
    let error = world.json(&["card", "create", body.path().to_str().unwrap()]).error(2);
    assert_eq!(error["field"], "card.groupon.base_info.title");
    assert_eq!(error["path"], "/card/create");
    assert!(world.is_untouched());
}

#[test]
fn usage_errors_are_explained_in_the_format_that_was_asked_for() {
    for (args, text) in [
        (
            vec!["card", "stock", "p1", "5"],
            "+N raises the stock by N, -N lowers it by N",
        ),
        (vec!["card", "stock", "p1", "+5x"], "a whole number after the sign"),
        (vec!["card", "pay-cell", "p1", "perhaps"], "perhaps"),
        (vec!["code", "deposit", "p1", "a", "--file", "b"], "--file"),
        (vec!["code", "mark", "a"], "--card-id"),
        (vec!["code", "get", "a", "--check-consume", "maybe"], "maybe"),
        (vec!["sign", "values"], "VALUE"),
        (vec!["--timeout", "0", "card", "get", "p1"], "more than 0"),
        (vec!["--token-endpoint", "none", "card", "get", "p1"], "none"),
        (vec!["redeem"], "redeem"),
        (vec!["card"], "--help"),
    ] {
        for output in [vec!["--output", "json"], vec!["--output=json"]] {
            let error = finish(command(&[&args[..], &output[..]].concat())).error(2);
            assert_eq!(error["kind"], "usage", "{error}");
            assert!(error["message"].as_str().unwrap().contains(text), "{error}");
        }
        let run = finish(command(&args));
        assert!(
            run.complaint(2)
                .contains(if text == "--help" { "Usage:" } else { text }),
            "{run:?}"
        );
    }
}

#[test]
fn a_base_url_that_would_leak_is_refused_without_being_repeated() {
    for base_url in [
        "http://api.weixin.qq.com",
        "http://10.0.0.1:8080",
        "https://user:canary@api.weixin.qq.com",
        "ftp://127.0.0.1",
        "api.weixin.qq.com",
        "",
    ] {
        let error = finish(command(&[
            "--base-url",
            base_url,
            "--output",
            "json",
            "card",
            "get",
            "p1",
        ]))
        .error(2);
        assert!(
            error["message"].as_str().unwrap().starts_with("--base-url: "),
            "{error}"
        );
    }
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let no_pem = file("no certificate\n");
    let no_pem = no_pem.path().to_str().unwrap();
    for args in [
        ["--ca-file", no_pem],
        ["--ca-file", "no-such-file.pem"],
        ["--app-secret-file", "no-such-file"],
    ] {
        let error = finish(command(
            &[&args[..], &["--output", "json", "card", "get", "p1"]].concat(),
        ))
        .error(2);
        assert_eq!(error["kind"], "usage", "{error}");
    }
    let mut proxied = command(&["--output", "json", "card", "get", "p1"]);
    proxied.env("HTTPS_PROXY", "gopher://user:canary@127.0.0.1");
    finish(proxied).error(2);
}

#[test]
fn help_and_version_go_to_stdout_without_colour() {
    let version = finish(bare(&["--version"]));
    assert_eq!(version.text(), format!("wx-card {}\n", env!("CARGO_PKG_VERSION")));
    let help = finish(bare(&["--help", "--output", "json"]));
    assert!(help.text().contains("Exit codes:"), "{help:?}");
    let help = finish(bare(&["code", "consume", "--help"]));
    assert!(
        help.text()
            .starts_with("Redeem a code (核销 Code): POST /card/code/consume"),
        "{help:?}"
    );
    assert!(!help.text().contains('\u{1b}'), "{help:?}");
    let nothing = finish(bare(&[]));
    assert!(nothing.complaint(2).contains("Usage: wx-card"), "{nothing:?}");
}
