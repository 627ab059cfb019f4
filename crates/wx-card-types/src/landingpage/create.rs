//! `POST /card/landingpage/create`: make a page that shows several cards.

use crate::open_enum::open_enum;
use crate::wire::wire;
use crate::{CardId, Check, Endpoint, Rule, WebUrl};

wire! {
    /// Makes a page on which users take cards (创建货架).
    ///
    /// `POST /card/landingpage/create`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Distributing_Coupons_Vouchers_and_Cards.html).
    ///
    /// Refused with 41011 when a member is missing, 40073 when a card is none,
    /// 40141 when a picture was not uploaded to the service, 45039 when there are too many cards.
    #[doc(alias = "card/landingpage/create")]
    #[doc(alias = "createLandingPage")]
    #[doc(alias = "创建货架")]
    pub struct CreateLandingPage {
        /// Address of the picture on top, from the picture upload; 640 × 300 pixels are suggested.
        banner: String,
        /// Title of the page.
        page_title: String,
        /// Whether the page may be shared.
        can_share: bool,
        /// Where users find the page; it counts in the statistics.
        scene: LandingPageScene,
        /// The cards, in their order on the page.
        card_list: Vec<LandingPageCard>,
    }
}

impl Endpoint for CreateLandingPage {
    const PATH: &'static str = "/card/landingpage/create";
    // Each delivery makes one more page.
    const IDEMPOTENT: bool = false;
    type Response = CreateLandingPageResponse;

    fn check(&self, check: &mut Check) {
        check.filled("banner", &self.banner);
        check.uploaded_image("banner", &self.banner);
        check.filled("page_title", &self.page_title);
        check.filled("scene", self.scene.as_str());
        if !self.scene.is_known() && !self.scene.as_str().is_empty() {
            // Scenes may be added any day, so a new one is no error.
            let expected = "one of the scenes of the documentation, such as SCENE_H5";
            check.warning("scene", Rule::Form { expected });
        }
        if self.card_list.is_empty() {
            check.violation("card_list", Rule::Empty);
        }
        for (index, card) in self.card_list.iter().enumerate() {
            check.within(&format!("card_list[{index}]"), |check| {
                check.filled("card_id", &card.card_id);
                check.filled("thumb_url", &card.thumb_url);
                check.uploaded_image("thumb_url", &card.thumb_url);
            });
        }
    }
}

open_enum! {
    /// Where users find a landing page (投放页面的场景值).
    pub enum LandingPageScene {
        /// An article.
        Article = "SCENE_ARTICLE",
        /// The center button of a card.
        CardCustomCell = "SCENE_CARD_CUSTOM_CELL",
        /// A page of one's own.
        H5 = "SCENE_H5",
        /// An automatic reply.
        Ivr = "SCENE_IVR",
        /// The account's menu.
        Menu = "SCENE_MENU",
        /// Things nearby.
        NearBy = "SCENE_NEAR_BY",
        /// A QR code.
        QrCode = "SCENE_QRCODE",
    }
}

wire! {
    /// One card of a landing page.
    pub struct LandingPageCard {
        /// The card.
        card_id: CardId,
        /// Address of its picture, from the picture upload.
        thumb_url: String,
    }
}

wire! {
    /// The page.
    pub answer CreateLandingPageResponse {
        /// Address of the page.
        url: WebUrl,
    } optional {
        /// Number of the page.
        page_id: i64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::{assert_round_trip, invalid};

    fn page() -> CreateLandingPage {
        let cards = [LandingPageCard::new("p1", "http://mmbiz.qpic.cn/a")];
        CreateLandingPage::new("http://mmbiz.qpic.cn/b", "惠城", false, LandingPageScene::H5, cards)
    }

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(page(), @r#"
        {
          "banner": "http://mmbiz.qpic.cn/b",
          "page_title": "惠城",
          "can_share": false,
          "scene": "SCENE_H5",
          "card_list": [
            {
              "card_id": "p1",
              "thumb_url": "http://mmbiz.qpic.cn/a"
            }
          ]
        }
        "#);
    }

    #[test]
    fn the_official_request_round_trips() {
        let request = assert_round_trip::<CreateLandingPage>(
            r#"{"banner":"http://mmbiz.qpic.cn/mmbiz/iaL1LJM1mF9aRKPZJkmG8xXhiaHqkKSVMMWeN3hLut7X7hicFN",
                "page_title":"惠城优惠大派送","can_share":true,"scene":"SCENE_NEAR_BY","card_list":[
                {"card_id":"pXch-jnOlGtbuWwIO2NDftZeynRE","thumb_url":"www.qq.com/a.jpg"},
                {"card_id":"pXch-jnAN-ZBoRbiwgqBZ1RV60fI","thumb_url":"www.qq.com/b.jpg"}]}"#,
        );
        assert_eq!(request.scene, LandingPageScene::NearBy);
        assert_eq!(request.validate(), Ok(()));
    }

    #[test]
    fn a_new_scene_passes() {
        let mut request = page();
        request.scene = LandingPageScene::from("SCENE_MOON");
        assert_eq!(request.validate(), Ok(()));
    }

    #[test]
    fn the_official_answer_decodes() {
        let answer = assert_round_trip::<CreateLandingPageResponse>(r#"{"url":"www.test.url","page_id":1}"#);
        assert_eq!(answer, CreateLandingPageResponse::new("www.test.url").page_id(1));
    }

    #[test]
    fn the_page_number_may_be_text() {
        let answer: CreateLandingPageResponse =
            serde_json::from_str(r#"{"errcode":"0","url":" www.test.url","page_id":"1"}"#).unwrap();
        assert_eq!(answer, CreateLandingPageResponse::new("www.test.url").page_id(1));
        assert_round_trip::<CreateLandingPageResponse>(r#"{"url":"www.test.url","page_id":"abc="}"#);
    }

    #[test]
    fn an_answer_without_the_page_is_no_success() {
        let error = serde_json::from_str::<CreateLandingPageResponse>(r#"{"page_id":1}"#).unwrap_err();
        assert!(error.to_string().starts_with("missing field `url`"), "{error}");
    }

    #[test]
    fn a_page_that_the_service_refuses_is_refused_here() {
        assert_eq!(
            invalid(&CreateLandingPage::new("", "", true, "", [])),
            "banner: must not be empty; page_title: must not be empty; scene: must not be empty; \
             card_list: must not be empty",
        );
        let mut request = page();
        request.card_list = vec![LandingPageCard::new("p1", ""), LandingPageCard::new("", "a")];
        assert_eq!(
            invalid(&request),
            "card_list[0].thumb_url: must not be empty; card_list[1].card_id: must not be empty",
        );
    }
}
