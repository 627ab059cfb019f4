//! What the fuzz target over this crate does, done with the corpus that it starts from.

use std::fs;
use std::path::Path;

use crate::service;

#[test]
fn the_corpus_of_visits_brings_out_no_fault() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/visit");
    let entries = fs::read_dir(directory).unwrap();
    let visits: Vec<_> = entries.map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
    let done = visits.iter().filter(|bytes| service::visit(bytes)).count();
    assert!(20 <= done && done < visits.len(), "{done} of {} visits", visits.len());
}
