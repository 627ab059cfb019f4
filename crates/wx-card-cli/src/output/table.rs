//! Lists: rows of cells below headings, aligned for people or as CSV.

use std::borrow::Cow;
use std::io;

use super::text::{end_line, printable, push_padded, terminal_columns, width, wrap};

/// Columns are not made narrower than this, however narrow the terminal is.
const NARROWEST: usize = 12;

/// Rows of cells below headings.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<Vec<String>>);

impl Table {
    /// A table with these headings.
    pub(crate) fn new(headings: &[&str]) -> Self {
        let mut table = Self::default();
        table.row(headings);
        table
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: &[&str]) {
        self.0.push(cells.iter().map(ToString::to_string).collect());
    }

    /// The text, each column as wide as its widest cell, and on a terminal no wider than that.
    pub(crate) fn text(&self) -> String {
        self.text_within(terminal_columns())
    }

    fn text_within(&self, columns: Option<usize>) -> String {
        let shown: Vec<Vec<String>> = self
            .0
            .iter()
            .map(|row| row.iter().map(|cell| printable(cell)).collect())
            .collect();
        let widths = widths(&shown, columns);
        let mut text = String::new();
        for row in &shown {
            let cells: Vec<Vec<String>> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| wrap(cell, *width))
                .collect();
            for line in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
                for (cell, width) in cells.iter().zip(&widths) {
                    push_padded(&mut text, cell.get(line).map_or("", String::as_str), width + 2);
                }
                end_line(&mut text);
            }
        }
        text
    }

    /// The rows as CSV; a heading is in small letters, its blanks are underscores.
    pub(crate) fn csv(&self) -> String {
        let mut csv = Vec::new();
        for (number, row) in self.0.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                if column > 0 {
                    csv.push(b',');
                }
                let heading = || cell.to_ascii_lowercase().replace(' ', "_");
                let cell = if number == 0 { &heading() } else { cell };
                // A vector takes everything.
                drop(write_cell(&mut csv, &harmless(cell)));
            }
            csv.push(b'\n');
        }
        String::from_utf8_lossy(&csv).into_owned()
    }
}

/// How wide each column is: the widest ones are made narrower until all of them fit into `columns`.
fn widths(rows: &[Vec<String>], columns: Option<usize>) -> Vec<usize> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| width(cell))
            .max()
    };
    let mut widths: Vec<usize> = (0..count).map(|column| widest(column).unwrap_or(0)).collect();
    let room = columns
        .unwrap_or(usize::MAX)
        .saturating_sub(2 * count.saturating_sub(1));
    while room < widths.iter().sum() {
        match widths.iter_mut().max() {
            Some(widest) if NARROWEST < *widest => *widest -= 1,
            _ => break,
        }
    }
    widths
}

/// `cell` as a spreadsheet takes it for text: what others wrote must not be run as a formula.
fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err() {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}

/// Writes `text` as a cell of CSV.
pub(crate) fn write_cell(file: &mut impl io::Write, text: &str) -> io::Result<()> {
    if text.bytes().any(|byte| b",\"\n\r".contains(&byte)) {
        write!(file, "\"{}\"", text.replace('"', "\"\""))
    } else {
        file.write_all(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_columns() {
        let mut table = Table::new(&["name", "code"]);
        table.row(&["火锅券", "1"]);
        table.row(&["a", "22"]);
        assert_eq!(table.text(), "name    code\n火锅券  1\na       22\n");
    }

    #[test]
    fn a_program_reads_what_stands_there() {
        let mut table = Table::new(&["CARD ID", "NAME"]);
        table.row(&["p1", "a, \"b\""]);
        assert_eq!(table.csv(), "card_id,name\np1,\"a, \"\"b\"\"\"\n");
    }

    #[test]
    fn a_table_fits_into_the_terminal() {
        let mut table = Table::new(&["CODE", "MEANING", "ADVICE"]);
        table.row(&["40099", "the code is redeemed already", "hand nothing out for it"]);
        table.row(&["1", "短", "https://example.com/a-word-that-is-long"]);
        let expected = "CODE   MEANING          ADVICE\n\
                        40099  the code is      hand nothing\n       redeemed         out for it\n       already\n\
                        1      短               https://example.com/a-word-that-is-long\n";
        assert_eq!(table.text_within(Some(38)), expected);
        assert_eq!(table.text_within(None).lines().count(), 3);
        // Narrower than it can be made, it is still all there.
        assert!(table.text_within(Some(1)).contains("already"));
    }

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-cmd|x", "'-cmd|x"),
            ("-1", "-1"),
            ("+5", "+5"),
            ("110201201245", "110201201245"),
            ("", ""),
        ] {
            let mut table = Table::new(&["CODE"]);
            table.row(&[cell]);
            assert_eq!(table.csv(), format!("code\n{expected}\n"));
        }
    }

    #[test]
    fn nothing_in_a_cell_steers_the_terminal() {
        let mut table = Table::new(&["NAME"]);
        table.row(&["a\u{1b}[2J"]);
        assert_eq!(table.text(), "NAME\na\u{fffd}[2J\n");
    }

    #[test]
    fn what_would_break_a_row_is_quoted() {
        for (text, expected) in [("a", "a"), ("a,b", "\"a,b\""), ("a\"b\n", "\"a\"\"b\n\""), ("", "")] {
            let mut written = Vec::new();
            write_cell(&mut written, text).unwrap();
            assert_eq!(written, expected.as_bytes());
        }
    }
}
