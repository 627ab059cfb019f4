//! A start without a token: many callers at once, of whom one fetches it.

use std::error::Error;
use std::sync::Arc;

use bytes::Bytes;
use http::Uri;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use wx_card::types::GetCode;

use crate::bare::Bare;
use crate::client::{self, APP_ID, CODE, SECRET};
use crate::measure;

/// Has so many callers query a code at once with a client that is new, and says how long it took until all had an answer, and
/// how many tokens were fetched for that.
pub(crate) async fn run(is_bare: bool, pem: &str, callers: usize, base: &str) -> Result<Value, Box<dyn Error>> {
    let counting = Bare::new(pem, false)?;
    let before = counting.tokens_fetched(base).await?;
    let began = measure::now();
    let mut calls = JoinSet::new();
    if is_bare {
        let bare = Bare::new(pem, false)?;
        let token = bare.token(base, APP_ID, SECRET).await?;
        let uri: Uri = format!("{base}/card/code/get?access_token={token}").parse()?;
        let shared = Arc::new((bare, uri, Bytes::from(serde_json::to_vec(&GetCode::new(CODE))?)));
        for _ in 0..callers {
            let shared = Arc::clone(&shared);
            calls.spawn(async move { shared.0.post(&shared.1, shared.2.clone()).await });
        }
    } else {
        let client = client::ours(base, pem, false, (APP_ID, SECRET))?;
        for _ in 0..callers {
            let client = client.clone();
            calls.spawn(async move { client.get_code(&GetCode::new(CODE)).await.is_ok() });
        }
    }
    let failed = calls.join_all().await.iter().filter(|is_ok| !**is_ok).count();
    let elapsed = measure::now() - began;
    let tokens = counting.tokens_fetched(base).await? - before;
    Ok(json!({"failed": failed, "nanos": u64::try_from(elapsed.as_nanos())?, "tokens": tokens}))
}
