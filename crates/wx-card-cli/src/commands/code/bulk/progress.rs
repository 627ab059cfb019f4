//! How far it has come: a bar on a terminal, else a line now and then.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use indicatif::{ProgressBar, ProgressStyle};
use wx_card::bulk::BulkCounts;
use wx_card::core::Clock as _;
use wx_card::core::system::SystemClock;

use crate::output::Format;

/// Between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

/// Tells on stderr how far a run has come.
pub(super) struct Progress {
    way: Way,
    /// Bytes of the file that are read, and that there are.
    position: Arc<AtomicU64>,
    length: Option<u64>,
}

enum Way {
    Bar(ProgressBar),
    Lines { began: SystemTime, told: SystemTime },
    Silent,
}

impl Progress {
    pub(super) fn new(format: Format, position: Arc<AtomicU64>, length: Option<u64>) -> Self {
        let way = match format {
            // Programs want one document on one stream, and nothing else.
            Format::Json => Way::Silent,
            Format::Text if io::stderr().is_terminal() => Way::Bar(bar(length)),
            Format::Text => {
                let now = SystemClock::new().now();
                Way::Lines { began: now, told: now }
            }
        };
        Self { way, position, length }
    }

    pub(super) fn tell(&mut self, counts: &BulkCounts) {
        let position = self.position.load(Ordering::Relaxed);
        match &mut self.way {
            Way::Silent => {}
            Way::Bar(bar) => {
                bar.set_position(position);
                bar.set_message(told(counts));
            }
            Way::Lines { began, told: last } => {
                let now = SystemClock::new().now();
                if BETWEEN_LINES <= now.duration_since(*last).unwrap_or_default() {
                    *last = now;
                    let seconds = now.duration_since(*began).unwrap_or_default().as_secs().max(1);
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

fn line(counts: &BulkCounts, seconds: u64, position: u64, length: Option<u64>) -> String {
    let rate = counts.lines / seconds;
    let left = length.map(|length| {
        let left = length.saturating_sub(position).saturating_mul(seconds) / position.max(1);
        format!(", about {left} s left")
    });
    format!("{}, {rate} a second{}", told(counts), left.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

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
