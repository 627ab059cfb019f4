//! `/card/selfconsumecell/set`: users redeem by themselves.

use wx_card_types::{SetSelfConsumeCell, SetSelfConsumeCellResponse};

use crate::reason::{CELL_CONFLICT, VERIFY_CODE_NEEDED};
use crate::refusal::Refusal;
use crate::state::Ctx;

pub(crate) fn set(ctx: &mut Ctx<'_>, request: &SetSelfConsumeCell) -> Result<SetSelfConsumeCellResponse, Refusal> {
    let now = ctx.now;
    let card = ctx.account.living_card(request.card_id.as_str())?;
    if request.is_open && (card.has_center_button() || card.has_pay_cell) {
        return Err(CELL_CONFLICT.into());
    }
    if request.is_open && card.is_friends_card() && !request.need_verify_cod.unwrap_or(false) {
        return Err(VERIFY_CODE_NEEDED.into());
    }
    card.has_self_consume_cell = request.is_open;
    card.update_time = now;
    Ok(SetSelfConsumeCellResponse::new())
}
