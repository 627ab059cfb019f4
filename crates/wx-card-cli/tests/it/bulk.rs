//! Any number of codes: imported, made void, checked; and an import that is killed again and again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Child;

use serde_json::{Value, json};
use wx_redis_fixture::Redis;

use crate::run::{Run, command, finish};
use crate::world::World;

/// A folder with a file of codes.
struct Files(tempfile::TempDir);

impl Files {
    fn new(codes: &[u8]) -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        std::fs::write(files.path("codes.csv"), codes).unwrap();
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn name(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// The lines of the report, without its heading, by the number of the line.
    fn report(&self) -> BTreeMap<u64, String> {
        let text = std::fs::read_to_string(self.path("report.csv")).unwrap();
        let (heading, rows) = text.split_once('\n').unwrap();
        assert_eq!(heading, "line,code,outcome,reason");
        let row = |row: &str| {
            let (line, rest) = row.split_once(',').unwrap();
            (line.parse().unwrap(), rest.to_owned())
        };
        let report: BTreeMap<u64, String> = rows.lines().map(row).collect();
        assert_eq!(report.len(), rows.lines().count(), "a line is told twice");
        report
    }
}

fn codes(count: usize) -> Vec<u8> {
    (0..count)
        .flat_map(|code| format!("K{code:06}\n").into_bytes())
        .collect()
}

/// The words of an import of `codes.csv`.
fn import<'a>(id: &'a str, files: &Files, more: &[&'a str]) -> Vec<String> {
    let words = [
        "code",
        "import",
        id,
        "--file",
        &files.name("codes.csv"),
        "--report",
        &files.name("report.csv"),
    ];
    words.iter().chain(more).map(|word| (*word).to_owned()).collect()
}

fn run(world: &World, words: &[String]) -> Run {
    world.json(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The result on stdout of a run that ended with `code`.
fn told(run: &Run, code: i32) -> Value {
    assert_eq!((run.code, run.stderr.as_str()), (code, ""), "{run:?}");
    serde_json::from_str(&run.stdout).unwrap()
}

/// By how much the stock of a card was changed, each time.
fn changes(world: &World, id: &str) -> Vec<i64> {
    let ledger = world.control("ledger", &json!({}));
    let movements = ledger["stock"].as_array().unwrap().iter();
    let own = movements.filter(|movement| movement["card_id"] == id && movement["reason"] == "modify");
    own.map(|movement| movement["change"].as_i64().unwrap()).collect()
}

#[test]
fn a_file_is_imported_and_the_stock_raised() {
    let world = World::new();
    let id = world.cash_coupon();
    let files = Files::new(b"\xef\xbb\xbfCode,Name\r\n A1 ,x\r\n\"A2\",\"y\r\nz\"\r\n\r\nA1\r\n\"A,3\"\r\n123456789012345678901\r\nA\x014\r\n\"A\"5\r\nA\xff6\r\n");
    let document = told(&run(&world, &import(&id, &files, &["--raise-stock"])), 3);
    for (member, value) in [
        ("outcome", json!("complete")),
        ("lines", json!(9)),
        ("accepted", json!(3)),
        ("refused", json!(4)),
        ("repeated", json!(1)),
        ("empty", json!(1)),
        ("deposited_before", json!(0)),
        ("deposited_after", json!(3)),
        ("stock", json!({"outcome": "raised", "by": 3})),
        ("resumed", json!(false)),
        ("stopped_by", Value::Null),
    ] {
        assert_eq!(document[member], value, "{member}: {document}");
    }
    let report: Vec<(u64, String)> = files.report().into_iter().collect();
    let expected = [
        (2, "A1,accepted,"),
        (3, "A2,accepted,"),
        (5, ",empty,there is nothing in it"),
        (6, "A1,repeated,"),
        (7, "\"A,3\",accepted,"),
        (8, "123456789012345678901,refused,has more bytes than a code may have"),
        (9, "A\u{1}4,refused,has a control character"),
        (10, ",refused,its quotes do not fit together"),
        (11, ",refused,is not text in UTF-8"),
    ];
    assert_eq!(report, expected.map(|(line, row)| (line, row.to_owned())));
    // Once more: nothing is sent, and it is told again.
    let deposits = world.requests("/card/code/deposit");
    let again = told(&run(&world, &import(&id, &files, &["--raise-stock"])), 3);
    assert_eq!((&again["accepted"], &again["resumed"]), (&json!(3), &json!(true)));
    assert_eq!(world.requests("/card/code/deposit"), deposits);
    assert_eq!(changes(&world, &id), [3]);
    assert_eq!(files.report().len(), 9);
}

#[test]
fn a_run_for_people_is_a_table() {
    let world = World::new();
    let id = world.cash_coupon();
    let files = Files::new(&codes(150));
    let words = import(&id, &files, &[]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let expected = "\
lines             150
accepted          150
duplicate         0
present           0
failed            0
refused           0
repeated          0
empty             0
deposited before  0
deposited now     150
";
    assert_eq!(world.run(&words).text(), expected);
    assert!(files.path("codes.csv.wx-journal").exists());
}

#[test]
fn codes_from_stdin_need_no_journal() {
    let world = World::new();
    let id = world.cash_coupon();
    let imported = world
        .json_with(&["code", "import", &id, "--file", "-"], "S1\nS2\n")
        .json();
    assert_eq!((&imported["accepted"], &imported["journal"]), (&json!(2), &Value::Null));
    let again = world
        .json_with(&["code", "import", &id, "--file", "-"], "S1\nS2\nS3")
        .json();
    assert_eq!((&again["accepted"], &again["duplicate"]), (&json!(1), &json!(2)));
}

#[test]
fn the_stock_is_raised_only_with_a_journal() {
    let world = World::new();
    let id = world.cash_coupon();
    let files = Files::new(b"");
    let words = ["code", "import", &id, "--file", "-", "--raise-stock"];
    let error = world.json_with(&words, "S1\nS2\n").error(2);
    assert!(error["message"].as_str().unwrap().contains("--journal"), "{error}");
    assert_eq!(world.requests("/card/code/deposit"), 0);
    // With one, what an import that ended early has deposited is not taken for older codes.
    let journal = files.name("journal");
    let words = [&words[..], &["--journal", &journal]].concat();
    let plan =
        json!({"path": "/card/code/getdepositcount", "fault": "errcode", "errcode": 45009, "skip": 1, "times": 1});
    world.control("faults", &json!({"rules": [plan]}));
    assert_eq!(told(&world.json_with(&words, "S1\nS2\n"), 3)["accepted"], 2);
    let document = world.json_with(&words, "S1\nS2\n").json();
    assert_eq!(document["stock"], json!({"outcome": "raised", "by": 2}));
}

#[test]
fn another_file_does_not_go_on_with_the_journal_of_the_first() {
    let world = World::new();
    let id = world.cash_coupon();
    let files = Files::new(&codes(150));
    assert_eq!(run(&world, &import(&id, &files, &[])).code, 0);
    std::fs::write(files.path("codes.csv"), b"other\n").unwrap();
    let document = told(&run(&world, &import(&id, &files, &[])), 2);
    assert_eq!(
        (&document["outcome"], &document["stopped_by"]),
        (&json!("stopped"), &json!("other_input"))
    );
    let other = world.cash_coupon();
    let document = told(&run(&world, &import(&other, &files, &[])), 2);
    assert_eq!(document["stopped_by"], "journal");
    // Nothing of what was given under the wrong name is written over.
    let name = files.name("codes.csv");
    for (option, code) in [("--journal", 2), ("--report", 2)] {
        let words = ["code", "import", &other, "--file", &name, option, &name];
        assert_eq!(world.json(&words).code, code, "{option}");
        assert_eq!(std::fs::read(&name).unwrap(), b"other\n");
    }
    let words = [
        "code",
        "import",
        &other,
        "--file",
        &name,
        "--report",
        &format!("{name}.wx-journal"),
    ];
    assert_eq!(world.json(&words).code, 2);
}

#[test]
fn a_report_is_not_written_over_the_journal() {
    let world = World::new();
    let files = Files::new(&codes(10));
    let (name, new) = (files.name("codes.csv"), files.name("new"));
    // By another name too.
    let folder = files.path("").join(".").join("new");
    for report in [new.as_str(), folder.to_str().unwrap()] {
        let words = [
            "code",
            "import",
            "p1",
            "--file",
            &name,
            "--journal",
            &new,
            "--report",
            report,
        ];
        let error = world.json(&words).error(2);
        assert!(error["message"].as_str().unwrap().contains("is in use"), "{error}");
    }
    assert!(world.is_untouched());
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_does_not_hide_the_outcome() {
    let world = World::new();
    let id = world.cash_coupon();
    let files = Files::new(&codes(10));
    let name = files.name("codes.csv");
    let full = world.json(&["code", "import", &id, "--file", &name, "--report", "/dev/full"]);
    let document: Value = serde_json::from_str(&full.stdout).unwrap();
    assert_eq!((full.code, &document["accepted"]), (4, &json!(10)));
    let error: Value = serde_json::from_str(&full.stderr).unwrap();
    let message = error["message"].as_str().unwrap();
    assert!(
        message.starts_with("--report: /dev/full: ") && message.contains("again"),
        "{message}"
    );
    let error = world
        .json(&["code", "import", &id, "--file", &name, "--report", "-"])
        .error(2);
    assert!(error["message"].as_str().unwrap().contains("stdout"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_device_is_no_journal() {
    let world = World::new();
    let files = Files::new(&codes(10));
    let name = files.name("codes.csv");
    for device in ["/dev/null", "/dev/zero", "/"] {
        let words = ["code", "import", "p1", "--file", &name, "--journal", device];
        let error = world.json(&words).error(2);
        assert!(
            error["message"].as_str().unwrap().contains("no regular file"),
            "{error}"
        );
    }
    assert!(world.is_untouched());
}

#[test]
fn codes_that_the_counts_do_not_account_for_are_told() {
    let world = World::new();
    let id = world.cash_coupon();
    let files = Files::new(&codes(150));
    let first = run(&world, &import(&id, &files, &[])).json();
    assert_eq!(first["unexplained"], 0);
    // Somebody else deposits some, and the journal tells that they are not from here.
    assert_eq!(world.json(&["code", "deposit", &id, "X1", "X2"]).code, 0);
    let words = import(&id, &files, &[]);
    assert_eq!(run(&world, &words).json()["unexplained"], 2);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let text = world.run(&words);
    assert!(
        text.text()
            .ends_with("to look at        2 of the new codes are not of this import\n"),
        "{text:?}"
    );
}

#[test]
fn the_end_of_a_quota_is_a_checkpoint() {
    let world = World::new();
    let id = world.cash_coupon();
    let files = Files::new(&codes(500));
    let plan = json!({"rules": [{"path": "/card/code/deposit", "fault": "errcode", "errcode": 45009, "skip": 2}]});
    world.control("faults", &plan);
    let document = told(&run(&world, &import(&id, &files, &["--in-flight", "1"])), 3);
    assert_eq!(
        (&document["errcode"], &document["accepted"]),
        (&json!(45009), &json!(200))
    );
    assert!(document["advice"].as_str().unwrap().contains("tomorrow"), "{document}");
    world.control("faults", &json!({"rules": []}));
    let document = told(&run(&world, &import(&id, &files, &["--per-day", "5"])), 4);
    assert_eq!(document["stopped_by"], "limit");
    let document = run(&world, &import(&id, &files, &[])).json();
    assert_eq!((&document["lines"], &document["failed"]), (&json!(500), &json!(0)));
    assert_eq!(world.json(&["code", "count", &id]).json(), json!({"count": 500}));
}

/// Random numbers that are the same each time.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Starts the command; whoever drops it kills it, as SIGKILL does.
struct Killed(Child);

impl Killed {
    fn start(world: &World, words: &[String]) -> Self {
        let base = [String::from("--base-url"), world.base_url().to_owned()];
        let words: Vec<&str> = base.iter().chain(words).map(String::as_str).collect();
        let mut command = command(&words);
        Self(command.stdout(std::process::Stdio::null()).spawn().unwrap())
    }

    /// Waits until `is_time`, or until it has ended by itself, which it then tells.
    fn wait_until(&mut self, mut is_time: impl FnMut() -> bool) -> bool {
        loop {
            if self.0.try_wait().unwrap().is_some() {
                return true;
            }
            if is_time() {
                return false;
            }
            std::thread::yield_now();
        }
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        // One that has ended cannot be killed, and need not be.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn length(path: &Path) -> u64 {
    path.metadata().map_or(0, |metadata| metadata.len())
}

#[test]
fn an_import_that_is_killed_twenty_times_loses_no_code_and_raises_the_stock_once() {
    const CODES: usize = 10_000;
    let world = World::new();
    let id = world.cash_coupon();
    let files = Files::new(&codes(CODES));
    let journal = files.path("codes.csv.wx-journal");
    let words = import(&id, &files, &["--raise-stock", "--in-flight", "3"]);
    let slow = import(&id, &files, &["--raise-stock", "--in-flight", "3", "--rate", "60"]);
    let mut seeded = Seeded(20_261_124);
    for kill in 0..20 {
        let written = length(&journal);
        let (more, longer) = (seeded.below(10), 1 + seeded.below(200));
        // Every fourth while the journal is written; the others when some requests were answered and the next never
        // will be, be they carried out or not.
        let is_by_journal = kill % 4 == 0;
        let silence = json!({"path": "/card/*", "fault": "silent", "skip": more, "applied": kill % 2 == 0});
        world.control(
            "faults",
            &json!({"rules": if is_by_journal { json!([]) } else { json!([silence]) }}),
        );
        let mut running = Killed::start(&world, &slow);
        let has_ended = running.wait_until(|| {
            if is_by_journal {
                written + longer <= length(&journal)
            } else {
                world.control("faults", &json!({}))["rules"][0]["fired"] != 0
            }
        });
        assert!(!has_ended, "it was done after {kill} kills");
    }
    world.control("faults", &json!({"rules": []}));
    let document = run(&world, &words).json();
    let number = |member: &str| document[member].as_u64().unwrap();
    assert_eq!(number("accepted") + number("present"), CODES as u64, "{document}");
    for member in [
        "duplicate",
        "failed",
        "refused",
        "repeated",
        "empty",
        "deposited_before",
    ] {
        assert_eq!(number(member), 0, "{member}: {document}");
    }
    assert_eq!(number("deposited_after"), CODES as u64);
    assert_eq!(document["stock"], json!({"outcome": "raised", "by": CODES}));
    assert_eq!(changes(&world, &id), [CODES as i64]);
    assert_eq!(world.json(&["code", "count", &id]).json(), json!({"count": CODES}));
    let report = files.report();
    assert_eq!(report.len(), CODES);
    for (line, row) in report {
        let code = format!("K{:06},", line - 1);
        assert!(
            row.starts_with(&code) && (row.ends_with("accepted,") || row.ends_with("present,")),
            "{row}"
        );
    }
}

#[test]
fn an_import_that_is_killed_while_it_raises_the_stock_raises_it_once() {
    let world = World::new();
    let id = world.cash_coupon();
    let files = Files::new(&codes(250));
    let words = import(&id, &files, &["--raise-stock"]);
    let plan = json!({"rules": [{"path": "/card/modifystock", "fault": "silent", "applied": true, "times": 1}]});
    world.control("faults", &plan);
    let mut running = Killed::start(&world, &words);
    let has_fired = || world.control("faults", &json!({}))["rules"][0]["fired"] == 1;
    assert!(!running.wait_until(has_fired));
    drop(running);
    assert_eq!(changes(&world, &id), [250]);
    let document = run(&world, &words).json();
    assert_eq!(document["stock"], json!({"outcome": "raised", "by": 250}));
    assert_eq!(changes(&world, &id), [250]);
}

#[test]
fn two_processes_do_not_share_a_journal() {
    let world = World::new();
    let id = world.cash_coupon();
    let files = Files::new(&codes(250));
    let words = import(&id, &files, &[]);
    world.control(
        "faults",
        &json!({"rules": [{"path": "/card/code/*", "fault": "silent"}]}),
    );
    let mut running = Killed::start(&world, &words);
    let has_fired = || world.control("faults", &json!({}))["rules"][0]["fired"] != 0;
    assert!(!running.wait_until(has_fired));
    let error = run(&world, &words).error(4);
    assert!(
        error["message"].as_str().unwrap().contains("another process"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn control_c_finishes_what_is_in_flight_and_the_same_command_goes_on() {
    let world = World::new();
    let id = world.cash_coupon();
    let files = Files::new(&codes(3000));
    let slow = import(&id, &files, &["--rate", "20", "--in-flight", "2"]);
    let base = [
        String::from("--base-url"),
        world.base_url().to_owned(),
        "--output".into(),
        "json".into(),
    ];
    let words: Vec<&str> = base.iter().chain(&slow).map(String::as_str).collect();
    let mut started = command(&words);
    let mut child = started
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while world.requests("/card/code/checkcode") < 2 {
        assert!(child.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }
    let kill = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (output.status.code(), &document["stopped_by"]),
        (Some(4), &json!("asked"))
    );
    let done = document["accepted"].as_u64().unwrap();
    assert!((100..3000).contains(&done), "{document}");
    // Everything that was sent is known: nothing is in doubt when it goes on.
    assert_eq!(world.json(&["code", "count", &id]).json(), json!({"count": done}));
    assert!(
        document["advice"].as_str().unwrap().contains("goes on from here"),
        "{document}"
    );
    let document = run(&world, &import(&id, &files, &[])).json();
    assert_eq!((&document["lines"], &document["failed"]), (&json!(3000), &json!(0)));
}

#[test]
fn codes_of_a_file_are_made_void() {
    let world = World::new();
    let id = world.groupon();
    let taken: Vec<String> = (0..30).map(|user| world.take(&id, &format!("oUser{user}"))).collect();
    assert_eq!(world.json(&["code", "consume", &taken[7]]).code, 0);
    let files = Files::new((taken.join("\n") + "\nnobodys\n").as_bytes());
    let words = [
        "code",
        "void",
        "--file",
        &files.name("codes.csv"),
        "--report",
        &files.name("report.csv"),
    ];
    let document = told(&world.json(&words), 3);
    assert_eq!((&document["void"], &document["failed"]), (&json!(29), &json!(2)));
    let report = files.report();
    assert_eq!(report[&8], format!("{},failed,the code is redeemed", taken[7]));
    assert_eq!(report[&31], "nobodys,failed,the code is not_held");
    let voided = world.requests("/card/code/unavailable");
    assert_eq!(told(&world.json(&words), 3)["void"], 29);
    assert_eq!(world.requests("/card/code/unavailable"), voided);
}

#[test]
fn a_void_that_is_killed_ten_times_leaves_no_code_out_and_a_redeemed_one_alone() {
    const CODES: usize = 120;
    let world = World::new();
    let id = world.groupon();
    let taken: Vec<String> = (0..CODES)
        .map(|user| world.take(&id, &format!("oUser{user}")))
        .collect();
    assert_eq!(world.json(&["code", "consume", &taken[60]]).code, 0);
    let files = Files::new((taken.join("\n") + "\n").as_bytes());
    let words = [
        "code",
        "void",
        "--file",
        &files.name("codes.csv"),
        "--report",
        &files.name("report.csv"),
    ]
    .map(String::from);
    let mut seeded = Seeded(77);
    for kill in 0..10 {
        let silence =
            json!({"path": "/card/code/*", "fault": "silent", "skip": seeded.below(12), "applied": kill % 2 == 0});
        world.control("faults", &json!({"rules": [silence]}));
        let mut running = Killed::start(&world, &words);
        let has_fired = || world.control("faults", &json!({}))["rules"][0]["fired"] != 0;
        assert!(!running.wait_until(has_fired), "it was done after {kill} kills");
    }
    world.control("faults", &json!({"rules": []}));
    let document = told(&run(&world, &words), 3);
    let count = |member: &str| {
        document[member]
            .as_u64()
            .unwrap_or_else(|| panic!("{member}: {document}"))
    };
    // A request that was carried out while its answer was lost leaves it open whose doing it was; each kill loses the
    // answers to as many as are in flight, which are four.
    assert_eq!(count("void") + count("is_void"), CODES as u64 - 1, "{document}");
    assert_eq!((count("failed"), count("is_void") <= 10 * 4), (1, true), "{document}");
    for (line, row) in files.report() {
        let code = &taken[usize::try_from(line).unwrap() - 1];
        let outcome = row.strip_prefix(&format!("{code},")).unwrap();
        if line == 61 {
            assert_eq!(outcome, "failed,the code is redeemed");
        } else {
            assert!(["void,", "is_void,"].contains(&outcome), "{row}");
        }
        let status = world.json(&["code", "get", code, "--check-consume", "false"]).json()["user_card_status"].clone();
        assert_eq!(status, if line == 61 { "CONSUMED" } else { "UNAVAILABLE" }, "{code}");
    }
}

#[test]
fn runs_that_share_redis_share_the_calls_of_a_day() {
    let (world, redis) = (World::new(), Redis::start().unwrap());
    let id = world.cash_coupon();
    let (ours, theirs) = (Files::new(&codes(300)), Files::new(&codes(600)));
    // Three batches, each deposited and then checked.
    let limits = ["--per-day", "8", "--token-store", &redis.url()];
    let document = run(&world, &import(&id, &ours, &limits)).json();
    assert_eq!(document["accepted"], 300);
    let document = told(&run(&world, &import(&id, &theirs, &limits)), 4);
    assert_eq!(document["stopped_by"], "limit");
    let sent = [
        "/card/code/deposit",
        "/card/code/checkcode",
        "/card/code/getdepositcount",
    ]
    .map(|path| world.requests(path));
    assert_eq!(sent.iter().sum::<u64>(), 8, "{sent:?}");
}

#[test]
fn a_long_file_is_checked_in_parts() {
    let world = World::new();
    let id = world.cash_coupon();
    let files = Files::new(&codes(250));
    assert_eq!(run(&world, &import(&id, &files, &[])).code, 0);
    std::fs::write(files.path("codes.csv"), [codes(250), b"M1\n".to_vec()].concat()).unwrap();
    let name = files.name("codes.csv");
    let document = told(
        &world.json(&[
            "code",
            "check",
            &id,
            "--file",
            &name,
            "--report",
            &files.name("report.csv"),
        ]),
        3,
    );
    assert_eq!((&document["deposited"], &document["missing"]), (&json!(250), &json!(1)));
    let report = files.report();
    assert_eq!(report[&1], "K000000,deposited,");
    assert_eq!(report[&251], "M1,missing,not found by checkcode");
    let text = world.run(&["code", "check", &id, "--file", &name]);
    assert!(
        text.stdout
            .starts_with("lines      251\ndeposited  250\nmissing    1\n"),
        "{text:?}"
    );
    // One request's worth is answered as the service answers it.
    let few = finish(command(&["code", "check", "p1", "--file", &files.name("none.csv")]));
    assert_eq!(few.code, 2);
}
