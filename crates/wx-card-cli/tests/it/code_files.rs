//! Codes from a file.

use serde_json::json;

use crate::run::file;
use crate::world::World;

fn lines(count: usize) -> String {
    (1..=count).map(|number| format!("C{number:05}\n")).collect()
}

#[test]
fn a_file_of_100_codes_is_one_request() {
    let world = World::new();
    let id = world.cash_coupon();
    let codes = file(&lines(100));
    let args = ["code", "deposit", &id, "--file", codes.path().to_str().unwrap()];
    let answer = world.json(&args).json();
    assert_eq!(answer["succ_code"].as_array().unwrap().len(), 100);
    assert_eq!(world.requests("/card/code/deposit"), 1);
    let again = world.json(&args).json();
    assert_eq!(again["duplicate_code"].as_array().unwrap().len(), 100);
    assert_eq!(world.json(&["code", "count", &id]).json(), json!({"count": 100}));

    let checked = world
        .json_with(&["code", "check", &id, "--file", "-"], "C00001\nD00001\n")
        .json();
    assert_eq!(checked["exist_code"], json!(["C00001"]));
    assert_eq!(checked["not_exist_code"], json!(["D00001"]));
    let text = world.run(&["code", "check", &id, "--file", codes.path().to_str().unwrap()]);
    assert_eq!(text.text(), "deposited      100\nnot deposited  0\n");
}

#[test]
fn a_short_file_is_read_as_a_long_one_is() {
    let world = World::new();
    let id = world.cash_coupon();
    let codes = file("\u{feff}Code,batch\n\"A,1\",7\n B1 ,7\n");
    let path = codes.path().to_str().unwrap();
    let answer = world.json(&["code", "deposit", &id, "--file", path]).json();
    assert_eq!(answer["succ_code"], json!(["A,1", "B1"]));
    let checked = world.json(&["code", "check", &id, "--file", path]).json();
    assert_eq!(checked["exist_code"], json!(["A,1", "B1"]));
    assert_eq!(checked["not_exist_code"], json!([]));
    let csv = world.run(&["code", "check", &id, "=1+1", "B1", "--output", "csv"]);
    assert_eq!(csv.text(), "code,deposited\nB1,yes\n'=1+1,no\n");
    let broken = file("A2\n\"A3\" x\n");
    let refused = world.run(&["code", "deposit", &id, "--file", broken.path().to_str().unwrap()]);
    assert!(
        refused
            .complaint(2)
            .contains("line 2: a quote stands in the wrong place; nothing was sent")
    );
}

#[test]
fn what_is_wrong_in_a_file_keeps_all_of_it_from_being_sent() {
    let world = World::new();
    for (codes, problem) in [
        (lines(50) + "C00007\n", "line 51 repeats line 7"),
        (lines(50) + "\n" + &lines(1).replace('C', "D"), "line 51 is empty"),
        (String::new(), "there is no code in it"),
        (lines(101), "has 101 items, must have 1 to 100"),
    ] {
        let codes = file(&codes);
        // A check takes any number of codes.
        let is_too_long = problem.contains("101");
        for command in ["deposit", "check"].into_iter().take(if is_too_long { 1 } else { 2 }) {
            let args = ["code", command, "p1", "--file", codes.path().to_str().unwrap()];
            let error = world.json(&args).error(2);
            assert_eq!(error["field"], "code");
            assert_eq!(error["kind"], "invalid");
            assert!(error["message"].as_str().unwrap().contains(problem), "{error}");
        }
    }
    assert!(world.is_untouched());
}
