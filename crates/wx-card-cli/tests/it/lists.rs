//! Lists in rows, pictures in files, and the sandbox within the command.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::run::{Run, bare, file, finish};

/// A sandbox whose state is in a folder of its own.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs against the sandbox of whoever has this home, without any account.
    fn run(&self, args: &[&str]) -> Run {
        let mut command = bare(args);
        command.env("HOME", self.path()).arg("--sandbox");
        finish(command)
    }

    fn json(&self, args: &[&str]) -> Value {
        self.run(&[args, &["--output", "json"]].concat()).json()
    }

    fn card(&self) -> String {
        let template = finish(bare(&["card", "template", "cash"]));
        let body = file(template.text());
        let created = self.json(&["card", "create", body.path().to_str().unwrap()]);
        created["card_id"].as_str().unwrap().to_owned()
    }
}

#[test]
fn what_one_run_does_the_next_run_knows() {
    let home = Home::new();
    let card = home.card();
    let taken = home.json(&["sandbox", "take", &card, "--openid", "oAnna"]);
    let code = taken["code"].as_str().unwrap();
    assert_eq!(home.json(&["user", "cards", "oAnna"])["card_list"][0]["code"], code);
    assert_eq!(home.run(&["code", "consume", code]).code, 0);
    let again = home.run(&["code", "consume", code]);
    assert_eq!(again.code, 3, "{again:?}");
    assert!(home.path().join(".local/state/wx-card/sandbox.json").is_file());

    home.run(&["sandbox", "reset"]).text();
    assert_eq!(home.run(&["card", "list"]).text(), "no card\n");
    home.run(&["sandbox", "reset"]).text();
}

#[test]
fn runs_at_once_lose_nothing_of_each_other() {
    let home = Home::new();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| home.card());
        }
    });
    assert_eq!(home.json(&["card", "list"])["total_num"], 6);
}

#[test]
fn time_and_everything_else_can_be_played() {
    let home = Home::new();
    let card = home.card();
    let before = home.json(&["sandbox", "advance", "0"])["now"].as_i64().unwrap();
    let after = home.json(&["sandbox", "advance", "100000"])["now"].as_i64().unwrap();
    assert!(after - before >= 100_000, "{before} {after}");
    assert!(home.json(&["sandbox", "play", "ledger"])["requests"].is_object());
    let unknown = home.run(&["sandbox", "play", "no-such-call"]);
    assert!(unknown.complaint(2).contains("no-such-call"));
    let nobodys = home.run(&["sandbox", "take", "pNone"]);
    assert!(nobodys.complaint(2).contains("take: "), "{card}");
}

