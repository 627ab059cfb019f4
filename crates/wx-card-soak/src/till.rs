//! One till: it takes a job at a time, and writes down what it was told.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use serde_json::json;
use wx_card::types::{ConsumeCode, ModifyStock};
use wx_card::{CardClient, Redemption};

use crate::{Claim, Soak};

/// Something to do.
#[derive(Debug)]
pub(crate) enum Job {
    /// All tokens die, so that every till needs a new one at once.
    ExpireTokens,
    /// Somebody raises the stock of a card by one.
    RaiseStock,
    /// A customer shows this code.
    Redeem(String),
}

/// Works until there is nothing left to do.
pub(crate) async fn work(soak: Arc<Soak>, number: u64) {
    let index = usize::try_from(number).unwrap_or_default() % soak.clients.len().max(1);
    let Some(client) = soak.clients.get(index) else {
        return;
    };
    while let Some(job) = soak.next_job() {
        // Some callers have no time.
        let client = match soak.random.below(8) {
            0 => client.with_deadline(Duration::from_millis(5 + soak.random.below(100))),
            _ => client.clone(),
        };
        match job {
            Job::ExpireTokens => drop(soak.sandbox.control("expire-token", &json!({}))),
            Job::RaiseStock => {
                let change = ModifyStock::increase(&soak.stock_card, 1);
                soak.note_stock(Claim::of_call(&client.modify_stock(&change).await));
            }
            Job::Redeem(code) => redeem(&soak, &client, &code).await,
        }
    }
}

async fn redeem(soak: &Soak, client: &CardClient, code: &str) {
    let claim = one_try(soak, client, code).await;
    soak.note(code, claim);
    // Whoever does not know tries the same code again, as the advice says; it must be safe.
    if claim == Claim::Unclear && soak.random.below(2) == 0 {
        let claim = one_try(soak, client, code).await;
        soak.note(code, claim);
    }
}

/// One try in one of the ways there are: a plain call, the flow with and without its question, one that is dropped.
async fn one_try(soak: &Soak, client: &CardClient, code: &str) -> Claim {
    let request = ConsumeCode::new(code);
    let flow = |query_first| {
        let redeem = client.redeem(&request).query_first(query_first);
        redeem.patience(Duration::from_millis(100))
    };
    match soak.random.below(8) {
        0 | 1 => Claim::of_call(&client.consume_code(&request).await),
        2 => Claim::of_flow(&flow(false).await),
        3 => {
            let dropped = at_most(soak.random.below(20), flow(true).into_future()).await;
            dropped.map_or(Claim::Unclear, |result: Result<Redemption, _>| Claim::of_flow(&result))
        }
        _ => Claim::of_flow(&flow(true).await),
    }
}

/// Drives `future` until it has been looked at so many times, and drops it then.
async fn at_most<T>(looks: u64, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut left = looks;
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}
