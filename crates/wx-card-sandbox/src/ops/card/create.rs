//! `/card/create`: a new card, if it is well made.

use serde_json::Value;
use wx_card_types::{CreateCard, CreateCardResponse};

use super::check::check;
use crate::fields::{integer, member, text};
use crate::ledger::Movement;
use crate::reason::{CARD_TYPE_INVALID, FIELD_MISSING, SYSTEM_BUSY};
use crate::refusal::Refusal;
use crate::state::{Card, CardStatus, Ctx, Deposit, Stock};

pub(crate) fn create(ctx: &mut Ctx<'_>, request: &CreateCard) -> Result<CreateCardResponse, Refusal> {
    let card = serde_json::to_value(&request.card).map_err(|_| SYSTEM_BUSY)?;
    let missing = |path: &str| FIELD_MISSING.refusal().at(path);
    let card_type = text(&card, "card_type").ok_or_else(|| missing("m_data.card_type"))?;
    let key = card_type.to_ascii_lowercase();
    if key.to_ascii_uppercase() != card_type {
        return Err(CARD_TYPE_INVALID.into());
    }
    let body = member(&card, &key).filter(|body| body.is_object());
    let mut body = check(&card_type, body.unwrap_or(&Value::Null))?;
    let quantity = body.pointer("/base_info/sku").and_then(|sku| integer(sku, "quantity"));
    let quantity = quantity.unwrap_or(0);
    forget_answered(&mut body);

    let card_id = ctx.ids.card_id(ctx.app_id);
    let status = if ctx.manual_review {
        CardStatus::InReview
    } else {
        CardStatus::Approved
    };
    let stock = Stock {
        quantity,
        total: quantity,
    };
    ctx.ledger
        .stock
        .push(Movement::new(ctx.now, card_id.as_str(), "create", quantity, quantity));
    let card = Card {
        body,
        card_type,
        codes: Default::default(),
        create_time: ctx.now,
        deposit: Deposit::default(),
        has_pay_cell: false,
        has_self_consume_cell: false,
        reason: None,
        status,
        stock,
        taken: Default::default(),
        update_time: ctx.now,
        used: Default::default(),
    };
    ctx.account.cards.insert(card_id.clone(), card);
    Ok(CreateCardResponse::new(card_id))
}

/// Drops what only answers have; some clients send it along.
fn forget_answered(body: &mut Value) {
    if let Some(base_info) = body.get_mut("base_info").and_then(Value::as_object_mut) {
        for name in ["appid", "create_time", "id", "sku", "status", "update_time"] {
            base_info.remove(name);
        }
    }
}
