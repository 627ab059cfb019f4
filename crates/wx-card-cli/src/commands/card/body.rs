//! The bodies that create and change a card, as they stand in files.

use serde_json::{Value, json};
use wx_card::types::{CreateCard, UpdateCard};

use super::finding::{self, Line};
use crate::commands::check;
use crate::failure::Failure;
use crate::input::{self, Misfit, Source};
use crate::output::Format;

/// Why a body can have no `card` beside `card_id`.
const BESIDE_ID: &str = "cannot stand beside card_id: a new card has no id yet, and what changes in a card stands \
                         under the key of its kind, such as `cash`, without `card` and `card_type`";

/// The request that creates the card in `source`, checked; people are told of warnings.
pub(super) fn creation(source: Source<'_>, format: Format) -> Result<CreateCard, Failure> {
    let json = wrapped(source, source.json()?)?;
    let request: CreateCard = input::decode(source, "a card", json.clone())?;
    check(&request)?;
    finding::warn(&finding::of_creation(&request, &json), format);
    Ok(request)
}

/// The request that makes the change in `source`, checked; people are told of warnings.
pub(super) fn change(source: Source<'_>, format: Format) -> Result<UpdateCard, Failure> {
    let json = source.json()?;
    let request: UpdateCard = input::decode(source, "a change of a card", json.clone())?;
    if json.get("card").is_some() {
        return Err(Failure::invalid("card", BESIDE_ID));
    }
    check(&request)?;
    finding::warn(&finding::of_change(&request, &json), format);
    Ok(request)
}

/// Everything to say of the body in `source`, be it for a creation or for a change.
pub(super) fn findings(source: Source<'_>) -> Result<Vec<Line>, Failure> {
    let json = source.json()?;
    let has = |name: &str| json.get(name).is_some();
    if has("card_id") && has("card") {
        return Ok(vec![Line::error("card", "conflict", BESIDE_ID)]);
    }
    let found = if has("card_id") {
        input::fit(json.clone()).map(|request| finding::of_change(&request, &json))
    } else {
        let json = wrapped(source, json)?;
        input::fit(json.clone()).map(|request| finding::of_creation(&request, &json))
    };
    // What does not even decode is found out by its first mistake.
    Ok(found.unwrap_or_else(|Misfit { field, message }| vec![Line::error(field, "form", message)]))
}

/// The body of a creation, which may lack the outer `card`.
fn wrapped(source: Source<'_>, json: Value) -> Result<Value, Failure> {
    match json {
        Value::Object(members) if members.contains_key("card") => Ok(Value::Object(members)),
        Value::Object(members) if members.contains_key("card_type") => Ok(json!({"card": members})),
        _ => {
            let message = format!("{source} is not a card: it is no object with `card`, nor with `card_type`");
            Err(Failure::invalid("card", message))
        }
    }
}
