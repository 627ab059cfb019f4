//! The clients that are measured: ours, and the bare transport below it.

use std::error::Error;
use std::str::FromStr as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Uri;
use serde_json::{Value, json};
use wx_card::CardClient;
use wx_card::core::BaseUrl;
use wx_card::types::{CardId, ConsumeCode, GetCode};
use wx_http_hyper::HyperClient;

use crate::bare::Bare;
use crate::measure;

/// The account of the server that always answers the same.
pub(crate) const APP_ID: &str = "wx0123456789abcdef";
pub(crate) const SECRET: &str = "secret";

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

impl Spec {
    /// The card that a sandbox told; other servers tell a certificate or nothing.
    fn card_id(&self) -> Option<CardId> {
        let told = self.pem.trim();
        (!told.is_empty() && !told.starts_with("-----")).then(|| CardId::from(told))
    }
}

pub(crate) const CODE: &str = "110201201245";

/// Calls until the time is over, and says what it took.
pub(crate) async fn run(spec: &Spec) -> Result<Value, Box<dyn Error>> {
    if spec.bare {
        let bare = Bare::new(&spec.pem, spec.http2)?;
        let token = bare.token(&spec.base, APP_ID, SECRET).await?;
        let (path, body) = match spec.case {
            Case::Query => ("/card/code/get", serde_json::to_vec(&GetCode::new(CODE))?),
            Case::Consume => ("/card/code/consume", serde_json::to_vec(&ConsumeCode::new(CODE))?),
        };
        let uri: Uri = format!("{}{path}?access_token={token}", spec.base).parse()?;
        let shared = Arc::new((bare, uri, Bytes::from(body)));
        measured(spec, move || {
            let shared = Arc::clone(&shared);
            async move { shared.0.post(&shared.1, shared.2.clone()).await }
        })
        .await
    } else {
        let client = ours(&spec.base, &spec.pem, spec.http2, (APP_ID, SECRET))?;
        // The token is there before the time begins, as it is in a service that runs.
        client.core().call(&wx_card::core::Call::get("/card/getcolors")).await?;
        let case = spec.case;
        // The sandbox asks of which card a code is that the merchant chose.
        let card_id = spec.card_id();
        measured(spec, move || {
            let (client, card_id) = (client.clone(), card_id.clone());
            async move {
                match case {
                    Case::Query => {
                        let mut request = GetCode::new(CODE);
                        request.card_id = card_id;
                        client.get_code(&request).await.is_ok()
                    }
                    Case::Consume => client.consume_code(&ConsumeCode::new(CODE)).await.is_ok(),
                }
            }
        })
        .await
    }
}

/// A client of ours, with the same pool as bare.
pub(crate) fn ours(
    base: &str,
    pem: &str,
    http2: bool,
    (app_id, secret): (&str, &str),
) -> Result<CardClient, Box<dyn Error>> {
    let mut http = HyperClient::builder().pool_max_idle_per_host(usize::MAX);
    // A sandbox tells a card there.
    if pem.contains("BEGIN CERTIFICATE") {
        http = http.add_root_pem(pem);
    }
    if http2 {
        http = http.http2(true);
    }
    let base = BaseUrl::from_str(base)?;
    Ok(CardClient::builder(app_id, secret, http.build()?)
        .base_url(base)
        .build())
}

async fn measured<F, R>(spec: &Spec, call: F) -> Result<Value, Box<dyn Error>>
where
    F: Fn() -> R + Clone + Send + 'static,
    R: Future<Output = bool> + Send,
{
    let warm = measure::now() + Duration::from_millis(300);
    // Only the number is kept: the process is to hold little that is not the client's.
    let warming = calls(spec.in_flight, call.clone(), warm).await?.count();
    let (cpu, began) = (measure::cpu()?, measure::now());
    let tally = calls(spec.in_flight, call, began + spec.duration).await?;
    let (elapsed, cpu) = (measure::now() - began, measure::cpu()?.saturating_sub(cpu));
    let count = tally.count().max(1);
    Ok(json!({
        "calls": count,
        "all_calls": warming + count,
        "failed": tally.failed,
        "per_second": u128::from(count) * 1_000_000_000 / elapsed.as_nanos().max(1),
        "cpu_nanos": u64::try_from(cpu.as_nanos())? / count,
        "p50_nanos": tally.percentile(50),
        "p99_nanos": tally.percentile(99),
        "peak_kib": measure::peak_kib()?,
    }))
}

/// How long calls took, in steps of 250 nanoseconds up to 20 milliseconds, and how many failed.
struct Tally {
    steps: Vec<u32>,
    failed: u64,
}

impl Tally {
    const STEP: u128 = 250;
    const STEPS: usize = 80_000;

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
                None => return step * 250,
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