#[test]
fn a_state_that_is_none_is_left_alone_until_it_is_forgotten() {
    let home = Home::new();
    let file = home.path().join("state.json");
    std::fs::write(&file, "mine").unwrap();
    let option = format!("--sandbox={}", file.display());
    let refused = finish(bare(&["card", "list", &option]));
    assert!(refused.complaint(2).contains("wx-card sandbox reset"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    assert_eq!(finish(bare(&["sandbox", "reset", &option])).code, 0);
    assert_eq!(finish(bare(&["card", "list", &option])).text(), "no card\n");
}

#[test]
fn without_a_home_a_file_is_asked_for() {
    let refused = finish(bare(&["card", "list", "--sandbox"]));
    assert!(refused.complaint(2).contains("--sandbox=FILE"));
}

#[test]
fn what_serves_or_plays_a_demo_has_a_sandbox_of_its_own() {
    let home = Home::new();
    for args in [&["sandbox"][..], &["demo"]] {
        assert!(home.run(args).complaint(2).contains("--sandbox: "), "{args:?}");
    }
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn a_service_and_a_sandbox_exclude_each_other() {
    let home = Home::new();
    let refused = home.run(&["card", "list", "--base-url", "https://localhost"]);
    assert!(refused.complaint(2).contains("cannot be used with"));
}

#[test]
fn lists_come_in_rows() {
    let home = Home::new();
    assert_eq!(home.run(&["card", "list", "--output", "csv"]).text(), "card_id\n");
    let card = home.card();
    assert_eq!(
        home.run(&["card", "list", "--output", "csv"]).text(),
        format!("card_id\n{card}\n")
    );
    assert_eq!(
        home.run(&["card", "list", "--output", "table"]).text(),
        format!("CARD ID\n{card}\n")
    );
    let taken = home.json(&["sandbox", "take", &card, "--openid", "oAnna"]);
    let code = taken["code"].as_str().unwrap();
    assert_eq!(
        home.run(&["user", "cards", "oAnna", "--output", "csv"]).text(),
        format!("code,card_id\n{code},{card}\n")
    );
    let colors = home.run(&["card", "colors", "--output", "csv"]);
    assert!(
        colors.text().starts_with("name,shade\nColor010,#63b359\n"),
        "{colors:?}"
    );
    assert_eq!(
        home.run(&["card", "colors", "--output", "table"]).text(),
        home.run(&["card", "colors"]).text()
    );
}

#[test]
fn what_is_no_list_is_refused_in_rows_before_anything_is_sent() {
    let home = Home::new();
    let card = home.card();
    let code = home.json(&["sandbox", "take", &card])["code"]
        .as_str()
        .unwrap()
        .to_owned();
    for format in ["csv", "table"] {
        let refused = home.run(&["code", "consume", &code, "--output", format]);
        assert!(refused.complaint(2).contains("only lists"), "{refused:?}");
    }
    assert_eq!(home.run(&["code", "consume", &code]).code, 0);
}

#[test]
fn a_qr_code_is_saved_as_a_picture() {
    let home = Home::new();
    let card = home.card();
    let png = home.path().join("code.png");
    let svg = home.path().join("code.svg");
    for picture in [&png, &svg] {
        let saved = home.run(&["share", "qrcode", &card, "--save", picture.to_str().unwrap()]);
        assert!(saved.text().contains("says"), "{saved:?}");
    }
    assert!(std::fs::read(&png).unwrap().starts_with(b"\x89PNG\r\n"));
    assert!(std::fs::read_to_string(&svg).unwrap().contains("<svg"));
}

#[test]
fn a_picture_that_cannot_be_written_does_not_hide_the_qr_code() {
    let home = Home::new();
    let card = home.card();
    let folder = home.path().join("folder.png");
    std::fs::create_dir(&folder).unwrap();
    let run = home.run(&["share", "qrcode", &card, "--save", folder.to_str().unwrap()]);
    assert!(run.stdout.contains("says"), "{run:?}");
    assert!(run.stderr.contains("folder.png"), "{run:?}");
    assert_eq!(run.code, 5, "{run:?}");
}

#[test]
fn without_a_place_for_its_picture_no_qr_code_is_made() {
    let home = Home::new();
    let card = home.card();
    let nowhere = home.path().join("none/code.png");
    let run = home.run(&["share", "qrcode", &card, "--save", nowhere.to_str().unwrap()]);
    assert!(
        run.complaint(2).contains("there is no such folder; nothing was sent"),
        "{run:?}"
    );
    let made = home.json(&["sandbox", "play", "ledger"])["requests"]["/card/qrcode/create"].clone();
    assert_eq!(made, Value::Null);
    let refused = home.run(&["share", "qrcode", &card, "--save", "code.jpg"]);
    assert!(refused.complaint(2).contains(".png or .svg"));
}

#[test]
fn what_is_mistyped_about_a_sandbox_is_told() {
    let home = Home::new();
    let refused = home.run(&["sandbox", "play", "aprove"]);
    assert!(
        refused
            .complaint(2)
            .contains("there are add-card, advance-clock, approve, "),
        "{refused:?}"
    );
    let refused = finish(bare(&["--sandbox", "state.json", "card", "list"]));
    assert!(
        refused
            .complaint(2)
            .contains("tip: the file of a sandbox is named with an equals sign: --sandbox=state.json"),
        "{refused:?}"
    );
    // Only files are forgotten.
    let folder = home.path().join("folder");
    std::fs::create_dir(&folder).unwrap();
    let refused = finish(bare(&["sandbox", "reset", &format!("--sandbox={}", folder.display())]));
    assert!(
        refused.complaint(2).contains("is no file; nothing is removed"),
        "{refused:?}"
    );
    let advanced = home.run(&["sandbox", "advance", "60"]);
    assert!(
        advanced.text().starts_with("now  2") && advanced.stdout.ends_with(" +08:00\n"),
        "{advanced:?}"
    );
}

#[test]
fn a_card_that_is_mistyped_is_named() {
    let home = Home::new();
    let card = home.card();
    let slip = format!("{}x", &card[..card.len() - 1]);
    for args in [
        vec!["card", "get", &slip],
        vec!["card", "self-consume", &slip, "on"],
        vec!["code", "check", &slip, "1"],
        vec!["share", "qrcode", &slip],
    ] {
        let fetched = || home.json(&["sandbox", "play", "ledger"])["requests"]["/cgi-bin/stable_token"].as_u64();
        let before = fetched().unwrap();
        let run = home.run(&args);
        assert!(run.complaint(3).contains(&format!("hint: is {card} meant?")), "{run:?}");
        assert_eq!(fetched(), Some(before + 1), "the list needs no token of its own");
    }
    let other = home.run(&["card", "get", "pNothingLikeIt"]);
    assert!(other.complaint(3).contains("`wx-card card list --all`"), "{other:?}");
}
