//! `/card/user/getcardlist`: the cards that a user can use.

use wx_card_types::{GetUserCardList, GetUserCardListResponse, UserCard, UserCardStatus};

use super::openid;
use crate::refusal::Refusal;
use crate::state::Ctx;

pub(crate) fn get_card_list(ctx: &mut Ctx<'_>, request: &GetUserCardList) -> Result<GetUserCardListResponse, Refusal> {
    let user = request.openid.as_str();
    openid(user)?;
    let wanted = request
        .card_id
        .as_ref()
        .map(AsRef::as_ref)
        .filter(|id: &&str| !id.is_empty());
    if let Some(card_id) = wanted {
        ctx.account.card(card_id)?;
    }
    let (now, account) = (ctx.now, &*ctx.account);
    let mut has_share_card = false;
    let mut cards = Vec::new();
    for (card_id, code) in account.hands.get(user).into_iter().flatten() {
        let Some(card) = account.cards.get(card_id) else {
            continue;
        };
        let Some(held) = card.codes.get(code) else { continue };
        let is_usable = held.openid == user && held.status_at(now) == UserCardStatus::Normal;
        if is_usable && wanted.is_none_or(|wanted| wanted == card_id) {
            has_share_card |= card.is_friends_card();
            cards.push(UserCard::new(code.as_str(), card_id.as_str()));
        }
    }
    Ok(GetUserCardListResponse::new(cards).has_share_card(has_share_card))
}
