//! The same client with HTTP/2.

use std::convert::Infallible;
use std::net::SocketAddr;

use bytes::Bytes;
use http::{Response, Version};
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;
use wx_core::SendErrorKind;
use wx_http_hyper::HyperClient;

use super::{secure, url};
use crate::pki::Authority;
use crate::server::{Count, serve};
use crate::{CANARY, builder, call, error};

fn modern(authority: &Authority) -> HyperClient {
    builder().add_root_pem(authority.pem()).http2(true).build().unwrap()
}

/// An HTTP/2 server that answers with the path and query that it was asked for.
pub(crate) async fn server(authority: &Authority) -> (SocketAddr, Count) {
    let tls = authority.server_with("localhost", &["h2", "http/1.1"]);
    let connections = Count::default();
    let address = serve({
        let connections = connections.clone();
        move |stream| {
            connections.add();
            let tls = tls.clone();
            async move {
                let stream = tls.accept(stream).await.unwrap();
                let answer = service_fn(|request: http::Request<_>| async move {
                    let _body: &hyper::body::Incoming = request.body();
                    let asked = request.uri().path_and_query().unwrap().to_string();
                    Ok::<_, Infallible>(Response::new(Full::new(Bytes::from(asked))))
                });
                hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                    .serve_connection(TokioIo::new(stream), answer)
                    .await
                    .ok();
            }
        }
    })
    .await;
    (address, connections)
}

#[tokio::test]
async fn it_is_spoken_where_both_sides_want_it() {
    let authority = Authority::new();
    let (address, connections) = server(&authority).await;
    let client = modern(&authority);
    let first = call(&client, &url(address)).await.unwrap();
    assert_eq!(first.version(), Version::HTTP_2);
    assert_eq!(first.into_body(), format!("/?access_token={CANARY}"));

    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let client = client.clone();
        calls.spawn(async move { call(&client, &url(address)).await });
    }
    for result in calls.join_all().await {
        assert_eq!(result.unwrap().version(), Version::HTTP_2);
    }
    assert_eq!(connections.get(), 1);
}

#[tokio::test]
async fn a_server_that_only_knows_http1_is_served_with_that() {
    let authority = Authority::new();
    let tls = authority.server_with("localhost", &["http/1.1"]);
    let address = secure(tls).await;

    let answer = call(&modern(&authority), &url(address)).await.unwrap();

    assert_eq!(answer.version(), Version::HTTP_11);
}

/// Takes the client's first bytes, then writes `frames` and ends the connection.
async fn rude(authority: &Authority, frames: Vec<u8>) -> SocketAddr {
    let tls = authority.server_with("localhost", &["h2"]);
    serve(move |stream| {
        let (tls, frames) = (tls.clone(), frames.clone());
        async move {
            let mut stream = tls.accept(stream).await.unwrap();
            let mut got = Vec::new();
            // The body of the request is its last frame.
            while !got.ends_with(b"{}") {
                got.push(stream.read_u8().await.unwrap());
            }
            stream.write_all(&frames).await.unwrap();
            stream.shutdown().await.unwrap();
            stream.read_to_end(&mut got).await.ok();
        }
    })
    .await
}

const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];

#[tokio::test]
async fn an_end_of_the_connection_before_the_answer_is_an_interruption() {
    let authority = Authority::new();
    let address = rude(&authority, SETTINGS.to_vec()).await;
    let (kind, _) = error(&modern(&authority), &url(address)).await;
    assert_eq!(kind, SendErrorKind::Interrupted);
}

#[tokio::test]
async fn what_a_server_says_when_it_goes_away_is_not_repeated() {
    let authority = Authority::new();
    let debug = format!("you sent /?access_token={CANARY}");
    let mut frames = SETTINGS.to_vec();
    frames.extend([0, 0, u8::try_from(8 + debug.len()).unwrap(), 7, 0, 0, 0, 0, 0]);
    // No stream was taken on, and the client broke the protocol.
    frames.extend([0, 0, 0, 0, 0, 0, 0, 1]);
    frames.extend(debug.as_bytes());
    let address = rude(&authority, frames).await;

    let (kind, text) = error(&modern(&authority), &url(address)).await;

    assert_eq!(kind, SendErrorKind::Interrupted);
    assert!(text.contains("http2 error"), "{text}");
}

#[tokio::test]
async fn a_stream_that_is_reset_is_an_interruption() {
    let authority = Authority::new();
    let mut frames = SETTINGS.to_vec();
    frames.extend([0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 2]);
    let address = rude(&authority, frames).await;
    let (kind, _) = error(&modern(&authority), &url(address)).await;
    assert_eq!(kind, SendErrorKind::Interrupted);
}
