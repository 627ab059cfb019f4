//! No log line shows anything of a request, at any level.

use std::io;
use std::sync::{Arc, Mutex};

use http::Request;
use tokio::io::AsyncWriteExt;
use tracing_subscriber::fmt::MakeWriter;
use wx_core::HttpSend;

use crate::pki::Authority;
use crate::server::{closed_port, ok, request, serve};
use crate::{CANARY, builder, url};

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn secret(url: &str) -> Request<bytes::Bytes> {
    Request::post(url)
        .header("x-secret", CANARY)
        .body(CANARY.into())
        .unwrap()
}

async fn calls() {
    let client = builder().build().unwrap();
    let good = serve(|mut stream| async move {
        let _request = request(&mut stream).await;
        stream.write_all(ok(CANARY).as_bytes()).await.unwrap();
    })
    .await;
    let bad = serve(|mut stream| async move {
        let _request = request(&mut stream).await;
        stream.write_all(format!("{CANARY}\r\n\r\n").as_bytes()).await.unwrap();
    })
    .await;
    let rude = serve(|mut stream| async move {
        let _request = request(&mut stream).await;
    })
    .await;
    assert!(client.send(secret(&url(good))).await.is_ok());
    let nobody = closed_port().await;
    for address in [url(bad), url(rude), url(nobody)] {
        assert!(client.send(secret(&address)).await.is_err());
    }
    for refused in ["/relative?t=", "http://example.com/?t=", "https://a@b/?t="] {
        let error = client.send(secret(&format!("{refused}{CANARY}"))).await.unwrap_err();
        assert!(!crate::seen(&error).contains(CANARY));
    }
    let authority = Authority::new();
    let tls = authority.server_with("localhost", &["h2"]);
    let turned_away = serve(move |stream| {
        let tls = tls.clone();
        async move { drop(tls.accept(stream).await) }
    })
    .await;
    let address = format!("https://localhost:{}/?t={CANARY}", turned_away.port());
    assert!(client.send(secret(&address)).await.is_err());
    #[cfg(feature = "http2")]
    {
        let client = builder().add_root_pem(authority.pem()).http2(true).build().unwrap();
        assert!(client.send(secret(&address)).await.is_err());
        let (good, _) = crate::tls::http2::server(&authority).await;
        let address = format!("https://localhost:{}/?t={CANARY}", good.port());
        assert!(client.send(secret(&address)).await.is_ok());
    }
}

#[tokio::test]
async fn nothing_of_a_request_or_an_answer_is_logged() {
    // With one subscriber alone, threads without it would switch log lines off for this one too.
    let _another = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    calls().await;
    drop(guard);

    let text = log.text();
    assert!(text.contains("TRACE hyper_util"), "nothing was logged");
    #[cfg(feature = "http2")]
    assert!(text.contains("h2::"), "nothing of HTTP/2 was logged");
    assert!(!text.contains(CANARY), "{text}");
}
