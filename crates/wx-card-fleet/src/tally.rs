//! What came of calls.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::time::Duration;

use serde::Serialize;
use wx_core::Error;

/// Counts of calls, and the longest that one took.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Tally {
    /// How many succeeded.
    done: u64,
    /// How many failed.
    failed: u64,
    /// How often they failed in which way.
    errors: BTreeMap<String, u64>,
    /// How long the longest took, in milliseconds.
    longest_ms: u64,
}

impl Tally {
    /// Adds a call.
    pub(crate) fn add(&mut self, result: &Result<(), Error>, elapsed: Duration) {
        let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        self.longest_ms = self.longest_ms.max(millis);
        match result {
            Ok(()) => self.done += 1,
            Err(error) => {
                self.failed += 1;
                *self.errors.entry(chain(error)).or_default() += 1;
            }
        }
    }
}

/// An error with its causes, which show no secret; without its `rid`, which is another each time.
fn chain(error: &Error) -> String {
    let text = error.to_string();
    let mut text = text.split(" rid: ").next().unwrap_or_default().to_owned();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
