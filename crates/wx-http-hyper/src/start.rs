//! Whether a request may have been written, in part at least.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};

/// Is set when a connection asks for a request's body.
///
/// It does so when it has got the request and before it writes anything of it, or, over HTTP/2, before it writes the
/// body without which there is no request to carry out. Nobody asks for a body that is empty, so a request without one
/// may have been written from the beginning.
#[derive(Clone)]
pub(crate) struct Start(Arc<AtomicBool>);

impl Start {
    pub(crate) fn of(body: &Bytes) -> Self {
        Self(Arc::new(AtomicBool::new(body.is_empty())))
    }

    pub(crate) fn has_been(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A body that tells when it is asked for.
pub(crate) struct Tracked {
    body: Full<Bytes>,
    start: Start,
}

impl Tracked {
    pub(crate) fn new(body: Bytes, start: Start) -> Self {
        Self {
            body: Full::new(body),
            start,
        }
    }
}

impl Body for Tracked {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.start.0.store(true, Ordering::Relaxed);
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
