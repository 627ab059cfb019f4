//! A transport on a stack of tower layers, here over hyper's client.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tower::timeout::Timeout;
use tower::timeout::error::Elapsed;
use tower::util::BoxCloneSyncService;
use tower::{ServiceBuilder, ServiceExt as _, service_fn};
use wx_core::{HttpSend, SendError, SendErrorKind, http_send_service};

type BoxError = Box<dyn Error + Send + Sync>;
type Connector = BoxCloneSyncService<Uri, MaybeHttpsStream<TokioIo<TcpStream>>, BoxError>;
type Client = legacy::Client<Connector, Full<Bytes>>;

/// As many requests may be under way at once; others wait.
const CONCURRENCY: usize = 64;

/// A transport that bounds a call to `timeout`, a third of it for connecting, and an answer to `max_body_bytes`.
///
/// Mozilla's roots are trusted, and the certificates of `extra_roots`, a PEM text.
/// It is to be awaited within a tokio runtime with I/O and time.
///
/// # Errors
///
/// When the PEM text cannot be read, or TLS cannot be set up.
pub fn tower_http(
    timeout: Duration,
    max_body_bytes: usize,
    extra_roots: Option<&str>,
) -> Result<impl HttpSend + use<>, BoxError> {
    let client = client(timeout / 3, extra_roots)?;
    let limited = ServiceBuilder::new()
        .concurrency_limit(CONCURRENCY)
        .service(service_fn(move |request| {
            exchange(client.clone(), request, max_body_bytes)
        }));
    // A limit makes callers wait in `poll_ready`, which a timeout around it would not see; within `oneshot` it does.
    let whole = ServiceBuilder::new()
        .timeout(timeout)
        .service(service_fn(move |request| limited.clone().oneshot(request)));
    Ok(http_send_service(whole, meaning))
}

fn client(connect_timeout: Duration, extra_roots: Option<&str>) -> Result<Client, BoxError> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls(extra_roots)?)
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    // Around everything, so that it bounds the TLS handshake too.
    let connector = BoxCloneSyncService::new(Timeout::new(connector, connect_timeout));
    Ok(legacy::Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        // Short of the minute after which load balancers and NATs forget a connection.
        .pool_idle_timeout(Duration::from_secs(50))
        .build(connector))
}

fn tls(extra_roots: Option<&str>) -> Result<ClientConfig, BoxError> {
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

/// Sends one request and reads the answer up to its limit.
async fn exchange(
    client: Client,
    request: Request<Bytes>,
    max_body_bytes: usize,
) -> Result<Response<Bytes>, SendError> {
    let answer = client.request(request.map(Full::new)).await.map_err(|error| {
        // Where it is not known how far the request came, it may have arrived.
        let kind = if error.is_connect() {
            SendErrorKind::Connect
        } else {
            SendErrorKind::Interrupted
        };
        SendError::new(kind).with_source(error)
    })?;
    let (head, body) = answer.into_parts();
    let body = Limited::new(body, max_body_bytes)
        .collect()
        .await
        .map_err(|error| SendError::new(SendErrorKind::Response).with_source(error))?;
    Ok(Response::from_parts(head, body.to_bytes()))
}

/// What an error of the whole stack means: the layers hand ours through, and have errors of their own.
fn meaning(error: BoxError) -> SendError {
    match error.downcast::<SendError>() {
        Ok(ours) => *ours,
        // Also of a request that still waited; the timeout cannot tell.
        Err(error) if error.is::<Elapsed>() => SendError::new(SendErrorKind::Timeout).with_source(error),
        Err(error) => SendError::new(SendErrorKind::Interrupted).with_source(error),
    }
}
