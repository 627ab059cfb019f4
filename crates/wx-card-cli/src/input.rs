//! Files that are given by name, or on stdin: request bodies and lists of codes.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;
use wx_card::types::CardCode;

use crate::failure::Failure;

/// Many times the longest request body and the longest list of codes.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Problems of a list of codes that are told one by one.
const MAX_PROBLEMS: usize = 10;

/// A file that was named on the command line; `-` is stdin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a>(&'a Path);

impl<'a> Source<'a> {
    pub(crate) fn new(path: &'a Path) -> Self {
        Self(path)
    }

    fn is_stdin(self) -> bool {
        self.0.as_os_str() == "-"
    }

    /// Everything that is in it, byte for byte.
    pub(crate) fn bytes(self) -> Result<Vec<u8>, Failure> {
        let read = if self.is_stdin() {
            read_all(io::stdin().lock(), MAX_BYTES)
        } else {
            File::open(self.0).and_then(|file| read_all(file, MAX_BYTES))
        };
        read.map_err(|error| Failure::usage(format!("{self}: {error}")))
    }

    /// The JSON in it, without the lines that are notes.
    pub(crate) fn json(self) -> Result<Value, Failure> {
        let bytes = self.bytes()?;
        // Editors on some systems put a mark in front, which is no JSON.
        let json = without_notes(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
        serde_json::from_slice(&json).map_err(|error| Failure::usage(format!("{self} is not JSON: {error}")))
    }

    /// The codes in `text`, one a line, which was read from it.
    pub(crate) fn codes_of(self, text: Vec<u8>) -> Result<Vec<CardCode>, Failure> {
        let text = String::from_utf8(text).map_err(|_| Failure::usage(format!("{self} is not text in UTF-8")))?;
        codes(&text).map_err(|problem| Failure::invalid("code", format!("{self}: {problem}; nothing was sent")))
    }
}

impl fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_stdin() {
            f.write_str("stdin")
        } else {
            self.0.display().fmt(f)
        }
    }
}

/// Reads a request out of JSON; the error names the member at fault.
pub(crate) fn decode<T: DeserializeOwned>(source: Source<'_>, what: &str, json: Value) -> Result<T, Failure> {
    fit(json).map_err(|misfit| Failure::invalid(misfit.field, format!("{source} is not {what}: {}", misfit.message)))
}

/// Why JSON is not the request that it is taken for.
#[derive(Debug)]
pub(crate) struct Misfit {
    /// The member at fault.
    pub(crate) field: String,
    /// What is wrong with it.
    pub(crate) message: String,
}

/// Reads a request out of JSON.
pub(crate) fn fit<T: DeserializeOwned>(json: Value) -> Result<T, Misfit> {
    serde_path_to_error::deserialize(json).map_err(|error| {
        let message = error.inner().to_string();
        let field = field_at_fault(&error.path().to_string(), &message);
        Misfit { field, message }
    })
}

/// The member at fault; of a missing one `path` has only the object that lacks it.
fn field_at_fault(path: &str, message: &str) -> String {
    let object = (path != ".").then_some(path);
    let missing = message
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split('`').next());
    match (object, missing) {
        (Some(object), Some(member)) => format!("{object}.{member}"),
        (Some(member), None) | (None, Some(member)) => member.to_owned(),
        // What stands in the place of the whole has no path.
        (None, None) => String::from("body"),
    }
}

/// `json` with nothing in its lines that begin with `//`.
///
/// No text of JSON goes over the end of a line, so no such line is part of a value. The lines stay, so that errors name
/// the right one.
pub(crate) fn without_notes(json: &[u8]) -> Vec<u8> {
    let is_note = |line: &&[u8]| line.trim_ascii_start().starts_with(b"//");
    let lines: Vec<&[u8]> = json.split(|byte| *byte == b'\n').collect();
    let kept: Vec<&[u8]> = lines
        .iter()
        .map(|line| if is_note(line) { &[][..] } else { line })
        .collect();
    kept.join(&b'\n')
}

fn read_all(input: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    input.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        let message = format!("has more than the {} MiB that are read", limit / 1024 / 1024);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

/// The codes of a text, one a line below a heading `code`, if there is one; every line must have one, and no code may
/// stand twice.
fn codes(text: &str) -> Result<Vec<CardCode>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut first_lines: BTreeMap<&str, usize> = BTreeMap::new();
    let mut problems = Vec::new();
    let mut codes = Vec::new();
    for (line, number) in text.lines().map(str::trim).zip(1..) {
        if number == 1 && line.eq_ignore_ascii_case("code") {
            continue;
        }
        if line.is_empty() {
            problems.push(format!("line {number} is empty"));
        } else if let Some(first) = first_lines.get(line) {
            problems.push(format!("line {number} repeats line {first}"));
        } else {
            first_lines.insert(line, number);
            codes.push(CardCode::new(line));
        }
    }
    if problems.len() > MAX_PROBLEMS {
        let more = problems.len() - MAX_PROBLEMS;
        problems.truncate(MAX_PROBLEMS);
        problems.push(format!("and {more} more"));
    }
    match problems.as_slice() {
        [] if codes.is_empty() => Err(String::from("there is no code in it")),
        [] => Ok(codes),
        _ => Err(problems.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_one_a_line() {
        let expected = ["1", "2 b", "3"].map(CardCode::new);
        for text in [
            "1\n2 b\n3",
            "1\n2 b\n3\n",
            "\u{feff}1\r\n 2 b \r\n3\r\n",
            "Code\n1\n2 b\n3",
        ] {
            assert_eq!(codes(text).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_wrong_is_named_by_its_line() {
        for (text, problem) in [
            ("", "there is no code in it"),
            ("1\n\n2", "line 2 is empty"),
            (
                "1\n2\n1\n \n1\n",
                "line 3 repeats line 1, line 4 is empty, line 5 repeats line 1",
            ),
        ] {
            assert_eq!(codes(text).unwrap_err(), problem);
        }
        let many = codes(&"1\n".repeat(1000)).unwrap_err();
        assert!(many.ends_with("line 11 repeats line 1, and 989 more"), "{many}");
    }

    #[test]
    fn a_missing_member_is_named_and_not_the_object_that_lacks_it() {
        for (path, message, field) in [
            (".", "missing field `banner`", "banner"),
            ("card_list[1]", "missing field `card_id`", "card_list[1].card_id"),
            ("card", "invalid type: number, expected an object", "card"),
            (".", "invalid type: sequence, expected an object", "body"),
        ] {
            assert_eq!(field_at_fault(path, message), field);
        }
    }

    #[test]
    fn lines_that_are_notes_are_left_out_and_nothing_else_is() {
        let json = "// a note\n{\n  \t// \"b\": 1,\r\n  \"url\": \"http://a//b\", \"c\": 2 // no\n}\n//";
        let kept = "\n{\n\n  \"url\": \"http://a//b\", \"c\": 2 // no\n}\n";
        assert_eq!(String::from_utf8(without_notes(json.as_bytes())).unwrap(), kept);
        for json in ["", "{}", "\n\n", "{\"a\":\n\"//\"}"] {
            assert_eq!(without_notes(json.as_bytes()), json.as_bytes());
        }
    }

    #[test]
    fn what_is_too_long_is_not_read_to_its_end() {
        assert_eq!(
            read_all(io::repeat(0), 8).unwrap_err().kind(),
            io::ErrorKind::FileTooLarge
        );
        assert_eq!(read_all(io::repeat(0).take(8), 8).unwrap().len(), 8);
    }
}
