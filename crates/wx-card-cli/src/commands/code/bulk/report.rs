//! What became of each line, as CSV.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use wx_card::bulk::{BulkKind, BulkOutcome, LineOutcome};

use crate::failure::Failure;

/// A file that lines are added to. Clones share it.
#[derive(Clone)]
pub(super) struct Report(Arc<Mutex<State>>);

struct State {
    file: BufWriter<File>,
    kind: BulkKind,
    /// The first failure; nothing is written after it.
    failure: Option<io::Error>,
}

impl Report {
    /// Begins the file anew.
    pub(super) fn create(path: &Path, kind: BulkKind) -> Result<Self, Failure> {
        let made = File::create(path).and_then(|file| {
            let mut file = BufWriter::new(file);
            file.write_all(b"line,code,outcome,reason\n").map(|()| file)
        });
        let file = made.map_err(|error| Failure::usage(format!("--report: {}: {error}", path.display())))?;
        let failure = None;
        Ok(Self(Arc::new(Mutex::new(State { file, kind, failure }))))
    }

    pub(super) fn add(&self, line: &LineOutcome<'_>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.failure.is_none() {
            let text = row(state.kind, line);
            state.failure = state.file.write_all(text.as_bytes()).err();
        }
    }

    /// Writes what is left.
    pub(super) fn finish(&self) -> io::Result<()> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.failure.take() {
            Some(failure) => Err(failure),
            None => state.file.flush(),
        }
    }
}

/// Refuses a report that would be written over one of `others`.
pub(super) fn keep_apart(report: Option<&Path>, others: &[Option<&Path>]) -> Result<(), Failure> {
    let place = |path: &Path| path.canonicalize().ok();
    let Some(report_place) = report.and_then(place) else {
        return Ok(());
    };
    match others
        .iter()
        .flatten()
        .find(|other| place(other).as_ref() == Some(&report_place))
    {
        Some(other) => Err(Failure::usage(format!("--report: {} is in use", other.display()))),
        None => Ok(()),
    }
}

fn row(kind: BulkKind, line: &LineOutcome<'_>) -> String {
    let reason = match &line.outcome {
        BulkOutcome::Failed(reason) => reason.to_string(),
        BulkOutcome::Refused(problem) => problem.to_string(),
        _ => String::new(),
    };
    let word = kind.word(&line.outcome);
    format!("{},{},{word},{}\n", line.line, cell(line.code), cell(&reason))
}

/// `text` as a cell.
fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_break_a_row_is_quoted() {
        for (text, expected) in [("a", "a"), ("a,b", "\"a,b\""), ("a\"b\n", "\"a\"\"b\n\""), ("", "")] {
            assert_eq!(cell(text), expected);
        }
    }
}
