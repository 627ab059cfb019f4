//! The client keeps the contract, by the suite that everybody's transport can be tried with.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
use wx_core::conformance::http_send::{Limits, Suite};
use wx_http_hyper::{HyperClient, HyperClientBuilder, Roots};

use crate::builder;
use crate::pki::{Authority, Tls};

fn limited(builder: HyperClientBuilder, limits: Limits) -> HyperClient {
    builder
        // Only the call's own limit is tried: a handshake may take its time on a busy machine.
        .connect_timeout(limits.timeout.max(Duration::from_secs(5)))
        .timeout(limits.timeout)
        .max_body_bytes(limits.max_body_bytes)
        .build()
        .unwrap()
}

fn trusting(pem: &str) -> HyperClientBuilder {
    builder().roots(Roots::OnlyAdded).add_root_pem(pem)
}

/// A front that takes TLS off each connection and hands it, with the address of the suite's server, to `relay`.
fn front<R>(tls: Tls, relay: fn(TlsStream<TcpStream>, SocketAddr) -> R) -> impl Fn(SocketAddr) -> String
where
    R: Future<Output = ()> + Send + 'static,
{
    move |server| {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let tls = tls.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let tls = tls.clone();
                tokio::spawn(async move {
                    stream.set_nodelay(true).unwrap();
                    if let Some(stream) = tls.accept(stream).await {
                        relay(stream, server).await;
                    }
                });
            }
        });
        format!("https://localhost:{port}")
    }
}

/// Hands on every byte and every end; a reset of either side is one for the other.
async fn bytes(mut stream: TlsStream<TcpStream>, server: SocketAddr) {
    let Ok(mut server) = TcpStream::connect(server).await else {
        return;
    };
    server.set_nodelay(true).unwrap();
    if copy_bidirectional(&mut stream, &mut server).await.is_err() {
        stream.get_ref().0.set_zero_linger().unwrap();
        server.set_zero_linger().unwrap();
    }
}

#[tokio::test]
async fn the_contract_is_kept_over_plain_http() {
    let report = Suite::new(|limits| limited(builder(), limits)).run().await;
    report.assert();
    assert!(report.left_out().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_is_kept_over_tls() {
    let authority = Authority::new();
    let tls = authority.server("localhost");
    let pem = authority.pem();
    let report = Suite::new(move |limits| limited(trusting(&pem), limits))
        .through(front(tls, bytes))
        .run()
        .await;
    report.assert();
    assert!(report.left_out().is_empty());
}

#[cfg(feature = "http2")]
mod http2 {
    //! The same over HTTP/2, through a gateway of a few lines.

    use std::io;

    use http::uri::{Parts, Uri};
    use http::{Request, Response};
    use hyper::body::Incoming;
    use hyper::service::service_fn;
    use hyper_util::rt::{TokioExecutor, TokioIo};

    use super::*;

    /// Hands on every request as HTTP/1.1; what breaks there resets the stream.
    async fn gateway(stream: TlsStream<TcpStream>, server: SocketAddr) {
        let service = service_fn(move |request| forward(request, server));
        hyper::server::conn::http2::Builder::new(TokioExecutor::new())
            .serve_connection(TokioIo::new(stream), service)
            .await
            .ok();
    }

    async fn forward(request: Request<Incoming>, server: SocketAddr) -> io::Result<Response<Incoming>> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        let connected = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = connected.map_err(io::Error::other)?;
        tokio::spawn(connection);
        sender
            .send_request(origin_form(request))
            .await
            .map_err(io::Error::other)
    }

    /// The authority goes into the header where HTTP/1.1 has it.
    fn origin_form(mut request: Request<Incoming>) -> Request<Incoming> {
        let host = request.uri().authority().unwrap().as_str().parse().unwrap();
        request.headers_mut().insert(http::header::HOST, host);
        let mut parts = Parts::default();
        parts.path_and_query = request.uri().path_and_query().cloned();
        *request.uri_mut() = Uri::from_parts(parts).unwrap();
        *request.version_mut() = http::Version::HTTP_11;
        request
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_contract_is_kept_over_http_2() {
        let authority = Authority::new();
        let tls = authority.server_with("localhost", &["h2"]);
        let pem = authority.pem();
        let report = Suite::new(move |limits| limited(trusting(&pem).http2(true), limits))
            .through(front(tls, gateway))
            .http2()
            .run()
            .await;
        report.assert();
        assert!(!report.left_out().is_empty());
    }
}
