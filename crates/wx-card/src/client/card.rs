//! Cards: creating and managing them.

use wx_card_types::{
    BatchGetCards, BatchGetCardsResponse, CreateCard, CreateCardResponse, DeleteCard, DeleteCardResponse, GetCard,
    GetCardResponse, GetColors, GetColorsResponse, ModifyStock, ModifyStockResponse, SetPayCell, SetPayCellResponse,
    SetSelfConsumeCell, SetSelfConsumeCellResponse, UpdateCard, UpdateCardResponse, UploadImage, UploadImageResponse,
};
use wx_core::Error;

use crate::CardClient;

impl CardClient {
    /// Uploads a picture, such as a logo (上传图片): `POST /cgi-bin/media/uploadimg`. The answer has the address that cards
    /// take: `logo_url` and its like take no other.
    ///
    /// JPG or PNG, at most 1 MB; both are checked before anything is sent. A repeat after a lost answer leaves one more
    /// picture, which nobody sees, so it is made.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); 40005 or 40137 when the service takes the picture for none of its kinds, 40009 when
    /// it is too large, 45009 when the quota of the day is used up.
    #[doc(alias = "cgi-bin/media/uploadimg")]
    #[doc(alias = "uploadimg")]
    #[doc(alias = "uploadImage")]
    #[doc(alias = "mediaImgUpload")]
    #[doc(alias = "上传图片")]
    pub async fn upload_image(&self, request: &UploadImage) -> Result<UploadImageResponse, Error> {
        self.upload(request).await
    }

    /// Creates a card (创建卡券): `POST /card/create`. It is never sent twice, for a repeat would create a second card.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); 41011 with the path of a missing member.
    /// When [`may_have_run`](Error::may_have_run) is true, look for the card before creating it again.
    #[doc(alias = "card/create")]
    #[doc(alias = "createCard")]
    #[doc(alias = "创建卡券")]
    pub async fn create_card(&self, request: &CreateCard) -> Result<CreateCardResponse, Error> {
        self.send(request).await
    }

    /// Gives a card in full (查看卡券详情): `POST /card/get`.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); 40073 when this account has no such card.
    #[doc(alias = "card/get")]
    #[doc(alias = "getCardDetail")]
    #[doc(alias = "查看卡券详情")]
    pub async fn get_card(&self, request: &GetCard) -> Result<GetCardResponse, Error> {
        self.send(request).await
    }

    /// Changes what a card says (更改卡券信息): `POST /card/update`. The answer says whether it goes back into review.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); 40100 for dates that do not widen the range, 47001 with a member that never
    /// changes.
    #[doc(alias = "card/update")]
    #[doc(alias = "updateCardInfo")]
    #[doc(alias = "更改卡券信息")]
    pub async fn update_card(&self, request: &UpdateCard) -> Result<UpdateCardResponse, Error> {
        self.send(request).await
    }

    /// Gives a page of the cards of the account (批量查询卡券列表): `POST /card/batchget`.
    ///
    /// [`BatchGetCards::next`] makes the request for the next page.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    #[doc(alias = "card/batchget")]
    #[doc(alias = "batchGetCard")]
    #[doc(alias = "批量查询卡券列表")]
    pub async fn batch_get_cards(&self, request: &BatchGetCards) -> Result<BatchGetCardsResponse, Error> {
        self.send(request).await
    }

    /// Gives the colors that a card can have (获取颜色列表): `GET /card/getcolors`.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    #[doc(alias = "card/getcolors")]
    #[doc(alias = "getColors")]
    #[doc(alias = "获取颜色列表")]
    pub async fn get_colors(&self, request: &GetColors) -> Result<GetColorsResponse, Error> {
        self.send(request).await
    }

    /// Deletes a card (删除卡券): `POST /card/delete`. Coupons in users' hands stay usable.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    #[doc(alias = "card/delete")]
    #[doc(alias = "deleteCard")]
    #[doc(alias = "删除卡券")]
    pub async fn delete_card(&self, request: &DeleteCard) -> Result<DeleteCardResponse, Error> {
        self.send(request).await
    }

    /// Raises or lowers the stock of a card (修改库存): `POST /card/modifystock`.
    ///
    /// The change is relative, so it is never sent twice.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); 40122, 40136, 45031 or 45041 when the stock does not allow it.
    /// When [`may_have_run`](Error::may_have_run) is true, compare the stock with [`get_card`](Self::get_card) first.
    #[doc(alias = "card/modifystock")]
    #[doc(alias = "cardModifyStock")]
    #[doc(alias = "修改库存")]
    pub async fn modify_stock(&self, request: &ModifyStock) -> Result<ModifyStockResponse, Error> {
        self.send(request).await
    }

    /// Lets users pay from the card, or stops it (设置买单): `POST /card/paycell/set`.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); 40145 or 45046 beside a centre button or self-redeeming.
    #[doc(alias = "card/paycell/set")]
    #[doc(alias = "cardPaycellSet")]
    #[doc(alias = "设置买单")]
    pub async fn set_pay_cell(&self, request: &SetPayCell) -> Result<SetPayCellResponse, Error> {
        self.send(request).await
    }

    /// Lets users redeem by themselves, or stops it (设置自助核销): `POST /card/selfconsumecell/set`.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); 45046 beside a centre button or paying.
    #[doc(alias = "card/selfconsumecell/set")]
    #[doc(alias = "cardSelfConsumeCellSet")]
    #[doc(alias = "设置自助核销")]
    pub async fn set_self_consume_cell(
        &self,
        request: &SetSelfConsumeCell,
    ) -> Result<SetSelfConsumeCellResponse, Error> {
        self.send(request).await
    }
}
