//! Profiles, `whoami` and `doctor`.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::run::{APP_ID, APP_SECRET, Run, bare, command, finish};
use crate::world::World;

/// A home with a settings file in it.
struct Home {
    folder: TempDir,
    _world: World,
}

impl Home {
    fn new(config: &str) -> Self {
        let (folder, world) = (tempfile::tempdir().unwrap(), World::new());
        let config = config.replace("BASE", world.base_url()).replace("APP_ID", APP_ID);
        let file = folder.path().join(".config/wx-card/config.toml");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, config).unwrap();
        Self { folder, _world: world }
    }

    fn secret(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;

        let file = self.folder.path().join(".config/wx-card").join(name);
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
        file
    }

    fn run_with(&self, variables: &[(&str, &str)], args: &[&str]) -> Run {
        let mut command = bare(args);
        command.env("HOME", self.folder.path()).envs(variables.iter().copied());
        finish(command)
    }

    fn run(&self, args: &[&str]) -> Run {
        self.run_with(&[], args)
    }
}

const SHOP: &str = "default = \"shop\"\n\n[profile.shop]\napp_id = \"APP_ID\"\napp_secret_file = \"shop.secret\"\n\
                    base_url = \"BASE\"\n\n[profile.other]\napp_id = \"wx9999999999999999\"\n\
                    app_secret_env = \"OTHER_SECRET\"\nbase_url = \"BASE\"\n";

#[test]
fn a_profile_is_an_account_and_the_way_to_it() {
    let home = Home::new(SHOP);
    home.secret("shop.secret", APP_SECRET, 0o600);
    let account = home.run(&["whoami", "--output", "json"]).json();
    assert_eq!(account["app_id"], APP_ID);
    assert_eq!(account["profile"], "shop");
    assert_eq!(account["cards"], true);
    let shown = home.run(&["whoami"]);
    assert!(shown.text().contains("the account may manage them"), "{shown:?}");
    let listed = home.run(&["profile", "list", "--output", "csv"]);
    assert!(listed.text().contains(&format!("shop,{APP_ID},http://")), "{listed:?}");
    assert!(
        home.run(&["profile", "path"])
            .text()
            .ends_with("/.config/wx-card/config.toml\n")
    );
}

#[test]
fn app_id_and_secret_of_different_places_are_never_mixed() {
    let home = Home::new(SHOP);
    home.secret("shop.secret", "the secret of another account", 0o600);
    let environment = [("WX_APP_ID", APP_ID), ("WX_APP_SECRET", APP_SECRET)];
    // The environment goes before a default profile, in whole.
    let account = home.run_with(&environment, &["whoami", "--output", "json"]).json();
    assert_eq!(account["app_secret_from"], "the variable WX_APP_SECRET");
    // A profile that is named goes before the environment, in whole.
    let refused = home.run_with(&environment, &["whoami", "--profile", "shop"]);
    assert!(refused.complaint(3).contains("hint: check"), "{refused:?}");
    // An app id of the command line does not get a profile's secret.
    let refused = home.run(&["whoami", "--app-id", APP_ID]);
    assert!(refused.complaint(2).contains("WX_APP_SECRET"), "{refused:?}");
}

#[test]
fn a_secret_that_others_may_read_is_refused() {
    let home = Home::new(SHOP);
    for mode in [0o644, 0o640, 0o602] {
        let file = home.secret("shop.secret", APP_SECRET, mode);
        let refused = home.run(&["whoami"]);
        let command = format!("chmod 600 {}", file.display());
        assert!(refused.complaint(2).contains(&command), "{refused:?}");
    }
    home.secret("shop.secret", APP_SECRET, 0o400);
    home.run(&["whoami"]).text();
}

#[test]
fn a_secret_that_is_not_there_is_told_by_its_setting() {
    let home = Home::new(SHOP);
    let refused = home.run(&["whoami"]);
    let complaint = refused.complaint(2);
    assert!(complaint.starts_with("error: app_secret_file: /"), "{refused:?}");
    assert!(complaint.contains("only you may read it (chmod 600)"), "{refused:?}");
    let refused = home.run(&["whoami", "--app-secret-file", "none"]);
    assert!(
        refused.complaint(2).starts_with("error: --app-secret-file: none: "),
        "{refused:?}"
    );
}

#[test]
fn the_place_of_the_settings_does_not_depend_on_where_the_command_runs() {
    let home = Home::new(SHOP);
    let elsewhere = home.run_with(&[("XDG_CONFIG_HOME", "/elsewhere")], &["profile", "path"]);
    assert_eq!(elsewhere.text(), "/elsewhere/wx-card/config.toml\n");
    let relative = home.run_with(&[("XDG_CONFIG_HOME", "elsewhere")], &["profile", "path"]);
    assert!(
        relative.text().ends_with("/.config/wx-card/config.toml\n"),
        "{relative:?}"
    );
    for command in ["path", "list"] {
        let homeless = finish(bare(&["profile", command]));
        assert!(homeless.complaint(2).contains("--config FILE"), "{homeless:?}");
    }
}

