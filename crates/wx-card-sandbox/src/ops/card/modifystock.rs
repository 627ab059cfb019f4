//! `/card/modifystock`: more or fewer to take.

use wx_card_types::{ModifyStock, ModifyStockResponse};

use super::check::QUANTITY;
use crate::ledger::Movement;
use crate::reason::{DEPOSIT_TOO_SMALL, QUANTITY_INVALID, STOCK_OUT, STOCK_TOO_LARGE};
use crate::refusal::Refusal;
use crate::state::Ctx;

pub(crate) fn modify(ctx: &mut Ctx<'_>, request: &ModifyStock) -> Result<ModifyStockResponse, Refusal> {
    let card = ctx.account.living_card(request.card_id.as_str())?;
    let change = change(request)?;
    let quantity = card.stock.quantity.saturating_add(change);
    if quantity < 0 {
        return Err(STOCK_OUT.into());
    }
    if QUANTITY < quantity {
        return Err(STOCK_TOO_LARGE.into());
    }
    if 0 < change && card.has_deposit() && card.deposit.left() < quantity {
        return Err(DEPOSIT_TOO_SMALL.into());
    }
    card.stock.quantity = quantity;
    card.stock.total = card.stock.total.saturating_add(change);
    card.update_time = ctx.now;
    let card_id = request.card_id.to_string();
    let movement = Movement::new(ctx.now, card_id, "modify", change, quantity);
    ctx.ledger.stock.push(movement.of_request(ctx.request_id));
    Ok(ModifyStockResponse::new())
}

/// The change that is asked for: one of the two numbers, beside which the other may be zero, as some clients send it.
fn change(request: &ModifyStock) -> Result<i64, Refusal> {
    // What is no number, or a negative one, is kept aside by the type.
    let is_misfit = |name: &str| request.extra.contains_key(name);
    if is_misfit("increase_stock_value") || is_misfit("reduce_stock_value") {
        return Err(QUANTITY_INVALID.into());
    }
    let increase = request.increase_stock_value.unwrap_or(0);
    let reduce = request.reduce_stock_value.unwrap_or(0);
    match (i64::try_from(increase), i64::try_from(reduce)) {
        (Ok(increase @ 1..), Ok(0)) => Ok(increase),
        (Ok(0), Ok(reduce @ 1..)) => Ok(-reduce),
        _ => Err(QUANTITY_INVALID.into()),
    }
}
