//! One call, before it is sent and after it is answered.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method};

use crate::{Error, Secret};

/// What to send: path, body, and whether sending it twice is harmless.
#[derive(Clone)]
pub struct Call {
    method: Method,
    path: Cow<'static, str>,
    query: String,
    body: Bytes,
    content_type: HeaderValue,
    idempotent: bool,
    operation: &'static str,
    deadline: Option<Duration>,
    purpose: Purpose,
    hidden: Vec<Secret>,
}

/// What a call is for; it decides what it carries and what its failure means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Purpose {
    /// What the user asked for.
    Operation,
    /// A ticket, in preparation of a signature.
    Ticket,
    /// A token, in preparation of everything else.
    Token,
}

impl Call {
    /// A `POST` of a body, JSON unless [`content_type`](Self::content_type) says otherwise, to `path`, which begins with a slash and may have a query;
    /// until told otherwise, never sent twice.
    pub fn post(path: impl Into<Cow<'static, str>>, body: impl Into<Bytes>) -> Self {
        let (path, query) = split(path.into());
        Self {
            method: Method::POST,
            path,
            query,
            body: body.into(),
            content_type: HeaderValue::from_static("application/json; charset=utf-8"),
            idempotent: false,
            operation: "",
            deadline: None,
            purpose: Purpose::Operation,
            hidden: Vec::new(),
        }
    }

    /// A `GET` of `path`, which begins with a slash. Reading twice is harmless.
    pub fn get(path: impl Into<Cow<'static, str>>) -> Self {
        Self {
            method: Method::GET,
            idempotent: true,
            ..Self::post(path, Bytes::new())
        }
    }

    /// Says what the body is, where it is no JSON: the header `content-type`, such as that of a form with a file.
    ///
    /// Every attempt sends the same body under the same type.
    #[must_use]
    pub fn content_type(mut self, content_type: HeaderValue) -> Self {
        self.content_type = content_type;
        self
    }

    /// Says whether delivering the call twice leaves what delivering it once leaves.
    #[must_use]
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Names the operation for logs and metrics; the path stands in where it has no name.
    #[must_use]
    pub fn operation(mut self, name: &'static str) -> Self {
        self.operation = name;
        self
    }

    /// Ends the call after `deadline`, whatever it is doing: fetching a token, waiting, being sent.
    ///
    /// It comes before the one of [`Core::with_deadline`](crate::Core::with_deadline).
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Adds a parameter to the query; the access token comes by itself.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        push_parameter(&mut self.query, name, value);
        self
    }

    /// Adds a secret parameter to the query, which errors about this call do not show.
    #[must_use]
    pub fn secret_query(self, name: &str, value: &Secret) -> Self {
        self.query(name, value.expose()).hide(value)
    }

    /// Blots out `secret`, which is somewhere in the request, where the service repeats it in what it says.
    #[must_use]
    pub fn hide(mut self, secret: &Secret) -> Self {
        self.hidden.push(secret.clone());
        self
    }

    /// What errors about this call do not show.
    pub(crate) fn hidden(&self) -> &[Secret] {
        &self.hidden
    }

    pub(crate) fn for_ticket(mut self) -> Self {
        self.purpose = Purpose::Ticket;
        self
    }

    pub(crate) fn for_token(mut self) -> Self {
        self.purpose = Purpose::Token;
        self
    }

    pub(crate) fn needs_token(&self) -> bool {
        self.purpose != Purpose::Token
    }

    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    pub(crate) fn path(&self) -> &Cow<'static, str> {
        &self.path
    }

    /// The path of an operation that is called with nothing but the token in its query.
    pub(crate) fn plain_path(&self) -> Option<&'static str> {
        match self.path {
            Cow::Borrowed(path) if self.query.is_empty() => Some(path),
            _ => None,
        }
    }

    pub(crate) fn body(&self) -> &Bytes {
        &self.body
    }

    /// What the body is; a copy of it allocates nothing.
    pub(crate) fn body_type(&self) -> HeaderValue {
        self.content_type.clone()
    }

    pub(crate) fn is_idempotent(&self) -> bool {
        self.idempotent
    }

    /// Its name in logs and metrics.
    pub(crate) fn name(&self) -> &str {
        if self.operation.is_empty() {
            &self.path
        } else {
            self.operation
        }
    }

    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// Whether path and query can be sent: a fragment is not, and would take the token with it.
    pub(crate) fn is_sendable(&self) -> bool {
        let is_printable = |byte: u8| byte.is_ascii_graphic() && byte != b'#';
        self.path.starts_with('/') && self.path.bytes().chain(self.query.bytes()).all(is_printable)
    }

    /// Path and query after `prefix`, with the token last, which is encoded already.
    pub(crate) fn path_and_query(&self, prefix: &str, token: Option<&Secret>) -> String {
        let token = token.map_or("", Secret::expose);
        let length = prefix.len() + self.path.len() + self.query.len() + token.len();
        let mut target = String::with_capacity(length + "?&access_token=".len());
        target.push_str(prefix);
        target.push_str(&self.path);
        if !self.query.is_empty() {
            target.push('?');
            target.push_str(&self.query);
        }
        if !token.is_empty() {
            target.push(if self.query.is_empty() { '?' } else { '&' });
            target.push_str("access_token=");
            target.push_str(token);
        }
        target
    }

    /// What a failure of this call means to whoever is waiting for it.
    pub(crate) fn failure(&self, error: Error) -> Error {
        match self.purpose {
            Purpose::Operation => error,
            Purpose::Ticket => error.of_preparation(),
            Purpose::Token => error.of_token_call(),
        }
    }

    /// Whether the body of a refusal may be kept: those of tokens and tickets may hold one.
    pub(crate) fn keeps_body(&self) -> bool {
        self.purpose == Purpose::Operation
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("idempotent", &self.idempotent)
            .finish_non_exhaustive()
    }
}

