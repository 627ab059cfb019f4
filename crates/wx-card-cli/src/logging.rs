//! `--verbose`: what the libraries tell of their calls, on stderr.

use std::io;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::failure::Failure;

/// The crates whose events are shown begin with it.
///
/// What those below them tell is left out: they do not know which part of an address is secret.
const OURS: &str = "wx_";

/// Begins to log, the more the more often `--verbose` was given.
pub(crate) fn begin(verbosity: u8) -> Result<(), Failure> {
    let level = match verbosity {
        0 => return Ok(()),
        1 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    // A stderr that takes nothing more must not end the command: its exit code still tells what became of it.
    let lines = fmt::layer()
        .with_ansi(false)
        .with_writer(io::stderr)
        .log_internal_errors(false);
    tracing_subscriber::registry()
        .with(lines)
        .with(Targets::new().with_target(OURS, level))
        .try_init()
        .map_err(|error| Failure::local(format!("cannot log: {error}")))
}
