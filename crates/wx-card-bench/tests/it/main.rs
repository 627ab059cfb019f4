//! What a call may allocate, at most.

use std::process::Command;

use serde_json::Value;

/// Each with what it is for; more needs a reason.
const MOST: &[(&str, u64)] = &[
    // Body with a shared handle, two for the header, the future of the transport, two ids.
    ("query", 7),
    ("redeem", 7),
    // Nonce twice, card id, cardExt.
    ("addCard payload", 4),
];

#[test]
fn a_call_allocates_no_more_than_it_needs() {
    let output = Command::new(env!("CARGO_BIN_EXE_wx-card-allocations"))
        .output()
        .unwrap();
    let counted: Value = serde_json::from_slice(&output.stdout).unwrap();
    for (call, most) in MOST {
        let blocks = counted[call]["blocks"].as_u64().unwrap();
        assert!(0 < blocks && blocks <= *most, "{call}: {counted}");
    }
}
