//! Failures: what is said about them on stderr, and the exit code.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::io::{self, Write as _};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use wx_card::core::{ErrCode, Error, ErrorKind};
use wx_card::types::{CardId, Invalid};

use crate::output::{Format, printable};

mod advice;

pub(crate) use advice::tls_advice;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// A command that failed.
#[derive(Debug)]
pub(crate) struct Failure {
    problem: Problem,
    /// The command that shows what became of it.
    lookup: Option<String>,
    /// What trying again would do, where nothing shows what became of it.
    repeat: Option<&'static str>,
    /// The card that was meant, most likely.
    meant: Option<CardId>,
}

#[derive(Debug)]
enum Problem {
    /// A call failed.
    Api(Error),
    /// What was given breaks a rule.
    Invalid { field: String, message: String },
    /// This machine does not let us, and nothing has run.
    Local(String),
    /// What is wrong is the result, which stands on stdout; this is the exit code.
    Told(u8),
    /// It is done, but the result could not be written.
    Unwritten(io::Error),
    /// The command line, a setting or a file is at fault.
    Usage(String),
}

/// What is written as JSON; members are `null` where there is nothing to say.
#[derive(Serialize)]
struct Report<'a> {
    kind: &'static str,
    message: &'a str,
    errcode: Option<i64>,
    errmsg: Option<&'a str>,
    rid: Option<&'a str>,
    attempts: u32,
    may_have_run: bool,
    field: Option<&'a str>,
    path: Option<&'a str>,
    advice: Option<String>,
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self {
            problem,
            lookup: None,
            repeat: None,
            meant: None,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Problem::Api(error).into()
    }
}

