//! The first column of a file, line by line, in bounded memory.

use std::io::{self, BufRead};

use wx_card::bulk::{BulkLine, LineProblem};

/// More than any code has; what is longer is cut off, and too long all the same.
const MOST_KEPT: usize = 256;

/// Room for most codes.
const USUAL: usize = 24;

/// What some editors put in front of a file.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Lines that a quoted cell may go over; one that goes on longer was never closed.
const MOST_QUOTED_LINES: u64 = 1000;

/// Reads the first cell of each record.
pub(super) struct FirstColumn<R> {
    input: R,
    line: u64,
    read: u64,
    is_over: bool,
}

/// Where in a record a byte stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// At the beginning of a cell.
    Start,
    /// In a cell without quotes.
    Plain,
    /// Between quotes.
    Quoted,
    /// Behind a quote that may be the closing one.
    Closed,
    /// Behind what no quote should be followed by.
    Spoilt,
}

/// A record as far as it is read.
struct Record {
    cell: Vec<u8>,
    is_first_cell: bool,
    is_spoilt: bool,
    place: Place,
    lines: u64,
}

impl<R: BufRead> FirstColumn<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            line: 0,
            read: 0,
            is_over: false,
        }
    }

    /// How many bytes are read so far.
    pub(super) fn position(&self) -> u64 {
        self.read
    }

    /// The next record; none at the end.
    fn record(&mut self) -> io::Result<Option<Record>> {
        let mut record = Record::new();
        loop {
            let bytes = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                bytes => bytes?,
            };
            if bytes.is_empty() {
                self.is_over = true;
                let is_nothing = record.lines == 1 && record.place == Place::Start && record.is_first_cell;
                if record.place == Place::Quoted {
                    return Err(unclosed(self.line + 1));
                }
                return Ok((!is_nothing).then_some(record));
            }
            let (used, is_whole) = record.take_in(bytes);
            self.input.consume(used);
            self.read += used as u64;
            if is_whole {
                return Ok(Some(record));
            }
            if MOST_QUOTED_LINES < record.lines {
                return Err(unclosed(self.line + 1));
            }
        }
    }
}

/// The first cell of each record of `text`, which is short, one a line.
pub(super) fn first_column(text: &[u8]) -> io::Result<Vec<u8>> {
    let mut records = FirstColumn::new(text);
    let mut cells = Vec::new();
    while !records.is_over {
        let Some(mut record) = records.record()? else {
            break;
        };
        if records.line == 0 {
            record.drop_mark();
        }
        records.line += record.lines;
        if record.is_spoilt || record.cell.contains(&b'\n') {
            let message = format!("line {}: a quote stands in the wrong place", records.line);
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        cells.push(record.cell);
    }
    Ok(cells.join(&b'\n'))
}

fn unclosed(line: u64) -> io::Error {
    let message = format!("line {line}: a quote is opened and never closed");
    io::Error::new(io::ErrorKind::InvalidData, message)
}

impl<R: BufRead> Iterator for FirstColumn<R> {
    type Item = io::Result<BulkLine>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.is_over {
                return None;
            }
            let mut record = match self.record() {
                Ok(record) => record?,
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            };
            if self.line == 0 {
                record.drop_mark();
            }
            let is_heading = self.line == 0 && record.is_heading();
            let number = self.line + 1;
            self.line += record.lines;
            if !is_heading {
                return Some(Ok(record.into_line(number)));
            }
        }
    }
}

impl Record {
    fn new() -> Self {
        Self {
            cell: Vec::with_capacity(USUAL),
            is_first_cell: true,
            is_spoilt: false,
            place: Place::Start,
            lines: 1,
        }
    }

    /// Takes in bytes up to the end of the record: how many, and whether it is there.
    fn take_in(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (byte, used) in bytes.iter().zip(1..) {
            if *byte == b'\n' && self.place != Place::Quoted {
                return (used, true);
            }
            self.take(*byte);
            if MOST_QUOTED_LINES < self.lines {
                return (used, false);
            }
        }
        (bytes.len(), false)
    }

    fn take(&mut self, byte: u8) {
        self.lines += u64::from(byte == b'\n');
        self.place = match (self.place, byte) {
            (Place::Quoted, b'"') => Place::Closed,
            (Place::Quoted, _) => {
                self.keep(byte);
                Place::Quoted
            }
            (Place::Closed, b'"') => {
                self.keep(byte);
                Place::Quoted
            }
            (_, b',') => {
                self.is_first_cell = false;
                Place::Start
            }
            (Place::Start, b'"') => {
                self.forget_blanks();
                Place::Quoted
            }
            // Blanks may stand around a quoted cell, and the mark that some editors put in front.
            (Place::Start, b' ' | b'\t' | b'\r' | 0xef | 0xbb | 0xbf) => {
                self.keep(byte);
                Place::Start
            }
            (Place::Closed, b' ' | b'\t' | b'\r') => Place::Closed,
            (Place::Closed | Place::Spoilt, _) => {
                self.is_spoilt |= self.is_first_cell;
                Place::Spoilt
            }
            (Place::Start | Place::Plain, _) => {
                self.keep(byte);
                Place::Plain
            }
        };
    }

