//! `/card/mpnews/gethtml`: a card as HTML for an article.

use wx_card_types::{GetMpnewsHtml, GetMpnewsHtmlResponse};

use crate::reason::FUNCTION_UNSUPPORTED;
use crate::refusal::Refusal;
use crate::state::Ctx;

pub(crate) fn get_html(ctx: &mut Ctx<'_>, request: &GetMpnewsHtml) -> Result<GetMpnewsHtmlResponse, Refusal> {
    let card = ctx.account.distributable_card(request.card_id.as_str())?;
    // Every reader of the article gets the same offer, so it can neither have a code nor be for one user.
    if card.needs_code() || card.is_bound() {
        return Err(FUNCTION_UNSUPPORTED.into());
    }
    let content = format!(
        "<iframe class=\"res_iframe card_iframe js_editor_card\" data-src=\"http://mp.weixin.qq.com/bizmall/\
         appmsgcard?action=show&cardid={}&wechat_card_js=1#wechat_redirect\"></iframe>",
        request.card_id
    );
    Ok(GetMpnewsHtmlResponse::new(content))
}
