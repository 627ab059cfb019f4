//! `scan`: a user scans a QR code and takes what is behind it.

use serde_json::{Value, json};

use super::{Failure, required};
use crate::reason::ACTION_INFO_INVALID;
use crate::state::{self, Ctx, Take};

/// Takes the cards behind the code, one after the other; what was taken before a refusal stays taken.
pub(super) fn scan(ctx: &mut Ctx<'_>, body: &Value) -> Result<Value, Failure> {
    let (ticket, openid) = (required(body, "ticket")?, required(body, "openid")?);
    let scan = ctx.account.scans.get(&ticket).cloned().ok_or(ACTION_INFO_INVALID)?;
    if scan.expires_at <= ctx.now {
        return Err(ACTION_INFO_INVALID.into());
    }
    // A code that hands out one coupon is used up by the first scan.
    if scan.cards.iter().any(|card| card.is_unique_code) {
        ctx.account.scans.remove(&ticket);
    }
    let mut taken = Vec::new();
    for card in scan.cards {
        let card_id = card.card_id.clone();
        // Clients send codes along with cards that draw their own; the service makes nothing of them.
        let is_chosen = ctx.account.card(&card_id)?.has_custom_codes();
        let take = Take {
            card_id: card.card_id,
            openid: openid.clone(),
            code: card.code.filter(|_| is_chosen),
            offered_to: card.openid,
            outer_str: card.outer_str,
        };
        let code = state::take(ctx, take)?;
        taken.push(json!({"card_id": card_id, "code": code["code"], "encrypt_code": code["encrypt_code"]}));
    }
    Ok(json!({"cards": taken}))
}
