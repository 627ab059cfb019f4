//! What fails, and how much is known about the request then.

use std::future::pending;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use wx_core::{HttpSend, SendErrorKind};

use crate::server::{Count, answer_once, closed_port, request, serve};
use crate::{PLENTY, SHORT, builder, client, error, post, url};

/// Reads a request, writes `start`, then lets `end` decide about the connection.
async fn broken<R>(start: &'static str, end: fn(TcpStream) -> R) -> (SendErrorKind, String)
where
    R: Future<Output = ()> + Send + 'static,
{
    let requests = Count::default();
    let address = serve({
        let requests = requests.clone();
        move |mut stream| {
            let requests = requests.clone();
            async move {
                if request(&mut stream).await.is_some() {
                    requests.add();
                    stream.write_all(start.as_bytes()).await.unwrap();
                    end(stream).await;
                }
            }
        }
    })
    .await;
    let found = error(&client(), &url(address)).await;
    assert_eq!(requests.get(), 1, "a request was repeated");
    found
}

async fn close(mut stream: TcpStream) {
    stream.shutdown().await.unwrap();
}

async fn reset(stream: TcpStream) {
    stream.set_zero_linger().unwrap();
}

#[tokio::test]
async fn a_closed_port_is_no_connection() {
    let address = closed_port().await;
    let (kind, text) = error(&client(), &url(address)).await;
    assert_eq!(kind, SendErrorKind::Connect);
    assert!(text.contains("refused"), "{text}");
}

#[tokio::test]
async fn a_host_that_can_be_no_name_is_no_connection() {
    let url = format!("https://{}.test/", "a".repeat(64));
    let (kind, text) = error(&client(), &url).await;
    assert_eq!(kind, SendErrorKind::Connect);
    assert!(text.contains("name"), "{text}");
}

#[tokio::test]
async fn an_end_of_the_connection_before_the_answer_is_an_interruption() {
    let (kind, text) = broken("", close).await;
    assert_eq!(kind, SendErrorKind::Interrupted);
    assert!(text.contains("closed before message completed"), "{text}");
}

#[tokio::test]
async fn a_reset_before_the_answer_is_an_interruption() {
    let (kind, text) = broken("", reset).await;
    assert_eq!(kind, SendErrorKind::Interrupted);
    assert!(text.contains("reset"), "{text}");
}

#[tokio::test]
async fn an_end_of_the_connection_within_the_head_is_an_interruption() {
    let (kind, _) = broken("HTTP/1.1 200 OK\r\ncontent-le", close).await;
    assert_eq!(kind, SendErrorKind::Interrupted);
    let (kind, _) = broken("HTTP/1.1 100 Continue\r\n\r\n", close).await;
    assert_eq!(kind, SendErrorKind::Interrupted);
}

#[tokio::test]
async fn a_body_that_is_cut_short_is_a_useless_answer() {
    for start in [
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n123456789",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n123",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n123\r\n",
    ] {
        assert_eq!(broken(start, close).await.0, SendErrorKind::Response, "{start}");
    }
}

#[tokio::test]
async fn a_reset_within_the_body_is_a_useless_answer() {
    let address = serve(|mut stream| async move {
        let _request = request(&mut stream).await;
        let start = b"HTTP/1.1 200 OK\r\ncontent-length: 2000000\r\n\r\n";
        stream.write_all(start).await.unwrap();
        // So much that the client must have seen the head before the reset discards the rest.
        stream.write_all(&vec![b'x'; 1_900_000]).await.unwrap();
        stream.set_zero_linger().unwrap();
    })
    .await;
    let (kind, _) = error(&client(), &url(address)).await;
    assert_eq!(kind, SendErrorKind::Response);
}

#[tokio::test]
async fn what_is_not_http_is_a_useless_answer() {
    for start in [
        "SSH-2.0-OpenSSH_9.6\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnot a size\r\n",
    ] {
        assert_eq!(broken(start, close).await.0, SendErrorKind::Response, "{start}");
    }
}

#[tokio::test]
async fn an_endless_head_is_a_useless_answer() {
    let address = serve(|mut stream| async move {
        let _request = request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\n").await.unwrap();
        while stream.write_all(b"x-more: 0123456789abcdef\r\n").await.is_ok() {}
    })
    .await;
    let (kind, _) = error(&client(), &url(address)).await;
    assert_eq!(kind, SendErrorKind::Response);
}

#[tokio::test]
async fn a_body_that_announces_too_much_is_refused_before_it_arrives() {
    for length in ["9", "99999999999999999"] {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
        let address = serve(move |mut stream| {
            let head = head.clone();
            async move {
                let _request = request(&mut stream).await;
                stream.write_all(head.as_bytes()).await.unwrap();
                pending::<()>().await;
            }
        })
        .await;
        let client = builder().max_body_bytes(8).build().unwrap();

        let (kind, text) = error(&client, &url(address)).await;

        assert_eq!(kind, SendErrorKind::Response);
        assert!(text.contains("limit of 8 bytes"), "{text}");
    }
}

#[tokio::test]
async fn a_body_without_an_end_is_given_up_at_the_limit() {
    for head in ["transfer-encoding: chunked", "connection: close"] {
        let address = serve(move |mut stream| async move {
            let _request = request(&mut stream).await;
            let head = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n");
            stream.write_all(head.as_bytes()).await.unwrap();
            while stream.write_all(b"8\r\n01234567\r\n").await.is_ok() {}
        })
        .await;
        let client = builder().max_body_bytes(100_000).build().unwrap();

        let (kind, text) = error(&client, &url(address)).await;

        assert_eq!(kind, SendErrorKind::Response, "{head}");
        assert!(text.contains("limit of 100000 bytes"), "{text}");
    }
}

#[tokio::test]
async fn one_byte_more_than_the_limit_is_too_much() {
    let address =
        answer_once("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\n12345678\r\n1\r\n9\r\n0\r\n\r\n").await;
    let client = builder().max_body_bytes(8).build().unwrap();
    let (kind, _) = error(&client, &url(address)).await;
    assert_eq!(kind, SendErrorKind::Response);
}

#[tokio::test]
async fn silence_after_the_request_is_a_timeout() {
    let address = serve(|mut stream| async move {
        let _request = request(&mut stream).await;
        pending::<()>().await;
    })
    .await;
    let client = builder().timeout(SHORT).build().unwrap();

    let (kind, text) = error(&client, &url(address)).await;

    assert_eq!(kind, SendErrorKind::Timeout);
    assert!(text.contains("within 100ms"), "{text}");
}

#[tokio::test]
async fn the_deadline_holds_within_the_body_too() {
    let address = serve(|mut stream| async move {
        let _request = request(&mut stream).await;
        let start = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345";
        stream.write_all(start.as_bytes()).await.unwrap();
        pending::<()>().await;
    })
    .await;
    let client = builder().timeout(SHORT).build().unwrap();
    let (kind, _) = error(&client, &url(address)).await;
    assert_eq!(kind, SendErrorKind::Timeout);
}

/// A server that takes connections and never speaks, so that TLS never comes about.
async fn mute() -> String {
    let address = serve(|stream| async move {
        pending::<()>().await;
        drop(stream);
    })
    .await;
    format!("https://localhost:{}/", address.port())
}

#[tokio::test]
async fn running_out_of_time_to_connect_is_no_connection() {
    let client = builder().connect_timeout(SHORT).build().unwrap();
    let (kind, text) = error(&client, &mute().await).await;
    assert_eq!(kind, SendErrorKind::Connect);
    assert!(text.contains("connect timeout of 100ms"), "{text}");
}

#[tokio::test]
async fn a_deadline_that_passes_while_connecting_is_no_connection() {
    let client = builder().timeout(SHORT).build().unwrap();
    let (kind, text) = error(&client, &mute().await).await;
    assert_eq!(kind, SendErrorKind::Connect);
    assert!(text.contains("deadline of 100ms"), "{text}");
}

#[tokio::test]
async fn no_limit_at_all_is_possible() {
    let address = answer_once(crate::server::ok("{}")).await;
    let client = builder()
        .timeout(Duration::MAX)
        .connect_timeout(Duration::MAX)
        .max_body_bytes(usize::MAX)
        .pool_idle_timeout(Duration::MAX)
        .build()
        .unwrap();
    assert!(crate::call(&client, &url(address)).await.is_ok());
}

#[tokio::test]
async fn plain_http_to_another_machine_is_refused_without_a_connection() {
    let connections = Count::default();
    let address = serve({
        let connections = connections.clone();
        move |_| {
            connections.add();
            async {}
        }
    })
    .await;
    let proxy = wx_http_hyper::Proxy::parse(&address.to_string()).unwrap();
    let client = builder().proxy(proxy).timeout(PLENTY).build().unwrap();

    let (kind, text) = error(&client, "http://api.weixin.qq.com/?access_token=1").await;

    assert_eq!(kind, SendErrorKind::Request);
    assert!(text.contains("plain http is only for loopback"), "{text}");
    assert_eq!(connections.get(), 0);
}

#[test]
fn without_a_runtime_there_is_an_error_and_no_panic() {
    let client = client();
    let mut sending = client.send(post("https://localhost/", "{}"));
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(Err(error)) = sending.as_mut().poll(&mut context) else {
        panic!("no error");
    };
    assert_eq!(error.kind(), SendErrorKind::Request);
}
