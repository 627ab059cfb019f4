//! Pictures: uploaded by a form, shown at the address that is answered.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox, Server};
use wx_core::HttpSend as _;

use crate::bench::{Bench, bench, bench_of};

const PATH: &str = "/cgi-bin/media/uploadimg";
const FORM: &str = "multipart/form-data; boundary=b";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0 and so on";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";
const MEGABYTE: usize = 1024 * 1024;

/// A form as curl makes it.
fn form(file: &[u8]) -> Vec<u8> {
    let head = "--b\r\nContent-Disposition: form-data; name=\"media\"; filename=\"logo\"\r\n\r\n";
    [head.as_bytes(), file, b"\r\n--b--\r\n"].concat()
}

/// A picture of the kind with so many bytes in all.
fn picture(kind: &[u8], bytes: usize) -> Vec<u8> {
    let mut picture = kind.to_vec();
    picture.resize(bytes, 0);
    picture
}

fn ask(sandbox: &Sandbox, method: Method, target: &str, content_type: &str, body: Vec<u8>) -> Response<Bytes> {
    let request = Request::builder()
        .method(method)
        .uri(format!("https://api.weixin.qq.com{target}"))
        .header("content-type", content_type)
        .body(Bytes::from(body))
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(sandbox.send(request)).unwrap()
}

fn post(bench: &Bench, content_type: &str, body: Vec<u8>) -> Value {
    let target = format!("{PATH}?access_token={}", bench.token);
    let response = ask(&bench.sandbox, Method::POST, &target, content_type, body);
    assert_eq!(response.status(), 200);
    serde_json::from_slice(response.body()).unwrap()
}

fn upload(bench: &Bench, file: &[u8]) -> Value {
    post(bench, FORM, form(file))
}

/// The path of the address that an upload answered.
fn path_of(answer: &Value) -> String {
    let url = answer["url"].as_str().unwrap();
    let path = url.strip_prefix("https://wx-card-sandbox.invalid").unwrap();
    path.to_owned()
}

fn show(sandbox: &Sandbox, path: &str) -> Response<Bytes> {
    ask(sandbox, Method::GET, path, "text/plain", Vec::new())
}

#[test]
fn a_picture_is_shown_as_it_was_uploaded() {
    let bench = bench();
    for (file, media_type) in [(JPEG, "image/jpeg"), (PNG, "image/png")] {
        let answer = upload(&bench, file);
        assert_eq!(answer["errcode"], 0);
        let shown = show(&bench.sandbox, &path_of(&answer));
        assert_eq!((shown.status().as_u16(), &shown.body()[..]), (200, file));
        assert_eq!(shown.headers()["content-type"], media_type);
    }
    assert_ne!(upload(&bench, PNG)["url"], upload(&bench, PNG)["url"]);
    assert_eq!(show(&bench.sandbox, "/mmbiz/none/0").status(), 404);
    assert_eq!(
        ask(&bench.sandbox, Method::POST, "/mmbiz/none/0", FORM, Vec::new()).status(),
        405
    );
}

#[test]
fn what_is_no_picture_is_refused() {
    let bench = bench();
    for (file, errcode, errmsg) in [
        (&b"GIF89a"[..], 40005, "invalid file type"),
        (b"RIFF\0\0\0\0WEBP", 40005, "invalid file type"),
        (b"\xff\xd8", 40005, "invalid file type"),
        (b"", 41005, "media data missing"),
    ] {
        let answer = upload(&bench, file);
        assert_eq!(answer["errcode"], errcode, "{answer}");
        assert!(answer["errmsg"].as_str().unwrap().starts_with(errmsg), "{answer}");
    }
    assert_eq!(post(&bench, "application/json", b"{}".to_vec())["errcode"], 41005);
    assert_eq!(
        post(&bench, "multipart/form-data; boundary=c", form(PNG))["errcode"],
        41005
    );
}

