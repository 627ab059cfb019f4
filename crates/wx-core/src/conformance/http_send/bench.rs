//! What every case works with: servers, transports, and the checks that hold for every call.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};

use super::canary;
use super::report::Broken;
use super::rules::{self, Rule};
use super::server::{Connection, Server};
use super::time::{Guarded, guarded, now};
use super::{Limits, Setup};
use crate::{HttpSend, SendError, SendErrorKind};

/// For calls that are not meant to run into a limit, however busy the machine is.
pub(super) const GENEROUS: Limits = Limits {
    timeout: Duration::from_secs(5),
    max_body_bytes: 4 * 1024 * 1024,
};

/// How many times its limit a call may take: machines are busy, and a limit may hold for each of two parts of a call.
const MAX_OVERTIME: u32 = 3;
/// How much longer the suite waits before it takes a call for hanging; longer than any server's patience.
const LAST_STRAW: Duration = Duration::from_secs(5);
/// More than anybody reads of a failed test.
const MAX_SEEN: usize = 600;

/// The path and the query of most requests; it ends as a token may end.
pub(super) fn target() -> String {
    format!(
        "/card/{}?access_token={}%2B%2F%3D&type=json",
        canary::PATH,
        canary::QUERY
    )
}

/// The body of most requests.
pub(super) fn body() -> String {
    format!("{{\"code\":\"{}\"}}", canary::BODY)
}

