//! A user takes a card.

use serde_json::{Value, json};

use super::{CardStatus, Code, CodeStatus, Ctx};
use crate::ledger::Movement;
use crate::ops::openid;
use crate::reason::{
    CARD_EXPIRED, CARD_STATUS_INVALID, CODE_INVALID, CODE_MISSING, CODE_UNKNOWN, GET_LIMIT_REACHED, NOT_HOLDER,
    OPENID_MISSING, STOCK_OUT,
};
use crate::refusal::Refusal;

/// Longest code that a merchant may choose, in bytes.
pub(crate) const CODE_BYTES: usize = 20;

/// What a phone sends when its user takes a card.
#[derive(Clone, Debug, Default)]
pub(crate) struct Take {
    pub(crate) card_id: String,
    /// Who takes it.
    pub(crate) openid: String,
    /// The code that came with the offer.
    pub(crate) code: Option<String>,
    /// For whom the offer is, if it is for one user.
    pub(crate) offered_to: Option<String>,
    pub(crate) outer_str: Option<String>,
}

/// Puts a card into a user's hands: `{code, encrypt_code}`.
pub(crate) fn take(ctx: &mut Ctx<'_>, take: Take) -> Result<Value, Refusal> {
    openid(&take.openid)?;
    may_take(ctx, &take)?;
    let code = draw_code(ctx, &take)?;
    let encrypted = ctx.ids.encrypted_code();
    let now = ctx.now;

    let card = ctx.account.card(&take.card_id)?;
    let (begin_time, end_time) = card.validity().of_code_at(now);
    card.stock.quantity -= 1;
    *card.taken.entry(take.openid.clone()).or_default() += 1;
    let taken = Code {
        accepted: 0,
        accepted_by: Vec::new(),
        begin_time,
        encrypted: encrypted.clone(),
        end_time,
        gift: None,
        mark: None,
        openid: take.openid.clone(),
        outer_str: take.outer_str,
        reason: None,
        refused: 0,
        status: CodeStatus::Normal,
    };
    card.codes.insert(code.clone(), taken);
    let quantity = card.stock.quantity;

    let place = (take.card_id.clone(), code.clone());
    ctx.account.encrypted.insert(encrypted.clone(), place.clone());
    ctx.account.hands.entry(take.openid).or_default().insert(place);
    ctx.ledger
        .stock
        .push(Movement::new(now, take.card_id, "take", -1, quantity));
    Ok(json!({"code": code, "encrypt_code": encrypted}))
}

/// Everything that speaks against it but the code.
fn may_take(ctx: &mut Ctx<'_>, take: &Take) -> Result<(), Refusal> {
    let is_tester = ctx.account.whitelist.contains(&take.openid);
    let now = ctx.now;
    let card = ctx.account.living_card(&take.card_id)?;
    match card.status {
        CardStatus::Approved => {}
        CardStatus::InReview if is_tester => {}
        _ => return Err(CARD_STATUS_INVALID.into()),
    }
    if card.validity().is_over_at(now) {
        return Err(CARD_EXPIRED.into());
    }
    match take.offered_to.as_deref() {
        Some(offered_to) if offered_to != take.openid => return Err(NOT_HOLDER.into()),
        None if card.is_bound() => return Err(OPENID_MISSING.into()),
        _ => {}
    }
    if card.stock.quantity <= 0 {
        return Err(STOCK_OUT.into());
    }
    if card.get_limit() <= card.taken.get(&take.openid).copied().unwrap_or(0) {
        return Err(GET_LIMIT_REACHED.into());
    }
    Ok(())
}

/// The code that the user gets: the merchant's, the next deposited one, or one that the service draws.
fn draw_code(ctx: &mut Ctx<'_>, take: &Take) -> Result<String, Refusal> {
    let offered = take.code.as_deref().filter(|code| !code.is_empty());
    let card = ctx.account.card(&take.card_id)?;
    if card.has_deposit() {
        return card.deposit.draw(offered).ok_or_else(|| match offered {
            Some(_) => CODE_UNKNOWN.into(),
            None => STOCK_OUT.into(),
        });
    }
    match offered {
        Some(code) if card.has_custom_codes() => {
            if CODE_BYTES < code.len() || card.codes.contains_key(code) {
                return Err(CODE_INVALID.into());
            }
            Ok(code.to_owned())
        }
        None if card.has_custom_codes() => Err(CODE_MISSING.into()),
        Some(_) => Err(CODE_INVALID.into()),
        None => loop {
            let code = ctx.ids.code();
            if !ctx.account.has_drawn_code(&code) {
                return Ok(code);
            }
        },
    }
}
