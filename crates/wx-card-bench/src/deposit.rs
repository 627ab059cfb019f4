//! Many codes: the bulk operation, and the bare transport with the same bodies and as many in flight.

use std::convert::Infallible;
use std::error::Error;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use http::Uri;
use serde_json::{Value, json};
use wx_card::bulk::BulkLine;
use wx_card::types::DepositCodes;

use crate::bare::Bare;
use crate::client::{self, APP_ID, SECRET};
use crate::measure;

/// Codes of one request.
const BATCH: u64 = 100;

/// Deposits so many codes into the card at `base`, and says what it took.
pub(crate) async fn run(
    is_bare: bool,
    codes: u64,
    in_flight: usize,
    base: &str,
    card_id: &str,
) -> Result<Value, Box<dyn Error>> {
    // Each process has codes of its own: what was deposited before costs the server less.
    let first = u64::from(std::process::id()) * 10_000_000 % 900_000_000_000;
    let code = move |number: u64| format!("{:012}", first + number);
    let bare = Bare::new("", false)?;
    let token = bare.token(base, APP_ID, SECRET).await?;
    let uri: Uri = format!("{base}/card/code/deposit?access_token={token}").parse()?;
    let batch = |batch: u64| {
        let codes: Vec<String> = (0..BATCH).map(|number| code(batch * BATCH + number)).collect();
        serde_json::to_vec(&DepositCodes::new(card_id, codes)).map(Bytes::from)
    };
    let bodies: Vec<Bytes> = if is_bare {
        (0..codes / BATCH).map(batch).collect::<Result<_, _>>()?
    } else {
        Vec::new()
    };
    let ours = client::ours(base, "", false, (APP_ID, SECRET))?;
    ours.core().call(&wx_card::core::Call::get("/card/getcolors")).await?;

    let (cpu, began) = (measure::cpu()?, measure::now());
    let failed = if is_bare {
        let posts = stream::iter(bodies).map(|body| bare.post(&uri, body));
        posts
            .buffer_unordered(in_flight)
            .filter(|is_ok| std::future::ready(!is_ok))
            .count()
            .await
    } else {
        let lines = stream::iter(1..=codes).map(|line| Ok::<_, Infallible>(BulkLine::new(line, code(line - 1))));
        let report = ours
            .deposit(card_id)
            .verify(false)
            .in_flight(in_flight)
            .run(lines)
            .await;
        usize::try_from(codes - report.bulk.counts.done)?
    };
    let (elapsed, cpu) = (measure::now() - began, measure::cpu()?.saturating_sub(cpu));
    let calls = codes / BATCH;
    Ok(json!({
        "failed": failed,
        "per_second": u128::from(calls) * 1_000_000_000 / elapsed.as_nanos().max(1),
        "seconds": elapsed.as_secs_f64(),
        "cpu_nanos": u64::try_from(cpu.as_nanos())? / calls,
        "peak_kib": measure::peak_kib()?,
    }))
}
