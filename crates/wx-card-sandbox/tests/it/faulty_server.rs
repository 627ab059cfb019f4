//! Faults on a port, as a client sees them that knows sockets only; and servers that come back.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::yield_now;
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use wx_card_sandbox::Server;

use crate::bench::{ALICE, Bench, bench};

const CONSUME: &str = "/card/code/consume";

/// A sandbox on a port, with a code in a user's hand.
struct Till {
    bench: Bench,
    code: String,
    is_tls: bool,
    server: Server,
}

/// Bytes both ways, over TLS or not.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// What came over a connection until its end.
struct Heard {
    bytes: Vec<u8>,
    end: io::Result<()>,
}

impl Till {
    async fn new(is_tls: bool) -> Self {
        // Making a sandbox asks it for a token, in a runtime of its own.
        let (bench, code) = std::thread::spawn(|| {
            let bench = bench();
            let card_id = bench.card(&json!({}));
            let (code, _) = bench.take(&card_id, ALICE);
            (bench, code)
        })
        .join()
        .unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = if is_tls {
            bench.sandbox.serve_tls(address).await
        } else {
            bench.sandbox.serve(address).await
        };
        Self {
            bench,
            code,
            is_tls,
            server: server.unwrap(),
        }
    }

    /// Puts one rule in force for redeem calls.
    fn plan(&self, fault: &Value) {
        let mut rule = fault.clone();
        rule["path"] = CONSUME.into();
        self.bench.control("faults", &json!({"rules": [rule]}));
    }

    async fn connect(&self) -> Box<dyn Stream> {
        let stream = TcpStream::connect(self.server.address()).await.unwrap();
        if !self.is_tls {
            return Box::new(stream);
        }
        let name = ServerName::try_from("localhost").unwrap();
        Box::new(
            connector(self.server.ca_pem().unwrap())
                .connect(name, stream)
                .await
                .unwrap(),
        )
    }

    /// A redeem call on the wire.
    fn request(&self, headers: &str) -> String {
        let body = json!({"code": self.code}).to_string();
        let (token, length) = (&self.bench.token, body.len());
        format!(
            "POST {CONSUME}?access_token={token} HTTP/1.1\r\nhost: sandbox\r\n{headers}content-length: {length}\r\n\r\n{body}"
        )
    }

    /// Redeems the code over a connection of its own.
    async fn redeem(&self, fault: &Value) -> Heard {
        self.plan(fault);
        let mut stream = self.connect().await;
        // A reset may come before all is written.
        drop(stream.write_all(self.request("connection: close\r\n").as_bytes()).await);
        Heard::on(&mut stream).await
    }

    fn accepted(&self) -> Value {
        self.ledger()["codes"][0]["accepted"].clone()
    }

    fn ledger(&self) -> Value {
        self.bench.control("ledger", &json!({}))
    }

    /// Waits until a fault fired.
    async fn fired(&self) {
        while self.bench.control("faults", &json!({}))["rules"][0]["fired"] == 0 {
            yield_now().await;
        }
    }
}

