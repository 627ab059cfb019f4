//! `/card/delete`: nobody can take the card any more; who has it keeps it.

use wx_card_types::{DeleteCard, DeleteCardResponse};

use crate::refusal::Refusal;
use crate::state::{CardStatus, Ctx};

pub(crate) fn delete(ctx: &mut Ctx<'_>, request: &DeleteCard) -> Result<DeleteCardResponse, Refusal> {
    let now = ctx.now;
    let card = ctx.account.living_card(request.card_id.as_str())?;
    card.status = CardStatus::Deleted;
    card.update_time = now;
    Ok(DeleteCardResponse::new())
}
