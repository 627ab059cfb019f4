//! Whom the client turns away, what it says then, and that the server has got nothing of the request.

use std::error::Error as _;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use wx_core::{HttpSend, SendErrorKind};
use wx_http_hyper::{HyperClient, TlsError, TlsErrorKind};

use super::{trusting, url};
use crate::pki::{Authority, Tls};
use crate::server::{Count, request, serve};
use crate::{CANARY, call, client, post, seen};

/// What each connection brought a server.
struct Server {
    address: SocketAddr,
    brought: UnboundedReceiver<Vec<u8>>,
}

impl Server {
    async fn new<F, R>(handle: F) -> Self
    where
        F: Fn(TcpStream) -> R + Send + Sync + 'static,
        R: Future<Output = Vec<u8>> + Send + 'static,
    {
        let (tell, brought) = unbounded_channel();
        let handle = Arc::new(handle);
        let address = serve(move |stream| {
            let (tell, handle) = (tell.clone(), Arc::clone(&handle));
            async move { tell.send(handle(stream).await).unwrap() }
        })
        .await;
        Self { address, brought }
    }

    /// What arrives within TLS; nothing does where there is no TLS in the end.
    async fn within(tls: Tls) -> Self {
        Self::new(move |stream| {
            let tls = tls.clone();
            async move {
                let mut bytes = Vec::new();
                if let Some(mut stream) = tls.accept(stream).await {
                    stream.read_to_end(&mut bytes).await.ok();
                }
                bytes
            }
        })
        .await
    }

    /// What arrives on the wire itself, after `answer` was written.
    async fn plain(answer: &'static [u8]) -> Self {
        Self::new(move |mut stream| async move {
            let mut bytes = vec![0; 5];
            stream.read_exact(&mut bytes).await.unwrap();
            stream.write_all(answer).await.unwrap();
            stream.shutdown().await.unwrap();
            stream.read_to_end(&mut bytes).await.ok();
            bytes
        })
        .await
    }
}

/// Calls `server`, which must be turned away: the kind, and what a person reads.
async fn turned_away(client: &HyperClient, server: &Server) -> (TlsErrorKind, String) {
    let error = call(client, &url(server.address)).await.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (SendErrorKind::Connect, false));
    let text = seen(&error);
    for secret in [CANARY, "access_token", "/?", "content-type"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let tls: &TlsError = error.source().unwrap().downcast_ref().unwrap();
    (tls.kind(), format!("{error}: {tls}: {}", tls.source().unwrap()))
}

/// As [`turned_away`], by a server that speaks TLS: it was told so, and got no byte of the request.
async fn turned_away_by_tls(client: &HyperClient, tls: Tls) -> (TlsErrorKind, String) {
    let mut server = Server::within(tls).await;
    let found = turned_away(client, &server).await;
    assert_eq!(server.brought.recv().await.unwrap(), b"");
    found
}

/// As [`turned_away`], by a server that does not: it got the first words of TLS, and no byte of the request.
async fn turned_away_by_plain(answer: &'static [u8]) -> (TlsErrorKind, String) {
    let mut server = Server::plain(answer).await;
    let found = turned_away(&client(), &server).await;
    let brought = server.brought.recv().await.unwrap();
    assert_eq!(brought[..2], [0x16, 0x03], "no record of a TLS handshake");
    let brought = String::from_utf8_lossy(&brought);
    assert!(
        !brought.contains(CANARY) && !brought.contains("access_token"),
        "{brought}"
    );
    found
}

