//! Results on stdout: one JSON document for programs, text for people.

use std::io::{self, Write as _};

use clap::ValueEnum;
use serde::Serialize;

use crate::failure::Failure;

mod text;

pub(crate) use text::{Rows, Table, local_time, printable};

/// How results and errors are written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people: aligned, times in local form, money in yuan
    #[default]
    Text,
    /// For programs: one document with the whole answer, also what is not known here
    Json,
}

impl Format {
    /// Writes `answer`, or the text that `text` makes of it.
    pub(crate) fn print(self, answer: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
        match self {
            Self::Text => print(&text()),
            Self::Json => {
                let json = serde_json::to_string(answer).map_err(|error| Failure::unwritten(error.into()))?;
                print(&json)
            }
        }
    }
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
