//! A client over a transport of your own: here, blocking sockets of the standard library and nothing else.
//!
//! It talks to `wx-card sandbox` on loopback without TLS. A transport for the service itself must speak TLS and verify it.
//!
//! ```sh
//! cargo run -p wx-card-cli -- sandbox &
//! cargo run -p wx-card --example own_transport -- BASE_URL APP_ID APP_SECRET
//! ```

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use wx_card::CardClient;
use wx_card::core::{BaseUrl, SendError, SendErrorKind, http_send_fn};
use wx_card::types::GetCode;

/// The whole call may take this long, and so may each step of it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Longest answer that is taken.
const LONGEST: u64 = 1024 * 1024;

/// Sends one request over one connection.
fn exchange(request: &Request<Bytes>) -> Result<Response<Bytes>, SendError> {
    // What fails up to here has certainly not been sent.
    let not_sent = |_| SendError::new(SendErrorKind::Connect);
    let authority = request
        .uri()
        .authority()
        .ok_or(SendError::new(SendErrorKind::Request))?;
    let mut stream = TcpStream::connect(authority.as_str()).map_err(not_sent)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(not_sent)?;
    stream.set_write_timeout(Some(PATIENCE)).map_err(not_sent)?;

    // From the first byte on nobody knows whether the request has arrived.
    let lost = |_| SendError::new(SendErrorKind::Interrupted);
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let head = format!(
        "{} {target} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        request.method(),
        request.body().len(),
    );
    stream.write_all(head.as_bytes()).map_err(lost)?;
    stream.write_all(request.body()).map_err(lost)?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer).map_err(lost)?;
    read(&answer).ok_or(SendError::new(SendErrorKind::Response))
}

/// Parts status and body; good enough for a server that says how long its answer is.
fn read(answer: &[u8]) -> Option<Response<Bytes>> {
    let text = std::str::from_utf8(answer).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status: u16 = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    })?;
    // Half an answer is no answer.
    (body.len() == length).then_some(())?;
    Response::builder()
        .status(status)
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .ok()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(base_url), Some(app_id), Some(app_secret)) = (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err("give BASE_URL APP_ID APP_SECRET, as the sandbox prints them".into());
    };
    let http = http_send_fn(|request| async move { exchange(&request) });
    let client = CardClient::builder(app_id, app_secret, http)
        .base_url(base_url.parse::<BaseUrl>()?)
        .build();
    match client.get_code(&GetCode::new("12312313").check_consume(false)).await {
        Ok(state) => report(&format!("{:?}", state.status())),
        Err(error) => report(&format!("{error}")),
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "an example shows what it got")]
fn report(text: &str) {
    println!("{text}");
}