/// An answer of `status` with this body and the planted header.
pub(super) fn answer(status: u16, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let (length, canary) = (body.len(), canary::ANSWER);
    let head = format!("HTTP/1.1 {status} Some Reason\r\nx-answer: {canary}\r\ncontent-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// The usual body of an answer.
pub(super) fn fine() -> String {
    format!("{{\"errcode\":0,\"errmsg\":\"{}\"}}", canary::ANSWER)
}

/// A server and the address by which a transport reaches it.
pub(super) struct Served {
    pub(super) server: Server,
    pub(super) base: String,
    calls: AtomicUsize,
}

impl Served {
    /// Counts a call that is not made by [`Bench::call`].
    pub(super) fn count(&self) {
        self.calls.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn post(&self) -> Request<Bytes> {
        self.request(Method::POST, &target(), body())
    }

    pub(super) fn request(&self, method: Method, target: &str, body: impl Into<Bytes>) -> Request<Bytes> {
        request(method, &format!("{}{target}", self.base), body)
    }
}

/// A request with the planted header.
pub(super) fn request(method: Method, uri: &str, body: impl Into<Bytes>) -> Request<Bytes> {
    let mut request = Request::new(body.into());
    *request.method_mut() = method;
    // A front's base URL that is none shows as a request that fails.
    if let Ok(uri) = uri.parse() {
        *request.uri_mut() = uri;
    }
    let headers = request.headers_mut();
    headers.insert("content-type", http::HeaderValue::from_static("application/json"));
    headers.insert("x-canary", http::HeaderValue::from_static(canary::HEADER));
    request
}

/// How a call ended.
pub(super) enum Outcome {
    Answered(Response<Bytes>),
    Failed(SendError),
    /// It hung or panicked, which is reported already.
    Lost,
}

impl Outcome {
    pub(super) fn is_answered(&self) -> bool {
        matches!(self, Self::Answered(_))
    }

    pub(super) fn describe(&self) -> String {
        let text = match self {
            Self::Answered(answer) => {
                let body = String::from_utf8_lossy(answer.body());
                format!(
                    "Ok, status {}, {} bytes: {body:?}",
                    answer.status(),
                    answer.body().len()
                )
            }
            Self::Failed(error) => format!("{error:?}"),
            Self::Lost => "no end".to_owned(),
        };
        text.chars().take(MAX_SEEN).collect()
    }
}

/// What one case works with.
pub(super) struct Bench {
    setup: Arc<Setup>,
    broken: Mutex<Vec<Broken>>,
    /// A call hung: the case's other calls would only take as long.
    hung: AtomicBool,
}

impl Bench {
    pub(super) fn new(setup: Arc<Setup>) -> Self {
        Self {
            setup,
            broken: Mutex::default(),
            hung: AtomicBool::new(false),
        }
    }

    pub(super) fn into_broken(self) -> Vec<Broken> {
        self.broken.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn report(&self, broken: Broken) {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).push(broken);
    }

    /// A new transport with these limits.
    pub(super) fn transport(&self, limits: Limits) -> Subject {
        Subject {
            transport: (self.setup.make)(limits),
            limits,
        }
    }

    /// A new server, behind the front where there is one.
    pub(super) fn serve(
        &self,
        handler: impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static,
    ) -> io::Result<Served> {
        let server = Server::start(handler)?;
        Ok(Served {
            base: self.base(server.address()),
            server,
            calls: AtomicUsize::new(0),
        })
    }

    fn base(&self, address: SocketAddr) -> String {
        match &self.setup.front {
            Some(front) => front(address).trim_end_matches('/').to_owned(),
            None => format!("http://{address}"),
        }
    }

    /// `https` where the front has TLS, and else `http`.
    pub(super) fn scheme(&self) -> io::Result<&'static str> {
        let served = self.serve(|_| Ok(()))?;
        Ok(if served.base.starts_with("https:") {
            "https"
        } else {
            "http"
        })
    }

    /// Sends one usual request through a new transport to a new server.
    pub(super) async fn exchange(
        &self,
        situation: &str,
        limits: Limits,
        handler: impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static,
    ) -> io::Result<Outcome> {
        let served = self.serve(handler)?;
        let transport = self.transport(limits);
        Ok(self.call(situation, &transport, &served, served.post()).await)
    }

    /// Sends `request` to `served`, and checks what holds for every call.
    pub(super) async fn call(
        &self,
        situation: &str,
        subject: &Subject,
        served: &Served,
        request: Request<Bytes>,
    ) -> Outcome {
        let calls = served.calls.fetch_add(1, Ordering::SeqCst) + 1;
        let outcome = self.send(situation, subject, request).await;
        let arrived = served.server.arrived();
        if arrived > calls {
            let seen = format!("{calls} call(s), {arrived} requests");
            let expected = "at most one request for each call";
            self.report(Broken::new(&rules::SENDS_ONCE, situation, expected, seen));
        }
        if let Outcome::Failed(error) = &outcome
            && !error.reached()
            && arrived >= calls
        {
            let seen = format!("bytes of the request arrived, and then: {}", outcome.describe());
            let expected = "Timeout, Interrupted or Response, for which `reached()` is true";
            self.report(Broken::new(&rules::REACHED, situation, expected, seen));
        }
        outcome
    }

    /// Sends `request` to whatever stands in it, and checks the time and what is shown.
    pub(super) async fn send(&self, situation: &str, subject: &Subject, request: Request<Bytes>) -> Outcome {
        if self.hung.load(Ordering::SeqCst) {
            return Outcome::Lost;
        }
        let limit = subject.limits.timeout.saturating_mul(MAX_OVERTIME);
        let began = now();
        let ended = guarded(limit.saturating_add(LAST_STRAW), async {
            subject.transport.send(request).await
        })
        .await;
        let took = began.elapsed();
        let expected = format!("an end soon after {:?}", subject.limits.timeout);
        let outcome = match ended {
            Guarded::Done(Ok(answer)) => Outcome::Answered(answer),
            Guarded::Done(Err(error)) => Outcome::Failed(error),
            Guarded::Hung => {
                let seen = format!("no end within {took:?}");
                self.report(Broken::new(&rules::TIME, situation, &expected, seen));
                self.hung.store(true, Ordering::SeqCst);
                Outcome::Lost
            }
            Guarded::Panicked(message) => {
                self.panicked(situation, &message);
                Outcome::Lost
            }
        };
        self.shows_nothing(situation, subject);
        if let Outcome::Failed(error) = &outcome {
            self.must_not_show(situation, "a link of the error's chain", &canary::everything(error));
        }
        if took > limit && !matches!(outcome, Outcome::Lost) {
            let seen = format!("an end after {took:?}: {}", outcome.describe());
            self.report(Broken::new(&rules::TIME, situation, &expected, seen));
            // By then the server had lost its patience, so that the outcome says nothing about the situation.
            return Outcome::Lost;
        }
        outcome
    }

    fn panicked(&self, situation: &str, message: &str) {
        let expected = "an answer or an error";
        self.report(Broken::new(
            &rules::NO_PANIC,
            situation,
            expected,
            format!("a panic: {message}"),
        ));
        self.must_not_show(situation, "the message of a panic", message);
    }

    /// Looks for planted texts in the transport's `Debug`.
    pub(super) fn shows_nothing(&self, situation: &str, subject: &Subject) {
        self.must_not_show(
            situation,
            "the transport's `Debug`",
            &canary::debug(&*subject.transport),
        );
    }

    fn must_not_show(&self, situation: &str, place: &str, text: &str) {
        for planted in canary::found(text) {
            let expected = "nothing of the request or the answer";
            let seen: String = format!("{planted}, in {place}: {text}")
                .chars()
                .take(MAX_SEEN)
                .collect();
            self.report(Broken::new(&rules::SHOWS_NOTHING, situation, expected, seen));
        }
    }

    /// Reports unless `outcome` is an answer that `check` finds nothing wrong with.
    pub(super) fn must_answer(
        &self,
        rule: &'static Rule,
        situation: &str,
        outcome: &Outcome,
        expected: &str,
        check: impl FnOnce(&Response<Bytes>) -> bool,
    ) {
        let kept = match outcome {
            Outcome::Answered(answer) => check(answer),
            Outcome::Failed(_) => false,
            Outcome::Lost => true,
        };
        if !kept {
            self.report(Broken::new(rule, situation, expected, outcome.describe()));
        }
    }

    /// Reports unless `outcome` is a failure of one of `kinds`, or one that says that nothing arrived.
    ///
    /// Whether that is honest is the matter of [`Self::call`].
    pub(super) fn must_fail(&self, rule: &'static Rule, situation: &str, outcome: &Outcome, kinds: &[SendErrorKind]) {
        let kept = match outcome {
            Outcome::Answered(_) => false,
            Outcome::Failed(error) => kinds.contains(&error.kind()) || !error.reached(),
            Outcome::Lost => true,
        };
        self.failure(kept, rule, situation, outcome, kinds);
    }

    /// Reports unless `outcome` is a failure of one of `kinds`.
    pub(super) fn must_be_of_kind(
        &self,
        rule: &'static Rule,
        situation: &str,
        outcome: &Outcome,
        kinds: &[SendErrorKind],
    ) {
        let kept = match outcome {
            Outcome::Answered(_) => false,
            Outcome::Failed(error) => kinds.contains(&error.kind()),
            Outcome::Lost => true,
        };
        self.failure(kept, rule, situation, outcome, kinds);
    }

    fn failure(&self, kept: bool, rule: &'static Rule, situation: &str, outcome: &Outcome, kinds: &[SendErrorKind]) {
        if !kept {
            let kinds: Vec<String> = kinds.iter().map(|kind| format!("{kind:?}")).collect();
            let expected = format!("a failure: {}", kinds.join(" or "));
            self.report(Broken::new(rule, situation, &expected, outcome.describe()));
        }
    }
}

/// A transport with the limits that it was made with.
pub(super) struct Subject {
    pub(super) transport: Arc<dyn HttpSend>,
    pub(super) limits: Limits,
}
