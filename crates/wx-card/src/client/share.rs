//! Distribution: how cards reach users.

use wx_card_types::{
    CreateLandingPage, CreateLandingPageResponse, CreateQrCode, CreateQrCodeResponse, GetMpnewsHtml,
    GetMpnewsHtmlResponse, GetUserCardList, GetUserCardListResponse, SetTestWhitelist, SetTestWhitelistResponse,
};
use wx_core::Error;

use crate::CardClient;

impl CardClient {
    /// Makes a QR code by which users take cards (创建二维码投放): `POST /card/qrcode/create`.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); 40053 when the parts of the request do not fit.
    #[doc(alias = "card/qrcode/create")]
    #[doc(alias = "createQrcodeCard")]
    #[doc(alias = "创建二维码")]
    #[doc(alias = "扫描二维码领取卡券")]
    pub async fn create_qr_code(&self, request: &CreateQrCode) -> Result<CreateQrCodeResponse, Error> {
        self.send(request).await
    }

    /// Makes a page on which users take cards (创建货架): `POST /card/landingpage/create`.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    #[doc(alias = "card/landingpage/create")]
    #[doc(alias = "createLandingPage")]
    #[doc(alias = "创建货架")]
    pub async fn create_landing_page(&self, request: &CreateLandingPage) -> Result<CreateLandingPageResponse, Error> {
        self.send(request).await
    }

    /// Gives the HTML that puts a card into a mass article (图文消息群发卡券): `POST /card/mpnews/gethtml`.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    #[doc(alias = "card/mpnews/gethtml")]
    #[doc(alias = "cardMpnewsGethtml")]
    #[doc(alias = "图文消息群发卡券")]
    pub async fn get_mpnews_html(&self, request: &GetMpnewsHtml) -> Result<GetMpnewsHtmlResponse, Error> {
        self.send(request).await
    }

    /// Sets who may take cards before approval (设置测试白名单): `POST /card/testwhitelist/set`.
    ///
    /// It replaces the whole list; at most 10 users in all.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    #[doc(alias = "card/testwhitelist/set")]
    #[doc(alias = "addTestWhiteList")]
    #[doc(alias = "设置测试白名单")]
    pub async fn set_test_whitelist(&self, request: &SetTestWhitelist) -> Result<SetTestWhitelistResponse, Error> {
        self.send(request).await
    }

    /// Lists the usable coupons of a user (获取用户已领取卡券): `POST /card/user/getcardlist`.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); 40003 when the openid is not one of this account.
    #[doc(alias = "card/user/getcardlist")]
    #[doc(alias = "getUserCardList")]
    #[doc(alias = "获取用户已领取卡券")]
    pub async fn get_user_card_list(&self, request: &GetUserCardList) -> Result<GetUserCardListResponse, Error> {
        self.send(request).await
    }
}
