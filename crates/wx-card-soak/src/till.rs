//! One till: it takes a job at a time, and writes down what it was told.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use serde_json::json;
use wx_card::CardClient;
use wx_card::types::{CardId, ConsumeCode, ModifyStock};

use crate::soak::offer;
use crate::{Claim, Deed, Soak, Told, call};

/// Something to do.
#[derive(Clone, Debug)]
pub(crate) enum Job {
    /// A new card is wanted.
    CreateCard,
    /// All tokens die, so that every till needs a new one at once.
    ExpireTokens,
    /// Somebody raises the stock of the card that belongs to all.
    RaiseStock,
    /// A customer shows this code.
    Redeem(String),
    /// The till's own card shall have so many left to take.
    SetStock(u64),
    /// A user takes the card of some till, perhaps while it sets the stock.
    TakeOwnCard(u64),
}

/// Works until there is nothing left to do.
pub(crate) async fn work(soak: Arc<Soak>, number: usize) {
    let Some((client, own_card)) = soak.till(number) else {
        return;
    };
    while let Some(job) = soak.next_job() {
        // Some callers have no time.
        let client = match soak.random.below(8) {
            0 => client.with_deadline(Duration::from_millis(5 + soak.random.below(100))),
            _ => client.clone(),
        };
        match job {
            Job::CreateCard => create_card(&soak, &client).await,
            Job::ExpireTokens => drop(soak.sandbox.control("expire-token", &json!({}))),
            Job::RaiseStock => raise_stock(&soak, &client).await,
            Job::Redeem(code) => redeem(&soak, &client, &code).await,
            Job::SetStock(target) => set_stock(&soak, &client, own_card, target).await,
            // It may be sold out.
            Job::TakeOwnCard(till) => drop(soak.own_card(till).map(|card_id| soak.take(card_id))),
        }
    }
}

async fn redeem(soak: &Soak, client: &CardClient, code: &str) {
    // Whoever does not know may try the same code again, as the advice says; it must be safe.
    let mut tries = 1 + soak.random.below(2);
    while 0 < tries {
        let deed = Deed::Redeem { code: code.to_owned() };
        let claim = play(soak, deed, one_try(soak, client, code)).await;
        tries = if claim == Claim::Unclear { tries - 1 } else { 0 };
    }
}

/// One try in one of the ways there are: a plain call, the flow with and without its question.
async fn one_try(soak: &Soak, client: &CardClient, code: &str) -> Told {
    let request = ConsumeCode::new(code);
    let way = soak.random.below(8);
    if way < 2 {
        return Told::of_call(&client.consume_code(&request).await);
    }
    let flow = client.redeem(&request).query_first(way != 2);
    Told::of_redeem(&flow.patience(Duration::from_millis(100)).await)
}

async fn raise_stock(soak: &Soak, client: &CardClient) {
    let change = ModifyStock::increase(&soak.stock_card, 1);
    let card_id = soak.stock_card.to_string();
    let call = async { Told::of_call(&client.modify_stock(&change).await) };
    play(soak, Deed::RaiseStock { card_id }, call).await;
}

async fn set_stock(soak: &Soak, client: &CardClient, card_id: &CardId, target: u64) {
    let deed = Deed::SetStock {
        card_id: card_id.to_string(),
        target: i64::try_from(target).unwrap_or_default(),
    };
    let target = u32::try_from(target).unwrap_or_default();
    let call = async { Told::of_stock(&client.modify_stock_to(card_id, target).await) };
    play(soak, deed, call).await;
}

async fn create_card(soak: &Soak, client: &CardClient) {
    let title = format!("{:x}", soak.random.next());
    let creation = client.create_card_once(&offer(&title, 1));
    let creation = creation.list_first(soak.random.below(4) == 0);
    let call = async { Told::of_creation(&creation.await) };
    play(soak, Deed::Create { title }, call).await;
}

/// Makes a call and writes it down; a few callers go away in the middle.
async fn play(soak: &Soak, deed: Deed, call: impl Future<Output = Told>) -> Claim {
    let number = soak.begin(deed);
    let call = call::named(number, call);
    let told = match soak.random.below(16) {
        0 => at_most(soak.random.below(20), call).await.unwrap_or_else(Told::nothing),
        _ => call.await,
    };
    let claim = told.claim;
    soak.end(number, told);
    claim
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
