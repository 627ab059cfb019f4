//! Each transport against servers made by hand, over loopback.

#![expect(
    clippy::unwrap_used,
    reason = "only a test function counts as a test, its helpers do not"
)]

mod conformance;
mod kinds;
mod pki;
mod server;
mod tls;

use std::error::Error;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use wx_core::{HttpSend, SendError, SendErrorKind};
use wx_http_examples::on_reqwest::ReqwestHttp;
use wx_http_examples::on_tower::tower_http;
use wx_http_examples::on_ureq::ureq_http;

/// Long enough for any machine, short enough to see a hanging test end.
const PLENTY: Duration = Duration::from_secs(60);
/// For calls that are meant to run out of time; a third of it is for connecting.
const SHORT: Duration = Duration::from_millis(300);
/// More than most tests need.
const ROOM: usize = 100_000;
/// The secret that nothing may show.
const CANARY: &str = "canary-7f3a9c";

/// All transports, by their names.
fn transports(timeout: Duration, max_body_bytes: usize, roots: Option<&str>) -> [(&'static str, Arc<dyn HttpSend>); 3] {
    [
        (
            "reqwest",
            Arc::new(ReqwestHttp::new(timeout, max_body_bytes, roots).unwrap()),
        ),
        ("tower", Arc::new(tower_http(timeout, max_body_bytes, roots).unwrap())),
        ("ureq", Arc::new(ureq_http(timeout, max_body_bytes, roots).unwrap())),
    ]
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}/card/code/get?access_token={CANARY}&a=%20b")
}

fn post(url: &str) -> Request<Bytes> {
    Request::post(url)
        .header("content-type", "application/json")
        .header("x-secret", CANARY)
        .body(Bytes::from(format!("{{\"{CANARY}\":1}}")))
        .unwrap()
}

async fn call(http: &dyn HttpSend, url: &str) -> Result<Response<Bytes>, SendError> {
    http.send(post(url)).await
}

/// The error of a call to `url`, of which it is certain that it shows no secret: its kind and all that is seen of it.
async fn error(http: &dyn HttpSend, url: &str) -> (SendErrorKind, String) {
    let error = call(http, url).await.unwrap_err();
    let mut text = format!("{http:?} {http:#?} {error:?} {error:#?}");
    let mut next: Option<&dyn Error> = Some(&error);
    while let Some(link) = next {
        write!(text, " | {link} | {link:?}").unwrap();
        next = link.source();
    }
    for secret in [CANARY, "access_token", "/card/code/get", "x-secret"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    (error.kind(), text)
}
