//! Results on stdout: one JSON document for programs, text for people.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use serde::Serialize;

use crate::failure::Failure;

mod table;
mod text;

pub(crate) use table::{Table, write_cell};
pub(crate) use text::{Rows, duration, local_time, printable};

/// How results and errors are written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people: aligned, times in local form, money in yuan
    #[default]
    Text,
    /// For programs: one document with the whole answer, also what is not known here
    Json,
    /// Lists only: a row for each entry below headings, the columns below each other
    Table,
    /// Lists only: the same as CSV (RFC 4180), for spreadsheets
    Csv,
}

impl Format {
    /// Whether programs read the results and errors.
    pub(crate) fn is_json(self) -> bool {
        self == Self::Json
    }

    /// Whether only lists can be written so.
    pub(crate) fn is_for_lists(self) -> bool {
        matches!(self, Self::Table | Self::Csv)
    }

    /// Writes `answer`, which is a list: the rows of `table`, or the text that `text` makes of it.
    pub(crate) fn print_list(
        self,
        answer: &impl Serialize,
        table: impl FnOnce() -> Table,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        match self {
            Self::Table => print(&table().text()),
            Self::Csv => print(&table().csv()),
            Self::Text | Self::Json => self.print(answer, text),
        }
    }

    /// Writes `answer`, or the text that `text` makes of it.
    pub(crate) fn print(self, answer: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
        match self {
            // Of what is no list nothing is called for in rows: that is refused before anything is sent.
            Self::Text | Self::Table | Self::Csv => print(&text()),
            Self::Json => {
                let json = serde_json::to_string(answer).map_err(|error| Failure::unwritten(error.into()))?;
                print(&json)
            }
        }
    }
}

/// Whether to tell nothing but results and errors; set once, before anything is told.
static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// Has nothing told but results and errors.
pub(crate) fn be_quiet(is_quiet: bool) {
    IS_QUIET.store(is_quiet, Ordering::Relaxed);
}

/// Tells people on stderr what is neither a result nor an error.
pub(crate) fn tell(format: Format, text: &str) {
    if may_tell(format) {
        // Nobody needs it who does not listen.
        drop(writeln!(io::stderr(), "{}", text.trim_end_matches('\n')));
    }
}

/// Whether somebody is there to be told what is neither a result nor an error.
pub(crate) fn may_tell(format: Format) -> bool {
    !format.is_json() && !IS_QUIET.load(Ordering::Relaxed)
}

/// Whether stdout is shown in colors: it is a terminal that has them, and nobody said otherwise.
pub(crate) fn has_colors() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

/// Writes `text` and the end of its last line.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let mut written = stdout.write_all(text.as_bytes());
    if !text.ends_with('\n') {
        written = written.and_then(|()| stdout.write_all(b"\n"));
    }
    match written.and_then(|()| stdout.flush()) {
        // Whoever reads only the beginning, as `head` does, has what they wanted.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(Failure::unwritten),
    }
}
