//! The client against servers made by hand, over loopback.

#![expect(
    clippy::unwrap_used,
    reason = "only a test function counts as a test, its helpers do not"
)]

mod answers;
mod conformance;
mod failures;
mod pki;
mod pool;
mod proxy;
mod secrecy;
mod server;
mod settings;
mod tls;
mod turns;

use std::error::Error;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use wx_core::{HttpSend, SendError, SendErrorKind};
use wx_http_hyper::{HyperClient, HyperClientBuilder, Roots};

use crate::pki::Authority;

/// Long enough for any machine, short enough to see a hanging test end.
const PLENTY: Duration = Duration::from_secs(30);
/// For calls that are meant to run out of time.
const SHORT: Duration = Duration::from_millis(100);
/// The secret that no error may show.
const CANARY: &str = "canary-7f3a9c";

/// A client that no proxy of the machine and no short time disturbs.
fn builder() -> HyperClientBuilder {
    let builder = HyperClient::builder()
        .no_proxy()
        .connect_timeout(PLENTY)
        .timeout(PLENTY);
    if cfg!(feature = "webpki-roots") {
        return builder;
    }
    // Somebody has to be trusted where there is no default.
    builder
        .roots(Roots::OnlyAdded)
        .add_root_pem(Authority::named("nobody").pem())
}

fn client() -> HyperClient {
    builder().build().unwrap()
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}/card/code/get?access_token={CANARY}")
}

fn post(url: &str, body: impl Into<Bytes>) -> Request<Bytes> {
    Request::post(url)
        .header("content-type", "application/json")
        .body(body.into())
        .unwrap()
}

async fn call(client: &HyperClient, url: &str) -> Result<Response<Bytes>, SendError> {
    client.send(post(url, "{}")).await
}

/// What anybody can see of an error: every link, in both forms.
fn seen(error: &SendError) -> String {
    let mut text = format!("{error:?}");
    let mut next: Option<&dyn Error> = Some(error);
    while let Some(link) = next {
        write!(text, " | {link} | {link:?}").unwrap();
        next = link.source();
    }
    text
}

/// The error of a call to `url`, of which it is certain that it shows no secret.
async fn error(client: &HyperClient, url: &str) -> (SendErrorKind, String) {
    let error = call(client, url).await.unwrap_err();
    let text = seen(&error);
    for secret in [CANARY, "access_token", "/card/code/get", "content-type"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    (error.kind(), text)
}
