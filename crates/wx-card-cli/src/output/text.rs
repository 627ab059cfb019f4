//! Text for people: columns that stand below each other, local times.

use jiff::Timestamp;
use jiff::tz::TimeZone;

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

    /// The text; further lines of a value stand below its first.
    pub(crate) fn text(&self) -> String {
        let widest = self.0.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
        let mut text = String::new();
        for (label, value) in &self.0 {
            let mut label = label.as_str();
            for line in value.lines().chain(value.is_empty().then_some("")) {
                push_padded(&mut text, label, widest + 2);
                text.push_str(&printable(line));
                end_line(&mut text);
                label = "";
            }
        }
        text
    }
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
    fn nothing_steers_the_terminal() {
        assert_eq!(
            Rows::new().row("name", "a\u{1b}[2Jb\rc").text(),
            "name  a\u{fffd}[2Jb\u{fffd}c\n"
        );
    }

    #[test]
    fn a_moment_beyond_the_calendar_stays_a_number() {
        assert_eq!(local_time(i64::MAX), i64::MAX.to_string());
    }
}
