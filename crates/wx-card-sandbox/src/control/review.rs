//! The reviewers: `approve`, `reject`.

use serde_json::{Value, json};

use super::{Failure, required};
use crate::fields::text;
use crate::state::{CardStatus, Ctx};

pub(super) fn approve(ctx: &mut Ctx<'_>, body: &Value) -> Result<Value, Failure> {
    decide(ctx, body, CardStatus::Approved)
}

pub(super) fn reject(ctx: &mut Ctx<'_>, body: &Value) -> Result<Value, Failure> {
    decide(ctx, body, CardStatus::Rejected)
}

fn decide(ctx: &mut Ctx<'_>, body: &Value, status: CardStatus) -> Result<Value, Failure> {
    let card_id = required(body, "card_id")?;
    let now = ctx.now;
    let card = ctx.account.living_card(&card_id)?;
    card.reason = text(body, "reason").filter(|_| status == CardStatus::Rejected);
    card.status = status;
    card.update_time = now;
    Ok(json!({"card_id": card_id, "status": status.as_str(), "reason": card.reason}))
}