/// Parts a path from its query, which errors and logs do not show.
fn split(path: Cow<'static, str>) -> (Cow<'static, str>, String) {
    // Most have no query: looking at every byte is faster than a searcher for so short a text.
    if !path.bytes().fold(false, |found, byte| found | (byte == b'?')) {
        return (path, String::new());
    }
    let (path, query) = path.split_once('?').unwrap_or((&path, ""));
    (path.to_owned().into(), query.to_owned())
}

/// Appends `name=value`; bytes that mean something in a query are percent-encoded.
fn push_parameter(query: &mut String, name: &str, value: &str) {
    query.push_str(name);
    query.push('=');
    push_encoded(query, value);
}

/// `value` as it stands in a query.
pub(crate) fn percent_encoded(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    push_encoded(&mut encoded, value);
    encoded
}

/// The same with the digits `a` to `f` in small letters, as some servers write them.
pub(crate) fn with_small_digits(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let mut small = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at(part.len().min(2));
        small.push('%');
        small.push_str(&digits.to_ascii_lowercase());
        small.push_str(rest);
    }
    small
}

fn push_encoded(query: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            query.push(char::from(byte));
        } else {
            query.push('%');
            for digit in [byte >> 4, byte & 15] {
                query.extend(char::from_digit(digit.into(), 16).map(|digit| digit.to_ascii_uppercase()));
            }
        }
    }
}

/// A successful answer: its body, and how it was come by.
#[derive(Clone)]
pub struct Answer {
    pub(crate) path: Cow<'static, str>,
    pub(crate) idempotent: bool,
    pub(crate) body: Bytes,
    pub(crate) says_done: bool,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
}

impl Answer {
    /// The JSON object of the answer, with `errcode` 0 or none.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Whether errcode 0 stands in the answer. Some operations answer without it; an object without it may also be
    /// anybody's.
    #[must_use]
    pub fn says_done(&self) -> bool {
        self.says_done
    }

    /// How many times the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long the call took, waits included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The error of whoever cannot read the answer: `field` is the path of the member at fault.
    ///
    /// The service said that it was done, so the call may have run.
    #[must_use]
    pub fn unreadable(&self, field: impl Into<String>, source: impl StdError + Send + Sync + 'static) -> Error {
        self.protocol_error("the answer lacks what it must have")
            .with_field(field.into())
            .with_source(source)
    }

    /// The error of whoever needs [`says_done`](Self::says_done): nothing in the answer tells that the call ran, and
    /// nothing that it did not.
    #[must_use]
    pub fn unconfirmed(&self) -> Error {
        self.protocol_error("the answer does not say that it is done")
            .with_field(String::from("errcode"))
    }

    pub(crate) fn protocol_error(&self, message: &'static str) -> Error {
        Error::protocol(self.path.clone(), self.idempotent, message).with_attempts(self.attempts, self.elapsed)
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("path", &self.path)
            .field("bytes", &self.body.len())
            .field("attempts", &self.attempts)
            .field("elapsed", &self.elapsed)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_encoded_and_comes_last() {
        let token = Secret::new(percent_encoded("a+b/c=&?d"));
        for (call, expected) in [
            (
                Call::post("/card/get", Bytes::new()),
                "/card/get?access_token=a%2Bb%2Fc%3D%26%3Fd",
            ),
            (
                Call::get("/cgi-bin/ticket/getticket").query("type", "wx_card"),
                "/cgi-bin/ticket/getticket?type=wx_card&access_token=a%2Bb%2Fc%3D%26%3Fd",
            ),
            (
                Call::post("/card/invoice/setbizattr?action=set_contact", Bytes::new()),
                "/card/invoice/setbizattr?action=set_contact&access_token=a%2Bb%2Fc%3D%26%3Fd",
            ),
        ] {
            assert_eq!(call.path_and_query("", Some(&token)), expected);
        }
        assert_eq!(Call::get("/a").query("b", "c d").path_and_query("", None), "/a?b=c%20d");
        assert_eq!(Call::get("/a").path_and_query("", None), "/a");
    }

    #[test]
    fn debug_shows_neither_query_nor_body() {
        let call = Call::post("/a", "canary").query("secret", "canary");
        assert_eq!(
            format!("{call:?}"),
            r#"Call { method: POST, path: "/a", idempotent: false, .. }"#
        );
    }
}
