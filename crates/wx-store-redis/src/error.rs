//! Errors: why a store could not be built, and why Redis failed, in words of our own.
//!
//! Nothing that a server says is handed on except its error code: what it says may repeat what it was told.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use redis::{ErrorKind, RedisError};

/// More text than any real cause has.
const MAX_TEXT: usize = 300;

/// What a store could not be built for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum BuildErrorKind {
    /// The URL cannot be read, or asks for something that is not supported.
    Url,
    /// The layout: a prefix that cannot be used, or a value that cannot be sealed.
    Layout,
    /// The certificates to trust, or TLS without the feature `tls`.
    Tls,
}

/// Why a store could not be built; it shows nothing of the URL.
#[derive(Debug)]
pub struct BuildError {
    kind: BuildErrorKind,
    message: &'static str,
}

impl BuildError {
    pub(crate) const fn url(message: &'static str) -> Self {
        Self {
            kind: BuildErrorKind::Url,
            message,
        }
    }

    pub(crate) const fn layout(message: &'static str) -> Self {
        Self {
            kind: BuildErrorKind::Layout,
            message,
        }
    }

    pub(crate) const fn tls(message: &'static str) -> Self {
        Self {
            kind: BuildErrorKind::Tls,
            message,
        }
    }

    /// Which setting is wrong.
    #[must_use]
    pub const fn kind(&self) -> BuildErrorKind {
        self.kind
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl StdError for BuildError {}

/// Why Redis did not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure(Cow<'static, str>);

impl Failure {
    pub(crate) const fn new(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    pub(crate) fn timeout(after: Duration) -> Self {
        Self(format!("Redis did not answer within {after:?}").into())
    }

    /// There is no connection, for a reason that the operating system or TLS gives.
    pub(crate) fn connect(cause: &dyn StdError) -> Self {
        Self(format!("no connection to Redis: {}", tame(&cause.to_string())).into())
    }

    /// The server refused a command, or the connection broke.
    pub(crate) fn redis(error: &RedisError) -> Self {
        match error.kind() {
            ErrorKind::AuthenticationFailed => Self::new("Redis refused the user or the password"),
            ErrorKind::Server(_) | ErrorKind::Extension => match error.code().and_then(known_code) {
                Some(code) => Self(format!("Redis answered {code}").into()),
                None => Self::new("Redis answered an error"),
            },
            ErrorKind::Io => Self::new("the connection to Redis broke"),
            _ => Self::new("Redis answered something that cannot be read"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Failure {}

/// A server's error code, which is a word in capitals.
fn known_code(code: &str) -> Option<&str> {
    let is_word = (1..=20).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_uppercase());
    is_word.then_some(code)
}

/// Bounds the length and takes the control characters out: a certificate's names come from the peer.
fn tame(text: &str) -> String {
    text.chars()
        .take(MAX_TEXT)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_told_and_nothing_else_that_a_server_says() {
        let error = redis::make_extension_error("WRONGPASS".into(), Some("canary".into()));
        assert_eq!(Failure::redis(&error).to_string(), "Redis answered WRONGPASS");
        for code in ["canary", "CANARY7", "", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"] {
            let error = redis::make_extension_error(code.into(), None);
            assert_eq!(Failure::redis(&error).to_string(), "Redis answered an error", "{code}");
        }
    }

    #[test]
    fn a_cause_is_one_line_of_bounded_length() {
        let cause = std::io::Error::other(format!("a\nb{}", "c".repeat(1000)));
        let text = Failure::connect(&cause).to_string();
        assert!(text.starts_with("no connection to Redis: a bcc"), "{text}");
        assert_eq!(text.len(), "no connection to Redis: ".len() + MAX_TEXT);
    }
}
