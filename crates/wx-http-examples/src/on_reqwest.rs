//! A transport on reqwest.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use wx_core::{HttpSend, SendError, SendErrorKind};

/// An [`HttpSend`] on a reqwest client that is set up for it.
///
/// It is to be awaited within a tokio runtime with I/O and time.
#[derive(Clone)]
pub struct ReqwestHttp {
    client: reqwest::Client,
    max_body_bytes: usize,
}

impl ReqwestHttp {
    /// A transport that bounds a call to `timeout`, a third of it for connecting, and an answer to `max_body_bytes`.
    ///
    /// Mozilla's roots are trusted, and the certificates of `extra_roots`, a PEM text.
    ///
    /// # Errors
    ///
    /// When the PEM text cannot be read, or TLS cannot be set up.
    pub fn new(
        timeout: Duration,
        max_body_bytes: usize,
        extra_roots: Option<&str>,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls(extra_roots)?)
            // A redirect would carry the token elsewhere.
            .redirect(reqwest::redirect::Policy::none())
            // Who may repeat a call is decided where its meaning is known.
            .retry(reqwest::retry::never())
            // No surprise from the environment; set `proxy` where there is one.
            .no_proxy()
            .referer(false)
            // Below the deadline, so that a blocked way ends as "certainly not sent".
            .connect_timeout(timeout / 3)
            .timeout(timeout)
            // Short of the minute after which load balancers and NATs forget a connection.
            .pool_idle_timeout(Duration::from_secs(50))
            .build()
            .map_err(reqwest::Error::without_url)?;
        Ok(Self { client, max_body_bytes })
    }

    /// Reads the body, and gives up as soon as it is known to be too large.
    async fn body(&self, answer: &mut reqwest::Response) -> Result<Bytes, SendError> {
        let too_large = || SendError::new(SendErrorKind::Response).with_source("the body is larger than the limit");
        let limit = self.max_body_bytes;
        if answer.content_length().is_some_and(|length| length > limit as u64) {
            return Err(too_large());
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(within_answer)? {
            if chunk.len() > limit - body.len() {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }
}

impl fmt::Debug for ReqwestHttp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestHttp")
            .field("max_body_bytes", &self.max_body_bytes)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl HttpSend for ReqwestHttp {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        let request = reqwest::Request::try_from(request).map_err(|error| because(SendErrorKind::Request, error))?;
        let mut answer = self.client.execute(request).await.map_err(before_answer)?;
        let body = self.body(&mut answer).await?;
        let mut response = Response::new(body);
        *response.status_mut() = answer.status();
        *response.version_mut() = answer.version();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

fn tls(extra_roots: Option<&str>) -> Result<ClientConfig, Box<dyn Error + Send + Sync>> {
    let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    for certificate in CertificateDer::pem_slice_iter(extra_roots.unwrap_or_default().as_bytes()) {
        roots.add(certificate?)?;
    }
    // Naming the provider here spares a process-wide choice.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// Sorts what went wrong before there was an answer; where it is not known how far the request came, it may have arrived.
fn before_answer(error: reqwest::Error) -> SendError {
    let kind = if error.is_connect() {
        SendErrorKind::Connect
    } else if error.is_builder() {
        SendErrorKind::Request
    } else if error.is_timeout() {
        SendErrorKind::Timeout
    } else {
        SendErrorKind::Interrupted
    };
    because(kind, error)
}

fn within_answer(error: reqwest::Error) -> SendError {
    let kind = if error.is_timeout() {
        SendErrorKind::Timeout
    } else {
        SendErrorKind::Response
    };
    because(kind, error)
}

/// The URL has the token in it, so the error is shown without.
fn because(kind: SendErrorKind, error: reqwest::Error) -> SendError {
    SendError::new(kind).with_source(error.without_url())
}
