//! Why a call failed, and what to do next.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use crate::{ErrClass, ErrCode, Explanation, SendError, StoreError, TokenKind};

mod words;

/// What kind of failure it is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no access token or ticket to be had: wrong app id or secret, an address that is not on the list, a
    /// frozen account. Nothing was called. Mend the configuration; trying again does not help, and for a minute it is
    /// not tried: calls fail with the same error. [`Core::forget_tokens`](crate::Core::forget_tokens) ends the minute.
    Credential,
    /// The time that the call was given is over; [`Error::source`](StdError::source) has the failure before, if there
    /// was one.
    Deadline,
    /// The request or the configuration breaks a rule. Nothing was sent. [`Error::field`] names the field.
    Invalid,
    /// The answer is not what the service answers: another status, HTML, half a JSON, a missing member.
    Protocol,
    /// The service answered with an [`errcode`](Error::errcode).
    Refused,
    /// The [`TokenSource`](crate::TokenSource) that was handed in failed, so that there is no access token or ticket.
    /// Nothing was called; [`Error::source`](StdError::source) has the cause.
    TokenSource,
    /// There is no access token or ticket left, and the [`TokenStore`](crate::TokenStore) failed. Nothing was called;
    /// [`Error::source`](StdError::source) has the cause. Only with [`WithoutStore::Fail`](crate::WithoutStore::Fail).
    TokenStore,
    /// There is no complete answer; [`Error::source`](StdError::source) has the cause.
    Transport,
}

impl ErrorKind {
    /// One word for logs and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Deadline => "deadline",
            Self::Invalid => "invalid",
            Self::Protocol => "protocol",
            Self::Refused => "refused",
            Self::TokenSource => "token_source",
            Self::TokenStore => "token_store",
            Self::Transport => "transport",
        }
    }
}

/// A call that failed.
///
/// It carries everything there is to know about the failure and nothing that is secret:
/// no URL, no query, no header. Cloning it is cheap.
///
/// The question of whoever redeems a code is [`may_have_run`](Self::may_have_run).
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    path: Cow<'static, str>,
    message: Cow<'static, str>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
    refusal: Option<Refusal>,
    status: Option<StatusCode>,
    content_type: Option<String>,
    field: Option<String>,
    idempotent: bool,
    may_have_run: bool,
    attempts: u32,
    elapsed: Duration,
}

/// What the service said when it refused.
#[derive(Clone)]
struct Refusal {
    errcode: ErrCode,
    class: ErrClass,
    explanation: Option<&'static Explanation>,
    errmsg: String,
    body: Option<Bytes>,
}

