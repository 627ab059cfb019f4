//! The state file.

use std::fs;

use serde_json::{Value, json};
use wx_card_sandbox::{DEFAULT_APP_ID, Sandbox};

use crate::bench::{ALICE, bench_of};

#[test]
fn a_sandbox_goes_on_where_the_last_one_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let (card_id, code, token, dead) = {
        let mut bench = bench_of(|builder| builder.state_file(&path));
        let dead = bench.token.clone();
        bench.control("expire-token", &json!({}));
        bench.renew();
        let card_id = bench.card(&json!({}));
        let (code, _) = bench.take(&card_id, ALICE);
        bench.control("advance-clock", &json!({"seconds": 60}));
        (card_id, code, bench.token.clone(), dead)
    };
    assert!(
        !fs::read_to_string(&path)
            .unwrap()
            .contains(wx_card_sandbox::DEFAULT_APP_SECRET)
    );

    let mut bench = bench_of(|builder| builder.state_file(&path));
    assert_eq!(bench.token, token, "the stable token lives on");
    assert_eq!(
        bench.control("advance-clock", &json!({"seconds": 0}))["now"],
        crate::bench::NOW + 60
    );
    bench.ok("/card/code/consume", &json!({"code": code}));
    bench.refused("/card/code/consume", &json!({"code": code}), 40099);
    assert_ne!(bench.card(&json!({})), card_id, "ids do not come again");
    bench.token = dead;
    bench.refused("/card/get", &json!({"card_id": card_id}), 42001);
}

#[test]
fn cards_of_a_file_without_their_order_are_listed_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let card_ids = {
        let bench = bench_of(|builder| builder.state_file(&path));
        let card_ids = [bench.card(&json!({})), bench.card(&json!({}))];
        bench.sandbox.save().unwrap();
        card_ids
    };
    let mut state: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let cards = state["accounts"][DEFAULT_APP_ID]["cards"].as_object_mut().unwrap();
    for card in cards.values_mut() {
        card.as_object_mut().unwrap().remove("number").unwrap();
    }
    fs::write(&path, state.to_string()).unwrap();
    let bench = bench_of(|builder| builder.state_file(&path));
    let answer = bench.ok("/card/batchget", &json!({"offset": 0, "count": 50}));
    for card_id in card_ids {
        assert!(answer["card_id_list"].as_array().unwrap().contains(&json!(card_id)));
    }
    assert_eq!(answer["total_num"], 2);
}

#[test]
fn the_file_is_there_after_a_request_and_leaves_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let bench = bench_of(|builder| builder.state_file(&path));
    let card_id = bench.card(&json!({}));
    assert!(fs::read_to_string(&path).unwrap().contains(&card_id));
    bench.sandbox.save().unwrap();
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["state.json"]);
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    bench_of(|builder| builder.state_file(&path));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_file_that_is_no_state_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    for content in ["", "{}", "{\"version\":99}", "not json"] {
        fs::write(&path, content).unwrap();
        let error = Sandbox::builder().state_file(&path).build().unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
}

#[test]
fn a_file_that_cannot_be_written_is_told_by_save() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench_of(|builder| builder.state_file(folder.path().join("none").join("state.json")));
    bench.card(&json!({}));
    assert!(bench.sandbox.save().is_err());
}
