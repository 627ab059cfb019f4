//! `/card/create`: a new card, if it is well made.

use serde_json::Value;
use wx_card_types::{CreateCard, CreateCardResponse};

use super::check::check;
use crate::fields::{integer, text};
use crate::ledger::Movement;
use crate::reason::{CARD_TYPE_INVALID, SYSTEM_BUSY};
use crate::refusal::Refusal;
use crate::state::{Card, Ctx, Deposit, Stock, forget_answered};

pub(crate) fn create(ctx: &mut Ctx<'_>, request: &CreateCard) -> Result<CreateCardResponse, Refusal> {
    let card = serde_json::to_value(&request.card).map_err(|_| SYSTEM_BUSY)?;
    // A card without a kind is none to the type either.
    let card_type = text(&card, "card_type").ok_or(CARD_TYPE_INVALID)?;
    let mut body = check(&card_type, card.get(request.card.card_type().body_key()))?;
    let quantity = body.pointer("/base_info/sku").and_then(|sku| integer(sku, "quantity"));
    let quantity = quantity.unwrap_or(0);
    if let Some(base_info) = body.get_mut("base_info").and_then(Value::as_object_mut) {
        forget_answered(base_info);
    }

    let card_id = ctx.ids.card_id(ctx.app_id);
    let stock = Stock {
        quantity,
        total: quantity,
    };
    let movement = Movement::new(ctx.now, card_id.as_str(), "create", quantity, quantity);
    ctx.ledger.stock.push(movement.of_request(ctx.request_id));
    let card = Card {
        body,
        card_type,
        codes: Default::default(),
        create_time: ctx.now,
        deposit: Deposit::default(),
        has_pay_cell: false,
        has_self_consume_cell: false,
        number: ctx.account.cards.len(),
        reason: None,
        status: ctx.reviewed(),
        stock,
        taken: Default::default(),
        update_time: ctx.now,
        used: Default::default(),
    };
    ctx.account.cards.insert(card_id.clone(), card);
    Ok(CreateCardResponse::new(card_id))
}
