//! What the service did, by the sandbox's ledger, and for which calls.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Problem, call};

/// Everything that changed anything.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// By code: the calls for which it was redeemed, none for a request that has no name.
    pub(crate) redeems: BTreeMap<String, Vec<Option<u64>>>,
    /// By card: what happened to its stock, in order, its creation first.
    pub(crate) stock: BTreeMap<String, Vec<Movement>>,
}

/// A change of a card's stock.
#[derive(Clone, Debug)]
pub(crate) struct Movement {
    pub(crate) cause: Cause,
    pub(crate) change: i64,
    /// What was left afterwards.
    pub(crate) quantity: i64,
    /// The call for which it was made; none for a request that has no name.
    pub(crate) call: Option<u64>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Cause {
    Create,
    Modify,
    Take,
}

/// One thing that was done for a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Effect<'a> {
    Moved {
        card_id: &'a str,
        /// Which of the movements of the card it is.
        index: usize,
        movement: &'a Movement,
    },
    Redeemed(&'a str),
}

impl Effects {
    /// Reads the sandbox's ledger.
    ///
    /// # Errors
    ///
    /// When it is not one.
    pub fn of_ledger(ledger: &Value) -> Result<Self, Problem> {
        let mut effects = Self::default();
        for entry in list(ledger, "codes")? {
            let accepted = usize::try_from(integer(entry, "accepted")?)?;
            if 0 < accepted {
                let mut calls: Vec<_> = named(entry.get("accepted_by"));
                calls.resize(calls.len().max(accepted), None);
                effects.redeems.insert(text(entry, "code")?.to_owned(), calls);
            }
        }
        for entry in list(ledger, "stock")? {
            let movement = Movement {
                cause: cause(text(entry, "reason")?)?,
                change: integer(entry, "change")?,
                quantity: integer(entry, "quantity")?,
                call: entry["request_id"].as_str().and_then(call::number),
            };
            let movements = effects.stock.entry(text(entry, "card_id")?.to_owned());
            movements.or_default().push(movement);
        }
        Ok(effects)
    }

    /// What was done, with the call that it was done for.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Option<u64>, Effect<'_>)> {
        let redeems = self
            .redeems
            .iter()
            .flat_map(|(code, calls)| calls.iter().map(|call| (*call, Effect::Redeemed(code))));
        let moves = self.stock.iter().flat_map(|(card_id, movements)| {
            movements.iter().enumerate().map(move |(index, movement)| {
                let moved = Effect::Moved {
                    card_id,
                    index,
                    movement,
                };
                (movement.call, moved)
            })
        });
        redeems.chain(moves)
    }
}

/// The calls that the names in a list of the ledger stand for.
fn named(names: Option<&Value>) -> Vec<Option<u64>> {
    let names = names.and_then(Value::as_array).into_iter().flatten();
    names.map(|name| name.as_str().and_then(call::number)).collect()
}

fn cause(reason: &str) -> Result<Cause, Problem> {
    match reason {
        "create" => Ok(Cause::Create),
        "modify" => Ok(Cause::Modify),
        "take" => Ok(Cause::Take),
        reason => Err(format!("the ledger has a movement of stock for a reason that nobody knows: {reason}").into()),
    }
}

fn list<'a>(value: &'a Value, name: &str) -> Result<&'a Vec<Value>, Problem> {
    let list = value[name].as_array();
    list.ok_or_else(|| format!("the ledger has no list {name}").into())
}

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str, Problem> {
    let text = value[name].as_str();
    text.ok_or_else(|| format!("an entry of the ledger has no text {name}").into())
}

fn integer(value: &Value, name: &str) -> Result<i64, Problem> {
    let integer = value[name].as_i64();
    integer.ok_or_else(|| format!("an entry of the ledger has no number {name}").into())
}
