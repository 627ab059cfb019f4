//! What a card must have and may not exceed.

use serde_json::{Value, json};
use wx_card_types::{CardType, CodeType, Color, CreateCard};

use super::rules::{Faults, missing_at};
use crate::fields::{integer, member, text, truth};
use crate::reason::{
    BODY_MALFORMED, CARD_PARAMETERS_INVALID, CARD_TYPE_INVALID, CODE_TYPE_INVALID, COLOR_INVALID, DEPOSIT_TOO_SMALL,
    QUANTITY_INVALID, TIME_INVALID,
};
use crate::refusal::Refusal;
use crate::state::Validity;

/// Most cards of one kind.
pub(crate) const QUANTITY: i64 = 100_000_000;

/// Time stamps must lie before 2038-01-19.
const LAST_MOMENT: i64 = i32::MAX as i64;

/// Refuses a card that is not well made; else returns its body.
pub(super) fn check(card_type: &str, body: Option<&Value>) -> Result<Value, Refusal> {
    let kind = CardType::from(card_type);
    // Invoices are made by another call.
    if !kind.is_known() || kind == CardType::Invoice {
        return Err(CARD_TYPE_INVALID.into());
    }
    let body = body.and_then(Value::as_object).ok_or_else(|| missing_at("base_info"))?;
    let faults = Faults::find::<CreateCard>(
        card_type,
        body,
        |card_type, key, body| json!({"card": {"card_type": card_type, key: body}}),
    )?;
    faults.refuse_missing()?;
    if let Some(base_info) = body.get("base_info") {
        words(base_info)?;
        stock(base_info)?;
    }
    faults.refuse()?;
    Ok(Value::Object(body.clone()))
}

/// Refuses words that the service does not know. The rules let them pass, since there may be new ones tomorrow.
pub(super) fn words(base_info: &Value) -> Result<(), Refusal> {
    if let Some(code_type) = text(base_info, "code_type") {
        if code_type.parse::<i64>().is_ok() {
            // The number of the word in some client's list, not the word.
            return Err(BODY_MALFORMED.into());
        }
        if !CodeType::from(code_type).is_known() {
            return Err(CODE_TYPE_INVALID.into());
        }
    }
    if text(base_info, "color").is_some_and(|color| !Color::from(color).is_known()) {
        return Err(COLOR_INVALID.into());
    }
    let date_info = member(base_info, "date_info");
    date_info.map_or(Ok(()), dates)
}

/// Refuses a type of dates that the service does not know, and dates that it cannot count to.
fn dates(date_info: &Value) -> Result<(), Refusal> {
    let is_moment = |moment: i64| (0..LAST_MOMENT).contains(&moment);
    let is_good = match Validity::read(date_info) {
        Some(Validity::Permanent) => true,
        Some(Validity::Range { begin, end }) => is_moment(begin) && is_moment(end),
        Some(Validity::Term { end, .. }) => end.is_none_or(is_moment),
        None => false,
    };
    if is_good { Ok(()) } else { Err(TIME_INVALID.into()) }
}

/// Where codes are deposited, the stock begins at nothing; where the service draws them, it does not.
fn stock(base_info: &Value) -> Result<(), Refusal> {
    let quantity = member(base_info, "sku").and_then(|sku| integer(sku, "quantity"));
    let has_custom_codes = truth(base_info, "use_custom_code").unwrap_or(false);
    let is_deposit = match text(base_info, "get_custom_code_mode").as_deref() {
        None => false,
        Some("GET_CUSTOM_CODE_MODE_DEPOSIT") if has_custom_codes => true,
        Some(_) => return Err(CARD_PARAMETERS_INVALID.into()),
    };
    match quantity.ok_or(QUANTITY_INVALID)? {
        1..=QUANTITY if is_deposit => Err(DEPOSIT_TOO_SMALL.into()),
        1..=QUANTITY => Ok(()),
        0 if has_custom_codes => Ok(()),
        _ => Err(QUANTITY_INVALID.into()),
    }
}
