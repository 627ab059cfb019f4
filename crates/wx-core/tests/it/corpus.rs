//! What the fuzz targets over this crate do, done with the corpus that they start from.

use std::fs;
use std::path::Path;

use crate::calls;

/// Runs a target over its corpus, of which at least `sound` files end well.
fn replay(target: &str, run: fn(&[u8]) -> bool, sound: usize) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(directory.join("../../fuzz/corpus").join(target)).unwrap();
    let files: Vec<_> = entries.map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
    let done = files.iter().filter(|bytes| run(bytes)).count();
    assert!(sound <= done && done < files.len(), "{done} of {} files", files.len());
}

#[test]
fn the_corpus_of_calls_brings_out_no_fault() {
    replay("call", calls::call, 8);
}

#[test]
fn the_corpus_of_addresses_brings_out_no_fault() {
    replay("address", calls::address, 3);
}
