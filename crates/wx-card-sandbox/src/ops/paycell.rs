//! `/card/paycell/set`: pay from within a card.

use wx_card_types::{SetPayCell, SetPayCellResponse};

use crate::reason::{CELL_CONFLICT, PAY_CELL_CONFLICT};
use crate::refusal::Refusal;
use crate::state::Ctx;

pub(crate) fn set(ctx: &mut Ctx<'_>, request: &SetPayCell) -> Result<SetPayCellResponse, Refusal> {
    let now = ctx.now;
    let card = ctx.account.living_card(request.card_id.as_str())?;
    if request.is_open && card.has_center_button() {
        return Err(PAY_CELL_CONFLICT.into());
    }
    if request.is_open && card.has_self_consume_cell {
        return Err(CELL_CONFLICT.into());
    }
    card.has_pay_cell = request.is_open;
    card.update_time = now;
    Ok(SetPayCellResponse::new())
}
