//! What the lines of an input hold.

use std::fmt;

use wx_card_types::CardCode;

/// Most bytes of a code, by the documentation.
pub(super) const MAX_CODE_BYTES: usize = 20;

/// One line of an input: a code, or why there is none to be had.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BulkLine {
    number: u64,
    text: Result<String, LineProblem>,
}

/// Why a line was not sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum LineProblem {
    /// There is nothing in it but blanks.
    Empty,
    /// The code has a control character.
    ControlCharacter,
    /// The line cannot be read: it is not text in UTF-8.
    NotText,
    /// The line cannot be read: its quotes do not fit together.
    Quotes,
    /// The code has more bytes than a code may have.
    TooLong,
}

impl BulkLine {
    /// The line `number` (from 1 on) with a code; blanks around it do not count.
    #[must_use]
    pub fn new(number: u64, text: impl Into<String>) -> Self {
        Self {
            number,
            text: Ok(text.into()),
        }
    }

    /// The line `number`, of which no code can be read.
    #[must_use]
    pub fn unreadable(number: u64, problem: LineProblem) -> Self {
        Self {
            number,
            text: Err(problem),
        }
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The code; else what stood there, and what is wrong with it.
    pub(super) fn into_code(self, max_bytes: usize) -> Result<CardCode, (String, LineProblem)> {
        let text = self.text.map_err(|problem| (String::new(), problem))?;
        let trimmed = text.trim_matches(is_blank);
        let problem = if trimmed.is_empty() {
            LineProblem::Empty
        } else if max_bytes < trimmed.len() {
            LineProblem::TooLong
        } else if trimmed.chars().any(char::is_control) {
            LineProblem::ControlCharacter
        } else {
            let is_whole = trimmed.len() == text.len();
            return Ok(CardCode::new(if is_whole { text } else { trimmed.to_owned() }));
        };
        Err((trimmed.to_owned(), problem))
    }
}

impl LineProblem {
    /// The name in snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::ControlCharacter => "control_character",
            Self::NotText => "not_text",
            Self::Quotes => "quotes",
            Self::TooLong => "too_long",
        }
    }
}

impl fmt::Display for LineProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "there is nothing in it",
            Self::ControlCharacter => "has a control character",
            Self::NotText => "is not text in UTF-8",
            Self::Quotes => "its quotes do not fit together",
            Self::TooLong => "has more bytes than a code may have",
        })
    }
}

/// Whether nobody sees it around a code: blanks, and what spreadsheets and files that were put together leave there.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{feff}' | '\u{200b}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_around_a_code_do_not_count() {
        for text in ["A 1", " A 1\t", "\u{3000}A 1\r", "\u{feff}A 1", " \u{200b}A 1\u{200b} "] {
            assert_eq!(BulkLine::new(1, text).into_code(20).unwrap(), "A 1");
        }
    }

    #[test]
    fn what_cannot_be_a_code_is_refused() {
        for (text, problem) in [
            ("", LineProblem::Empty),
            (" \t\r", LineProblem::Empty),
            ("\u{feff} ", LineProblem::Empty),
            ("123456789012345678901", LineProblem::TooLong),
            ("一二三四五六七", LineProblem::TooLong),
            ("a\0b", LineProblem::ControlCharacter),
        ] {
            assert_eq!(BulkLine::new(1, text).into_code(20).unwrap_err().1, problem, "{text:?}");
        }
        assert!(BulkLine::new(1, "12345678901234567890").into_code(20).is_ok());
        let unreadable = BulkLine::unreadable(7, LineProblem::NotText);
        assert_eq!((unreadable.number(), unreadable.into_code(20).is_err()), (7, true));
    }
}
