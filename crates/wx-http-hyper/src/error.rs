//! Errors: why a client could not be built, and hyper's errors as kinds of [`SendError`].
//!
//! Nothing of a foreign error is handed on except text that certainly shows nothing of the request:
//! a peer may put anything into what it sends, the request's own URI included.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::io;

use hyper_util::client::legacy;
use wx_core::{SendError, SendErrorKind};

use crate::tls_error::TlsError;

/// A boxed error, as connectors use it.
pub(crate) type BoxError = Box<dyn StdError + Send + Sync>;

/// More links than any real chain has, and more text than any real link.
const MAX_LINKS: usize = 8;
const MAX_TEXT: usize = 400;

/// What a client could not be built for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum BuildErrorKind {
    /// The root certificates: none at all, or a PEM text that has none or is damaged.
    Roots,
    /// The proxy: an address that cannot be read or a scheme that is not supported.
    Proxy,
}

/// Why a client could not be built; it shows no credentials.
#[derive(Debug)]
pub struct BuildError {
    kind: BuildErrorKind,
    message: Cow<'static, str>,
    source: Option<Cause>,
}

impl BuildError {
    pub(crate) fn roots(message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind: BuildErrorKind::Roots,
            message: message.into(),
            source: None,
        }
    }

    pub(crate) fn proxy(message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind: BuildErrorKind::Proxy,
            message: message.into(),
            source: None,
        }
    }

    pub(crate) fn because(mut self, source: &(dyn StdError + 'static)) -> Self {
        self.source = Cause::copy(source);
        self
    }

    /// Which setting is wrong.
    #[must_use]
    pub const fn kind(&self) -> BuildErrorKind {
        self.kind
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for BuildError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

/// A copy of an error chain: text only.
#[derive(Debug)]
pub(crate) struct Cause {
    text: Cow<'static, str>,
    source: Option<Box<Self>>,
}

impl Cause {
    pub(crate) fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            text: text.into(),
            source: None,
        }
    }

    /// Copies every link, for errors that arise before a request is handed to a connection.
    pub(crate) fn copy(error: &(dyn StdError + 'static)) -> Option<Self> {
        Self::build(error, |link| Some(link.to_string()))
    }

    /// Copies the links whose text cannot hold anything that a peer sent.
    fn copy_known(error: &(dyn StdError + 'static)) -> Option<Self> {
        Self::build(error, known_text)
    }

    fn build(
        error: &(dyn StdError + 'static),
        text_of: impl Fn(&(dyn StdError + 'static)) -> Option<String>,
    ) -> Option<Self> {
        let mut texts: Vec<String> = Vec::new();
        let mut next = Some(error);
        for _ in 0..MAX_LINKS {
            let Some(link) = next else { break };
            let text = text_of(link).map(|text| tame(&text));
            // An `io::Error` repeats the text of the error that it wraps.
            if text.as_ref() != texts.last() {
                texts.extend(text);
            }
            next = link.source();
        }
        texts.into_iter().rev().fold(None, |source, text| {
            Some(Self {
                text: text.into(),
                source: source.map(Box::new),
            })
        })
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for Cause {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// The text of a link that hyper, the operating system or rustls wrote by itself.
fn known_text(link: &(dyn StdError + 'static)) -> Option<String> {
    if link.is::<hyper::Error>() || link.is::<rustls::Error>() {
        return Some(link.to_string());
    }
    let error = link.downcast_ref::<io::Error>()?;
    let own = error.get_ref().is_none_or(|inner| inner.is::<rustls::Error>());
    Some(if own {
        error.to_string()
    } else {
        error.kind().to_string()
    })
}

/// Bounds the length and takes the control characters out: a certificate's names come from the peer.
fn tame(text: &str) -> String {
    text.chars()
        .take(MAX_TEXT)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// A failure of `kind` with one line of explanation.
pub(crate) fn failure(kind: SendErrorKind, text: impl Into<Cow<'static, str>>) -> SendError {
    SendError::new(kind).with_source(Cause::new(text))
}

/// Sorts an error that came instead of an answer's head.
///
/// `handed_over` says whether a connection had got the request.
pub(crate) fn before_answer(error: &legacy::Error, handed_over: bool) -> SendError {
    if error.is_connect() {
        // The outermost link only says "client error (Connect)", which the kind says already.
        let cause = error.source();
        if let Some(tls) = cause.and_then(TlsError::from_connector) {
            return SendError::new(SendErrorKind::Connect).with_source(tls);
        }
        return explained(SendErrorKind::Connect, cause.and_then(Cause::copy));
    }
    let inner = error.source().and_then(|source| source.downcast_ref::<hyper::Error>());
    let kind = match inner {
        _ if !handed_over => SendErrorKind::Connect,
        // hyper says so only of a request that it gives back whole, because it never began to write it.
        Some(inner) if inner.is_canceled() => SendErrorKind::Connect,
        Some(inner) if inner.is_parse() => SendErrorKind::Response,
        _ => SendErrorKind::Interrupted,
    };
    explained(kind, error.source().and_then(Cause::copy_known))
}

/// An error within an answer's body: cut short, or not in HTTP's form.
pub(crate) fn within_body(error: &hyper::Error) -> SendError {
    explained(SendErrorKind::Response, Cause::copy_known(error))
}

fn explained(kind: SendErrorKind, cause: Option<Cause>) -> SendError {
    let error = SendError::new(kind);
    match cause {
        Some(cause) => error.with_source(cause),
        None => error,
    }
}