#[test]
fn a_megabyte_is_taken_and_a_byte_more_is_not() {
    let bench = bench();
    let largest = picture(PNG, MEGABYTE);
    let answer = upload(&bench, &largest);
    assert_eq!(show(&bench.sandbox, &path_of(&answer)).body(), &largest);
    for bytes in [MEGABYTE + 1, 2 * MEGABYTE] {
        let answer = upload(&bench, &picture(JPEG, bytes));
        assert_eq!(answer["errcode"], 40009, "{answer}");
    }
}

#[test]
fn an_upload_needs_a_token_and_a_post() {
    let bench = bench();
    let errcode = |method, target: &str| {
        let response = ask(&bench.sandbox, method, target, FORM, form(PNG));
        serde_json::from_slice::<Value>(response.body()).unwrap()["errcode"].clone()
    };
    assert_eq!(errcode(Method::POST, PATH), 41001);
    assert_eq!(errcode(Method::POST, &format!("{PATH}?access_token=none")), 40001);
    assert_eq!(
        errcode(Method::GET, &format!("{PATH}?access_token={}", bench.token)),
        43002
    );
}

#[test]
fn pictures_outlive_the_sandbox_in_its_state_file() {
    let directory = std::env::temp_dir().join(format!("wx-card-sandbox-pictures-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let file = directory.join("state.json");
    let first = bench_of(|builder| builder.state_file(&file));
    let path = path_of(&upload(&first, PNG));
    drop(first);
    let second = bench_of(|builder| builder.state_file(&file));
    assert_eq!(show(&second.sandbox, &path).body(), PNG);
    drop(second);
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn faults_are_for_the_upload_and_not_for_who_looks_at_a_picture() {
    let bench = bench();
    let path = path_of(&upload(&bench, PNG));
    bench.control(
        "faults",
        &json!({"rules": [{"path": "*", "fault": "busy", "times": 1}]}),
    );
    assert_eq!(show(&bench.sandbox, &path).body(), PNG);
    assert_eq!(upload(&bench, PNG)["errcode"], -1);
    assert_eq!(upload(&bench, PNG)["errcode"], 0);
    let ledger = bench.control("ledger", &json!({}));
    assert_eq!(ledger["requests"][PATH], 2);
}

/// Sends one request on a connection of its own and reads the answer to its end: status and body.
async fn over_http(server: &Server, head: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let head = format!(
        "{head}host: {}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        server.address(),
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let status = str::from_utf8(&answer[9..12]).unwrap().parse().unwrap();
    (status, answer.split_off(end + 4))
}

#[tokio::test]
async fn over_http_the_address_leads_to_the_server_and_shows_the_picture() {
    let server = Sandbox::new()
        .serve(SocketAddr::from(([127, 0, 0, 1], 0)))
        .await
        .unwrap();
    let credentials = json!({"grant_type": "client_credential", "appid": DEFAULT_APP_ID, "secret": DEFAULT_APP_SECRET});
    let (_, answer) = over_http(
        &server,
        "POST /cgi-bin/stable_token HTTP/1.1\r\n",
        credentials.to_string().as_bytes(),
    )
    .await;
    let token = serde_json::from_slice::<Value>(&answer).unwrap()["access_token"].clone();
    let head = format!(
        "POST {PATH}?access_token={} HTTP/1.1\r\ncontent-type: {FORM}\r\n",
        token.as_str().unwrap()
    );

    let largest = picture(JPEG, MEGABYTE);
    let (_, answer) = over_http(&server, &head, &form(&largest)).await;
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    let path = answer["url"]
        .as_str()
        .unwrap()
        .strip_prefix(&server.base_url())
        .unwrap();
    let shown = over_http(&server, &format!("GET {path} HTTP/1.1\r\n"), b"").await;
    assert_eq!(shown, (200, largest));

    let (status, answer) = over_http(&server, &head, &form(&picture(PNG, 3 * MEGABYTE))).await;
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!((status, &answer["errcode"]), (200, &json!(40009)));
    server.shutdown().await.unwrap();
}
