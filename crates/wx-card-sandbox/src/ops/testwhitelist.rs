//! `/card/testwhitelist/set`: who may take cards before their approval.

use std::collections::BTreeSet;

use wx_card_types::{SetTestWhitelist, SetTestWhitelistResponse};

use super::openid;
use crate::reason::ARGUMENTS_INVALID;
use crate::refusal::Refusal;
use crate::state::Ctx;

/// Most users on the list.
const USERS: usize = 10;

/// Replaces the list. What cannot be an openid is left out, which the answer tells.
pub(crate) fn set(ctx: &mut Ctx<'_>, request: &SetTestWhitelist) -> Result<SetTestWhitelistResponse, Refusal> {
    let openids: BTreeSet<_> = request.openid.iter().flatten().collect();
    let usernames: BTreeSet<_> = request.username.iter().flatten().collect();
    if USERS < openids.len() + usernames.len() {
        return Err(ARGUMENTS_INVALID.into());
    }
    let openids: Vec<_> = openids
        .into_iter()
        .filter(|id| openid(id.as_str()).is_ok())
        .cloned()
        .collect();
    let usernames: Vec<_> = usernames.into_iter().filter(|name| !name.is_empty()).cloned().collect();
    // Nobody knows which openid a username has, so only openids open cards here.
    ctx.account.whitelist = openids.iter().map(ToString::to_string).collect();
    let size = u64::try_from(openids.len() + usernames.len()).unwrap_or(u64::MAX);
    Ok(SetTestWhitelistResponse::new()
        .white_list_size(size)
        .success_openid(openids)
        .success_username(usernames))
}
