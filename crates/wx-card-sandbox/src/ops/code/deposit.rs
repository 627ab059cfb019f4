//! `/card/code/deposit`: import codes that the merchant chose.

use std::collections::BTreeSet;

use wx_card_types::{CardCode, DepositCodes, DepositCodesResponse, Deposited};

use crate::reason::{CARD_STATUS_INVALID, CODES_EMPTY, CODES_REPEATED, CODES_TOO_MANY};
use crate::refusal::Refusal;
use crate::state::{CODE_BYTES, CardStatus, Ctx};

/// Most codes of one call.
const CODES: usize = 100;

pub(crate) fn deposit(ctx: &mut Ctx<'_>, request: &DepositCodes) -> Result<DepositCodesResponse, Refusal> {
    let card = ctx.account.living_card(request.card_id.as_str())?;
    check_codes(&request.code)?;
    card.require_deposit()?;
    if card.status != CardStatus::Approved {
        return Err(CARD_STATUS_INVALID.into());
    }
    let (mut added, mut known, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for code in &request.code {
        let lot = if CODE_BYTES < code.as_str().len() {
            &mut failed
        } else if !card.codes.contains_key(code.as_str()) && card.deposit.add(code.as_str()) {
            &mut added
        } else {
            &mut known
        };
        lot.push(code.clone());
    }
    Ok(DepositCodesResponse::new()
        .succ_code(Deposited::Codes(added))
        .duplicate_code(Deposited::Codes(known))
        .fail_code(Deposited::Codes(failed)))
}

/// 1 to 100 codes, none empty, none twice.
pub(crate) fn check_codes(codes: &[CardCode]) -> Result<(), Refusal> {
    if codes.is_empty() || CODES < codes.len() {
        return Err(CODES_TOO_MANY.into());
    }
    if codes.iter().any(CardCode::is_empty) {
        return Err(CODES_EMPTY.into());
    }
    if codes.iter().collect::<BTreeSet<_>>().len() < codes.len() {
        return Err(CODES_REPEATED.into());
    }
    Ok(())
}
