//! The client: one request, one answer, one deadline.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{HOST, HeaderValue};
use http::{Request, Response, Version};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::{Client, ResponseFuture};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};
use wx_core::{HttpSend, SendError, SendErrorKind};

use crate::body;
use crate::builder::HyperClientBuilder;
use crate::connect::{Bounded, Connector};
use crate::error::{BuildError, before_answer, failure};
use crate::proxy::Route;
use crate::start::{Start, Tracked};
use crate::target::Known;

/// For who says by the longest duration there is that there shall be no limit.
const AS_GOOD_AS_EVER: Duration = Duration::from_secs(30 * 365 * 86_400);

/// The client of hyper that this crate sets up.
pub(crate) type Inner = Client<Bounded<HttpsConnector<Connector>>, Tracked>;

/// An [`HttpSend`] on hyper and rustls.
///
/// Clones are cheap and share one pool of connections; use one client for all accounts.
/// It is to be awaited within a tokio runtime with I/O and time, of either flavour.
#[derive(Clone)]
pub struct HyperClient {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) client: Inner,
    pub(crate) timeout: Duration,
    /// One for each request that may be under way.
    pub(crate) turns: Semaphore,
    pub(crate) max_body_bytes: usize,
    pub(crate) route: Option<Arc<Route>>,
    pub(crate) known: Known,
}

impl HyperClient {
    /// A client with the defaults, which [`HyperClientBuilder`] lists.
    ///
    /// # Errors
    ///
    /// [`BuildError`] when the environment names a proxy that cannot be used.
    pub fn new() -> Result<Self, BuildError> {
        Self::builder().build()
    }

    /// Begins a client with other settings.
    pub fn builder() -> HyperClientBuilder {
        HyperClientBuilder::new()
    }

    pub(crate) fn from_shared(shared: Shared) -> Self {
        Self {
            shared: Arc::new(shared),
        }
    }

    /// The right to have a request under way; `None` if the time is over before there is one.
    async fn turn(&self, deadline: Instant) -> Option<SemaphorePermit<'_>> {
        let turns = &self.shared.turns;
        if let Ok(turn) = turns.try_acquire() {
            return Some(turn);
        }
        // Nobody closes the semaphore, which would be the inner error.
        let turn = timeout_at(deadline, turns.acquire()).await.ok()?.ok()?;
        // Whoever gets it in the last moment sends nothing that is not waited for.
        (Instant::now() < deadline).then_some(turn)
    }

    /// Has the request on its way, as HTTP/1.1 unless the connection turns out to be another.
    fn start(&self, request: Request<Bytes>, host: Option<HeaderValue>) -> (ResponseFuture, Start) {
        let (parts, body) = request.into_parts();
        let start = Start::of(body);
        let mut request = Request::from_parts(parts, start.tracked());
        // The version is agreed on with the server; a request for HTTP/2 would fail where it declines.
        *request.version_mut() = Version::HTTP_11;
        if let Some(host) = host {
            request.headers_mut().entry(HOST).or_insert(host);
        }
        (self.shared.client.request(request), start)
    }

    async fn finish(&self, answer: ResponseFuture, start: &Start) -> Result<Response<Bytes>, SendError> {
        let answer = answer.await.map_err(|error| before_answer(&error, start.has_been()))?;
        let (parts, body) = answer.into_parts();
        let body = body::read(body, self.shared.max_body_bytes).await?;
        Ok(Response::from_parts(parts, body))
    }
}

#[async_trait]
impl HttpSend for HyperClient {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        let shared = &*self.shared;
        let host = shared.known.check(&request)?;
        if Handle::try_current().is_err() {
            // Without this check, tokio would panic.
            return Err(failure(SendErrorKind::Request, "there is no tokio runtime"));
        }
        let limit = shared.timeout;
        let now = Instant::now();
        let deadline = now.checked_add(limit).unwrap_or(now + AS_GOOD_AS_EVER);
        // It is kept to the end.
        let Some(_turn) = self.turn(deadline).await else {
            return Err(failure(
                SendErrorKind::Connect,
                format!("not its turn within the deadline of {limit:?}, because of other requests under way"),
            ));
        };
        // The request goes into a box of hyper's at once: this future has no room for it twice.
        let (answer, start) = self.start(request, host);
        match timeout_at(deadline, self.finish(answer, &start)).await {
            Ok(result) => result,
            Err(_) if start.has_been() => Err(failure(
                SendErrorKind::Timeout,
                format!("no complete answer within {limit:?}"),
            )),
            Err(_) => Err(failure(
                SendErrorKind::Connect,
                format!("no connection within the deadline of {limit:?}"),
            )),
        }
    }
}

impl fmt::Debug for HyperClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperClient")
            .field("timeout", &self.shared.timeout)
            .field("max_body_bytes", &self.shared.max_body_bytes)
            .field("proxy", &self.shared.route)
            .finish_non_exhaustive()
    }
}
