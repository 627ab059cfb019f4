//! `POST /card/mpnews/gethtml`: a card as HTML for an article.

use crate::wire::wire;
use crate::{CardId, Check, Endpoint};

wire! {
    /// Asks for a card as HTML to paste into an article that is sent to many (图文消息群发卡券).
    ///
    /// `POST /card/mpnews/gethtml`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Distributing_Coupons_Vouchers_and_Cards.html).
    ///
    /// Refused with 40073 when the card is none, 40078 when it is not approved.
    #[doc(alias = "card/mpnews/gethtml")]
    #[doc(alias = "cardMpnewsGethtml")]
    #[doc(alias = "图文消息群发卡券")]
    pub struct GetMpnewsHtml {
        /// The card; not one with codes of the merchant's own or for one user only.
        card_id: CardId,
    }
}

impl Endpoint for GetMpnewsHtml {
    const PATH: &'static str = "/card/mpnews/gethtml";
    const IDEMPOTENT: bool = true;
    type Response = GetMpnewsHtmlResponse;

    fn check(&self, check: &mut Check) {
        check.filled("card_id", &self.card_id);
    }
}

wire! {
    /// The card as HTML.
    pub answer GetMpnewsHtmlResponse {
        /// The HTML, to stand in the article's content as it is.
        content: String,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(GetMpnewsHtml::new("p1Pj9jr90_SQRaVqYI239Ka1erkI"), @r#"
        {
          "card_id": "p1Pj9jr90_SQRaVqYI239Ka1erkI"
        }
        "#);
        assert_round_trip::<GetMpnewsHtml>(r#"{"card_id":"p1Pj9jr90_SQRaVqYI239Ka1erkI"}"#);
    }

    #[test]
    fn the_official_answer_decodes_and_the_html_stays_as_it_is() {
        let answer = assert_round_trip::<GetMpnewsHtmlResponse>(
            r#"{"content":"<iframeclass=\"res_iframecard_iframejs_editor_card\"data-src=\"http: //mp.weixin.qq.com/bizmall/appmsgcard?action=show&biz=MjM5OTAwODk4MA%3D%3D&cardid=p1Pj9jnXTLf2nF7lccYScFUYqJ0&wechat_card_js=1#wechat_redirect\">"}"#,
        );
        assert!(answer.content.starts_with("<iframeclass=\"res_iframecard"));
    }

    #[test]
    fn an_answer_without_html_is_no_success() {
        let error = serde_json::from_str::<GetMpnewsHtmlResponse>(r#"{"errcode":0,"errmsg":"ok"}"#).unwrap_err();
        assert!(error.to_string().starts_with("missing field `content`"), "{error}");
    }

    #[test]
    fn an_empty_id_is_refused_here() {
        assert_eq!(invalid(&GetMpnewsHtml::new("")), "card_id: must not be empty");
    }
}
