//! `/card/landingpage/create`: a page with several cards.

use wx_card_types::{CreateLandingPage, CreateLandingPageResponse};

use crate::reason::{CARD_PARAMETERS_INVALID, FIELD_MISSING};
use crate::refusal::Refusal;
use crate::state::Ctx;

pub(crate) fn create(ctx: &mut Ctx<'_>, request: &CreateLandingPage) -> Result<CreateLandingPageResponse, Refusal> {
    let missing = |path: &str| Err(FIELD_MISSING.refusal().at(&format!("m_data.{path}")));
    if request.banner.is_empty() {
        return missing("banner");
    }
    if request.page_title.is_empty() {
        return missing("page_title");
    }
    if request.card_list.is_empty() {
        return missing("card_list");
    }
    if !request.scene.is_known() {
        return Err(CARD_PARAMETERS_INVALID.into());
    }
    for card in &request.card_list {
        ctx.account.distributable_card(card.card_id.as_str())?;
        if card.thumb_url.is_empty() {
            return missing("card_list().thumb_url");
        }
    }
    ctx.account.pages += 1;
    let page_id = ctx.account.pages;
    let url = format!(
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid={}&redirect_uri=\
         https%3A%2F%2Fmp.weixin.qq.com%2Fbizmall%2Fcardlandingpage%3Fpage_id%3D{page_id}\
         &response_type=code&scope=snsapi_base#wechat_redirect",
        ctx.app_id
    );
    Ok(CreateLandingPageResponse::new(url.as_str()).page_id(i64::try_from(page_id).unwrap_or(i64::MAX)))
}
