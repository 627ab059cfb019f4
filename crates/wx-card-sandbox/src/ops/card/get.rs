//! `/card/get`: a card as it was created, with what became of it.

use wx_card_types::{CardDetail, GetCard, GetCardResponse};

use crate::reason::SYSTEM_BUSY;
use crate::refusal::Refusal;
use crate::state::Ctx;

/// A deleted card is still shown, with the status that says so.
pub(crate) fn get(ctx: &mut Ctx<'_>, request: &GetCard) -> Result<GetCardResponse, Refusal> {
    let app_id = ctx.app_id;
    let card = ctx.account.card(request.card_id.as_str())?;
    let detail = card.detail(request.card_id.as_str(), app_id);
    let card: CardDetail = serde_json::from_value(detail).map_err(|_| SYSTEM_BUSY)?;
    Ok(GetCardResponse::new(card))
}