    fn keep(&mut self, byte: u8) {
        if self.is_first_cell && self.cell.len() < MOST_KEPT {
            self.cell.push(byte);
        }
    }

    fn forget_blanks(&mut self) {
        if self.is_first_cell {
            self.cell.clear();
        }
    }

    fn is_heading(&self) -> bool {
        self.cell.trim_ascii().eq_ignore_ascii_case(b"code")
    }

    /// Drops the mark that some editors put in front of a file.
    fn drop_mark(&mut self) {
        if self.cell.starts_with(MARK) {
            self.cell.drain(..MARK.len());
        }
    }

    fn into_line(self, number: u64) -> BulkLine {
        if self.is_spoilt {
            return BulkLine::unreadable(number, LineProblem::Quotes);
        }
        let is_cut_off = self.cell.len() == MOST_KEPT;
        match String::from_utf8(self.cell) {
            Ok(text) => BulkLine::new(number, text),
            // What is cut off may be cut within a character.
            Err(_) if is_cut_off => BulkLine::unreadable(number, LineProblem::TooLong),
            Err(_) => BulkLine::unreadable(number, LineProblem::NotText),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of `text`, read in pieces of every size.
    fn read(text: &[u8]) -> Vec<BulkLine> {
        let whole: Vec<BulkLine> = FirstColumn::new(text).map(Result::unwrap).collect();
        for size in 1..=text.len().min(9) {
            let pieces = io::BufReader::with_capacity(size, text);
            assert_eq!(FirstColumn::new(pieces).map(Result::unwrap).collect::<Vec<_>>(), whole);
        }
        whole
    }

    fn lines(codes: &[(u64, &str)]) -> Vec<BulkLine> {
        codes
            .iter()
            .map(|(number, code)| BulkLine::new(*number, *code))
            .collect()
    }

    #[test]
    fn the_first_cell_of_each_line_is_the_code() {
        assert_eq!(read(b""), []);
        assert_eq!(read(b"1\n2\n"), lines(&[(1, "1"), (2, "2")]));
        assert_eq!(read(b"1\n2"), lines(&[(1, "1"), (2, "2")]));
        assert_eq!(read(b"1,a\n2,\"b\"\n,c\n"), lines(&[(1, "1"), (2, "2"), (3, "")]));
        assert_eq!(read(b"\n\n"), lines(&[(1, ""), (2, "")]));
        assert_eq!(read(b"a\"b\n"), lines(&[(1, "a\"b")]));
        assert_eq!(read(b"1\r\n2,x\r\n"), lines(&[(1, "1\r"), (2, "2")]));
    }

    #[test]
    fn a_heading_and_a_mark_in_front_are_no_code() {
        for heading in [
            "code\n",
            "Code,name\r\n",
            "\u{feff}code\n",
            "\u{feff}\"CODE\",x\n",
            " code \n",
        ] {
            assert_eq!(
                read(format!("{heading}1\n").as_bytes()),
                lines(&[(2, "1")]),
                "{heading:?}"
            );
        }
        assert_eq!(read("\u{feff}1\ncode\n".as_bytes()), lines(&[(1, "1"), (2, "code")]));
        assert_eq!(read("\u{feff}\"1\"\n".as_bytes()), lines(&[(1, "1")]));
    }

    #[test]
    fn quotes_hold_commas_quotes_and_ends_of_lines() {
        assert_eq!(read(b"\"a,b\"\n \"c\"\"d\" ,\n"), lines(&[(1, "a,b"), (2, "c\"d")]));
        assert_eq!(read(b"1,\"a\nb\n\",x\n2\n"), lines(&[(1, "1"), (4, "2")]));
        assert_eq!(read(b"\"a\nb\"\n2\n"), lines(&[(1, "a\nb"), (3, "2")]));
        assert_eq!(read(b"\"a\""), lines(&[(1, "a")]));
        assert_eq!(read(b"\"\"\n"), lines(&[(1, "")]));
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_line() {
        let expected = |problem| vec![BulkLine::unreadable(1, problem), BulkLine::new(2, "2")];
        assert_eq!(read(b"\"a\"b,c\n2\n"), expected(LineProblem::Quotes));
        assert_eq!(read(b"\xff\xfe1\n2\n"), expected(LineProblem::NotText));
        assert_eq!(
            read(&[&[b'a'; 255][..], "一\n2\n".as_bytes()].concat()),
            expected(LineProblem::TooLong)
        );
        let long = read(&[b'a'; 1_000_000]);
        assert_eq!(long, lines(&[(1, &"a".repeat(MOST_KEPT))]));
    }

    #[test]
    fn a_quote_that_is_never_closed_ends_the_file() {
        for (text, line) in [
            (String::from("1\n2,\"x\n3\n"), "line 2: "),
            (format!("1\n2\n\"{}", "3\n".repeat(5000)), "line 3: "),
        ] {
            let mut lines = FirstColumn::new(text.as_bytes());
            let error = lines.by_ref().find_map(Result::err).unwrap();
            assert!(error.to_string().starts_with(line), "{error}");
            assert!(lines.next().is_none());
        }
    }
}
