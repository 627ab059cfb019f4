//! Users and their codes: `take`, `give`, `user-delete`.

use serde_json::{Value, json};

use super::{Failure, required};
use crate::fields::{text, truth};
use crate::ops::openid;
use crate::reason::{CODE_UNUSABLE, FUNCTION_UNSUPPORTED, NOT_HOLDER};
use crate::state::{self, Code, CodeStatus, Ctx, Gift, Take};

/// A user takes a card that was offered to them.
pub(super) fn take(ctx: &mut Ctx<'_>, body: &Value) -> Result<Value, Failure> {
    let openid = required(body, "openid")?;
    let take = Take {
        card_id: required(body, "card_id")?,
        offered_to: Some(openid.clone()),
        openid,
        code: text(body, "code"),
        outer_str: text(body, "outer_str"),
    };
    Ok(state::take(ctx, take)?)
}

/// A user gives a code to a friend, who takes it unless `accept` is false; giving to oneself takes it back.
pub(super) fn give(ctx: &mut Ctx<'_>, body: &Value) -> Result<Value, Failure> {
    let (card_id, code) = (required(body, "card_id")?, required(body, "code")?);
    let (from, to) = (required(body, "from")?, required(body, "to")?);
    openid(&to)?;
    let accept = truth(body, "accept").unwrap_or(true);
    send(ctx, &card_id, &code, &from, &to)?;
    let now = ctx.now;
    if from == to {
        let held = ctx.account.card(&card_id)?.held(&code)?;
        held.gift = None;
        held.status = CodeStatus::Normal;
    } else if accept {
        return receive(ctx, &card_id, &code, &to);
    }
    let held = ctx.account.card(&card_id)?.held(&code)?;
    let status = held.status_at(now);
    Ok(json!({"card_id": card_id, "code": code, "encrypt_code": held.encrypted, "user_card_status": status}))
}

/// Puts the code on its way, if it is not.
fn send(ctx: &mut Ctx<'_>, card_id: &str, code: &str, from: &str, to: &str) -> Result<(), Failure> {
    let now = ctx.now;
    let card = ctx.account.card(card_id)?;
    let is_giftable = card.is_giftable();
    let held = card.held(code)?;
    if held.openid != from {
        return Err(NOT_HOLDER.into());
    }
    if held.status != CodeStatus::Gifting {
        held.usable_at(now, card_id, code)?;
        if !is_giftable {
            return Err(FUNCTION_UNSUPPORTED.into());
        }
        held.status = CodeStatus::Gifting;
        held.gift = Some(Gift {
            to: to.to_owned(),
            sent_at: now,
        });
    }
    let is_for = held.gift.as_ref().is_some_and(|gift| gift.to == to);
    if is_for || from == to {
        Ok(())
    } else {
        Err(CODE_UNUSABLE.into())
    }
}

/// The friend takes the code. A code that the service drew is replaced, so that the giver knows it no longer;
/// a code that the merchant chose stays.
fn receive(ctx: &mut Ctx<'_>, card_id: &str, code: &str, to: &str) -> Result<Value, Failure> {
    let now = ctx.now;
    let card = ctx.account.card(card_id)?;
    let keeps_code = card.has_custom_codes();
    let held = card.held(code)?;
    if held.status_at(now) != wx_card_types::UserCardStatus::Gifting {
        return Err(CODE_UNUSABLE.into());
    }
    let giver = held.openid.clone();
    let mut received = Code {
        accepted: 0,
        gift: None,
        mark: None,
        openid: to.to_owned(),
        refused: 0,
        status: CodeStatus::Normal,
        ..held.clone()
    };
    let new_code = if keeps_code {
        (received.accepted, received.refused) = (held.accepted, held.refused);
        if let Some(hand) = ctx.account.hands.get_mut(&giver) {
            hand.remove(&(card_id.to_owned(), code.to_owned()));
        }
        code.to_owned()
    } else {
        held.status = CodeStatus::Given;
        held.gift = None;
        received.encrypted = ctx.ids.encrypted_code();
        fresh_code(ctx)
    };
    let encrypted = received.encrypted.clone();
    ctx.account.card(card_id)?.codes.insert(new_code.clone(), received);
    let place = (card_id.to_owned(), new_code.clone());
    ctx.account.encrypted.insert(encrypted.clone(), place.clone());
    ctx.account.hands.entry(to.to_owned()).or_default().insert(place);
    Ok(json!({
        "card_id": card_id,
        "code": new_code,
        "encrypt_code": encrypted,
        "old_code": code,
        "user_card_status": "NORMAL",
    }))
}

fn fresh_code(ctx: &mut Ctx<'_>) -> String {
    loop {
        let code = ctx.ids.code();
        if !ctx.account.has_drawn_code(&code) {
            return code;
        }
    }
}

/// A user deletes a code from their cards; what is redeemed, void or expired stays what it is.
pub(super) fn delete(ctx: &mut Ctx<'_>, body: &Value) -> Result<Value, Failure> {
    let (card_id, code) = (required(body, "card_id")?, required(body, "code")?);
    let now = ctx.now;
    let held = ctx.account.card(&card_id)?.held(&code)?;
    match held.status_at(now) {
        wx_card_types::UserCardStatus::Normal => held.status = CodeStatus::Deleted,
        wx_card_types::UserCardStatus::Gifting => return Err(CODE_UNUSABLE.into()),
        _ => {}
    }
    Ok(json!({"card_id": card_id, "code": code, "user_card_status": held.status_at(now)}))
}
