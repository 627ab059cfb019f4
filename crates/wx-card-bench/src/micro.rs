//! What costs no request: signing, encoding, decoding.

use std::error::Error;
use std::hint::black_box;
use std::time::Duration;

use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};
use wx_card::CardClient;
use wx_card::types::sign::{self, AddCard};
use wx_card::types::{ConsumeCode, DepositCodes, DepositCodesResponse, GetCardResponse, GetCode, GetCodeResponse};
use wx_card_bench::bodies;
use wx_card_bench::canned::Canned;

use crate::measure;

/// How long each is run, in rounds of which the fastest counts: whatever else the machine does only makes it slower.
const ROUND: Duration = Duration::from_millis(100);
const ROUNDS: u32 = 10;

/// Nanoseconds of each case whose name has `only` in it.
pub(crate) async fn run(only: &str) -> Result<Value, Box<dyn Error>> {
    let client = CardClient::new("wx0123456789abcdef", "secret", Canned);
    let ticket = client.card_ticket().await?;
    let ticket = ticket.secret().expose();
    let card = AddCard::new("pFS7Fjg8kV1IdDz01r4SQwMkuCKc");
    let nonce = client.core().nonce();
    let values = ["pFS7Fjg8kV1IdDz01r4SQwMkuCKc"];
    let sorted = {
        let mut pieces = ["pFS7Fjg8kV1IdDz01r4SQwMkuCKc", "1404896688", &nonce, ticket];
        pieces.sort_unstable();
        pieces.concat()
    };
    let codes: Vec<String> = (0..100).map(|number| format!("{number:012}")).collect();
    let deposit = DepositCodes::new("pFS7Fjg8kV1IdDz01r4SQwMkuCKc", codes.clone());
    let deposited = json!({"errcode": 0, "errmsg": "ok", "succ_code": codes, "duplicate_code": [], "fail_code": []});
    let deposited = deposited.to_string();
    let card_detail = bodies::card_detail();

    let mut nanos = serde_json::Map::new();
    macro_rules! add {
        ($name:literal, $time:expr $(,)?) => {
            if $name.contains(only) {
                nanos.insert(String::from($name), $time.into());
            }
        };
    }
    add!(
        "SHA-1 of the sorted bytes",
        time(|| Sha1::digest(black_box(sorted.as_bytes())))
    );
    add!(
        "signature",
        time(|| sign::signature(black_box(&values), 1_404_896_688, &nonce, ticket)),
    );
    add!("addCard payload", time_async(|| client.sign_add_card(&card)).await);
    add!(
        "encode: query",
        time(|| serde_json::to_vec(&GetCode::new(black_box("110201201245"))))
    );
    add!(
        "encode: redeem",
        time(|| serde_json::to_vec(&ConsumeCode::new(black_box("110201201245"))))
    );
    add!(
        "encode: deposit of 100 codes",
        time(|| serde_json::to_vec(black_box(&deposit)))
    );
    add!(
        "decode: query",
        time(|| serde_json::from_str::<GetCodeResponse>(black_box(bodies::GET_CODE))),
    );
    add!(
        "decode: card of 20 KB",
        time(|| serde_json::from_str::<GetCardResponse>(black_box(&card_detail))),
    );
    add!(
        "decode: deposit of 100 codes",
        time(|| serde_json::from_str::<DepositCodesResponse>(black_box(&deposited))),
    );
    let query = GetCode::new("110201201245");
    add!(
        "a whole query but for the transport",
        time_async(|| client.get_code(&query)).await
    );
    Ok(Value::Object(nanos))
}

fn time<T>(mut run: impl FnMut() -> T) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let (began, mut count) = (measure::now(), 0u32);
        while count % 64 != 0 || began.elapsed() < ROUND {
            black_box(run());
            count += 1;
        }
        best = best.min(began.elapsed().as_secs_f64() * 1e9 / f64::from(count));
    }
    best
}

async fn time_async<R: Future>(mut run: impl FnMut() -> R) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let (began, mut count) = (measure::now(), 0u32);
        while count % 64 != 0 || began.elapsed() < ROUND {
            black_box(run().await);
            count += 1;
        }
        best = best.min(began.elapsed().as_secs_f64() * 1e9 / f64::from(count));
    }
    best
}
