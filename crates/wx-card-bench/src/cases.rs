//! What costs no request: signing, encoding, decoding, and a call but for its transport.
//!
//! The benches time these, and valgrind counts their instructions.

use std::hint::black_box;

use futures_util::FutureExt as _;
use serde_json::json;
use sha1::{Digest as _, Sha1};
use wx_card::CardClient;
use wx_card::core::{Call, Error};
use wx_card::types::sign::{self, AddCard};
use wx_card::types::{ConsumeCode, DepositCodes, DepositCodesResponse, GetCardResponse, GetCode, GetCodeResponse};

use crate::bodies;
use crate::canned::Canned;

/// One of them.
#[expect(missing_debug_implementations, reason = "a closure has none")]
pub struct Case {
    name: &'static str,
    run: Box<dyn FnMut()>,
}

impl Case {
    fn new<T>(name: &'static str, mut run: impl FnMut() -> T + 'static) -> Self {
        let run = Box::new(move || drop(black_box(run())));
        Self { name, run }
    }

    /// What it does: the group, a slash, the case.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Does it once.
    pub fn run(&mut self) {
        (self.run)();
    }
}

const CARD_ID: &str = "pFS7Fjg8kV1IdDz01r4SQwMkuCKc";
const CODE: &str = "110201201245";
const TIMESTAMP: i64 = 1_404_896_688;

/// All of them.
///
/// # Errors
///
/// Those of the client, which has a transport that does not fail.
pub fn all() -> Result<Vec<Case>, Error> {
    let client = CardClient::new("wx0123456789abcdef", "secret", Canned);
    let mut cases = signing(&client)?;
    cases.extend(encoding());
    cases.extend(decoding());
    cases.extend(calling(client));
    Ok(cases)
}

fn signing(client: &CardClient) -> Result<Vec<Case>, Error> {
    let ticket = at_once(client.card_ticket())?.secret().expose().to_owned();
    let nonce = client.core().nonce();
    let mut pieces = [CARD_ID, "1404896688", &nonce, &ticket];
    pieces.sort_unstable();
    let sorted = pieces.concat();
    let (client, card) = (client.clone(), AddCard::new(CARD_ID));
    Ok(vec![
        Case::new("sign/SHA-1 of the sorted bytes", move || {
            Sha1::digest(black_box(sorted.as_bytes()))
        }),
        Case::new("sign/signature", move || {
            sign::signature(black_box(&[CARD_ID]), TIMESTAMP, &nonce, &ticket)
        }),
        Case::new("sign/addCard payload", move || at_once(client.sign_add_card(&card))),
    ])
}

fn encoding() -> Vec<Case> {
    let deposit = DepositCodes::new(CARD_ID, codes());
    vec![
        Case::new("encode/query", || serde_json::to_vec(&GetCode::new(black_box(CODE)))),
        Case::new("encode/redeem", || {
            serde_json::to_vec(&ConsumeCode::new(black_box(CODE)))
        }),
        Case::new("encode/deposit of 100 codes", move || {
            serde_json::to_vec(black_box(&deposit))
        }),
    ]
}

fn decoding() -> Vec<Case> {
    let deposited =
        json!({"errcode": 0, "errmsg": "ok", "succ_code": codes(), "duplicate_code": [], "fail_code": []}).to_string();
    let card = bodies::card_detail();
    vec![
        Case::new("decode/query", || {
            serde_json::from_str::<GetCodeResponse>(black_box(bodies::GET_CODE))
        }),
        Case::new("decode/card of 20 KB", move || {
            serde_json::from_str::<GetCardResponse>(black_box(&card))
        }),
        Case::new("decode/deposit of 100 codes", move || {
            serde_json::from_str::<DepositCodesResponse>(black_box(&deposited))
        }),
    ]
}

fn calling(client: CardClient) -> Vec<Case> {
    let (plain, query) = (client.clone(), GetCode::new(CODE));
    let untyped = Call::post("/card/code/get", r#"{"code":"110201201245"}"#);
    vec![
        Case::new("call/query but for the transport", move || {
            at_once(client.get_code(&query))
        }),
        Case::new("call/with the cached token, untyped", move || {
            at_once(plain.core().call(&untyped))
        }),
    ]
}

fn codes() -> Vec<String> {
    (0..100).map(|number| format!("{number:012}")).collect()
}

/// What is ready, as everything is with a transport that answers at once.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    #[expect(clippy::expect_used, reason = "a bench that waits measures nothing")]
    future.now_or_never().expect("the transport answers at once")
}
