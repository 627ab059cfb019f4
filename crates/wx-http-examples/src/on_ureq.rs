//! A transport as a closure, over ureq, whose calls block.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use ureq::config::AutoHeaderValue;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, Error, Timeout};
use wx_core::{HttpSend, SendError, SendErrorKind, http_send_fn};

/// As many unused connections are kept for the next calls.
const IDLE_CONNECTIONS: usize = 64;

/// A transport that bounds a call to `timeout`, a third of it for connecting, and an answer to `max_body_bytes`.
///
/// Mozilla's roots are trusted, or instead of them the certificates of `roots`, a PEM text.
///
/// It is to be awaited within a tokio runtime, on whose blocking threads the calls run. A call that is dropped runs to
/// its end there, so it may still take effect; a dropped redemption is as unclear as one whose answer was lost.
/// Where the server stops reading a large request, a call takes up to about twice `timeout`.
///
/// # Errors
///
/// When the PEM text cannot be read.
pub fn ureq_http(
    timeout: Duration,
    max_body_bytes: usize,
    roots: Option<&str>,
) -> Result<impl HttpSend + use<>, Box<dyn StdError + Send + Sync>> {
    let config = Agent::config_builder()
        .tls_config(tls(roots)?)
        // Every status is an answer.
        .http_status_as_error(false)
        // A redirect would carry the token elsewhere.
        .max_redirects(0)
        .max_redirects_will_error(false)
        // No surprise from the environment; set a proxy where there is one.
        .proxy(None)
        .accept_encoding(AutoHeaderValue::None)
        // Below the deadline, so that a blocked way ends as "certainly not sent".
        .timeout_resolve(Some(timeout / 3))
        .timeout_connect(Some(timeout / 3))
        .timeout_global(Some(timeout))
        .max_idle_connections(IDLE_CONNECTIONS)
        .max_idle_connections_per_host(IDLE_CONNECTIONS)
        .build();
    let agent = Agent::new_with_config(config);
    Ok(http_send_fn(move |request| {
        let agent = agent.clone();
        async move {
            tokio::task::spawn_blocking(move || exchange(&agent, request, max_body_bytes))
                .await
                // The thread ended without a word: nobody knows how far it came.
                .unwrap_or_else(|_| Err(SendError::new(SendErrorKind::Interrupted)))
        }
    }))
}

fn tls(roots: Option<&str>) -> Result<TlsConfig, Error> {
    let roots = match roots {
        None => RootCerts::WebPki,
        Some(pem) => {
            let mut certificates: Vec<Certificate<'static>> = Vec::new();
            for item in parse_pem(pem.as_bytes()) {
                if let PemItem::Certificate(certificate) = item? {
                    certificates.push(certificate);
                }
            }
            RootCerts::new_with_certs(&certificates)
        }
    };
    // Naming the provider here spares a process-wide choice.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(TlsConfig::builder()
        .root_certs(roots)
        .unversioned_rustls_crypto_provider(provider)
        .build())
}

/// Sends one request and reads the answer up to its limit.
fn exchange(agent: &Agent, request: Request<Bytes>, max_body_bytes: usize) -> Result<Response<Bytes>, SendError> {
    let (head, body) = request.into_parts();
    let answer = if body.is_empty() && matches!(head.method, Method::GET | Method::HEAD) {
        // These have no body, not even an empty one.
        agent.run(Request::from_parts(head, ()))
    } else {
        agent.run(Request::from_parts(head, &body[..]))
    };
    let (head, body) = answer.map_err(|error| before_answer(&error))?.into_parts();
    let body = read(body, max_body_bytes).map_err(|error| within_answer(&error))?;
    Ok(Response::from_parts(head, body))
}

fn read(mut body: Body, max_body_bytes: usize) -> Result<Bytes, Error> {
    let limit = u64::try_from(max_body_bytes).unwrap_or(u64::MAX);
    // What announces too much is refused before it arrives.
    if body.content_length().is_some_and(|length| length > limit) {
        return Err(Error::BodyExceedsLimit(limit));
    }
    body.with_config().limit(limit).read_to_vec().map(Into::into)
}

/// Sorts what went wrong before there was an answer; where it is not known how far the request came, it may have arrived.
fn before_answer(error: &Error) -> SendError {
    match error {
        Error::BadUri(_) | Error::Http(_) => SendError::new(SendErrorKind::Request),
        Error::ConnectionFailed
        | Error::HostNotFound
        | Error::Timeout(Timeout::Connect | Timeout::Resolve)
        | Error::Tls(_)
        | Error::TlsRequired => because(SendErrorKind::Connect, error),
        Error::Timeout(_) => because(SendErrorKind::Timeout, error),
        Error::Io(cause) if is_of_connecting(cause) => because(SendErrorKind::Connect, error),
        Error::LargeResponseHeader(..) => because(SendErrorKind::Response, error),
        // Its text may quote what it could not read.
        Error::Protocol(_) => SendError::new(SendErrorKind::Response),
        _ => because(SendErrorKind::Interrupted, error),
    }
}

fn within_answer(error: &Error) -> SendError {
    match error {
        Error::Timeout(_) => because(SendErrorKind::Timeout, error),
        Error::BodyExceedsLimit(_) | Error::Io(_) => because(SendErrorKind::Response, error),
        _ => SendError::new(SendErrorKind::Response),
    }
}

/// Whether it can only have happened before a byte of the request was written.
fn is_of_connecting(cause: &std::io::Error) -> bool {
    let tls = cause.get_ref().and_then(|inner| inner.downcast_ref());
    cause.kind() == std::io::ErrorKind::ConnectionRefused || matches!(tls, Some(rustls::Error::InvalidCertificate(_)))
}

/// The text alone: some of ureq's errors have the address in them, and none of those comes here.
fn because(kind: SendErrorKind, error: &Error) -> SendError {
    SendError::new(kind).with_source(error.to_string())
}
