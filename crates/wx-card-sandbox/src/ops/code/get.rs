//! `/card/code/get`: the state of a code, as a refusal or as a word.

use wx_card_types::{CardCode, CodeCard, GetCode, GetCodeResponse, UserCardStatus};

use crate::refusal::Refusal;
use crate::state::Ctx;

pub(crate) fn get(ctx: &mut Ctx<'_>, request: &GetCode) -> Result<GetCodeResponse, Refusal> {
    let (now, code) = (ctx.now, request.code.as_str());
    let (card, card_id) = ctx.account.code(request.card_id.as_ref().map(AsRef::as_ref), code)?;
    let held = card.held(code)?;
    if request.check_consume.unwrap_or(true) {
        held.usable_at(now, &card_id, code)?;
    }
    let status = held.status_at(now);
    let can_consume = status == UserCardStatus::Normal && held.has_begun_at(now);
    let card = CodeCard::new(card_id)
        .code(CardCode::from(code))
        .begin_time(held.begin_time)
        .end_time(held.end_time);
    let mut answer = GetCodeResponse::new(card)
        .openid(held.openid.as_str())
        .can_consume(can_consume)
        .user_card_status(status);
    if let Some(outer_str) = held.outer_str.as_deref() {
        answer = answer.outer_str(outer_str);
    }
    Ok(answer)
}
