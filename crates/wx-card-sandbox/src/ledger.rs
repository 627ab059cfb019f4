//! What happened, for whoever tests against the sandbox.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::state::State;

/// Counts of everything that was asked and done.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Ledger {
    /// Faults by path, and there by kind.
    pub(crate) faults: BTreeMap<String, BTreeMap<String, u64>>,
    /// Requests by path; control calls, and what a fault kept from the service, are not among them.
    pub(crate) requests: BTreeMap<String, u64>,
    /// Those that were refused.
    pub(crate) refusals: BTreeMap<String, u64>,
    pub(crate) stock: Vec<Movement>,
    pub(crate) tickets: BTreeMap<String, u64>,
    pub(crate) tokens: BTreeMap<String, u64>,
    /// Redeem calls, all of them refused, for codes that nobody holds.
    strays: BTreeMap<String, u64>,
}

/// One change of a card's stock.
#[derive(Deserialize, Serialize)]
pub(crate) struct Movement {
    at: i64,
    card_id: String,
    reason: String,
    change: i64,
    /// What was left afterwards.
    quantity: i64,
    /// The name that the client gave the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

impl Movement {
    pub(crate) fn new(at: i64, card_id: impl Into<String>, reason: &str, change: i64, quantity: i64) -> Self {
        Self {
            at,
            card_id: card_id.into(),
            reason: reason.to_owned(),
            change,
            quantity,
            request_id: None,
        }
    }

    /// Notes the name that the client gave the request.
    pub(crate) fn of_request(mut self, request_id: Option<&str>) -> Self {
        self.request_id = request_id.map(str::to_owned);
        self
    }
}

/// Codes that nobody holds are remembered up to this many, so that guessing does not fill the memory.
const STRAYS: usize = 10_000;

impl Ledger {
    /// Notes a redeem call for a code that nobody holds.
    pub(crate) fn note_stray(&mut self, code: &str) {
        if self.strays.contains_key(code) || self.strays.len() < STRAYS {
            count(&mut self.strays, code);
        }
    }
}

/// Adds one to the count of `name`.
pub(crate) fn count(counts: &mut BTreeMap<String, u64>, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => {
            counts.insert(name.to_owned(), 1);
        }
    }
}

/// The ledger as the control call shows it.
pub(crate) fn report(state: &State) -> Value {
    let cards = state.accounts.values().flat_map(|account| &account.cards);
    let strays = state.ledger.strays.iter();
    let strays = strays.map(|(code, refused)| json!({"code": code, "accepted": 0, "refused": refused}));
    let codes: Vec<Value> = cards
        .flat_map(|(card_id, card)| card.codes.iter().map(move |(code, held)| (card_id, code, held)))
        .map(|(card_id, code, held)| {
            let mut entry =
                json!({"card_id": card_id, "code": code, "accepted": held.accepted, "refused": held.refused});
            if !held.accepted_by.is_empty() {
                entry["accepted_by"] = json!(held.accepted_by);
            }
            entry
        })
        .chain(strays)
        .collect();
    let ledger = &state.ledger;
    json!({
        "codes": codes,
        "faults": ledger.faults,
        "refusals": ledger.refusals,
        "requests": ledger.requests,
        "stock": ledger.stock,
        "tickets": ledger.tickets,
        "tokens": ledger.tokens,
    })
}
