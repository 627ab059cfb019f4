//! Lists: rows of cells below headings, aligned for people or as CSV.

use std::io;

use super::text::{end_line, printable, push_padded, width};

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

    /// The text, each column as wide as its widest cell.
    pub(crate) fn text(&self) -> String {
        let shown: Vec<Vec<String>> = self
            .0
            .iter()
            .map(|row| row.iter().map(|cell| printable(cell)).collect())
            .collect();
        let mut text = String::new();
        for row in &shown {
            for (column, cell) in row.iter().enumerate() {
                let cells = shown.iter().filter_map(|row| row.get(column));
                let widest = cells.map(|cell| width(cell)).max().unwrap_or(0);
                push_padded(&mut text, cell, widest + 2);
            }
            end_line(&mut text);
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
                drop(write_cell(&mut csv, cell));
            }
            csv.push(b'\n');
        }
        String::from_utf8_lossy(&csv).into_owned()
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