impl Error {
    fn new(kind: ErrorKind, path: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Arc::new(Inner {
            kind,
            path: path.into(),
            message: message.into(),
            source: None,
            refusal: None,
            status: None,
            content_type: None,
            field: None,
            idempotent: true,
            may_have_run: false,
            attempts: 0,
            elapsed: Duration::ZERO,
        }))
    }

    /// A request that breaks a rule: nothing was sent. `source` says which.
    #[must_use]
    pub fn invalid(
        path: impl Into<Cow<'static, str>>,
        field: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::new(ErrorKind::Invalid, path, "the request is not valid, nothing was sent").with(|inner| {
            inner.field = Some(field.into());
            inner.source = Some(Arc::from(source.into()));
        })
    }

    /// A token source that failed, for the reason that `source` gives: nothing was called. The reason is shown and
    /// logged: it must not hold a secret.
    #[must_use]
    pub fn token_source(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ErrorKind::TokenSource, "token", "the token source failed")
            .with(|inner| inner.source = Some(Arc::from(source.into())))
    }

    /// A store that failed when it was needed.
    pub(crate) fn token_store(what: TokenKind, source: StoreError) -> Self {
        Self::new(
            ErrorKind::TokenStore,
            what.as_str(),
            "there is none, and the token store failed",
        )
        .with(|inner| inner.source = Some(Arc::new(source)))
    }

    pub(crate) fn transport(path: Cow<'static, str>, idempotent: bool, source: SendError) -> Self {
        Self::new(ErrorKind::Transport, path, "no answer").with(|inner| {
            inner.idempotent = idempotent;
            inner.may_have_run = source.reached();
            inner.source = Some(Arc::new(source));
        })
    }

    /// An answer that cannot be used. The service has answered something, so the call may have run.
    pub(crate) fn protocol(path: Cow<'static, str>, idempotent: bool, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Protocol, path, message).with(|inner| {
            inner.idempotent = idempotent;
            inner.may_have_run = true;
        })
    }

    pub(crate) fn refused(
        path: Cow<'static, str>,
        idempotent: bool,
        errcode: ErrCode,
        errmsg: String,
        body: Option<Bytes>,
    ) -> Self {
        let class = errcode.class();
        Self::new(ErrorKind::Refused, path, "refused").with(|inner| {
            inner.idempotent = idempotent;
            // Of the refusals these do not say that nothing was done. The service's own numbers have five digits and
            // more: a short one is a gateway's, or, as one beside "ok", a success that was damaged on its way.
            inner.may_have_run = class == ErrClass::Busy
                || errcode == ErrCode::PARTLY_STORED
                || (errcode.explain().is_none() && errcode.get().unsigned_abs() < 10_000)
                || errmsg.trim().eq_ignore_ascii_case("ok");
            inner.refusal = Some(Refusal {
                errcode,
                class,
                explanation: errcode.explain(),
                errmsg,
                body,
            });
        })
    }

    /// The end of the time that the call was given, after `last` went wrong.
    pub(crate) fn deadline(path: Cow<'static, str>, idempotent: bool, last: Option<Self>, may_have_run: bool) -> Self {
        Self::new(ErrorKind::Deadline, path, "the time for the call is over").with(|inner| {
            inner.idempotent = idempotent;
            inner.may_have_run = may_have_run;
            inner.source = last.map(|last| Arc::new(last) as _);
        })
    }

    fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    pub(crate) fn with_source(self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.with(|inner| inner.source = Some(Arc::new(source)))
    }

    pub(crate) fn with_field(self, field: String) -> Self {
        self.with(|inner| inner.field = Some(field))
    }

    pub(crate) fn with_http(self, status: StatusCode, content_type: Option<String>) -> Self {
        self.with(|inner| {
            inner.status = Some(status);
            inner.content_type = content_type;
        })
    }

    pub(crate) fn with_attempts(self, attempts: u32, elapsed: Duration) -> Self {
        self.with(|inner| {
            inner.attempts = attempts;
            inner.elapsed = elapsed;
        })
    }

    pub(crate) fn with_elapsed(self, elapsed: Duration) -> Self {
        self.with(|inner| inner.elapsed = elapsed)
    }

    /// The last failure of a call of which an earlier attempt may have run.
    pub(crate) fn after_one_that_may_have_run(self) -> Self {
        self.with(|inner| inner.may_have_run = true)
    }

    pub(crate) fn is_idempotent(&self) -> bool {
        self.0.idempotent
    }

    /// Whether the service did not accept the access token, so that nothing ran.
    pub(crate) fn is_refused_token(&self) -> bool {
        self.kind() == ErrorKind::Refused && self.class() == Some(ErrClass::Token)
    }

    /// The failure of a call that only prepares another: whatever became of it, the other did not run.
    ///
    /// For flows that ask before they act: [`may_have_run`](Self::may_have_run) is `false` from here on, and the raw
    /// body of a refusal is dropped.
    #[must_use]
    pub fn of_preparation(self) -> Self {
        self.with(|inner| {
            inner.may_have_run = false;
            if let Some(refusal) = &mut inner.refusal {
                refusal.body = None;
            }
        })
    }

    /// The failure of the token call, where no token can be stale.
    pub(crate) fn of_token_call(self) -> Self {
        self.of_preparation().with(|inner| {
            if let Some(refusal) = &mut inner.refusal {
                refusal.class = refusal.errcode.class_of_token_call();
                refusal.explanation = refusal.errcode.explain_of_token_call();
                if refusal.class == ErrClass::Credential {
                    inner.kind = ErrorKind::Credential;
                }
            }
        })
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Path of the request that failed, without its query. It is the token call's path when that failed.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The service's error code.
    #[must_use]
    pub fn errcode(&self) -> Option<ErrCode> {
        self.0.refusal.as_ref().map(|refusal| refusal.errcode)
    }

    /// What the error code asks of the caller; it depends on which call was answered.
    #[must_use]
    pub fn class(&self) -> Option<ErrClass> {
        self.0.refusal.as_ref().map(|refusal| refusal.class)
    }

    /// The service's words, verbatim (a token or secret in them is blotted out).
    #[must_use]
    pub fn errmsg(&self) -> Option<&str> {
        self.0.refusal.as_ref().map(|refusal| &*refusal.errmsg)
    }

    /// The raw body of a refusal, which may carry more members (`_card` and `_code` beside 40099).
    ///
    /// It is not kept of token and ticket calls.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.0.refusal.as_ref().and_then(|refusal| refusal.body.as_ref())
    }

    /// HTTP status of the answer, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Media type of the answer, where there was one.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.0.content_type.as_deref()
    }

    /// The field that breaks a rule, the member of the answer that cannot be read, or the one that the service misses in
    /// the request (41011), as a path such as `card.card_id`; the service writes `m_data.base_info().title`.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref().or_else(|| self.missing_member())
    }

    /// How many times the request of [`path`](Self::path) was sent; 0 if it never was.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the call took, waits included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// Whether the service may have done what was asked, although it did not say so.
    ///
    /// `false` means that it certainly did not. It is `true` also for an errcode of
    /// fewer than five digits, save -1: the service has none, so it may be the word of a gateway on the way. When it is `true` for a call that must not run twice,
    /// find out what became of it before calling again: `/card/code/get` for a redeemed code,
    /// `/card/get` for the stock.
    #[must_use]
    pub fn may_have_run(&self) -> bool {
        self.0.may_have_run
    }

    /// Whether sending the same request again, a little later, may help and cannot do harm.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let passes = match self.0.kind {
            ErrorKind::Deadline
            | ErrorKind::Protocol
            | ErrorKind::TokenSource
            | ErrorKind::TokenStore
            | ErrorKind::Transport => true,
            ErrorKind::Credential | ErrorKind::Invalid => false,
            ErrorKind::Refused => matches!(self.class(), Some(ErrClass::Busy | ErrClass::Throttle)),
        };
        passes && (self.0.idempotent || !self.0.may_have_run)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &inner.kind).field("path", &inner.path);
        if let Some(refusal) = &inner.refusal {
            debug
                .field("errcode", &refusal.errcode.get())
                .field("errmsg", &refusal.errmsg);
        }
        if let Some(status) = inner.status {
            debug
                .field("status", &status.as_u16())
                .field("content_type", &inner.content_type);
        }
        if let Some(field) = &inner.field {
            debug.field("field", field);
        }
        if let Some(source) = &inner.source {
            debug.field("source", source);
        }
        debug
            .field("may_have_run", &inner.may_have_run)
            .field("attempts", &inner.attempts)
            .field("elapsed", &inner.elapsed)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        write!(f, "{}: {}", inner.path, inner.message)?;
        if let Some(refusal) = &inner.refusal {
            write!(f, " with {}", refusal.errcode)?;
            if let Some(explanation) = refusal.explanation {
                write!(f, " ({})", explanation.gloss)?;
            }
            if !refusal.errmsg.is_empty() {
                write!(f, ": {}", in_one_line(&refusal.errmsg))?;
            }
        }
        if let Some(status) = inner
            .status
            .filter(|status| !status.is_success() || inner.refusal.is_none())
        {
            write!(f, " (HTTP {}", status.as_u16())?;
            if let Some(content_type) = &inner.content_type {
                write!(f, ", {}", in_one_line(content_type))?;
            }
            f.write_str(")")?;
        }
        if inner.may_have_run && !inner.idempotent {
            f.write_str("; it may have run")?;
        }
        Ok(())
    }
}

/// What the server wrote shall not look like lines of ours.
fn in_one_line(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) {
        text.replace(char::is_control, "\u{fffd}").into()
    } else {
        text.into()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
