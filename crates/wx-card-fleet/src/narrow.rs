//! A transport with few connections.

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use tokio::sync::Semaphore;
use wx_core::{HttpSend, SendError, SendErrorKind};
use wx_http_hyper::HyperClient;

/// How many requests a worker has under way: eight workers with five hundred callers each would need more sockets
/// than most machines allow.
const AT_ONCE: usize = 16;

/// Sends so many requests at a time; the others wait for their turn.
#[derive(Debug)]
pub(crate) struct Narrow {
    http: HyperClient,
    gate: Semaphore,
}

impl Narrow {
    pub(crate) fn new(http: HyperClient) -> Self {
        Self {
            http,
            gate: Semaphore::new(AT_ONCE),
        }
    }
}

#[async_trait]
impl HttpSend for Narrow {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        let turn = self.gate.acquire().await;
        let _turn = turn.map_err(|_| SendError::new(SendErrorKind::Connect))?;
        self.http.send(request).await
    }
}
