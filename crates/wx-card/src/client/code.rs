//! Codes: `/card/code/…`.

use wx_card_types::{
    CheckCodes, CheckCodesResponse, ConsumeCode, ConsumeCodeResponse, DecryptCode, DecryptCodeResponse, DepositCodes,
    DepositCodesResponse, GetCode, GetCodeResponse, GetDepositCount, GetDepositCountResponse, MakeCodeUnavailable,
    MakeCodeUnavailableResponse, MarkCode, MarkCodeResponse, UpdateCode, UpdateCodeResponse,
};
use wx_core::Error;

use crate::CardClient;

impl CardClient {
    /// Asks for the state of a code (查询 Code): `POST /card/code/get`.
    ///
    /// Decide by [`status`](wx_card_types::GetCodeResponse::status). With `check_consume(false)` every state is an answer.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); with `check_consume` absent or true a code that cannot be redeemed is refused with
    /// 40099, 40127 or 40056.
    #[doc(alias = "card/code/get")]
    #[doc(alias = "queryCardCode")]
    #[doc(alias = "查询Code")]
    pub async fn get_code(&self, request: &GetCode) -> Result<GetCodeResponse, Error> {
        self.send(request).await
    }

    /// Redeems a code (核销 Code): `POST /card/code/consume`. It is never sent twice.
    ///
    /// ```
    /// # use wx_card::{CardClient, types::ConsumeCode};
    /// # use wx_core::{Error, test_util::{Reply, Script}};
    /// # async fn redeem() -> Result<(), Error> {
    /// # let http = Script::new([Reply::token("T"), Reply::json(r#"{"errcode":0,"card":{"card_id":"p1"},"openid":"o1"}"#)]);
    /// # let client = CardClient::new("wx0000000000000001", "secret", http);
    /// let redeemed = client.consume_code(&ConsumeCode::new("12312313")).await?;
    /// assert_eq!(redeemed.openid, "o1");
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(redeem()).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); 40099 when the code is redeemed already.
    /// When [`may_have_run`](Error::may_have_run) is true, ask [`get_code`](Self::get_code) before redeeming again.
    #[doc(alias = "card/code/consume")]
    #[doc(alias = "consumeCardCode")]
    #[doc(alias = "核销")]
    #[doc(alias = "核销Code")]
    #[doc(alias = "核销卡券")]
    pub async fn consume_code(&self, request: &ConsumeCode) -> Result<ConsumeCodeResponse, Error> {
        self.send(request).await
    }

    /// Decrypts a code that a page or `wx.chooseCard` handed over (Code 解码): `POST /card/code/decrypt`.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); 40075 when it cannot be decrypted,
    /// mostly because a `+` has become a blank on the way.
    #[doc(alias = "card/code/decrypt")]
    #[doc(alias = "decryptCardCode")]
    #[doc(alias = "Code解码")]
    pub async fn decrypt_code(&self, request: &DecryptCode) -> Result<DecryptCodeResponse, Error> {
        self.send(request).await
    }

    /// Marks a code for a user before redeeming it, or takes the mark back: `POST /card/code/mark`.
    ///
    /// For friends cards (朋友的券) only; a mark lasts about five minutes.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); 40146 when another user has marked it.
    #[doc(alias = "card/code/mark")]
    #[doc(alias = "markCardCode")]
    #[doc(alias = "Mark")]
    #[doc(alias = "Mark Code")]
    #[doc(alias = "占用Code")]
    pub async fn mark_code(&self, request: &MarkCode) -> Result<MarkCodeResponse, Error> {
        self.send(request).await
    }

    /// Makes a code void (设置卡券失效): `POST /card/code/unavailable`. It cannot be taken back.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); 40056, 40099 or 40127 when the state of the code does not allow it.
    #[doc(alias = "card/code/unavailable")]
    #[doc(alias = "unavailableCardCode")]
    #[doc(alias = "设置卡券失效")]
    pub async fn make_code_unavailable(
        &self,
        request: &MakeCodeUnavailable,
    ) -> Result<MakeCodeUnavailableResponse, Error> {
        self.send(request).await
    }

    /// Changes the number of a code (更改 Code): `POST /card/code/update`. It is never sent twice.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); 40056, 40116 or 40127.
    #[doc(alias = "card/code/update")]
    #[doc(alias = "cardCodeUpdate")]
    #[doc(alias = "更改Code")]
    pub async fn update_code(&self, request: &UpdateCode) -> Result<UpdateCodeResponse, Error> {
        self.send(request).await
    }

    /// Deposits 1 to 100 codes of the merchant's own (导入自定义 code): `POST /card/code/deposit`.
    ///
    /// Doing it again is harmless: codes that are there already come back as duplicates.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); 40109, 40110, 40111 for lists that break the rules.
    #[doc(alias = "card/code/deposit")]
    #[doc(alias = "cardCodeDeposit")]
    #[doc(alias = "导入自定义code")]
    #[doc(alias = "导入code")]
    pub async fn deposit_codes(&self, request: &DepositCodes) -> Result<DepositCodesResponse, Error> {
        self.send(request).await
    }

    /// Counts the deposited codes of a card (查询导入 code 数目): `POST /card/code/getdepositcount`.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    #[doc(alias = "card/code/getdepositcount")]
    #[doc(alias = "cardCodeDepositCount")]
    #[doc(alias = "查询导入code数目")]
    pub async fn get_deposit_count(&self, request: &GetDepositCount) -> Result<GetDepositCountResponse, Error> {
        self.send(request).await
    }

    /// Says which of 1 to 100 codes are deposited (核查 code): `POST /card/code/checkcode`.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    #[doc(alias = "card/code/checkcode")]
    #[doc(alias = "cardCodeCheckcode")]
    #[doc(alias = "核查code")]
    pub async fn check_codes(&self, request: &CheckCodes) -> Result<CheckCodesResponse, Error> {
        self.send(request).await
    }
}
