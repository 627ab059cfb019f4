//! What an account costs.

use std::process::Command;

#[test]
fn ten_thousand_accounts_cost_kilobytes_each() {
    let output = Command::new(env!("CARGO_BIN_EXE_ten-thousand")).output().unwrap();
    assert!(output.status.success());
    let report = String::from_utf8(output.stdout).unwrap();
    let bytes_of = |what: &str| {
        let line = report.lines().find(|line| line.ends_with(what)).unwrap();
        line.split(' ').next().unwrap().parse::<usize>().unwrap()
    };
    // A token of 512 bytes, two tickets and the address of one operation are in it. `docs/guide/en/tokens-across-replicas.md` says these numbers.
    let (alone, with_store) = (bytes_of("alone"), bytes_of("with a store in memory"));
    assert!((800..4_500).contains(&alone), "{report}");
    assert!((alone..7_000).contains(&with_store), "{report}");
}
