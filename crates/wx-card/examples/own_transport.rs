//! A client over a transport of your own: here, blocking sockets of the standard library and nothing else.
//!
//! It talks to `wx-card sandbox` on loopback without TLS. A transport for the service itself must speak TLS and verify it.
//!
//! ```sh
//! cargo run -p wx-card-cli -- sandbox &
//! WX_BASE_URL=… WX_APP_ID=… WX_APP_SECRET=… cargo run -p wx-card --example own_transport -- CODE
//! ```

use std::env;
use std::error::Error;
use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, HOST};
use http::{Request, Response};
use tokio::task::spawn_blocking;
use wx_card::CardClient;
use wx_card::core::{BaseUrl, Secret, SendError, SendErrorKind, http_send_fn};
use wx_card::types::GetCode;

/// Longest that a step takes: to connect, to write, to get the next bytes.
/// The whole call is bounded by `with_deadline` of the client.
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
    let mut addresses = authority.as_str().to_socket_addrs().map_err(not_sent)?;
    let address = addresses.next().ok_or(SendError::new(SendErrorKind::Connect))?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).map_err(not_sent)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(not_sent)?;
    stream.set_write_timeout(Some(PATIENCE)).map_err(not_sent)?;

    // From the first byte on nobody knows whether the request has arrived.
    let lost = |error: io::Error| match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => SendError::new(SendErrorKind::Timeout),
        _ => SendError::new(SendErrorKind::Interrupted),
    };
    stream.write_all(&head(request, authority.as_str())).map_err(lost)?;
    stream.write_all(request.body()).map_err(lost)?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer).map_err(lost)?;
    read(&answer).ok_or(SendError::new(SendErrorKind::Response))
}

/// All of the request before its body, with the headers that it has.
fn head(request: &Request<Bytes>, host: &str) -> Vec<u8> {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let length = request.body().len();
    let mut head = format!(
        "{} {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n",
        request.method()
    );
    head.push_str(&format!("content-length: {length}\r\n"));
    let mut head = head.into_bytes();
    for (name, value) in request.headers() {
        if ![HOST, CONNECTION, CONTENT_LENGTH].contains(name) {
            head.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
    }
    head.extend(b"\r\n");
    head
}

/// Parts status and body; good enough for a server that says how long its answer is.
fn read(answer: &[u8]) -> Option<Response<Bytes>> {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let (head, body) = (std::str::from_utf8(&answer[..end]).ok()?, &answer[end + 4..]);
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
        .body(Bytes::copy_from_slice(body))
        .ok()
}

/// A client whose requests go over such sockets.
pub(crate) fn client(base_url: BaseUrl, app_id: String, app_secret: Secret) -> CardClient {
    let http = http_send_fn(|request| async move {
        // What blocks has a thread of its own, or it would keep every other task from running.
        let sent = spawn_blocking(move || exchange(&request)).await;
        sent.unwrap_or_else(|_| Err(SendError::new(SendErrorKind::Interrupted)))
    });
    CardClient::builder(app_id, app_secret, http).base_url(base_url).build()
}

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() -> Result<(), Box<dyn Error>> {
    let code = env::args().nth(1).ok_or("give CODE")?;
    let variable = |name: &str| env::var(name).map_err(|_| format!("{name} is not set"));
    let base_url = variable("WX_BASE_URL")?.parse()?;
    let client = client(base_url, variable("WX_APP_ID")?, variable("WX_APP_SECRET")?.into());
    let state = client.get_code(&GetCode::new(code).check_consume(false)).await?;
    report(&format!("{:?}", state.status()));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "an example shows what it got")]
fn report(text: &str) {
    println!("{text}");
}
