//! The transport: one method that sends one HTTP request.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

/// Sends one HTTP request and returns the whole answer.
///
/// Implement this to plug in an HTTP stack of your own; [`http_send_fn`] makes one from a closure.
///
/// # Contract
///
/// An implementation
///
/// 1. sends the request exactly once and never repeats it by itself
///    (a stack may re-send a request of which certainly no byte was written);
/// 2. returns every HTTP status as `Ok`, and follows no redirect: it would carry the token elsewhere;
/// 3. returns the whole body, already decoded if it asked for a content coding,
///    and fails when the connection ends before the body is complete;
/// 4. bounds its own time and the size of the body;
/// 5. shows neither the URI, a header nor a body in its `Debug`, nor in any link of an error's source chain:
///    the URI carries the access token.
///
/// `wx_core::conformance::http_send` (feature `test-util`) tries all of this on an implementation of yours.
#[async_trait]
pub trait HttpSend: fmt::Debug + Send + Sync + 'static {
    /// Sends `request`.
    ///
    /// # Errors
    ///
    /// A [`SendError`] when there is no complete answer; its kind says whether the request may have arrived.
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError>;
}

impl<T: HttpSend + ?Sized> HttpSend for Arc<T> {
    // As the macro writes it, but without a box around the box.
    fn send<'a, 'b>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, SendError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        (**self).send(request)
    }
}

/// Makes a transport from a closure.
///
/// ```
/// use bytes::Bytes;
/// use wx_core::http_send_fn;
///
/// let always_ok = http_send_fn(|_request| async {
///     Ok(http::Response::new(Bytes::from_static(b"{\"errcode\":0}")))
/// });
/// # let _ = always_ok;
/// ```
pub fn http_send_fn<F, R>(send: F) -> impl HttpSend
where
    F: Fn(Request<Bytes>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Response<Bytes>, SendError>> + Send,
{
    HttpSendFn(send)
}

struct HttpSendFn<F>(F);

impl<F> fmt::Debug for HttpSendFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpSendFn(..)")
    }
}

#[async_trait]
impl<F, R> HttpSend for HttpSendFn<F>
where
    F: Fn(Request<Bytes>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Response<Bytes>, SendError>> + Send,
{
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        (self.0)(request).await
    }
}

/// Why a transport has no complete answer.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum SendErrorKind {
    /// No connection came about (name, port, TLS, proxy): the request was certainly not sent.
    Connect,
    /// The connection broke, or it is not known what happened: the request may have arrived.
    Interrupted,
    /// The request could not be made or written: it was certainly not sent.
    Request,
    /// An answer began but is unusable (cut, too large, not HTTP): the request did arrive.
    Response,
    /// Time ran out after sending began: the request may have arrived.
    Timeout,
}

/// A failure of the transport, without any part of the request.
pub struct SendError {
    kind: SendErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl SendError {
    /// An error of `kind`, with no cause to show.
    #[must_use]
    pub const fn new(kind: SendErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// Adds the cause, which must not show the URI, a header or a body.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Which kind of failure this is.
    #[must_use]
    pub const fn kind(&self) -> SendErrorKind {
        self.kind
    }

    /// Whether the request may have reached the server.
    ///
    /// `false` means that it certainly did not, so that sending it again is harmless.
    #[must_use]
    pub const fn reached(&self) -> bool {
        match self.kind {
            SendErrorKind::Connect | SendErrorKind::Request => false,
            SendErrorKind::Interrupted | SendErrorKind::Response | SendErrorKind::Timeout => true,
        }
    }

    /// The same failure, of a request that was certainly not sent.
    #[cfg(feature = "tower")]
    pub(crate) fn of_unsent(mut self) -> Self {
        if self.reached() {
            self.kind = SendErrorKind::Request;
        }
        self
    }
}

impl fmt::Debug for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendError")
            .field("kind", &self.kind)
            .field("source", &self.source)
            .finish()
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            SendErrorKind::Connect => "could not connect",
            SendErrorKind::Interrupted => "the connection broke before the answer was complete",
            SendErrorKind::Request => "the request could not be sent",
            SendErrorKind::Response => "the answer could not be read",
            SendErrorKind::Timeout => "timed out waiting for the answer",
        })
    }
}

impl StdError for SendError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
