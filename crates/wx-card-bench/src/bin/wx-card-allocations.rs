//! Counts what a call allocates, the transport's own allocations left out: prints JSON.

#![expect(clippy::print_stdout, reason = "a command talks to whoever runs it")]

use std::error::Error;

use serde_json::{Map, Value, json};
use wx_card::CardClient;
use wx_card::types::sign::AddCard;
use wx_card::types::{ConsumeCode, GetCode};
use wx_card_bench::canned::Canned;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

const CALLS: u64 = 1000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let _profiler = dhat::Profiler::builder().testing().build();
    let client = CardClient::new("wx0123456789abcdef", "secret", Canned);
    let (query, redeem) = (GetCode::new("110201201245"), ConsumeCode::new("110201201245"));
    let card = AddCard::new("pFS7Fjg8kV1IdDz01r4SQwMkuCKc");
    let mut counted = Map::new();
    counted.insert(
        String::from("query"),
        count(async || drop(client.get_code(&query).await)).await,
    );
    counted.insert(
        String::from("redeem"),
        count(async || drop(client.consume_code(&redeem).await)).await,
    );
    counted.insert(
        String::from("addCard payload"),
        count(async || drop(client.sign_add_card(&card).await)).await,
    );
    println!("{}", Value::Object(counted));
    Ok(())
}

/// Blocks and bytes a call, rounded up.
async fn count(call: impl AsyncFn()) -> Value {
    // Token, ticket and randomness are there before.
    call().await;
    let before = dhat::HeapStats::get();
    for _ in 0..CALLS {
        call().await;
    }
    let after = dhat::HeapStats::get();
    json!({
        "blocks": (after.total_blocks - before.total_blocks).div_ceil(CALLS),
        "bytes": (after.total_bytes - before.total_bytes).div_ceil(CALLS),
    })
}
