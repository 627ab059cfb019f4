//! `/card/code/getdepositcount`: how many codes were imported.

use wx_card_types::{GetDepositCount, GetDepositCountResponse};

use crate::refusal::Refusal;
use crate::state::Ctx;

pub(crate) fn count(ctx: &mut Ctx<'_>, request: &GetDepositCount) -> Result<GetDepositCountResponse, Refusal> {
    let card = ctx.account.living_card(request.card_id.as_str())?;
    card.require_deposit()?;
    let count = u64::try_from(card.deposit.codes.len()).unwrap_or(u64::MAX);
    Ok(GetDepositCountResponse::new(count))
}
