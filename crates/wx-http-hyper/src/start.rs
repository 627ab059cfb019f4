//! Whether a request may have been written, in part at least.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

/// Is set when a connection asks for a request's body.
///
/// It does so when it has got the request and before it writes anything of it, or, over HTTP/2, before it writes the
/// body without which there is no request to carry out. Nobody asks for a body that is empty, so a request without one
/// may have been written from the beginning.
#[derive(Clone)]
pub(crate) struct Start(Arc<Shared>);

/// The body stands beside the flag, so that a request is small: hyper hands it on some ten times.
struct Shared {
    body: Bytes,
    has_been: AtomicBool,
}

impl Start {
    pub(crate) fn of(body: Bytes) -> Self {
        let has_been = AtomicBool::new(body.is_empty());
        Self(Arc::new(Shared { body, has_been }))
    }

    pub(crate) fn has_been(&self) -> bool {
        self.0.has_been.load(Ordering::Relaxed)
    }

    /// The body that tells when it is asked for.
    pub(crate) fn tracked(&self) -> Tracked {
        Tracked {
            is_given: self.0.body.is_empty(),
            start: self.clone(),
        }
    }
}

/// A body that tells when it is asked for.
pub(crate) struct Tracked {
    start: Start,
    is_given: bool,
}

impl Body for Tracked {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.start.0.has_been.store(true, Ordering::Relaxed);
        if self.is_given {
            return Poll::Ready(None);
        }
        self.is_given = true;
        Poll::Ready(Some(Ok(Frame::data(self.start.0.body.clone()))))
    }

    fn is_end_stream(&self) -> bool {
        self.is_given
    }

    fn size_hint(&self) -> SizeHint {
        let left = if self.is_given { 0 } else { self.start.0.body.len() };
        SizeHint::with_exact(u64::try_from(left).unwrap_or(u64::MAX))
    }
}
