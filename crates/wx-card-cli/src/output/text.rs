//! Text for people: columns that stand below each other, local times.

use std::{io, mem};

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Values are not made narrower than this, however narrow the terminal is.
const NARROWEST: usize = 20;

/// Labels and values, the values below each other.
#[derive(Debug, Default)]
pub(crate) struct Rows(Vec<(String, String)>);

impl Rows {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a row.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "texts, ids and numbers are handed in alike"
    )]
    pub(crate) fn row(mut self, label: &str, value: impl ToString) -> Self {
        self.0.push((label.to_owned(), value.to_string()));
        self
    }

    /// Adds a row where there is a value.
    pub(crate) fn maybe(self, label: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.row(label, value),
            None => self,
        }
    }

    /// The text; further lines of a value stand below its first, on a terminal those that are too long too.
    pub(crate) fn text(&self) -> String {
        self.text_within(terminal_columns())
    }

    fn text_within(&self, columns: Option<usize>) -> String {
        let widest = self.0.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
        let room = columns.map_or(usize::MAX, |columns| columns.saturating_sub(widest + 2).max(NARROWEST));
        let mut text = String::new();
        for (label, value) in &self.0 {
            let mut label = label.as_str();
            for line in value.lines().chain(value.is_empty().then_some("")) {
                for line in wrap(&printable(line), room) {
                    push_padded(&mut text, label, widest + 2);
                    text.push_str(&line);
                    end_line(&mut text);
                    label = "";
                }
            }
        }
        text
    }
}

/// How many columns the terminal has that stdout goes to; none where that is a file or a pipe.
pub(super) fn terminal_columns() -> Option<usize> {
    terminal_size::terminal_size_of(io::stdout()).map(|(columns, _)| usize::from(columns.0))
}

/// `text` in lines of at most `columns`; only a word that is longer, such as an address, goes beyond that, as a whole.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    // Between Chinese characters there are no blanks, and a line may end behind each.
    for word in text.split_inclusive(|c| c == ' ' || is_wide(c)) {
        if !line.is_empty() && columns < width(&line) + width(word.trim_end_matches(' ')) {
            lines.push(mem::take(&mut line));
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

pub(super) fn push_padded(text: &mut String, cell: &str, columns: usize) {
    text.push_str(cell);
    text.extend(std::iter::repeat_n(' ', columns.saturating_sub(width(cell))));
}

pub(super) fn end_line(text: &mut String) {
    text.truncate(text.trim_end_matches(' ').len());
    text.push('\n');
}

/// How many columns of a terminal `text` takes; Chinese characters take two.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// The blocks of characters that take two columns; near enough for names of merchants and cards.
fn is_wide(c: char) -> bool {
    matches!(
        c,
        '\u{1100}'..='\u{115f}'
            | '\u{2e80}'..='\u{a4cf}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{fe4f}'
            | '\u{ff00}'..='\u{ff60}'
            | '\u{ffe0}'..='\u{ffe6}'
            | '\u{1f300}'..='\u{1faff}'
            | '\u{20000}'..='\u{3fffd}'
    )
}

/// `text` without control characters: what others wrote must not steer the terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c })
        .collect()
}

/// A time in the largest unit that it is a whole number of.
pub(crate) fn duration(seconds: i64) -> String {
    let units = [("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)];
    let unit = units.into_iter().find(|(_, unit)| seconds > 0 && seconds % unit == 0);
    let (name, unit) = unit.unwrap_or(("second", 1));
    let count = seconds / unit;
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}

/// A moment in Unix seconds, in the time zone of this machine.
pub(crate) fn local_time(seconds: i64) -> String {
    match Timestamp::from_second(seconds) {
        Ok(moment) => moment
            .to_zoned_datetime(TimeZone::system())
            .strftime("%Y-%m-%d %H:%M:%S %:z")
            .to_string(),
        Err(_) => seconds.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_below_each_other() {
        let rows = Rows::new()
            .row("card", "p1")
            .row("description", "一\n二")
            .maybe("none", None::<&str>)
            .row("empty", "");
        assert_eq!(
            rows.text(),
            "card         p1\ndescription  一\n             二\nempty\n"
        );
    }

    #[test]
    fn a_value_fits_into_the_terminal() {
        let rows = Rows::new()
            .row("means", "the code is redeemed already")
            .row("含义", "该 code 已经核销，不要再次兑付");
        assert_eq!(
            rows.text_within(Some(27)),
            "means  the code is redeemed\n       already\n含义   该 code 已经核销，不\n       要再次兑付\n"
        );
        assert_eq!(rows.text_within(None).lines().count(), 2);
    }

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(
            Rows::new().row("name", "a\u{1b}[2Jb\rc").text(),
            "name  a\u{fffd}[2Jb\u{fffd}c\n"
        );
    }

    #[test]
    fn a_time_is_told_in_whole_units() {
        for (seconds, told) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (90, "90 seconds"),
            (1800, "30 minutes"),
            (7200, "2 hours"),
            (86400, "1 day"),
            (7_776_000, "90 days"),
        ] {
            assert_eq!(duration(seconds), told);
        }
    }

    #[test]
    fn a_moment_beyond_the_calendar_stays_a_number() {
        assert_eq!(local_time(i64::MAX), i64::MAX.to_string());
    }
}