impl Failure {
    /// The command line, a setting or a file is at fault; nothing was sent.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Problem::Usage(message.into()).into()
    }

    /// What was given breaks a rule; nothing was sent.
    pub(crate) fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Problem::Invalid {
            field: field.into(),
            message: message.into(),
        }
        .into()
    }

    /// What was given for the call of `path` breaks the rules of the types; nothing was sent.
    pub(crate) fn broken_rule(path: &'static str, invalid: Invalid) -> Self {
        Error::invalid(path, invalid.field().to_owned(), invalid).into()
    }

    /// This machine does not let us; nothing has run.
    pub(crate) fn local(message: impl Into<String>) -> Self {
        Problem::Local(message.into()).into()
    }

    /// What was given breaks rules, as the result on stdout says; nothing was sent.
    pub(crate) fn told() -> Self {
        Self::told_with(2)
    }

    /// The result on stdout says all there is to say, and this is its exit code.
    pub(crate) fn told_with(exit_code: u8) -> Self {
        Problem::Told(exit_code).into()
    }

    /// It is done, but the result could not be written.
    pub(crate) fn unwritten(error: io::Error) -> Self {
        Problem::Unwritten(error).into()
    }

    /// Whether the service knows no such card.
    pub(crate) fn is_of_unknown_card(&self) -> bool {
        self.error().and_then(Error::errcode) == Some(ErrCode::INVALID_CARD_ID)
    }

    /// Names the card that was meant, most likely.
    pub(crate) fn meant(mut self, card_id: Option<CardId>) -> Self {
        self.meant = card_id;
        self
    }

    /// Names the command that shows what became of it.
    pub(crate) fn lookup(mut self, command: impl Into<String>) -> Self {
        self.lookup = Some(command.into());
        self
    }

    /// Says what trying again would do, where nothing shows what became of it.
    pub(crate) const fn repeat(mut self, sentence: &'static str) -> Self {
        self.repeat = Some(sentence);
        self
    }

    /// Says on stderr what is wrong and what to do next.
    pub(crate) fn report(&self, format: Format) -> ExitCode {
        if matches!(self.problem, Problem::Told(_)) {
            return ExitCode::from(self.exit_code());
        }
        let text = if format.is_json() {
            serde_json::to_string(&self.as_json(&self.message())).unwrap_or_default()
        } else {
            self.as_text()
        };
        // Colors go where a terminal shows them, and NO_COLOR has a say. When stderr is gone, the exit code still tells.
        drop(writeln!(anstream::stderr(), "{text}"));
        ExitCode::from(self.exit_code())
    }

    /// What is wrong, in a line.
    pub(crate) fn text(&self) -> String {
        printable(&self.message())
    }

    /// What to do next.
    pub(crate) fn next_step(&self) -> Option<String> {
        self.advice()
    }

    fn exit_code(&self) -> u8 {
        if self.may_have_run() {
            return 5;
        }
        match &self.problem {
            Problem::Told(exit_code) => *exit_code,
            Problem::Invalid { .. } | Problem::Usage(_) => 2,
            Problem::Local(_) | Problem::Unwritten(_) => 4,
            Problem::Api(error) => match error.kind() {
                ErrorKind::Invalid => 2,
                ErrorKind::Credential | ErrorKind::Refused => 3,
                _ => 4,
            },
        }
    }

    pub(crate) fn may_have_run(&self) -> bool {
        match &self.problem {
            Problem::Api(error) => error.may_have_run(),
            Problem::Unwritten(_) => true,
            Problem::Invalid { .. } | Problem::Local(_) | Problem::Told(_) | Problem::Usage(_) => false,
        }
    }

    fn kind(&self) -> &'static str {
        match &self.problem {
            Problem::Invalid { .. } | Problem::Told(_) => "invalid",
            Problem::Local(_) => "local",
            Problem::Unwritten(_) => "output",
            Problem::Usage(_) => "usage",
            Problem::Api(error) => error.kind().as_str(),
        }
    }

    fn message(&self) -> String {
        match &self.problem {
            Problem::Api(error) => chain(error),
            Problem::Invalid { field, message } => format!("{field}: {message}"),
            Problem::Local(message) | Problem::Usage(message) => message.clone(),
            Problem::Told(_) => String::from("the result says what is wrong"),
            Problem::Unwritten(error) => format!("it is done, but the result could not be written: {error}"),
        }
    }

    fn as_json<'a>(&'a self, message: &'a str) -> Report<'a> {
        let error = self.error();
        let field = match &self.problem {
            Problem::Invalid { field, .. } => Some(field.as_str()),
            _ => error.and_then(Error::field),
        };
        Report {
            kind: self.kind(),
            message,
            errcode: error.and_then(Error::errcode).map(ErrCode::get),
            errmsg: error.and_then(Error::errmsg),
            rid: error.and_then(Error::rid),
            attempts: error.map_or(0, Error::attempts),
            may_have_run: self.may_have_run(),
            field: field.filter(|field| !field.is_empty()),
            path: error.map(Error::path),
            advice: self.advice(),
        }
    }

    fn as_text(&self) -> String {
        let mut text = format!("{ERROR}error:{ERROR:#} {}", printable(&self.message()));
        if let Some(advice) = self.advice() {
            text.push_str(&format!("\n{HINT}hint:{HINT:#} {advice}"));
        }
        text
    }

    fn error(&self) -> Option<&Error> {
        match &self.problem {
            Problem::Api(error) => Some(error),
            _ => None,
        }
    }

    /// What to do next.
    fn advice(&self) -> Option<String> {
        if matches!(self.problem, Problem::Unwritten(_)) {
            return Some(String::from("it has run: look at what it did before you run it again"));
        }
        let error = self.error()?;
        if error.may_have_run() {
            return Some(self.advice_on_unknown(error));
        }
        if let Some(card_id) = &self.meant {
            return Some(format!("is {card_id} meant?"));
        }
        if let (Some(code), Some(lookup)) = (error.errcode(), &self.lookup) {
            if code == ErrCode::CODE_CONSUMED {
                return Some(format!("the code is redeemed already; `{lookup}` shows by whom"));
            }
            if [ErrCode::CODE_NOT_USABLE, ErrCode::INVALID_QUANTITY].contains(&code) {
                return Some(format!("`{lookup}` shows the state"));
            }
        }
        advice::general(error).map(Cow::into_owned)
    }

    /// What to do when it may have run.
    fn advice_on_unknown(&self, error: &Error) -> String {
        if error.is_retryable() {
            return String::from("the outcome is unknown, but trying again does no harm");
        }
        match (&self.lookup, self.repeat) {
            (Some(lookup), _) => format!("it may have run: find out with `{lookup}` before trying again"),
            (None, Some(repeat)) => format!("it may have run: {repeat}"),
            (None, None) => String::from("it may have run: find out before trying again"),
        }
    }
}

/// The error and its causes in one line; no link of the chain repeats the next.
pub(crate) fn chain(error: &impl StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
