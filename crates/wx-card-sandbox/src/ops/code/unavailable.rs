//! `/card/code/unavailable`: make a code void, for good.

use wx_card_types::{MakeCodeUnavailable, MakeCodeUnavailableResponse};

use crate::refusal::Refusal;
use crate::state::{CodeStatus, Ctx};

pub(crate) fn unavailable(
    ctx: &mut Ctx<'_>,
    request: &MakeCodeUnavailable,
) -> Result<MakeCodeUnavailableResponse, Refusal> {
    let (now, code) = (ctx.now, request.code.as_str());
    let (card, card_id) = ctx.account.code(request.card_id.as_ref().map(AsRef::as_ref), code)?;
    let held = card.held(code)?;
    held.usable_at(now, &card_id, code)?;
    held.mark = None;
    held.reason.clone_from(&request.reason);
    held.status = CodeStatus::Unavailable;
    Ok(MakeCodeUnavailableResponse::new())
}
