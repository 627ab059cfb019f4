//! `/card/code/checkcode`: which codes were imported.

use wx_card_types::{CheckCodes, CheckCodesResponse};

use super::deposit::check_codes;
use crate::refusal::Refusal;
use crate::state::Ctx;

pub(crate) fn check(ctx: &mut Ctx<'_>, request: &CheckCodes) -> Result<CheckCodesResponse, Refusal> {
    let card = ctx.account.living_card(request.card_id.as_str())?;
    check_codes(&request.code)?;
    card.require_deposit()?;
    let codes = request.code.iter().cloned();
    let (known, unknown): (Vec<_>, Vec<_>) = codes.partition(|code| card.deposit.codes.contains_key(code.as_str()));
    Ok(CheckCodesResponse::new().exist_code(known).not_exist_code(unknown))
}
