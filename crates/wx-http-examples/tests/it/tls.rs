//! Whom the transports trust, and that a server that is turned away has got nothing of the request.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_rustls::TlsAcceptor;
use wx_core::SendErrorKind;

use crate::pki::{Authority, VALID, self_signed};
use crate::server::{ok, request, serve};
use crate::{CANARY, PLENTY, ROOM, call, error, transports};

fn url(address: SocketAddr) -> String {
    format!(
        "https://localhost:{}/card/code/get?access_token={CANARY}",
        address.port()
    )
}

/// Takes whatever comes within TLS, and tells it.
async fn listening(tls: TlsAcceptor) -> (SocketAddr, UnboundedReceiver<Vec<u8>>) {
    let (tell, told) = unbounded_channel();
    let address = serve(move |stream| {
        let (tls, tell) = (tls.clone(), tell.clone());
        async move {
            let mut bytes = Vec::new();
            if let Ok(mut stream) = tls.accept(stream).await {
                stream.read_to_end(&mut bytes).await.ok();
            }
            tell.send(bytes).unwrap();
        }
    })
    .await;
    (address, told)
}

#[tokio::test]
async fn a_server_of_an_added_authority_is_trusted() {
    let authority = Authority::named("ours");
    for (name, http) in transports(PLENTY, ROOM, Some(&authority.pem())) {
        let tls = authority.server("localhost", VALID);
        let address = serve(move |stream| {
            let tls = tls.clone();
            async move {
                let mut stream = tls.accept(stream).await.unwrap();
                while request(&mut stream).await.is_some() {
                    stream.write_all(ok("secure").as_bytes()).await.unwrap();
                    stream.flush().await.unwrap();
                }
            }
        })
        .await;
        for _ in 0..2 {
            assert_eq!(call(&*http, &url(address)).await.unwrap().body(), "secure", "{name}");
        }
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_trusted_is_turned_away_and_gets_nothing() {
    let (ours, another) = (Authority::named("ours"), Authority::named("another"));
    for (tls, words) in [
        (another.server("localhost", VALID), "UnknownIssuer"),
        (self_signed("localhost"), "UnknownIssuer"),
        (ours.server("other.test", VALID), "not valid for name"),
        (ours.server("localhost", 2001..2002), "expired"),
        (ours.server("localhost", 4001..4002), "not valid yet"),
    ] {
        for (name, http) in transports(PLENTY, ROOM, Some(&ours.pem())) {
            let (address, mut told) = listening(tls.clone()).await;
            let (kind, text) = error(&*http, &url(address)).await;
            assert_eq!(kind, SendErrorKind::Connect, "{name}: {text}");
            assert!(text.contains(words), "{name}: {text}");
            assert_eq!(told.recv().await.unwrap(), b"", "{name}");
        }
    }
}

#[tokio::test]
async fn a_server_without_tls_gets_nothing_of_the_request() {
    for (name, http) in transports(PLENTY, ROOM, None) {
        let (tell, mut told) = unbounded_channel();
        let address = serve(move |mut stream| {
            let tell = tell.clone();
            async move {
                let mut bytes = vec![0; 5];
                stream.read_exact(&mut bytes).await.unwrap();
                stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
                stream.shutdown().await.unwrap();
                stream.read_to_end(&mut bytes).await.ok();
                tell.send(bytes).unwrap();
            }
        })
        .await;
        let (kind, text) = error(&*http, &url(address)).await;
        // ureq's error does not tell an answer without TLS from damage within TLS.
        let honest = if name == "ureq" {
            SendErrorKind::Interrupted
        } else {
            SendErrorKind::Connect
        };
        assert_eq!(kind, honest, "{name}: {text}");
        let bytes = told.recv().await.unwrap();
        assert_eq!(bytes[..2], [0x16, 0x03], "{name}: no record of a TLS handshake");
        assert!(!String::from_utf8_lossy(&bytes).contains(CANARY), "{name}");
    }
}
