//! The bare transport: hyper-util's client, which sends bytes that are ready and reads answers without looking at them.

use std::error::Error;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};
use wx_card_bench::bodies;

/// A client that trusts what it is given.
#[derive(Clone)]
pub(crate) struct Bare(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Bare {
    pub(crate) fn new(pem: &str, http2: bool) -> Result<Self, Box<dyn Error>> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            roots.add(certificate?)?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http();
        let connector = if http2 {
            connector.enable_all_versions().wrap_connector(tcp)
        } else {
            connector.enable_http1().wrap_connector(tcp)
        };
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(usize::MAX)
            .build(connector);
        Ok(Self(client))
    }

    /// Asks for a token, as who has nothing else must.
    pub(crate) async fn token(&self, base: &str, app_id: &str, secret: &str) -> Result<String, Box<dyn Error>> {
        let body = json!({"grant_type": "client_credential", "appid": app_id, "secret": secret}).to_string();
        let uri: Uri = format!("{base}/cgi-bin/stable_token").parse()?;
        let answer = self.0.request(request(&uri, Bytes::from(body))).await?;
        let answer: Value = serde_json::from_slice(&answer.into_body().collect().await?.to_bytes())?;
        Ok(answer["access_token"].as_str().ok_or("there is no token")?.to_owned())
    }

    /// How many tokens the server has given so far.
    pub(crate) async fn tokens_fetched(&self, base: &str) -> Result<u64, Box<dyn Error>> {
        let uri: Uri = format!("{base}{}", bodies::TOKENS_FETCHED).parse()?;
        let answer = self.0.request(request(&uri, Bytes::new())).await?;
        let answer: Value = serde_json::from_slice(&answer.into_body().collect().await?.to_bytes())?;
        Ok(answer["count"].as_u64().ok_or("there is no count")?)
    }

    /// Posts `body`; whether an answer came whole.
    pub(crate) async fn post(&self, uri: &Uri, body: Bytes) -> bool {
        let Ok(response) = self.0.request(request(uri, body)).await else {
            return false;
        };
        let mut body = response.into_body();
        while let Some(frame) = body.frame().await {
            if frame.is_err() {
                return false;
            }
        }
        true
    }
}

fn request(uri: &Uri, body: Bytes) -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::new(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = uri.clone();
    request.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    request
}