#[tokio::test]
async fn an_unknown_authority_is_turned_away() {
    for client in [client(), trusting(&Authority::named("another"))] {
        let (kind, text) = turned_away_by_tls(&client, Authority::new().server("localhost")).await;
        assert_eq!(kind, TlsErrorKind::UnknownAuthority);
        assert!(
            text.starts_with("could not connect: the certificate's authority is not known, or it is self-signed: "),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_namesake_of_a_trusted_authority_is_turned_away() {
    let (trusted, namesake) = (Authority::new(), Authority::new());
    let (kind, text) = turned_away_by_tls(&trusting(&trusted), namesake.server("localhost")).await;
    assert_eq!(kind, TlsErrorKind::BadSignature);
    assert!(
        text.starts_with("could not connect: the certificate was signed with another key "),
        "{text}"
    );
}

#[tokio::test]
async fn a_self_signed_certificate_is_turned_away() {
    let (kind, _) = turned_away_by_tls(&client(), Tls::self_signed("localhost")).await;
    assert_eq!(kind, TlsErrorKind::UnknownAuthority);

    let (kind, text) = turned_away_by_tls(&client(), Tls::self_signed_authority("localhost")).await;
    assert_eq!(kind, TlsErrorKind::Authority);
    assert!(text.contains("self-signed"), "{text}");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_turned_away() {
    let authority = Authority::new();
    let tls = authority.server("other.test");
    let (kind, text) = turned_away_by_tls(&trusting(&authority), tls).await;
    assert_eq!(kind, TlsErrorKind::WrongHost);
    assert!(
        text.starts_with("could not connect: the certificate is not for this host: "),
        "{text}"
    );
    assert!(text.contains("localhost") && text.contains("other.test"), "{text}");
}

#[tokio::test]
async fn an_expired_certificate_is_turned_away() {
    let authority = Authority::new();
    let tls = authority.expired_server("localhost");
    let (kind, text) = turned_away_by_tls(&trusting(&authority), tls).await;
    assert_eq!(kind, TlsErrorKind::Expired);
    assert!(
        text.starts_with("could not connect: the certificate has expired: "),
        "{text}"
    );
}

#[tokio::test]
async fn a_certificate_for_later_is_turned_away() {
    let authority = Authority::new();
    let tls = authority.future_server("localhost");
    let (kind, text) = turned_away_by_tls(&trusting(&authority), tls).await;
    assert_eq!(kind, TlsErrorKind::NotYetValid);
    assert!(
        text.starts_with("could not connect: the certificate is not valid yet: "),
        "{text}"
    );
}

#[tokio::test]
async fn a_server_without_tls_is_turned_away() {
    for answer in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"SSH-2.0-OpenSSH_9.6\r\n"] {
        let (kind, text) = turned_away_by_plain(answer).await;
        assert_eq!(kind, TlsErrorKind::NotTls);
        assert!(
            text.starts_with("could not connect: the server does not speak TLS: "),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_handshake_that_the_server_ends_is_no_connection() {
    let (kind, text) = turned_away_by_plain(b"").await;
    assert_eq!(kind, TlsErrorKind::Ended);
    assert!(
        text.starts_with("could not connect: the server ended the connection within the TLS handshake: "),
        "{text}"
    );
}

#[tokio::test]
async fn a_handshake_that_the_server_refuses_is_no_connection() {
    // A fatal alert: no cipher in common.
    let (kind, text) = turned_away_by_plain(&[0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28]).await;
    assert_eq!(kind, TlsErrorKind::Handshake);
    assert!(
        text.starts_with("could not connect: the TLS handshake failed: "),
        "{text}"
    );
}

#[tokio::test]
async fn a_redirect_from_https_to_http_is_an_answer_and_nobody_is_called() {
    let authority = Authority::new();
    let tls = authority.server("localhost");
    let calls = Count::default();
    let elsewhere = serve({
        let calls = calls.clone();
        move |_| {
            calls.add();
            async {}
        }
    })
    .await;
    let address = serve(move |stream| {
        let tls = tls.clone();
        async move {
            let mut stream = tls.accept(stream).await.unwrap();
            let _request = request(&mut stream).await;
            let answer = format!(
                "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n"
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.flush().await.unwrap();
        }
    })
    .await;

    let answer = trusting(&authority).send(post(&url(address), "{}")).await.unwrap();

    assert_eq!(answer.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(answer.headers()["location"], format!("http://{elsewhere}/"));
    assert_eq!(calls.get(), 0);
}
