//! `/card/batchget`: the cards of the account, page by page.

use wx_card_types::{BatchGetCards, BatchGetCardsResponse, CardStatus, Endpoint as _};

use crate::reason::ARGUMENTS_INVALID;
use crate::refusal::Refusal;
use crate::state::Ctx;

/// Cards come in the order in which they were created, so that a page stays what it is while cards come in.
pub(crate) fn batch_get(ctx: &mut Ctx<'_>, request: &BatchGetCards) -> Result<BatchGetCardsResponse, Refusal> {
    if request.validate().is_err() {
        return Err(ARGUMENTS_INVALID.into());
    }
    let wanted = request.status_list.as_deref().unwrap_or_default();
    let is_wanted = |status: &str| wanted.is_empty() || wanted.contains(&CardStatus::from(status));
    let cards = ctx.account.cards.iter();
    let mut cards: Vec<_> = cards.filter(|(_, card)| is_wanted(card.status.as_str())).collect();
    cards.sort_by_key(|(_, card)| (card.create_time, card.number));
    let total = cards.len() as u64;
    let page = cards.into_iter().map(|(card_id, _)| card_id.as_str());
    let page = page.skip(count(request.offset)).take(count(request.count));
    let response = BatchGetCardsResponse::new().total_num(total);
    Ok(response.card_id_list(page.map(Into::into).collect::<Vec<_>>()))
}

/// A number of cards; there are never so many that it does not fit.
fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
