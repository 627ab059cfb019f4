//! The client: one request, one answer, one deadline.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, Version};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use tokio::runtime::Handle;
use tokio::time::timeout;
use wx_core::{HttpSend, SendError, SendErrorKind};

use crate::body;
use crate::builder::HyperClientBuilder;
use crate::connect::{Bounded, Connector};
use crate::error::{BuildError, before_answer, failure};
use crate::proxy::Route;
use crate::start::{Start, Tracked};
use crate::target::Known;

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

    async fn exchange(&self, request: Request<Tracked>, start: &Start) -> Result<Response<Bytes>, SendError> {
        let answer = self.shared.client.request(request).await;
        let answer = answer.map_err(|error| before_answer(&error, start.has_been()))?;
        let (parts, body) = answer.into_parts();
        let body = body::read(body, self.shared.max_body_bytes).await?;
        Ok(Response::from_parts(parts, body))
    }
}

#[async_trait]
impl HttpSend for HyperClient {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        self.shared.known.check(&request)?;
        if Handle::try_current().is_err() {
            // Without this check, tokio would panic.
            return Err(failure(SendErrorKind::Request, "there is no tokio runtime"));
        }
        let start = Start::of(request.body());
        let mut request = request.map(|body| Tracked::new(body, start.clone()));
        // The version is agreed on with the server; a request for HTTP/2 would fail where it declines.
        *request.version_mut() = Version::HTTP_11;
        let limit = self.shared.timeout;
        match timeout(limit, self.exchange(request, &start)).await {
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
