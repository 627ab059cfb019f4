//! Which kind each failure is, where the suite would take another one too.

use std::future::pending;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use wx_core::SendErrorKind;

use crate::server::{ok, request, serve};
use crate::{CANARY, PLENTY, ROOM, SHORT, call, error, transports, url};

#[tokio::test]
async fn running_out_of_time_to_connect_is_no_connection() {
    // TLS never comes about there.
    let address = serve(|stream| async move {
        pending::<()>().await;
        drop(stream);
    })
    .await;
    for (name, http) in transports(SHORT, ROOM, None) {
        let url = format!("https://localhost:{}/?access_token={CANARY}", address.port());
        let (kind, text) = error(&*http, &url).await;
        assert_eq!(kind, SendErrorKind::Connect, "{name}: {text}");
    }
}

/// Reads a request and writes `start`, then lets `end` decide about the connection.
async fn broken<R>(start: &'static str, end: fn(TcpStream) -> R, expected: SendErrorKind)
where
    R: Future<Output = ()> + Send + 'static,
{
    for (name, http) in transports(PLENTY, ROOM, None) {
        let address = serve(move |mut stream| async move {
            if request(&mut stream).await.is_some() {
                stream.write_all(start.as_bytes()).await.unwrap();
                end(stream).await;
            }
        })
        .await;
        let (kind, text) = error(&*http, &url(address)).await;
        assert_eq!(kind, expected, "{name} after {start:?}: {text}");
    }
}

async fn close(mut stream: TcpStream) {
    stream.shutdown().await.unwrap();
}

async fn reset(stream: TcpStream) {
    stream.set_zero_linger().unwrap();
}

#[tokio::test]
async fn a_connection_that_ends_without_a_word_is_interrupted() {
    broken("", close, SendErrorKind::Interrupted).await;
    broken("", reset, SendErrorKind::Interrupted).await;
}

#[tokio::test]
async fn a_body_that_is_cut_short_is_a_useless_answer() {
    for start in [
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n123456789",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n123",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n123\r\n",
    ] {
        broken(start, close, SendErrorKind::Response).await;
    }
}

#[tokio::test]
async fn silence_is_a_timeout_before_the_answer_and_within_its_body() {
    for start in ["", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345"] {
        for (name, http) in transports(SHORT, ROOM, None) {
            let address = serve(move |mut stream| async move {
                let _request = request(&mut stream).await;
                stream.write_all(start.as_bytes()).await.unwrap();
                pending::<()>().await;
            })
            .await;
            let (kind, text) = error(&*http, &url(address)).await;
            assert_eq!(kind, SendErrorKind::Timeout, "{name}: {text}");
        }
    }
}

#[tokio::test]
async fn nothing_but_the_plain_body_is_asked_for() {
    for (name, http) in transports(PLENTY, ROOM, None) {
        let address = serve(|mut stream| async move {
            while let Some((head, _)) = request(&mut stream).await {
                stream.write_all(ok(&head).as_bytes()).await.unwrap();
            }
        })
        .await;
        let answer = call(&*http, &url(address)).await.unwrap().into_body();
        let head = String::from_utf8(answer.to_vec()).unwrap().to_lowercase();
        assert!(head.contains("content-type: application/json\r\n"), "{name}: {head}");
        for unwanted in ["accept-encoding", "referer", "cookie", "expect"] {
            assert!(!head.contains(unwanted), "{name}: {head}");
        }
    }
}
