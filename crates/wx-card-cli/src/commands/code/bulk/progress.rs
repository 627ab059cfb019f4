//! How far it has come: a bar on a terminal, else a line now and then.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use indicatif::{ProgressBar, ProgressStyle};
use wx_card::bulk::BulkCounts;
use wx_card::core::Clock as _;
use wx_card::core::system::SystemClock;

use crate::output::{Format, may_tell};

/// Between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

/// How much of a file is read, which is more than what is done.
#[derive(Default)]
pub(super) struct Reading {
    bytes: AtomicU64,
    lines: AtomicU64,
}

impl Reading {
    /// So many more lines are read, and so many bytes in all.
    pub(super) fn advance(&self, lines: usize, bytes: u64) {
        self.lines.fetch_add(lines as u64, Ordering::Relaxed);
        self.bytes.store(bytes, Ordering::Relaxed);
    }

    /// The bytes of the first `lines` lines, about.
    fn bytes_of(&self, lines: u64) -> u64 {
        let read = self.lines.load(Ordering::Relaxed).max(1);
        let bytes = u128::from(self.bytes.load(Ordering::Relaxed)) * u128::from(lines.min(read)) / u128::from(read);
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

/// Tells on stderr how far a run has come.
pub(super) struct Progress {
    way: Way,
    reading: Arc<Reading>,
    /// Bytes of the file, where that is known.
    length: Option<u64>,
}

enum Way {
    Bar(ProgressBar),
    Lines { began: SystemTime, told: SystemTime },
    Silent,
}

impl Progress {
    pub(super) fn new(format: Format, reading: Arc<Reading>, length: Option<u64>) -> Self {
        let way = match format {
            // Programs want one document on one stream, and nothing else.
            _ if !may_tell(format) => Way::Silent,
            _ if io::stderr().is_terminal() => Way::Bar(bar(length)),
            _ => {
                let now = SystemClock::new().now();
                Way::Lines { began: now, told: now }
            }
        };
        Self { way, reading, length }
    }

    pub(super) fn tell(&mut self, counts: &BulkCounts) {
        let position = self.reading.bytes_of(counts.lines);
        match &mut self.way {
            Way::Silent => {}
            Way::Bar(bar) => {
                bar.set_position(position);
                bar.set_message(with_rate(counts, bar.elapsed().as_secs()));
            }
            Way::Lines { began, told: last } => {
                let now = SystemClock::new().now();
                if BETWEEN_LINES <= now.duration_since(*last).unwrap_or_default() {
                    *last = now;
                    let seconds = now.duration_since(*began).unwrap_or_default().as_secs();
                    let text = line(counts, seconds, position, self.length);
                    drop(writeln!(io::stderr(), "{text}"));
                }
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Way::Bar(bar) = &self.way {
            bar.finish_and_clear();
        }
    }
}

fn bar(length: Option<u64>) -> ProgressBar {
    // The bar goes by the bytes of the file, whose number is known without reading it twice.
    let template = if length.is_some() {
        "{bar:30} {percent:>3}% {elapsed} ETA {eta}  {msg}"
    } else {
        "{spinner} {elapsed}  {msg}"
    };
    let bar = length.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn told(counts: &BulkCounts) -> String {
    let wrong = counts.failed + counts.refused;
    format!("{} lines, {} good, {wrong} not", counts.lines, counts.good())
}

fn with_rate(counts: &BulkCounts, seconds: u64) -> String {
    format!("{}, {} a second", told(counts), counts.lines / seconds.max(1))
}

fn line(counts: &BulkCounts, seconds: u64, position: u64, length: Option<u64>) -> String {
    let left = length.map(|length| {
        let left = length.saturating_sub(position).saturating_mul(seconds) / position.max(1);
        format!(", about {left} s left")
    });
    format!("{}{}", with_rate(counts, seconds), left.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_ahead_is_not_done() {
        let reading = Reading::default();
        assert_eq!(reading.bytes_of(7), 0);
        reading.advance(60, 600);
        reading.advance(40, 1000);
        assert_eq!((reading.bytes_of(25), reading.bytes_of(100)), (250, 1000));
    }

    #[test]
    fn a_line_has_the_rate_and_what_is_left() {
        let mut counts = BulkCounts::default();
        (counts.lines, counts.done, counts.failed) = (500, 490, 10);
        assert_eq!(
            line(&counts, 10, 250, Some(1000)),
            "500 lines, 490 good, 10 not, 50 a second, about 30 s left"
        );
        assert_eq!(line(&counts, 10, 250, None), "500 lines, 490 good, 10 not, 50 a second");
    }
}
