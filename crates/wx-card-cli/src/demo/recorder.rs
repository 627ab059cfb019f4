//! A transport that remembers what goes through it, so that it can be shown.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use wx_card::core::system::SystemClock;
use wx_card::core::{Clock as _, HttpSend, SendError};
use wx_http_hyper::HyperClient;

/// One request and its answer, without the query, which has the token.
#[derive(Clone)]
pub(super) struct Exchange {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) request: Vec<u8>,
    pub(super) answer: Vec<u8>,
    pub(super) elapsed: Duration,
}

/// Passes requests on to hyper and keeps the exchanges until they are shown.
#[derive(Clone)]
pub(super) struct Recorder {
    http: HyperClient,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl Recorder {
    pub(super) fn new(http: HyperClient) -> Self {
        Self {
            http,
            exchanges: Arc::default(),
        }
    }

    /// The exchanges since the last time.
    pub(super) fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.exchanges.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recorder(..)")
    }
}

#[async_trait::async_trait]
impl HttpSend for Recorder {
    async fn send(&self, request: http::Request<bytes::Bytes>) -> Result<http::Response<bytes::Bytes>, SendError> {
        let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
        let body = request.body().to_vec();
        let started = SystemClock::new().now();
        let response = self.http.send(request).await?;
        let elapsed = SystemClock::new().now().duration_since(started).unwrap_or_default();
        let answer = response.body().to_vec();
        let exchange = Exchange {
            method,
            path,
            request: body,
            answer,
            elapsed,
        };
        self.exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(exchange);
        Ok(response)
    }
}