#[test]
fn a_settings_file_that_is_wrong_is_named_with_its_line() {
    for (config, expected) in [
        (
            "[profile.a]\napp_secret = \"canary\"\n",
            "no app secret belongs into this file",
        ),
        ("[profile.a]\napp_idd = \"wx1\"\n", "line 2: unknown field `app_idd`"),
        ("default = \"b\"\n[profile.a]\n", "there is no profile b"),
    ] {
        let home = Home::new(config);
        let refused = home.run(&["whoami"]);
        assert!(refused.complaint(2).contains(expected), "{refused:?}");
        // What needs no account does not mind.
        assert_eq!(home.run(&["errcode", "40099"]).code, 0);
    }
}

#[test]
fn whoami_tells_a_wrong_secret_from_an_address_that_is_not_listed() {
    let world = World::new();
    let mut wrong = command(&["--base-url", world.base_url(), "whoami"]);
    wrong.env("WX_APP_SECRET", "canary-that-is-wrong");
    assert!(
        finish(wrong)
            .complaint(3)
            .contains("check the app id and the app secret")
    );
    let rules = json!([{"path": "/cgi-bin/stable_token", "fault": "errcode", "errcode": 40164,
        "errmsg": "invalid ip 203.0.113.7, not in whitelist"}]);
    world.control("faults", &json!({ "rules": rules }));
    let refused = world.run(&["whoami"]);
    assert!(
        refused
            .complaint(3)
            .contains("put 203.0.113.7, the address that this machine calls from, on the account's IP list"),
        "{refused:?}"
    );
}

#[test]
fn whoami_knows_an_account_without_cards() {
    let world = World::new();
    let rules =
        json!([{"path": "/card/getcolors", "fault": "errcode", "errcode": 48001, "errmsg": "api unauthorized"}]);
    world.control("faults", &json!({ "rules": rules }));
    let run = world.json(&["whoami"]);
    assert_eq!(run.code, 3, "{run:?}");
    let account: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(account["cards"], false);
}

/// The outcomes of the checks by name.
fn outcomes(run: &Run) -> Vec<(String, String)> {
    let checks: Value = serde_json::from_str(&run.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let checks = checks["checks"].as_array().unwrap().iter();
    checks
        .map(|check| (text(&check["check"]), text(&check["outcome"])))
        .collect()
}

fn outcome(run: &Run, check: &str) -> String {
    let outcomes = outcomes(run);
    let found = outcomes.iter().find(|(name, _)| name == check);
    found.unwrap_or_else(|| panic!("{check}: {outcomes:?}")).1.clone()
}

#[test]
fn the_doctor_finds_nothing_where_nothing_is_wrong() {
    let world = World::new();
    let run = world.json(&["doctor"]);
    assert_eq!(run.code, 0, "{run:?}");
    for check in [
        "connection",
        "clock",
        "account",
        "token store",
        "token",
        "card ticket",
        "jsapi ticket",
    ] {
        assert_eq!(outcome(&run, check), "fine", "{check}");
    }
    // It is no service of WeChat.
    assert_eq!(outcome(&run, "service"), "unusual");
    assert!(world.run(&["doctor"]).text().ends_with("nothing is wrong\n"));
}

#[test]
fn the_doctor_names_what_is_wrong_and_what_to_do() {
    let world = World::new();
    let mut wrong = command(&["--base-url", world.base_url(), "doctor", "--output", "json"]);
    wrong.env("WX_APP_SECRET", "canary-that-is-wrong");
    let run = finish(wrong);
    assert_eq!(run.code, 4, "{run:?}");
    assert_eq!(outcome(&run, "token"), "failed");

    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let address = format!("http://{closed}");
    let run = finish(command(&["--base-url", &address, "doctor", "--output", "json"]));
    assert_eq!(outcome(&run, "connection"), "failed");

    let mut proxied = command(&["--base-url", world.base_url(), "doctor", "--output", "json"]);
    proxied.env("https_proxy", "http://someone:canary@proxy.invalid:3128");
    assert_eq!(outcome(&finish(proxied), "proxy"), "unusual");

    // What keeps everything from being sent is told once.
    let mut nothing_goes = command(&["--base-url", world.base_url(), "doctor", "--output", "json"]);
    nothing_goes.env("https_proxy", "nonsense:");
    let failed = outcomes(&finish(nothing_goes))
        .into_iter()
        .filter(|(_, outcome)| outcome == "failed");
    assert_eq!(failed.map(|(check, _)| check).collect::<Vec<_>>(), ["connection"]);

    let mut nobody = bare(&["--base-url", world.base_url(), "doctor", "--output", "json"]);
    nobody.env("WX_APP_ID", APP_ID);
    let run = finish(nobody);
    assert_eq!((run.code, outcome(&run, "account")), (4, "failed".to_owned()));
}
