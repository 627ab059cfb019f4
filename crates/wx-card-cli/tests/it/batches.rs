//! More codes than one request takes.

use serde_json::json;

use crate::hostile::{Answer, Hostile};
use crate::run::file;
use crate::world::World;

fn lines(count: usize) -> String {
    (1..=count).map(|number| format!("C{number:05}\n")).collect()
}

#[test]
fn a_file_of_250_codes_goes_in_three_batches_and_comes_back_as_one_document() {
    let world = World::new();
    let id = world.cash_coupon();
    let codes = file(&lines(250));
    let args = ["code", "deposit", &id, "--file", codes.path().to_str().unwrap()];
    let answer = world.json(&args).json();
    assert_eq!(answer["succ_code"].as_array().unwrap().len(), 250);
    assert_eq!(world.requests("/card/code/deposit"), 3);
    let again = world.json(&args).json();
    assert_eq!(again["duplicate_code"].as_array().unwrap().len(), 250);
    assert_eq!(world.json(&["code", "count", &id]).json(), json!({"count": 250}));

    let checked = world
        .json_with(&["code", "check", &id, "--file", "-"], &lines(251))
        .json();
    assert_eq!(checked["exist_code"].as_array().unwrap().len(), 250);
    assert_eq!(checked["not_exist_code"], json!(["C00251"]));
    let text = world.run(&["code", "check", &id, "--file", codes.path().to_str().unwrap()]);
    assert_eq!(text.text(), "deposited      250\nnot deposited  0\n");
}

#[test]
fn what_is_wrong_anywhere_in_a_file_keeps_all_of_it_from_being_sent() {
    let world = World::new();
    for (codes, problem) in [
        (lines(200) + "C00007\n", "line 201 repeats line 7"),
        (lines(150) + "\n" + &lines(1).replace('C', "D"), "line 151 is empty"),
        (String::new(), "there is no code in it"),
    ] {
        for command in ["deposit", "check"] {
            let codes = file(&codes);
            let args = ["code", command, "p1", "--file", codes.path().to_str().unwrap()];
            let error = world.json(&args).error(2);
            assert_eq!(error["field"], "code");
            assert_eq!(error["kind"], "invalid");
            assert!(error["message"].as_str().unwrap().contains(problem), "{error}");
        }
    }
    assert!(world.is_untouched());
}

#[test]
fn a_failure_half_way_says_how_far_it_came_and_that_a_part_has_run() {
    let done = Answer::json(r#"{"errcode":0,"succ_code":["C00001"]}"#);
    let refused = Answer::json(r#"{"errcode":45009,"errmsg":"reach max api daily quota limit rid: 1-2-3"}"#);
    let server = Hostile::after_token(&[done.clone(), done.clone(), refused.clone()]);
    let codes = file(&lines(250));
    let args = ["code", "deposit", "p1", "--file", codes.path().to_str().unwrap()];
    let error = server.json(&args).error(5);
    assert_eq!(error["errcode"], 45009);
    assert_eq!(error["codes_done"], 200);

    let server = Hostile::after_token(&[done, refused.clone()]);
    let run = server.run(&args);
    assert!(
        run.complaint(5).contains("100 of 250 codes were done before that"),
        "{run:?}"
    );
    assert!(run.stderr.contains("run the same command again"), "{run:?}");

    let server = Hostile::after_token(&[refused]);
    let error = server.json(&args).error(3);
    assert_eq!(error["codes_done"], 0);
}
