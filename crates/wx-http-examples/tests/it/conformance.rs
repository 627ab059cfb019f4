//! The suite that everybody's transport can be tried with, over plain HTTP and through TLS.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio_rustls::TlsAcceptor;
use wx_core::HttpSend;
use wx_core::conformance::http_send::{Limits, Report, Suite};
use wx_http_examples::on_reqwest::ReqwestHttp;
use wx_http_examples::on_tower::tower_http;
use wx_http_examples::on_ureq::ureq_http;

use crate::pki::{Authority, VALID};

/// One suite after another: each makes dozens of calls at once, and some of them have a second.
static TURN: Mutex<()> = Mutex::const_new(());

async fn plain<T: HttpSend>(make: fn(Limits, Option<&str>) -> T) -> Report {
    let _turn = TURN.lock().await;
    Suite::new(move |limits| make(limits, None)).run().await
}

/// Runs the suite through TLS, with transports that trust its authority and have some times the limit of a call.
///
/// They give a third of it to the handshake, which a busy machine may need; the suite lets a call have three times it.
async fn secure<T: HttpSend>(times: u32, make: fn(Limits, Option<&str>) -> T) -> Report {
    let _turn = TURN.lock().await;
    let authority = Authority::named("ours");
    let tls = authority.server("localhost", VALID);
    let pem = authority.pem();
    let make = move |mut limits: Limits| {
        limits.timeout *= times;
        make(limits, Some(&pem))
    };
    Suite::new(make)
        .through(move |server| front(server, tls.clone()))
        .run()
        .await
}

/// Starts a relay that takes TLS off, and returns its base URL.
fn front(server: SocketAddr, tls: TlsAcceptor) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let listener = TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(relay(stream, server, tls.clone()));
        }
    });
    format!("https://localhost:{port}")
}

/// Hands on every byte and every end; a reset of either side is one for the other.
async fn relay(stream: TcpStream, server: SocketAddr, tls: TlsAcceptor) {
    stream.set_nodelay(true).unwrap();
    let Ok(mut stream) = tls.accept(stream).await else {
        return;
    };
    let Ok(mut server) = TcpStream::connect(server).await else {
        return;
    };
    server.set_nodelay(true).unwrap();
    if copy_bidirectional(&mut stream, &mut server).await.is_err() {
        stream.get_ref().0.set_zero_linger().unwrap();
        server.set_zero_linger().unwrap();
    }
}

fn all_kept(report: &Report) {
    report.assert();
    assert!(report.left_out().is_empty());
}

/// reqwest writes an address anew before it sends it, and nothing can be set against that.
fn all_but_an_apostrophe_is_kept(report: &Report) {
    for broken in report.broken() {
        assert_eq!(broken.rule().name(), "request-as-given", "{report}");
        let target = broken.expected().trim_start_matches("path and query: ");
        assert!(broken.seen().contains(&target.replace('\'', "%27")), "{report}");
    }
    assert!(report.left_out().is_empty());
}

fn reqwest(limits: Limits, pem: Option<&str>) -> ReqwestHttp {
    ReqwestHttp::new(limits.timeout, limits.max_body_bytes, pem).unwrap()
}

fn tower(limits: Limits, pem: Option<&str>) -> impl HttpSend + use<> {
    tower_http(limits.timeout, limits.max_body_bytes, pem).unwrap()
}

fn ureq(limits: Limits, pem: Option<&str>) -> impl HttpSend + use<> {
    ureq_http(limits.timeout, limits.max_body_bytes, pem).unwrap()
}

#[tokio::test]
async fn reqwest_keeps_the_contract() {
    all_but_an_apostrophe_is_kept(&plain(reqwest).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn reqwest_keeps_the_contract_through_tls() {
    all_but_an_apostrophe_is_kept(&secure(2, reqwest).await);
}

#[tokio::test]
async fn tower_keeps_the_contract() {
    all_kept(&plain(tower).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn tower_keeps_the_contract_through_tls() {
    all_kept(&secure(2, tower).await);
}

#[tokio::test]
async fn ureq_keeps_the_contract() {
    all_kept(&plain(ureq).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn ureq_keeps_the_contract_through_tls() {
    // It may wait for twice its limit already, where nobody reads what it writes.
    all_kept(&secure(1, ureq).await);
}
