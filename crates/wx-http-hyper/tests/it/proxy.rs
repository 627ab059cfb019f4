//! Calls through a proxy.

use std::future::pending;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use wx_core::SendErrorKind;
use wx_http_hyper::{HyperClientBuilder, Proxy};

use crate::pki::Authority;
use crate::server::{Count, answer_once, closed_port, ok, request, serve};
use crate::{CANARY, SHORT, call, error};

/// "user:pass word" in Base64.
const AUTHORIZATION: &str = "proxy-authorization: Basic dXNlcjpwYXNzIHdvcmQ=";
const PASSWORD: [&str; 4] = ["user", "pass word", "pass%20word", "dXNlcjpwYXNzIHdvcmQ="];
/// No resolver is asked for this name: only the proxy hears it.
const TARGET: &str = "https://card.test/?access_token=canary-7f3a9c";

type Heads = Arc<Mutex<Vec<String>>>;

/// A TLS server for `card.test` that keeps the heads of the requests that it gets.
async fn target(authority: &Authority) -> (SocketAddr, Heads) {
    let tls = authority.server("card.test");
    let heads = Heads::default();
    let address = serve({
        let heads = Arc::clone(&heads);
        move |stream| {
            let (tls, heads) = (tls.clone(), Arc::clone(&heads));
            async move {
                let mut stream = tls.accept(stream).await.unwrap();
                while let Some((head, _)) = request(&mut stream).await {
                    heads.lock().unwrap().push(head);
                    stream.write_all(ok("through").as_bytes()).await.unwrap();
                    stream.flush().await.unwrap();
                }
            }
        }
    })
    .await;
    (address, heads)
}

/// A proxy that leads everything to `target`, and asks for credentials if it `is_private`.
async fn proxy(target: SocketAddr, is_private: bool) -> (SocketAddr, Heads) {
    let heads = Heads::default();
    let address = serve({
        let heads = Arc::clone(&heads);
        move |mut stream| {
            let heads = Arc::clone(&heads);
            async move {
                let (head, _) = request(&mut stream).await.unwrap();
                let may = head.lines().any(|line| line.eq_ignore_ascii_case(AUTHORIZATION));
                heads.lock().unwrap().push(head);
                if is_private && !may {
                    let refusal = b"HTTP/1.1 407 Authenticate\r\nproxy-authenticate: Basic realm=x\r\n\r\n";
                    stream.write_all(refusal).await.unwrap();
                    return;
                }
                let mut onward = TcpStream::connect(target).await.unwrap();
                let opened = b"HTTP/1.1 200 Connection established\r\n\r\n";
                stream.write_all(opened).await.unwrap();
                copy_bidirectional(&mut stream, &mut onward).await.ok();
            }
        }
    })
    .await;
    (address, heads)
}

fn builder(proxy: &str) -> HyperClientBuilder {
    crate::builder().proxy(Proxy::parse(proxy).unwrap())
}

#[tokio::test]
async fn a_call_goes_through_the_proxy_which_sees_host_and_port_alone() {
    let authority = Authority::new();
    let (target, requests) = target(&authority).await;
    let (proxy, connects) = proxy(target, false).await;
    let client = builder(&format!("http://{proxy}"))
        .add_root_pem(authority.pem())
        .build()
        .unwrap();

    for _ in 0..2 {
        let answer = call(&client, TARGET).await.unwrap();
        assert_eq!(answer.into_body(), "through");
    }

    let connects = connects.lock().unwrap();
    let expected = "CONNECT card.test:443 HTTP/1.1\r\nHost: card.test:443\r\n\r\n";
    assert!(connects.iter().all(|head| head == expected), "{connects:?}");
    let requests = requests.lock().unwrap();
    assert_eq!(requests.len(), 2);
    assert!(requests[0].starts_with(&format!("POST /?access_token={CANARY} HTTP/1.1\r\n")));
    assert!(requests[0].contains("\r\nhost: card.test\r\n"), "{requests:?}");
}

