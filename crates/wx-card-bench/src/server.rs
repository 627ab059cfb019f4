//! The server that every client is measured against: it reads a request and answers what it always answers.

use std::convert::Infallible;
use std::error::Error;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rustls::pki_types::PrivateKeyDer;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use wx_card_bench::bodies;

/// Serves on a free port of this machine until its input ends; the first line that it prints is its address, and over
/// TLS what follows is the certificate to trust.
pub(crate) async fn serve(tls: bool, http2: bool) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port();
    let acceptor = if tls {
        let (acceptor, pem) = acceptor(http2)?;
        print!("https://localhost:{port}\n{pem}\n");
        Some(acceptor)
    } else {
        println!("http://127.0.0.1:{port}\n");
        None
    };
    std::io::stdout().flush()?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            let builder = auto::Builder::new(TokioExecutor::new());
            // A connection that breaks is its client's affair.
            match acceptor {
                None => drop(builder.serve_connection(TokioIo::new(stream), service_fn(answer)).await),
                Some(acceptor) => {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        drop(builder.serve_connection(TokioIo::new(stream), service_fn(answer)).await);
                    }
                }
            }
        });
    }
}

/// How many tokens were given.
static TOKENS: AtomicU64 = AtomicU64::new(0);

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    let mut body = request.into_body();
    while let Some(Ok(_)) = body.frame().await {}
    let mut response = Response::new(Full::new(match &*path {
        bodies::TOKENS_FETCHED => format!(r#"{{"count":{}}}"#, TOKENS.load(Ordering::Relaxed)).into(),
        path => Bytes::from_static(bodies::answer_to(path)),
    }));
    if path == "/cgi-bin/stable_token" {
        TOKENS.fetch_add(1, Ordering::Relaxed);
    }
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json; encoding=utf-8"),
    );
    Ok(response)
}

fn acceptor(http2: bool) -> Result<(TlsAcceptor, String), Box<dyn Error>> {
    let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed([String::from("localhost")])?;
    let key = PrivateKeyDer::try_from(signing_key.serialize_der())?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)?;
    config.alpn_protocols = if http2 {
        vec![b"h2".to_vec()]
    } else {
        vec![b"http/1.1".to_vec()]
    };
    Ok((TlsAcceptor::from(Arc::new(config)), cert.pem()))
}
