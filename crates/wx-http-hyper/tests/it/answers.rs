//! What comes back whole.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, StatusCode};
use tokio::io::AsyncWriteExt;
use wx_core::HttpSend;

use crate::server::{Count, answer_once, ok, request, serve};
use crate::{CANARY, builder, call, client, post, url};

#[tokio::test]
async fn the_request_arrives_as_given_and_the_answer_comes_back_whole() {
    let got = Arc::new(Mutex::new(None));
    let address = serve({
        let got = Arc::clone(&got);
        move |mut stream| {
            let got = Arc::clone(&got);
            async move {
                *got.lock().unwrap() = request(&mut stream).await;
                let answer = "HTTP/1.1 200 OK\r\nx-rid: abc\r\ncontent-length: 13\r\n\r\n{\"errcode\":0}";
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    })
    .await;

    let answer = client().send(post(&url(address), "{\"code\":\"1\"}")).await.unwrap();

    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["x-rid"], "abc");
    assert_eq!(answer.into_body(), "{\"errcode\":0}");
    let (head, body) = got.lock().unwrap().take().unwrap();
    let mut lines: Vec<_> = head.trim_end().lines().map(str::to_owned).collect();
    assert_eq!(
        lines.remove(0),
        format!("POST /card/code/get?access_token={CANARY} HTTP/1.1")
    );
    lines.sort();
    assert_eq!(
        lines,
        [
            "content-length: 12".to_owned(),
            "content-type: application/json".to_owned(),
            format!("host: {address}"),
        ]
    );
    assert_eq!(body, b"{\"code\":\"1\"}");
}

#[tokio::test]
async fn each_request_looks_like_the_first() {
    let heads = Arc::new(Mutex::new(Vec::new()));
    let address = serve({
        let heads = Arc::clone(&heads);
        move |mut stream| {
            let heads = Arc::clone(&heads);
            async move {
                while let Some((head, _)) = request(&mut stream).await {
                    heads.lock().unwrap().push(head);
                    stream.write_all(ok("{}").as_bytes()).await.unwrap();
                }
            }
        }
    })
    .await;
    let client = client();
    // The same address, as a client that calls again and again has it.
    let first = post(&url(address), "{}");
    for _ in 0..3 {
        client.send(first.clone()).await.unwrap();
    }
    let heads = heads.lock().unwrap();
    assert!(heads[0].contains(&format!("host: {address}\r\n")), "{heads:?}");
    let mut lines = heads.iter().map(|head| {
        let mut lines: Vec<_> = head.lines().collect();
        lines.sort_unstable();
        lines
    });
    let first = lines.next().unwrap();
    assert_eq!(lines.collect::<Vec<_>>(), [first.clone(), first]);
}

#[tokio::test]
async fn every_status_is_an_answer_and_a_redirect_is_not_followed() {
    for status in [204, 301, 302, 307, 400, 404, 412, 500, 502, 503] {
        let requests = Count::default();
        let address = serve({
            let requests = requests.clone();
            move |mut stream| {
                let requests = requests.clone();
                async move {
                    while request(&mut stream).await.is_some() {
                        requests.add();
                        let answer =
                            format!("HTTP/1.1 {status} Any\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n");
                        stream.write_all(answer.as_bytes()).await.unwrap();
                    }
                }
            }
        })
        .await;

        let answer = call(&client(), &url(address)).await.unwrap();

        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers()["location"], "/elsewhere");
        assert!(answer.body().is_empty());
        assert_eq!(requests.get(), 1, "{status}");
    }
}

#[tokio::test]
async fn interim_answers_are_passed_over() {
    let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
    let address = answer_once(format!("{interim}{}", ok("done"))).await;

    let answer = call(&client(), &url(address)).await.unwrap();

    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.into_body(), "done");
}

#[tokio::test]
async fn a_chunked_answer_is_put_together_and_its_trailers_are_left_out() {
    let address = answer_once(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
         3\r\nabc\r\n1;ext=1\r\nd\r\n10\r\n0123456789abcdef\r\n0\r\nx-trailer: 1\r\n\r\n",
    )
    .await;

    let answer = call(&client(), &url(address)).await.unwrap();

    assert_eq!(answer.into_body(), "abcd0123456789abcdef");
}

#[tokio::test]
async fn an_answer_without_a_length_ends_with_the_connection() {
    let address = answer_once("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nup to here").await;

    let answer = call(&client(), &url(address)).await.unwrap();

    assert_eq!(answer.into_body(), "up to here");
}

#[tokio::test]
async fn an_answer_that_arrives_byte_by_byte_is_whole() {
    let address = serve(|mut stream| async move {
        let _request = request(&mut stream).await;
        stream.set_nodelay(true).unwrap();
        for byte in ok("slow but whole").into_bytes() {
            stream.write_all(&[byte]).await.unwrap();
            tokio::task::yield_now().await;
        }
    })
    .await;

    let answer = call(&client(), &url(address)).await.unwrap();

    assert_eq!(answer.into_body(), "slow but whole");
}

#[tokio::test]
async fn large_bodies_pass_both_ways() {
    let address = serve(|mut stream| async move {
        let (_, body) = request(&mut stream).await.unwrap();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body).await.unwrap();
    })
    .await;
    let body: Vec<u8> = (0..3_000_000_u32).map(|n| n.to_le_bytes()[0]).collect();

    let answer = client().send(post(&url(address), body.clone())).await.unwrap();

    assert!(answer.into_body() == body);
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_taken() {
    let address = answer_once(ok("12345678")).await;
    let client = builder().max_body_bytes(8).build().unwrap();

    let answer = call(&client, &url(address)).await.unwrap();

    assert_eq!(answer.into_body(), "12345678");
}

#[tokio::test]
async fn the_answer_to_head_has_no_body_whatever_length_it_announces() {
    let address = answer_once("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n").await;
    let head = Request::head(url(address)).body(Bytes::new()).unwrap();

    let answer = client().send(head).await.unwrap();

    assert!(answer.body().is_empty());
}

#[tokio::test]
async fn a_request_for_another_version_is_sent_in_the_one_that_is_spoken() {
    for version in [http::Version::HTTP_09, http::Version::HTTP_2, http::Version::HTTP_3] {
        let address = answer_once(ok("spoken")).await;
        let mut request = post(&url(address), "{}");
        *request.version_mut() = version;

        let answer = client().send(request).await.unwrap();

        assert_eq!(answer.into_body(), "spoken");
    }
}
