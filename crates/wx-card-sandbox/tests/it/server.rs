//! The sandbox on a port.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox, Server};

fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// Sends one request and reads one answer: status and body.
async fn exchange<S>(stream: &mut S, method: &str, target: &str, body: &str) -> io::Result<(u16, Value)>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let length = body.len();
    // No content type, as some clients have it.
    let request = format!("{method} {target} HTTP/1.1\r\nhost: sandbox\r\ncontent-length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    assert!(head.contains("content-type: application/json\r\n"), "{head}");
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).await?;
    Ok((status, serde_json::from_slice(&body).unwrap()))
}

fn credentials() -> String {
    json!({"grant_type": "client_credential", "appid": DEFAULT_APP_ID, "secret": DEFAULT_APP_SECRET}).to_string()
}

async fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.address()).await.unwrap()
}

#[tokio::test]
async fn one_connection_carries_many_requests() {
    let server = Sandbox::new().serve(loopback()).await.unwrap();
    assert_eq!(server.base_url(), format!("http://{}", server.address()));
    assert_eq!(server.control_url(), format!("http://{}/_sandbox", server.address()));
    assert_eq!(server.ca_pem(), None);
    let mut stream = connect(&server).await;
    let (status, answer) = exchange(&mut stream, "POST", "/cgi-bin/stable_token", &credentials())
        .await
        .unwrap();
    assert_eq!((status, &answer["expires_in"]), (200, &json!(7200)));
    let target = format!("/card/get?access_token={}", answer["access_token"].as_str().unwrap());
    for _ in 0..50 {
        let (status, answer) = exchange(&mut stream, "POST", &target, r#"{"card_id":"p1"}"#)
            .await
            .unwrap();
        assert_eq!((status, &answer["errcode"]), (200, &json!(40073)));
    }
    let (_, ledger) = exchange(&mut stream, "GET", "/_sandbox/ledger", "").await.unwrap();
    assert_eq!(ledger["requests"]["/card/get"], 50);
    server.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_port_and_the_process_share_one_service() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(loopback()).await.unwrap();
    let mut stream = connect(&server).await;
    exchange(&mut stream, "POST", "/cgi-bin/stable_token", &credentials())
        .await
        .unwrap();
    let ledger = sandbox.control("ledger", &json!({})).unwrap();
    assert_eq!(ledger["tokens"], json!({"stable": 1}));
}

#[tokio::test]
async fn tls_is_verified_against_the_servers_own_authority() {
    let server = Sandbox::new().serve_tls(loopback()).await.unwrap();
    assert!(server.base_url().starts_with("https://127.0.0.1:"));
    let mut roots = rustls::RootCertStore::empty();
    let authority = CertificateDer::from_pem_slice(server.ca_pem().unwrap().as_bytes()).unwrap();
    roots.add(authority).unwrap();
    let connector = |roots: rustls::RootCertStore| {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        TlsConnector::from(Arc::new(config))
    };
    for name in ["localhost", "127.0.0.1", "::1"] {
        let name = ServerName::try_from(name).unwrap();
        let mut stream = connector(roots.clone())
            .connect(name, connect(&server).await)
            .await
            .unwrap();
        let (status, _) = exchange(&mut stream, "POST", "/cgi-bin/stable_token", &credentials())
            .await
            .unwrap();
        assert_eq!(status, 200);
    }
    let stranger = ServerName::try_from("api.weixin.qq.com").unwrap();
    assert!(
        connector(roots)
            .connect(stranger, connect(&server).await)
            .await
            .is_err()
    );

    let other = Sandbox::new().serve_tls(loopback()).await.unwrap();
    let mut others = rustls::RootCertStore::empty();
    others
        .add(CertificateDer::from_pem_slice(other.ca_pem().unwrap().as_bytes()).unwrap())
        .unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    assert!(connector(others).connect(name, connect(&server).await).await.is_err());
}

#[tokio::test]
async fn a_body_over_a_megabyte_is_refused() {
    let server = Sandbox::new().serve(loopback()).await.unwrap();
    let mut stream = connect(&server).await;
    let body = " ".repeat(1024 * 1024 + 1);
    let (status, answer) = exchange(&mut stream, "POST", "/card/create", &body).await.unwrap();
    assert_eq!((status, &answer["errcode"]), (413, &json!(45002)));
}

#[tokio::test]
async fn a_client_that_writes_all_before_it_reads_sees_the_refusal_of_a_large_body() {
    let server = Sandbox::new().serve(loopback()).await.unwrap();
    let mut stream = connect(&server).await;
    let body = " ".repeat(20 * 1024 * 1024);
    for _ in 0..2 {
        let (status, answer) = exchange(&mut stream, "POST", "/card/create", &body).await.unwrap();
        assert_eq!((status, &answer["errcode"]), (413, &json!(45002)));
    }
    let (status, _) = exchange(&mut stream, "POST", "/cgi-bin/stable_token", &credentials())
        .await
        .unwrap();
    assert_eq!(status, 200, "the connection is good for more");
}

#[tokio::test]
async fn shutting_down_closes_idle_connections_and_keeps_the_state() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let sandbox = Sandbox::builder().state_file(&path).build().unwrap();
    let server = sandbox.serve(loopback()).await.unwrap();
    let mut idle = connect(&server).await;
    exchange(&mut idle, "POST", "/cgi-bin/stable_token", &credentials())
        .await
        .unwrap();
    server.shutdown().await.unwrap();
    assert_eq!(idle.read(&mut [0]).await.unwrap(), 0, "closed");
    assert!(path.exists());
}

#[tokio::test]
async fn dropping_the_server_stops_it() {
    let server = Sandbox::new().serve(loopback()).await.unwrap();
    let mut idle = connect(&server).await;
    exchange(&mut idle, "POST", "/cgi-bin/stable_token", &credentials())
        .await
        .unwrap();
    drop(server);
    assert_eq!(idle.read(&mut [0]).await.unwrap(), 0, "closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_tills_that_redeem_one_code_one_does() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(loopback()).await.unwrap();
    let mut stream = connect(&server).await;
    let (_, answer) = exchange(&mut stream, "POST", "/cgi-bin/stable_token", &credentials())
        .await
        .unwrap();
    let token = answer["access_token"].as_str().unwrap().to_owned();
    let create = crate::bench::coupon(&json!({})).to_string();
    let (_, card) = exchange(
        &mut stream,
        "POST",
        &format!("/card/create?access_token={token}"),
        &create,
    )
    .await
    .unwrap();
    let taken = sandbox
        .control("take", &json!({"card_id": card["card_id"], "openid": "oAlice"}))
        .unwrap();
    let body = json!({"code": taken["code"]}).to_string();
    let mut tills = tokio::task::JoinSet::new();
    for _ in 0..32 {
        let (mut stream, body) = (connect(&server).await, body.clone());
        let target = format!("/card/code/consume?access_token={token}");
        tills.spawn(async move { exchange(&mut stream, "POST", &target, &body).await.unwrap().1["errcode"].clone() });
    }
    let answers = tills.join_all().await;
    assert_eq!(answers.iter().filter(|errcode| **errcode == json!(0)).count(), 1);
    assert_eq!(answers.iter().filter(|errcode| **errcode == json!(40099)).count(), 31);
    let ledger = sandbox.control("ledger", &json!({})).unwrap();
    assert_eq!(
        (&ledger["codes"][0]["accepted"], &ledger["codes"][0]["refused"]),
        (&json!(1), &json!(31))
    );
}
