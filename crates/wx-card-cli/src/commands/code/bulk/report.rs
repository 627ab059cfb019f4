//! What became of each line, as CSV.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use wx_card::bulk::{BulkKind, BulkOutcome, LineOutcome};

use crate::failure::Failure;
use crate::output::write_cell;

/// A file that lines are added to. Clones share it.
#[derive(Clone)]
pub(super) struct Report(Arc<Mutex<State>>);

struct State {
    path: PathBuf,
    file: BufWriter<File>,
    kind: BulkKind,
    /// The first failure; nothing is written after it.
    failure: Option<io::Error>,
}

impl Report {
    /// Begins the file anew.
    pub(super) fn create(path: &Path, kind: BulkKind) -> Result<Self, Failure> {
        if path.as_os_str() == "-" {
            return Err(Failure::usage(
                "--report: - is no file: stdout has the outcome; name a file",
            ));
        }
        let made = File::create(path).and_then(|file| {
            let mut file = BufWriter::new(file);
            file.write_all(b"line,code,outcome,reason\n").map(|()| file)
        });
        let file = made.map_err(|error| Failure::usage(format!("--report: {}: {error}", path.display())))?;
        Ok(Self(Arc::new(Mutex::new(State {
            path: path.to_owned(),
            file,
            kind,
            failure: None,
        }))))
    }

    pub(super) fn add(&self, line: &LineOutcome<'_>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.failure.is_none() {
            let kind = state.kind;
            state.failure = write_row(&mut state.file, kind, line).err();
        }
    }

    /// Writes what is left.
    pub(super) fn finish(&self) -> Result<(), Failure> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let written = match state.failure.take() {
            Some(failure) => Err(failure),
            None => state.file.flush(),
        };
        written.map_err(|error| {
            Failure::local(format!(
                "--report: {}: {error}; the outcome stands, the report is not whole: run the same command again, which \
                 writes it anew",
                state.path.display()
            ))
        })
    }
}

/// Refuses a report that would be written over one of `others`.
pub(super) fn keep_apart(report: Option<&Path>, others: &[Option<&Path>]) -> Result<(), Failure> {
    let Some(report) = report else {
        return Ok(());
    };
    let is_report =
        |other: &&&Path| **other == report || place(other).is_some_and(|other| Some(other) == place(report));
    match others.iter().flatten().find(is_report) {
        Some(other) => Err(Failure::usage(format!("--report: {} is in use", other.display()))),
        None => Ok(()),
    }
}

/// Where a file is, or will be when it is made.
fn place(path: &Path) -> Option<PathBuf> {
    let made = || {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
        Some(folder.join(path.file_name()?))
    };
    path.canonicalize().ok().or_else(made)
}

fn write_row(file: &mut impl io::Write, kind: BulkKind, line: &LineOutcome<'_>) -> io::Result<()> {
    let word = kind.word(&line.outcome);
    write!(file, "{},", line.line)?;
    write_cell(file, line.code)?;
    write!(file, ",{word},")?;
    match &line.outcome {
        BulkOutcome::Failed(reason) => write_cell(file, &reason.to_string())?,
        BulkOutcome::Refused(problem) => write_cell(file, &problem.to_string())?,
        _ => {}
    }
    file.write_all(b"\n")
}