#[tokio::test]
async fn credentials_go_to_the_proxy_and_never_to_the_target() {
    let authority = Authority::new();
    let (target, requests) = target(&authority).await;
    let (proxy, connects) = proxy(target, true).await;
    let client = builder(&format!("http://user:pass%20word@{proxy}"))
        .add_root_pem(authority.pem())
        .build()
        .unwrap();

    let answer = call(&client, TARGET).await.unwrap();

    assert_eq!(answer.into_body(), "through");
    assert!(
        connects.lock().unwrap()[0]
            .to_lowercase()
            .contains("proxy-authorization")
    );
    let requests = requests.lock().unwrap().concat().to_lowercase();
    assert!(!requests.contains("proxy"), "{requests}");
    assert!(!requests.contains("authorization"), "{requests}");
    let shown = format!("{client:?}");
    assert!(shown.contains(&proxy.to_string()), "{shown}");
    assert!(PASSWORD.iter().all(|secret| !shown.contains(secret)), "{shown}");
}

#[tokio::test]
async fn a_proxy_that_wants_other_credentials_is_no_connection() {
    let authority = Authority::new();
    let (target, requests) = target(&authority).await;
    let (proxy, _) = proxy(target, true).await;
    for credentials in ["", "user:wrong-canary@"] {
        let client = builder(&format!("http://{credentials}{proxy}")).build().unwrap();

        let (kind, text) = error(&client, TARGET).await;

        assert_eq!(kind, SendErrorKind::Connect);
        assert!(text.contains("the proxy opened no tunnel"), "{text}");
        assert!(text.contains("authorization required"), "{text}");
        assert!(!text.contains("wrong"), "{text}");
    }
    assert!(requests.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_proxy_that_opens_no_tunnel_is_no_connection() {
    for answer in [
        "HTTP/1.1 403 Forbidden\r\n\r\n",
        "HTTP/1.1 502 Bad Gateway\r\n\r\n",
        "HTTP/1.1 302 Found\r\nlocation: http://login.test/\r\n\r\n",
        "HTTP/1.1 20",
        "not http\r\n\r\n",
        "",
    ] {
        let address = answer_once(answer).await;
        let client = builder(&format!("http://user:pass%20word@{address}")).build().unwrap();

        let (kind, text) = error(&client, TARGET).await;

        assert_eq!(kind, SendErrorKind::Connect, "{answer}");
        assert!(text.contains("the proxy opened no tunnel"), "{text}");
        assert!(PASSWORD.iter().all(|secret| !text.contains(secret)), "{text}");
    }
}

#[tokio::test]
async fn a_proxy_that_nobody_is_at_is_no_connection() {
    let nowhere = closed_port().await.to_string();
    // Longer than a name may be, so that the resolver refuses it by itself.
    let no_name = format!("{}:3128", "a".repeat(64));
    for (address, why) in [(nowhere, "refused"), (no_name, "dns error")] {
        let client = builder(&address).build().unwrap();
        let (kind, text) = error(&client, TARGET).await;
        assert_eq!(kind, SendErrorKind::Connect);
        assert!(text.contains(why), "{text}");
    }
}

#[tokio::test]
async fn a_proxy_that_does_not_answer_runs_out_the_connect_timeout() {
    let address = serve(|mut stream| async move {
        let _request = request(&mut stream).await;
        pending::<()>().await;
    })
    .await;
    let client = builder(&address.to_string()).connect_timeout(SHORT).build().unwrap();

    let (kind, text) = error(&client, TARGET).await;

    assert_eq!(kind, SendErrorKind::Connect);
    assert!(text.contains("connect timeout"), "{text}");
}

#[tokio::test]
async fn the_target_proves_itself_through_the_tunnel_too() {
    let (target, requests) = target(&Authority::new()).await;
    let (proxy, _) = proxy(target, false).await;
    let client = builder(&proxy.to_string()).build().unwrap();

    let (kind, text) = error(&client, TARGET).await;

    assert_eq!(kind, SendErrorKind::Connect);
    assert!(text.contains("UnknownIssuer"), "{text}");
    assert!(requests.lock().unwrap().is_empty());
}

#[tokio::test]
async fn loopback_is_reached_without_the_proxy() {
    let connects = Count::default();
    let proxy = serve({
        let connects = connects.clone();
        move |_| {
            connects.add();
            async {}
        }
    })
    .await;
    let address = answer_once(ok("direct")).await;
    let client = builder(&proxy.to_string()).build().unwrap();

    let answer = call(&client, &crate::url(address)).await.unwrap();

    assert_eq!(answer.into_body(), "direct");
    assert_eq!(connects.get(), 0);
}
