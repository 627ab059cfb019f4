//! Whom the client trusts, and which HTTP it speaks over TLS.

#[cfg(feature = "http2")]
pub(crate) mod http2;
mod refusals;

use std::net::SocketAddr;

use http::Version;
use tokio::io::AsyncWriteExt;
use wx_core::SendErrorKind;
use wx_http_hyper::{HyperClient, Roots};

use crate::pki::{Authority, Tls};
use crate::server::{ok, request, serve};
use crate::{CANARY, builder, call, error};

/// Answers each connection's requests over TLS.
async fn secure(tls: Tls) -> SocketAddr {
    serve(move |stream| {
        let tls = tls.clone();
        async move {
            if let Some(mut stream) = tls.accept(stream).await {
                while request(&mut stream).await.is_some() {
                    stream.write_all(ok("secure").as_bytes()).await.unwrap();
                    stream.flush().await.unwrap();
                }
            }
        }
    })
    .await
}

fn url(address: SocketAddr) -> String {
    format!("https://localhost:{}/?access_token={CANARY}", address.port())
}

fn trusting(authority: &Authority) -> HyperClient {
    builder()
        .roots(Roots::OnlyAdded)
        .add_root_pem(authority.pem())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_server_of_an_added_authority_is_trusted() {
    let authority = Authority::new();
    let address = secure(authority.server("localhost")).await;

    let answer = call(&trusting(&authority), &url(address)).await.unwrap();

    assert_eq!(answer.into_body(), "secure");
}

#[tokio::test]
async fn a_server_is_known_by_its_address_too() {
    let authority = Authority::new();
    let address = secure(authority.server("127.0.0.1")).await;

    let answer = call(&trusting(&authority), &format!("https://{address}/")).await;

    assert_eq!(answer.unwrap().into_body(), "secure");
}

#[tokio::test]
async fn several_authorities_are_added_in_one_text_or_one_by_one() {
    let (first, second) = (Authority::new(), Authority::new());
    let address = secure(second.server("localhost")).await;
    let together = builder()
        .add_root_pem(format!("{}\n{}", first.pem(), second.pem()))
        .build()
        .unwrap();
    let one_by_one = builder()
        .add_root_pem(first.pem())
        .add_root_pem(second.pem())
        .build()
        .unwrap();
    for client in [together, one_by_one] {
        assert!(call(&client, &url(address)).await.is_ok());
    }
}

#[tokio::test]
async fn tls_that_ends_without_a_farewell_is_a_cut_answer() {
    let authority = Authority::new();
    let tls = authority.server("localhost");
    let address = serve(move |stream| {
        let tls = tls.clone();
        async move {
            let mut stream = tls.accept(stream).await.unwrap();
            let _request = request(&mut stream).await;
            let start = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhalf a";
            stream.write_all(start).await.unwrap();
            stream.flush().await.unwrap();
            stream.get_mut().0.shutdown().await.unwrap();
        }
    })
    .await;

    let (kind, text) = error(&trusting(&authority), &url(address)).await;

    assert_eq!(kind, SendErrorKind::Response);
    assert!(text.contains("unexpected end of file"), "{text}");
}

#[tokio::test]
async fn http2_is_not_offered_by_default() {
    let authority = Authority::new();
    let tls = authority.server_with("localhost", &["h2", "http/1.1"]);
    let address = secure(tls).await;

    let answer = call(&trusting(&authority), &url(address)).await.unwrap();

    assert_eq!(answer.version(), Version::HTTP_11);
}
