//! `/card/code/update`: give a code in a user's hands another number.

use wx_card_types::{UpdateCode, UpdateCodeResponse};

use crate::reason::{CODE_INVALID, FIELD_MISSING};
use crate::refusal::Refusal;
use crate::state::Ctx;

/// The page allows a new code to be this long, though codes are shorter elsewhere.
const NEW_CODE_BYTES: usize = 64;

pub(crate) fn update(ctx: &mut Ctx<'_>, request: &UpdateCode) -> Result<UpdateCodeResponse, Refusal> {
    let (now, code, new_code) = (ctx.now, request.code.as_str(), request.new_code.as_str());
    let is_drawn = ctx.account.has_drawn_code(new_code);
    let (card, card_id) = ctx.account.code(request.card_id.as_ref().map(AsRef::as_ref), code)?;
    let held = card.held(code)?;
    held.usable_at(now, &card_id, code)?;
    if new_code.is_empty() {
        return Err(FIELD_MISSING.refusal().at("m_data.new_code"));
    }
    let exists = card.codes.contains_key(new_code)
        || card.deposit.codes.contains_key(new_code)
        || !card.has_custom_codes() && is_drawn;
    if exists || NEW_CODE_BYTES < new_code.len() {
        return Err(CODE_INVALID.into());
    }
    if let Some(held) = card.codes.remove(code) {
        let (openid, encrypted) = (held.openid.clone(), held.encrypted.clone());
        card.codes.insert(new_code.to_owned(), held);
        // Encrypted codes that pages already have go on standing for the coupon.
        let place = (card_id.clone(), new_code.to_owned());
        ctx.account.encrypted.insert(encrypted, place.clone());
        let hand = ctx.account.hands.entry(openid).or_default();
        hand.remove(&(card_id, code.to_owned()));
        hand.insert(place);
    }
    Ok(UpdateCodeResponse::new())
}
