//! `/card/code/mark`: claim a code for a page that is about to redeem it, or let it go.

use wx_card_types::{MarkCode, MarkCodeResponse};

use super::super::openid;
use crate::reason::MARKED_BY_OTHER;
use crate::refusal::Refusal;
use crate::state::{Ctx, Mark};

/// A claim ends by itself after this many seconds.
const SECONDS: i64 = 5 * 60;

pub(crate) fn mark(ctx: &mut Ctx<'_>, request: &MarkCode) -> Result<MarkCodeResponse, Refusal> {
    openid(request.openid.as_str())?;
    let (now, code) = (ctx.now, request.code.as_str());
    // Unlike its sisters, this call must always name the card.
    ctx.account.card(request.card_id.as_str())?;
    let (card, card_id) = ctx.account.code(Some(request.card_id.as_str()), code)?;
    let held = card.held(code)?;
    held.usable_at(now, &card_id, code)?;
    if held.marked_by_at(now).is_some_and(|openid| request.openid != *openid) {
        return Err(MARKED_BY_OTHER.into());
    }
    held.mark = request.is_mark.then(|| Mark {
        openid: request.openid.to_string(),
        until: now + SECONDS,
    });
    Ok(MarkCodeResponse::new())
}
