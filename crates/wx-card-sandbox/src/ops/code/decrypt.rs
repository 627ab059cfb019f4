//! `/card/code/decrypt`: what an encrypted code stands for.

use wx_card_types::{DecryptCode, DecryptCodeResponse};

use crate::reason::{CODE_MISSING, ENCRYPTED_CODE_INVALID};
use crate::refusal::Refusal;
use crate::state::Ctx;

pub(crate) fn decrypt(ctx: &mut Ctx<'_>, request: &DecryptCode) -> Result<DecryptCodeResponse, Refusal> {
    let encrypted = request.encrypt_code.as_str();
    if encrypted.is_empty() {
        return Err(CODE_MISSING.into());
    }
    let (_, code) = ctx.account.encrypted.get(encrypted).ok_or(ENCRYPTED_CODE_INVALID)?;
    Ok(DecryptCodeResponse::new(code.as_str()))
}
