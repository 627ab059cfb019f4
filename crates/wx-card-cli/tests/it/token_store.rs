//! `--token-store`: tokens and tickets that outlive a run, counted by the sandbox.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::json;
use wx_redis_fixture::Redis;

use crate::run::{APP_ID, APP_SECRET, Run, bare, command, finish};
use crate::world::World;

const STABLE: &str = "/cgi-bin/stable_token";
const CLASSIC: &str = "/cgi-bin/token";
const TICKET: &str = "/cgi-bin/ticket/getticket";
const COLORS: &[&str] = &["card", "colors"];

/// A folder for tokens, and what the option says for it.
struct Folder {
    folder: tempfile::TempDir,
    option: String,
}

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let option = format!("file:{}/tokens", folder.path().display());
        Self { folder, option }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("tokens")
    }

    fn access_token(&self) -> PathBuf {
        self.path().join(format!("{APP_ID}.access_token.json"))
    }
}

fn run_with(world: &World, store: &str, args: &[&str]) -> Run {
    world.json(&[args, &["--token-store", store]].concat())
}

/// Runs it and takes the result, whatever it is.
fn done(world: &World, store: &str, args: &[&str]) {
    run_with(world, store, args).json();
}

#[test]
fn without_a_store_each_run_fetches_a_token() {
    let world = World::new();
    world.json(COLORS).json();
    done(&world, "memory", COLORS);
    assert_eq!(world.requests(STABLE), 2);
}

#[test]
fn in_a_folder_the_token_of_one_run_serves_the_next() {
    let (world, folder) = (World::new(), Folder::new());
    for _ in 0..3 {
        done(&world, &folder.option, COLORS);
    }
    assert_eq!(world.requests(STABLE), 1);
    assert_eq!(world.requests("/card/getcolors"), 3);
}

#[test]
fn the_variable_means_the_same_as_the_option() {
    let (world, folder) = (World::new(), Folder::new());
    for _ in 0..2 {
        let mut command = command(&["--base-url", world.base_url(), "card", "colors", "--output", "json"]);
        command.env("WX_CARD_TOKEN_STORE", &folder.option);
        finish(command).json();
    }
    assert_eq!(world.requests(STABLE), 1);
}

#[test]
fn runs_that_start_at_the_same_time_fetch_one_token() {
    let (world, folder) = (World::new(), Folder::new());
    let args = [
        "--base-url",
        world.base_url(),
        "--token-store",
        &folder.option,
        "card",
        "colors",
    ];
    let runs: Vec<_> = (0..5)
        .map(|_| command(&args).stdout(Stdio::null()).spawn().unwrap())
        .collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    assert_eq!(world.requests(STABLE), 1);
    assert_eq!(world.requests("/card/getcolors"), 5);
}

#[test]
fn with_the_classic_endpoint_runs_do_not_kill_each_others_tokens() {
    let (world, folder) = (World::new(), Folder::new());
    for _ in 0..3 {
        done(
            &world,
            &folder.option,
            &["card", "colors", "--token-endpoint", "classic"],
        );
    }
    assert_eq!(world.requests(CLASSIC), 1);
    assert_eq!(world.requests("/card/getcolors"), 3);
}

#[test]
fn tickets_are_kept_too_each_of_its_kind() {
    let (world, folder) = (World::new(), Folder::new());
    let pages = ["sign", "js-config", "--url", "https://example.com/"];
    for _ in 0..2 {
        done(&world, &folder.option, &["sign", "add-card", "--card-id", "p1"]);
        done(&world, &folder.option, &pages);
    }
    assert_eq!((world.requests(STABLE), world.requests(TICKET)), (1, 2));
}

#[test]
fn a_token_that_the_service_refuses_is_replaced_for_all() {
    let (world, folder) = (World::new(), Folder::new());
    done(&world, &folder.option, COLORS);
    let before = fs::read(folder.access_token()).unwrap();
    world.control("expire-token", &json!({}));
    done(&world, &folder.option, COLORS);
    assert_eq!(world.requests(STABLE), 2);
    assert_ne!(fs::read(folder.access_token()).unwrap(), before);
    done(&world, &folder.option, COLORS);
    assert_eq!(world.requests(STABLE), 2);
    assert_eq!(world.requests("/card/getcolors"), 4);
}

#[test]
fn the_token_of_one_account_is_no_token_of_another() {
    let (world, folder) = (World::new(), Folder::new());
    done(&world, &folder.option, COLORS);
    let other = run_with(
        &world,
        &folder.option,
        &["card", "colors", "--app-id", "wx0000000000000002"],
    );
    assert_eq!(other.error(3)["kind"], "credential");
    done(&world, &folder.option, COLORS);
    assert_eq!(world.requests("/card/getcolors"), 2);
}

