//! What the fuzz targets over this crate do, done with the corpus that they start from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::{decoders, operations, texts};

/// The files of one target by name.
fn corpus(target: &str) -> BTreeMap<String, Vec<u8>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target);
    let entries = fs::read_dir(directory).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect()
}

/// Runs a target over its corpus, of which at least `sound` files are what the target is about.
fn replay(target: &str, run: fn(&[u8]) -> bool, sound: usize) {
    let files = corpus(target);
    let read = files.values().filter(|bytes| run(bytes)).count();
    assert!(sound <= read && read <= files.len(), "{read} of {} files", files.len());
}

#[test]
fn the_corpus_of_cards_brings_out_no_fault() {
    replay("card", decoders::card, 13);
}

#[test]
fn the_corpus_of_signatures_brings_out_no_fault() {
    replay("sign", texts::sign, 3);
}

#[test]
fn the_corpus_of_texts_brings_out_no_fault() {
    replay("text", texts::text, 6);
}

#[test]
fn the_corpus_has_a_request_and_an_answer_of_every_operation() {
    let files = corpus("operation");
    let read = files.iter().filter(|(_, bytes)| decoders::operation(bytes));
    let read: BTreeSet<_> = read
        .map(|(_, bytes)| {
            let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
            str::from_utf8(&bytes[..end]).unwrap()
        })
        .collect();
    for (path, _) in operations() {
        for side in ["request", "answer"] {
            assert!(read.contains(format!("{side} {path}").as_str()), "{side} {path}");
        }
    }
}

#[test]
fn every_operation_is_fuzzed() {
    let fuzzed: BTreeSet<_> = decoders::OPERATIONS.iter().map(|operation| operation.path).collect();
    let listed: BTreeSet<_> = operations().into_iter().map(|(path, _)| path).collect();
    assert_eq!(fuzzed, listed);
}