fn connector(ca_pem: &str) -> TlsConnector {
    let mut roots = rustls::RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

impl Heard {
    /// Reads to the end.
    async fn on(stream: &mut Box<dyn Stream>) -> Self {
        let mut bytes = Vec::new();
        let end = stream.read_to_end(&mut bytes).await.map(drop);
        Self { bytes, end }
    }

    /// Whether the connection was reset, not closed.
    #[track_caller]
    fn is_reset(&self) {
        assert_eq!(self.end.as_ref().unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    }

    /// The parts of a whole message: status, head in lower case, body.
    #[track_caller]
    fn message(&self) -> (u16, String, &[u8]) {
        assert!(self.end.is_ok(), "{:?}", self.end);
        let middle = self.bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let (head, body) = self.bytes.split_at(middle);
        let head = std::str::from_utf8(head).unwrap().to_lowercase();
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
        (head.split(' ').nth(1).unwrap().parse().unwrap(), head, body)
    }

    #[track_caller]
    fn errcode(&self) -> i64 {
        let answer: Value = serde_json::from_slice(self.message().2).unwrap();
        answer["errcode"].as_i64().unwrap()
    }
}

#[tokio::test]
async fn resets_are_resets_and_the_ledger_tells_what_was_done() {
    for is_tls in [false, true] {
        for (fault, accepted) in [
            (json!({"fault": "reset-before"}), 0),
            (json!({"fault": "reset-after"}), 1),
            (json!({"fault": "reset-mid-answer"}), 1),
            (json!({"fault": "reset-mid-answer", "applied": false}), 0),
        ] {
            let till = Till::new(is_tls).await;
            let heard = till.redeem(&fault).await;
            heard.is_reset();
            assert_eq!(till.accepted(), accepted, "{fault}");
            assert_eq!(heard.bytes.is_empty(), fault["fault"] != "reset-mid-answer", "{fault}");
            assert!(
                b"HTTP/1.1 200 OK\r\n"
                    .iter()
                    .zip(&heard.bytes)
                    .all(|(one, other)| one == other)
            );
            assert_eq!(till.ledger()["faults"][CONSUME][fault["fault"].as_str().unwrap()], 1);
        }
    }
}

#[tokio::test]
async fn an_answer_is_cut_in_its_middle_or_where_the_rule_says() {
    for is_tls in [false, true] {
        let till = Till::new(is_tls).await;
        let whole = till.redeem(&json!({"fault": "delay", "millis": 0})).await.bytes.len();
        // Another answer now: it is redeemed already.
        let refused = till.redeem(&json!({"fault": "delay", "millis": 0})).await.bytes.len();
        assert_ne!(whole, refused);
        let cut = async |fault: Value| {
            let heard = till.redeem(&fault).await;
            heard.is_reset();
            heard.bytes.len()
        };
        assert_eq!(cut(json!({"fault": "reset-mid-answer"})).await, refused / 2);
        assert_eq!(cut(json!({"fault": "reset-mid-answer", "bytes": 1})).await, 1);
        assert_eq!(
            cut(json!({"fault": "reset-mid-answer", "bytes": refused - 3})).await,
            refused - 3
        );
        assert_eq!(
            cut(json!({"fault": "reset-mid-answer", "bytes": 100_000})).await,
            refused - 1
        );
    }
}

#[tokio::test]
async fn a_reset_before_reading_waits_for_no_body() {
    let till = Till::new(false).await;
    till.plan(&json!({"fault": "reset-before"}));
    let mut stream = till.connect().await;
    let request = till.request("");
    let (head, _) = request.split_once("\r\n\r\n").unwrap();
    stream.write_all(format!("{head}\r\n\r\n").as_bytes()).await.unwrap();
    Heard::on(&mut stream).await.is_reset();
    assert_eq!(till.ledger()["requests"][CONSUME], Value::Null);
}

#[tokio::test]
async fn answers_that_arrive_are_whole_messages() {
    for (fault, expected, accepted) in [
        (json!({"fault": "busy"}), (200, "application/json", Some(-1)), 0),
        (
            json!({"fault": "busy", "applied": true}),
            (200, "application/json", Some(-1)),
            1,
        ),
        (
            json!({"fault": "errcode", "errcode": 45009}),
            (200, "application/json", Some(45009)),
            0,
        ),
        (
            json!({"fault": "token-expired"}),
            (200, "application/json", Some(42001)),
            0,
        ),
        (json!({"fault": "content-type"}), (200, "text/html", Some(0)), 1),
        (json!({"fault": "html-502"}), (502, "text/html", None), 0),
        (
            json!({"fault": "html-502", "applied": true}),
            (502, "text/html", None),
            1,
        ),
        (json!({"fault": "truncated"}), (200, "application/json", None), 1),
        (
            json!({"fault": "oversized", "bytes": 3_000_000}),
            (200, "application/json", Some(0)),
            1,
        ),
    ] {
        let till = Till::new(false).await;
        let heard = till.redeem(&fault).await;
        let (status, head, body) = heard.message();
        let (expected_status, content_type, errcode) = expected;
        assert_eq!(status, expected_status, "{fault}");
        assert!(
            head.contains(&format!("content-type: {content_type}\r\n")),
            "{fault} {head}"
        );
        match errcode {
            Some(errcode) => assert_eq!(heard.errcode(), errcode, "{fault}"),
            None => assert!(serde_json::from_slice::<Value>(body).is_err(), "{fault}"),
        }
        if let Some(bytes) = fault["bytes"].as_u64() {
            assert_eq!(u64::try_from(body.len()).unwrap(), bytes);
        }
        assert_eq!(till.accepted(), accepted, "{fault}");
    }
}

#[tokio::test]
async fn an_oversized_answer_is_nine_mebibytes() {
    let till = Till::new(true).await;
    let heard = till.redeem(&json!({"fault": "oversized"})).await;
    assert_eq!(heard.message().2.len(), 9 * 1024 * 1024);
}

#[tokio::test]
async fn a_delay_takes_real_time_and_what_was_asked_for_is_done_before() {
    let till = Till::new(false).await;
    let before = Instant::now();
    let heard = till.redeem(&json!({"fault": "delay", "millis": 30})).await;
    assert!(Duration::from_millis(30) <= before.elapsed());
    assert_eq!((heard.errcode(), till.accepted()), (0, json!(1)));

    let till = Till::new(false).await;
    till.plan(&json!({"fault": "delay", "millis": 3_600_000}));
    let mut stream = till.connect().await;
    stream.write_all(till.request("").as_bytes()).await.unwrap();
    till.fired().await;
    while till.accepted() == 0 {
        yield_now().await;
    }
    drop(stream);
}

#[tokio::test]
async fn a_drip_is_the_whole_answer_byte_by_byte_and_the_next_one_comes_at_once() {
    for is_tls in [false, true] {
        let till = Till::new(is_tls).await;
        till.plan(&json!({"fault": "slow-drip", "millis": 1, "times": 1}));
        let mut stream = till.connect().await;
        let before = Instant::now();
        let requests = till.request("") + &till.request("connection: close\r\n");
        let (first, second) = requests.split_at(requests.len() / 2);
        stream.write_all(first.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let dripped = u64::try_from(head.len()).unwrap();
        assert!(Duration::from_millis(dripped - 1) <= before.elapsed());
        stream.write_all(second.as_bytes()).await.unwrap();
        let heard = Heard::on(&mut stream).await;
        let rest = String::from_utf8(heard.bytes).unwrap();
        assert!(rest.starts_with('{') && rest.contains("}HTTP/1.1 200 OK\r\n"), "{rest}");
        assert!(rest.ends_with('}') && rest.contains("40099"), "{rest}");
        assert_eq!(till.accepted(), 1);
    }
}

#[tokio::test]
async fn a_drip_lets_one_byte_pass_and_waits() {
    let till = Till::new(false).await;
    till.plan(&json!({"fault": "slow-drip", "millis": 3_600_000}));
    let stream = TcpStream::connect(till.server.address()).await.unwrap();
    stream.writable().await.unwrap();
    let request = till.request("");
    assert_eq!(stream.try_write(request.as_bytes()).unwrap(), request.len());
    stream.readable().await.unwrap();
    let mut bytes = [0; 100];
    assert_eq!(stream.try_read(&mut bytes).unwrap(), 1);
    for _ in 0..100 {
        yield_now().await;
    }
    assert_eq!(
        stream.try_read(&mut bytes).unwrap_err().kind(),
        io::ErrorKind::WouldBlock
    );
}

#[tokio::test]
async fn a_silent_service_says_nothing_until_it_stops() {
    for is_tls in [false, true] {
        for is_applied in [false, true] {
            let till = Till::new(is_tls).await;
            till.plan(&json!({"fault": "silent", "applied": is_applied}));
            let mut stream = till.connect().await;
            stream.write_all(till.request("").as_bytes()).await.unwrap();
            till.fired().await;
            let mut heard = std::pin::pin!(Heard::on(&mut stream));
            while is_applied && till.accepted() == 0 {
                yield_now().await;
            }
            for _ in 0..100 {
                let heard = by_now(heard.as_mut()).await;
                assert!(heard.is_none());
                yield_now().await;
            }
            assert_eq!(till.accepted(), i32::from(is_applied));
            till.server.shutdown().await.unwrap();
            let heard = heard.await;
            heard.is_reset();
            assert!(heard.bytes.is_empty());
        }
    }
}

#[tokio::test]
async fn a_silent_service_lets_go_of_a_client_that_goes() {
    for is_tls in [false, true] {
        let till = Till::new(is_tls).await;
        till.plan(&json!({"fault": "silent"}));
        let mut stream = till.connect().await;
        stream.write_all(till.request("").as_bytes()).await.unwrap();
        till.fired().await;
        stream.shutdown().await.unwrap();
        assert_eq!(Heard::on(&mut stream).await.bytes, b"", "the other side ends too");
    }
}

/// What the future has come to by now.
async fn by_now<F: Future>(mut future: std::pin::Pin<&mut F>) -> Option<F::Output> {
    std::future::poll_fn(|context| match future.as_mut().poll(context) {
        std::task::Poll::Ready(output) => std::task::Poll::Ready(Some(output)),
        std::task::Poll::Pending => std::task::Poll::Ready(None),
    })
    .await
}

#[tokio::test]
async fn a_seed_repeats_a_run_over_sockets_too() {
    let run = async |seed: u64| {
        let till = Till::new(false).await;
        let rule = json!({"path": "*", "fault": "reset-before", "probability": 0.5});
        till.bench.control("faults", &json!({"seed": seed, "rules": [rule]}));
        let mut resets = Vec::new();
        for _ in 0..40 {
            let mut stream = till.connect().await;
            drop(stream.write_all(till.request("connection: close\r\n").as_bytes()).await);
            resets.push(Heard::on(&mut stream).await.end.is_err());
        }
        resets
    };
    let first = run(7).await;
    assert!(first.contains(&true) && first.contains(&false));
    assert_eq!(run(7).await, first);
    assert_ne!(run(8).await, first);
}

#[tokio::test]
async fn a_server_comes_back_on_its_port_with_its_service_and_its_authority() {
    for is_tls in [false, true] {
        let mut till = Till::new(is_tls).await;
        for is_killed in [true, false] {
            let mut idle = till.connect().await;
            let (address, ca_pem) = (till.server.address(), till.server.ca_pem().map(str::to_owned));
            let sandbox = till.bench.sandbox.clone();
            if is_killed {
                till.server.kill().await;
            } else {
                till.server.shutdown().await.unwrap();
            }
            assert!(TcpStream::connect(address).await.is_err(), "nobody listens");
            assert_eq!(Heard::on(&mut idle).await.bytes, b"", "it is cut off");
            till.server = if is_tls {
                sandbox.serve_tls(address).await.unwrap()
            } else {
                sandbox.serve(address).await.unwrap()
            };
            assert_eq!(till.server.address(), address);
            assert_eq!(till.server.ca_pem(), ca_pem.as_deref());
        }
        let heard = till.redeem(&json!({"fault": "delay", "millis": 0})).await;
        assert_eq!(
            (heard.errcode(), till.accepted()),
            (0, json!(1)),
            "token and code live on"
        );
    }
}

#[tokio::test]
async fn a_server_that_is_killed_leaves_done_what_it_has_done() {
    let till = Till::new(false).await;
    till.plan(&json!({"fault": "delay", "millis": 3_600_000}));
    let mut stream = till.connect().await;
    stream.write_all(till.request("").as_bytes()).await.unwrap();
    till.fired().await;
    while till.accepted() == 0 {
        yield_now().await;
    }
    let sandbox = till.bench.sandbox.clone();
    till.server.kill().await;
    assert!(Heard::on(&mut stream).await.bytes.is_empty());
    let ledger = sandbox.control("ledger", &json!({})).unwrap();
    assert_eq!(ledger["codes"][0]["accepted"], 1);
}
