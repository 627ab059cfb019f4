//! `/card/code/consume`: redeem a code, once.

use wx_card_types::{CardRef, ConsumeCode, ConsumeCodeResponse};

use crate::reason::{CONSUME_TIME_INVALID, MARK_MISSING, USE_LIMIT_REACHED};
use crate::refusal::Refusal;
use crate::state::{CodeStatus, Ctx};

pub(crate) fn consume(ctx: &mut Ctx<'_>, request: &ConsumeCode) -> Result<ConsumeCodeResponse, Refusal> {
    let card_id = request.card_id.as_ref().map(AsRef::as_ref);
    let (card_id, code) = match ctx.account.card_of_code(card_id, request.code.as_str()) {
        Ok(card_id) => (card_id, request.code.as_str()),
        Err(refusal) => {
            ctx.ledger.note_stray(request.code.as_str());
            return Err(refusal);
        }
    };
    let checked = check(ctx, &card_id, code);
    let card = ctx.account.card(&card_id)?;
    let held = card.held(code)?;
    if checked.is_err() {
        held.refused += 1;
    }
    checked?;
    held.accepted += 1;
    held.accepted_by.extend(ctx.request_id.map(str::to_owned));
    held.mark = None;
    held.status = CodeStatus::Consumed;
    let openid = held.openid.clone();
    *card.used.entry(openid.clone()).or_default() += 1;
    Ok(ConsumeCodeResponse::new(CardRef::new(card_id), openid))
}

fn check(ctx: &mut Ctx<'_>, card_id: &str, code: &str) -> Result<(), Refusal> {
    let now = ctx.now;
    let card = ctx.account.card(card_id)?;
    let (is_friends_card, use_limit) = (card.is_friends_card(), card.use_limit());
    let held = card.held(code)?;
    held.usable_at(now, card_id, code)?;
    if !held.has_begun_at(now) {
        return Err(CONSUME_TIME_INVALID.into());
    }
    if is_friends_card && held.marked_by_at(now).is_none() {
        return Err(MARK_MISSING.into());
    }
    let openid = held.openid.clone();
    if use_limit <= card.used.get(&openid).copied().unwrap_or(0) {
        return Err(USE_LIMIT_REACHED.into());
    }
    Ok(())
}
