//! A service that answers for how it is used.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, Waker};

use super::*;
use crate::SendErrorKind;

/// What happened to all clones of a service together.
#[derive(Default)]
struct Seen {
    polls: AtomicUsize,
    calls: AtomicUsize,
    drops: AtomicUsize,
}

/// What a service does once it is called.
#[derive(Clone, Copy)]
enum Then {
    Answer,
    Break,
    Hang,
}

/// Ready after some polls of one and the same clone.
struct Picky {
    polls_to_wait: usize,
    breaks_before: bool,
    then: Then,
    is_ready: bool,
    seen: Arc<Seen>,
}

impl Picky {
    fn new(then: Then) -> Self {
        Self {
            polls_to_wait: 0,
            breaks_before: false,
            then,
            is_ready: false,
            seen: Arc::default(),
        }
    }
}

impl Clone for Picky {
    fn clone(&self) -> Self {
        // What one clone was promised is not promised to another.
        Self {
            is_ready: false,
            seen: Arc::clone(&self.seen),
            ..*self
        }
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Fault {
    BeforeCall,
    WithinCall,
}

struct Answer {
    then: Then,
    asked: Bytes,
    seen: Arc<Seen>,
}

impl Future for Answer {
    type Output = Result<Response<Bytes>, Fault>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        match self.then {
            Then::Answer => Poll::Ready(Ok(Response::new(self.asked.clone()))),
            Then::Break => Poll::Ready(Err(Fault::WithinCall)),
            Then::Hang => Poll::Pending,
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.seen.drops.fetch_add(1, SeqCst);
    }
}

impl Service<Request<Bytes>> for Picky {
    type Response = Response<Bytes>;
    type Error = Fault;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        self.seen.polls.fetch_add(1, SeqCst);
        if self.breaks_before {
            return Poll::Ready(Err(Fault::BeforeCall));
        }
        if 0 < self.polls_to_wait {
            self.polls_to_wait -= 1;
            return Poll::Pending;
        }
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> Answer {
        assert!(self.is_ready, "called without having said that it is ready");
        self.is_ready = false;
        self.seen.calls.fetch_add(1, SeqCst);
        Answer {
            then: self.then,
            asked: request.into_body(),
            seen: Arc::clone(&self.seen),
        }
    }
}

fn interrupted(fault: Fault) -> SendError {
    SendError::new(SendErrorKind::Interrupted).with_source(format!("{fault:?}"))
}

fn request() -> Request<Bytes> {
    Request::new(Bytes::from_static(b"asked"))
}

/// Polls `sending` once.
fn poll(
    sending: Pin<&mut (impl Future<Output = Result<Response<Bytes>, SendError>> + ?Sized)>,
) -> Option<Result<Bytes, SendError>> {
    match sending.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result.map(Response::into_body)),
        Poll::Pending => None,
    }
}

fn failure(service: Picky, map_error: impl Fn(Fault) -> SendError + Send + Sync + 'static) -> SendError {
    let http = http_send_service(service, map_error);
    poll(pin!(http.send(request()))).unwrap().unwrap_err()
}

#[test]
fn the_clone_that_is_ready_is_the_one_that_gets_the_request() {
    let service = Picky::new(Then::Answer);
    let seen = Arc::clone(&service.seen);
    let http = http_send_service(service, interrupted);
    for round in 1..=3 {
        assert_eq!(poll(pin!(http.send(request()))).unwrap().unwrap(), "asked");
        assert_eq!((seen.polls.load(SeqCst), seen.calls.load(SeqCst)), (round, round));
    }
}

#[test]
fn a_request_waits_until_the_service_is_ready() {
    let service = Picky {
        polls_to_wait: 2,
        ..Picky::new(Then::Answer)
    };
    let seen = Arc::clone(&service.seen);
    let http = http_send_service(service, interrupted);
    let mut sending = pin!(http.send(request()));
    for _ in 0..2 {
        assert!(poll(sending.as_mut()).is_none());
        assert_eq!(seen.calls.load(SeqCst), 0);
    }
    assert_eq!(poll(sending).unwrap().unwrap(), "asked");
    assert_eq!(seen.calls.load(SeqCst), 1);
}

#[test]
fn a_service_that_does_not_become_ready_has_sent_nothing() {
    let broken = || Picky {
        breaks_before: true,
        ..Picky::new(Then::Answer)
    };
    let error = failure(broken(), interrupted);
    assert_eq!((error.kind(), error.reached()), (SendErrorKind::Request, false));
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "BeforeCall");

    // Whoever already says that nothing was sent is taken at their word.
    let error = failure(broken(), |_| SendError::new(SendErrorKind::Connect));
    assert_eq!(error.kind(), SendErrorKind::Connect);
}

#[test]
fn what_an_error_of_the_call_means_is_what_the_function_says() {
    for kind in [
        SendErrorKind::Connect,
        SendErrorKind::Interrupted,
        SendErrorKind::Request,
        SendErrorKind::Response,
        SendErrorKind::Timeout,
    ] {
        let error = failure(Picky::new(Then::Break), move |fault| {
            assert_eq!(fault, Fault::WithinCall);
            SendError::new(kind)
        });
        assert_eq!(error.kind(), kind);
    }
}

#[test]
fn a_call_that_is_dropped_leaves_nothing_running_and_the_transport_usable() {
    let service = Picky::new(Then::Hang);
    let seen = Arc::clone(&service.seen);
    let http = http_send_service(service, interrupted);
    for round in 1..=2 {
        let mut sending = http.send(request());
        assert!(poll(sending.as_mut()).is_none());
        assert_eq!((seen.calls.load(SeqCst), seen.drops.load(SeqCst)), (round, round - 1));
        drop(sending);
        assert_eq!(seen.drops.load(SeqCst), round);
    }
}

#[test]
fn nothing_of_the_service_is_shown() {
    let http = http_send_service(Picky::new(Then::Answer), interrupted);
    assert_eq!(format!("{http:?}"), "HttpSendService(..)");
}