#[test]
fn a_damaged_file_is_a_token_that_is_not_there() {
    let (world, folder) = (World::new(), Folder::new());
    done(&world, &folder.option, COLORS);
    let whole = fs::read(folder.access_token()).unwrap();
    for (round, damaged) in [&whole[..whole.len() / 2], b"", b"\xff\x00", b"{}"]
        .into_iter()
        .enumerate()
    {
        fs::write(folder.access_token(), damaged).unwrap();
        done(&world, &folder.option, COLORS);
        done(&world, &folder.option, COLORS);
        assert_eq!(world.requests(STABLE), 2 + u64::try_from(round).unwrap());
    }
}

#[test]
fn nothing_is_kept_of_a_run_that_needs_no_token() {
    let folder = Folder::new();
    let kinds = bare(&["card", "template", "cash", "--token-store", &folder.option]);
    assert_eq!(finish(kinds).code, 0);
    assert!(!folder.path().exists());
}

#[test]
fn what_is_no_store_is_refused_before_anything_is_sent() {
    let world = World::new();
    let file = tempfile::NamedTempFile::new().unwrap();
    let on_a_file = format!("file:{}/tokens", file.path().display());
    for (store, says) in [
        ("canary", "takes memory, file:FOLDER"),
        ("file:", "names no folder"),
        ("file:~/canary", "$HOME"),
        ("redis://:canary@", "--token-store"),
        (on_a_file.as_str(), "cannot be created"),
    ] {
        let error = run_with(&world, store, COLORS).error(2);
        assert_eq!(error["kind"], "usage", "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(says), "{error}");
    }
    assert!(world.is_untouched());
}

#[cfg(unix)]
mod rights {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn nobody_else_may_read_the_folder() {
        let (world, folder) = (World::new(), Folder::new());
        done(&world, &folder.option, COLORS);
        assert_eq!((mode(&folder.path()), mode(&folder.access_token())), (0o700, 0o600));
        let text = fs::read_to_string(folder.access_token()).unwrap();
        assert!(!text.contains(APP_SECRET));
    }

    #[test]
    fn a_file_that_others_may_read_is_refused_before_anything_is_sent() {
        let (world, folder) = (World::new(), Folder::new());
        done(&world, &folder.option, COLORS);
        set_mode(&folder.access_token(), 0o644);
        let error = run_with(&world, &folder.option, COLORS).error(2);
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("others may have read"), "{error}");
        assert!(message.contains("access_token.json"), "{error}");
        assert_eq!(world.requests("/card/getcolors"), 1);
        set_mode(&folder.access_token(), 0o600);
        set_mode(&folder.path(), 0o777);
        let error = run_with(&world, &folder.option, COLORS).error(2);
        assert!(
            error["message"].as_str().unwrap().contains("others may write"),
            "{error}"
        );
        assert_eq!(world.requests("/card/getcolors"), 1);
    }
}

#[test]
fn no_token_is_logged_with_a_store() {
    let (world, folder) = (World::new(), Folder::new());
    done(&world, &folder.option, COLORS);
    let text = fs::read_to_string(folder.access_token()).unwrap();
    let record: serde_json::Value = serde_json::from_str(&text).unwrap();
    let token = record["token"]["secret"].as_str().unwrap();
    for (store, args) in [
        (folder.option.as_str(), COLORS),
        ("redis://:canary@127.0.0.1:1", COLORS),
    ] {
        let run = world.run(&[args, &["-vv", "--token-store", store]].concat());
        assert_eq!(run.code, 0, "{run:?}");
        assert!(!run.stderr.is_empty(), "{run:?}");
        for output in [&run.stdout, &run.stderr] {
            assert!(!output.contains(token), "{output}");
        }
    }
}

#[test]
fn in_redis_the_token_of_one_run_serves_the_next() {
    let (world, redis) = (World::new(), Redis::start().unwrap());
    for _ in 0..2 {
        done(&world, &redis.url(), COLORS);
        done(&world, &redis.url(), &["sign", "add-card", "--card-id", "p1"]);
    }
    assert_eq!((world.requests(STABLE), world.requests(TICKET)), (1, 1));
}

#[test]
fn a_redis_that_is_gone_costs_a_token_and_fails_no_run() {
    let (world, mut redis) = (World::new(), Redis::start().unwrap());
    done(&world, &redis.url(), COLORS);
    redis.kill();
    done(&world, &redis.url(), COLORS);
    assert_eq!(world.requests(STABLE), 2);
}
