//! The clients that are measured: ours, and the bare transport below it.

use std::error::Error;
use std::str::FromStr as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

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
use wx_card::CardClient;
use wx_card::core::BaseUrl;
use wx_card::types::{ConsumeCode, GetCode};
use wx_http_hyper::HyperClient;

use crate::measure;

/// What is called.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Case {
    Query,
    Consume,
}

/// One measurement, as the command line of the process that makes it says.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    pub(crate) base: String,
    pub(crate) pem: String,
    pub(crate) bare: bool,
    pub(crate) http2: bool,
    pub(crate) case: Case,
    pub(crate) in_flight: usize,
    pub(crate) duration: Duration,
}

const CODE: &str = "110201201245";

/// Calls until the time is over, and says what it took.
pub(crate) async fn run(spec: &Spec) -> Result<Value, Box<dyn Error>> {
    if spec.bare {
        let client = Arc::new(Bare::new(spec)?);
        measured(spec, move || {
            let client = Arc::clone(&client);
            async move { client.call().await }
        })
        .await
    } else {
        let client = ours(spec)?;
        // The token is there before the time begins, as it is in a service that runs.
        client.core().call(&wx_card::core::Call::get("/card/getcolors")).await?;
        let case = spec.case;
        measured(spec, move || {
            let client = client.clone();
            async move {
                match case {
                    Case::Query => client.get_code(&GetCode::new(CODE)).await.is_ok(),
                    Case::Consume => client.consume_code(&ConsumeCode::new(CODE)).await.is_ok(),
                }
            }
        })
        .await
    }
}

fn ours(spec: &Spec) -> Result<CardClient, Box<dyn Error>> {
    let mut http = HyperClient::builder().pool_max_idle_per_host(usize::MAX);
    if !spec.pem.is_empty() {
        http = http.add_root_pem(&spec.pem);
    }
    if spec.http2 {
        http = http.http2(true);
    }
    Ok(CardClient::builder("wx0123456789abcdef", "secret", http.build()?)
        .base_url(BaseUrl::from_str(&spec.base)?)
        .build())
}

/// hyper-util's client, which sends bytes that are ready and reads the answer without looking at it.
struct Bare {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    uri: Uri,
    body: Bytes,
}

impl Bare {
    fn new(spec: &Spec) -> Result<Self, Box<dyn Error>> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(spec.pem.as_bytes()) {
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
        let connector = if spec.http2 {
            connector.enable_all_versions().wrap_connector(tcp)
        } else {
            connector.enable_http1().wrap_connector(tcp)
        };
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(usize::MAX)
            .build(connector);
        let token: Value = serde_json::from_slice(wx_card_bench::bodies::answer_to("/cgi-bin/stable_token"))?;
        let token = token["access_token"].as_str().unwrap_or_default();
        let (path, body) = match spec.case {
            Case::Query => ("/card/code/get", serde_json::to_vec(&GetCode::new(CODE))?),
            Case::Consume => ("/card/code/consume", serde_json::to_vec(&ConsumeCode::new(CODE))?),
        };
        Ok(Self {
            client,
            uri: format!("{}{path}?access_token={token}", spec.base).parse()?,
            body: Bytes::from(body),
        })
    }

    async fn call(&self) -> bool {
        let mut request = Request::new(Full::new(self.body.clone()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        request.headers_mut().insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/json; charset=utf-8"),
        );
        let Ok(response) = self.client.request(request).await else {
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

async fn measured<F, R>(spec: &Spec, call: F) -> Result<Value, Box<dyn Error>>
where
    F: Fn() -> R + Clone + Send + 'static,
    R: Future<Output = bool> + Send,
{
    let warm = measure::now() + Duration::from_millis(300);
    calls(spec.in_flight, call.clone(), warm).await?;
    let (cpu, began) = (measure::cpu()?, measure::now());
    let tally = calls(spec.in_flight, call, began + spec.duration).await?;
    let (elapsed, cpu) = (measure::now() - began, measure::cpu()?.saturating_sub(cpu));
    let count = tally.count().max(1);
    Ok(json!({
        "calls": count,
        "failed": tally.failed,
        "per_second": u128::from(count) * 1_000_000_000 / elapsed.as_nanos().max(1),
        "cpu_nanos": u64::try_from(cpu.as_nanos())? / count,
        "p50_nanos": tally.percentile(50),
        "p99_nanos": tally.percentile(99),
        "peak_kib": measure::peak_kib()?,
    }))
}

/// How long calls took, in steps of 100 nanoseconds up to 50 milliseconds, and how many failed.
struct Tally {
    steps: Vec<u32>,
    failed: u64,
}

impl Tally {
    const STEP: u128 = 100;
    const STEPS: usize = 500_000;

    fn new() -> Self {
        Self {
            steps: vec![0; Self::STEPS],
            failed: 0,
        }
    }

    fn add(&mut self, took: Duration, is_ok: bool) {
        let step = usize::try_from(took.as_nanos() / Self::STEP).unwrap_or(usize::MAX);
        if let Some(count) = self.steps.get_mut(step.min(Self::STEPS - 1)) {
            *count += 1;
        }
        self.failed += u64::from(!is_ok);
    }

    fn count(&self) -> u64 {
        self.steps.iter().map(|count| u64::from(*count)).sum()
    }

    fn percentile(&self, percent: u64) -> u64 {
        let mut left = self.count() * percent / 100;
        for (step, count) in (1u64..).zip(&self.steps) {
            match left.checked_sub(u64::from(*count)) {
                Some(rest) => left = rest,
                None => return step * 100,
            }
        }
        0
    }
}

/// Keeps so many calls in flight until `end`.
async fn calls<F, R>(in_flight: usize, call: F, end: Instant) -> Result<Tally, Box<dyn Error>>
where
    F: Fn() -> R + Clone + Send + 'static,
    R: Future<Output = bool> + Send,
{
    let tally = Arc::new(Mutex::new(Tally::new()));
    let tasks: Vec<_> = (0..in_flight)
        .map(|_| {
            let (call, tally) = (call.clone(), Arc::clone(&tally));
            tokio::spawn(async move {
                let mut began = measure::now();
                while began < end {
                    let is_ok = call().await;
                    let ended = measure::now();
                    tally
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .add(ended - began, is_ok);
                    began = ended;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await?;
    }
    Arc::into_inner(tally)
        .and_then(|tally| tally.into_inner().ok())
        .ok_or_else(|| "a caller is still at it".into())
}
