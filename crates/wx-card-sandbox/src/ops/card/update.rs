//! `/card/update`: what a card says, changed.

use serde_json::Value;
use wx_card_types::{UpdateCard, UpdateCardResponse};

use super::check::words;
use super::rules::{Faults, missing_at};
use crate::fields::{member, text, truth};
use crate::reason::{
    BONUS_SUPPLIED, CARD_PARAMETERS_INVALID, CARD_TYPE_INVALID, CELL_CONFLICT, DATES_NOT_WIDENED, PAY_CELL_CONFLICT,
    SYSTEM_BUSY,
};
use crate::refusal::Refusal;
use crate::state::{CENTER_BUTTON, Card, Ctx, Validity};

pub(crate) fn update(ctx: &mut Ctx<'_>, request: &UpdateCard) -> Result<UpdateCardResponse, Refusal> {
    let (now, reviewed) = (ctx.now, ctx.reviewed());
    let card = ctx.account.living_card(request.card_id.as_str())?;
    if request.card.card_type().as_str() != card.card_type {
        return Err(CARD_TYPE_INVALID.into());
    }
    let body = changes(request, &card.card_type)?;
    let base_info = body.get("base_info").unwrap_or(&Value::Null);
    let widened = may_change(card, &body, base_info)?;
    let send_check = card.change(&body);
    if let Some(validity) = widened {
        card.widen(validity);
    }
    card.update_time = now;
    if send_check {
        card.reason = None;
        card.status = reviewed;
    }
    Ok(UpdateCardResponse::new().send_check(send_check))
}

/// What changes, if the rules for changes allow it.
fn changes(request: &UpdateCard, card_type: &str) -> Result<Value, Refusal> {
    let mut members = serde_json::to_value(request).map_err(|_| SYSTEM_BUSY)?;
    let body = members.get(request.card.card_type().body_key());
    let body = body
        .and_then(Value::as_object)
        .cloned()
        .ok_or_else(|| missing_at("base_info"))?;
    let faults = Faults::find::<UpdateCard>(card_type, &body, |_, key, body| {
        if let Some(members) = members.as_object_mut() {
            members.remove(&request.card.card_type().body_key());
            members.insert(key.to_owned(), body);
        }
        members
    })?;
    faults.refuse_missing()?;
    if let Some(base_info) = body.get("base_info") {
        words(base_info)?;
    }
    faults.refuse()?;
    Ok(Value::Object(body))
}

/// Refuses what the present state of the card forbids; else returns the new dates if there are any.
fn may_change(card: &Card, body: &Value, base_info: &Value) -> Result<Option<Validity>, Refusal> {
    let is_switched_off = |name| truth(&card.body, name) == Some(true) && truth(body, name) == Some(false);
    if is_switched_off("supply_bonus") {
        return Err(BONUS_SUPPLIED.into());
    }
    if is_switched_off("supply_balance") {
        return Err(CARD_PARAMETERS_INVALID.into());
    }
    let has_button = CENTER_BUTTON.iter().any(|name| text(base_info, name).is_some());
    if has_button && card.has_pay_cell {
        return Err(PAY_CELL_CONFLICT.into());
    }
    if has_button && card.has_self_consume_cell {
        return Err(CELL_CONFLICT.into());
    }
    match member(base_info, "date_info").and_then(Validity::read) {
        Some(validity) if card.validity().widens_to(validity) => Ok(Some(validity)),
        Some(_) => Err(DATES_NOT_WIDENED.into()),
        None => Ok(None),
    }
}
