//! Method, path and body of every operation.

use std::collections::BTreeSet;

use wx_card::CardClient;
use wx_card::types::{
    BaseInfoUpdate, BatchGetCards, CardStatus, Cash, CashUpdate, CheckCodes, ConsumeCode, CreateCard,
    CreateLandingPage, CreateQrCode, DecryptCode, DeleteCard, DepositCodes, Fen, GetCard, GetCode, GetColors,
    GetDepositCount, GetMpnewsHtml, GetUserCardList, LandingPageCard, LandingPageScene, MakeCodeUnavailable, MarkCode,
    ModifyStock, QrCard, SetPayCell, SetSelfConsumeCell, SetTestWhitelist, UpdateCard, UpdateCode, UploadImage,
};
use wx_core::Error;
use wx_core::test_util::{Reply, Script};

use crate::{base_info, client_over};

/// An answer with everything that any of the operations must have.
const ANSWER: &str = r#"{"errcode":0,"errmsg":"ok","card_id":"p1","code":"12","count":3,"content":"<p/>",
    "card":{"card_id":"p1","card_type":"CASH","cash":{}},"openid":"o1","ticket":"t","url":"http://weixin.qq.com/q/t",
    "page_id":1,"exist_code":["11"],"not_exist_code":["12"],"card_list":[],"card_id_list":["p1"],
    "colors":[]}"#;

async fn cards(client: &CardClient) -> Result<(), Error> {
    let base_info = base_info(100);
    client
        .create_card(&CreateCard::new(Cash::new(base_info, Fen::from_yuan(10))))
        .await?;
    client.get_card(&GetCard::new("p1")).await?;
    let changes = CashUpdate::new().base_info(BaseInfoUpdate::new().notice("使用时出示此券"));
    client.update_card(&UpdateCard::new("p1", changes)).await?;
    let approved = BatchGetCards::new(0_u32, 10_u32).status_list([CardStatus::VerifyOk]);
    client.batch_get_cards(&approved).await?;
    client.get_colors(&GetColors::new()).await?;
    client.delete_card(&DeleteCard::new("p1")).await?;
    client.modify_stock(&ModifyStock::new("p1", 5)).await?;
    client.modify_stock(&ModifyStock::new("p1", -5)).await?;
    client.set_pay_cell(&SetPayCell::new("p1", true)).await?;
    let cell = SetSelfConsumeCell::new("p1", true)
        .need_verify_cod(false)
        .need_remark_amount(true);
    client.set_self_consume_cell(&cell).await?;
    client.upload_image(&UploadImage::new(b"\xff\xd8\xff")).await?;
    Ok(())
}

async fn codes(client: &CardClient) -> Result<(), Error> {
    client
        .get_code(&GetCode::new("12").card_id("p1").check_consume(false))
        .await?;
    client.consume_code(&ConsumeCode::new("12")).await?;
    client
        .decrypt_code(&DecryptCode::new("XXIzTtMqCxwOaawoE91+VJdsFmv7b8g0VZIZkqf4GWA="))
        .await?;
    client.mark_code(&MarkCode::new("12", "p1", "o1", true)).await?;
    client
        .make_code_unavailable(&MakeCodeUnavailable::new("12").card_id("p1").reason("退款"))
        .await?;
    client.update_code(&UpdateCode::new("12", "13").card_id("p1")).await?;
    client.deposit_codes(&DepositCodes::new("p1", ["11", "12"])).await?;
    client.get_deposit_count(&GetDepositCount::new("p1")).await?;
    client.check_codes(&CheckCodes::new("p1", ["11", "12"])).await?;
    Ok(())
}

async fn distribution(client: &CardClient) -> Result<(), Error> {
    let card = QrCard::new("p1").outer_str("12b");
    client
        .create_qr_code(&CreateQrCode::new(card).expire_seconds(1800))
        .await?;
    let shown = [LandingPageCard::new("p1", "http://mmbiz.qpic.cn/thumb")];
    let page = CreateLandingPage::new(
        "http://mmbiz.qpic.cn/banner",
        "惠城优惠大派送",
        true,
        LandingPageScene::NearBy,
        shown,
    );
    client.create_landing_page(&page).await?;
    client.get_mpnews_html(&GetMpnewsHtml::new("p1")).await?;
    client
        .set_test_whitelist(&SetTestWhitelist::new().openid(vec!["o1".into()]))
        .await?;
    client
        .get_user_card_list(&GetUserCardList::new("o1").card_id("p1"))
        .await?;
    Ok(())
}

async fn every_operation() -> Script {
    let (client, script) = client_over(std::iter::once(Reply::token("T")).chain((0..40).map(|_| Reply::json(ANSWER))));
    cards(&client).await.unwrap();
    codes(&client).await.unwrap();
    distribution(&client).await.unwrap();
    script
}

#[tokio::test]
async fn what_is_sent() {
    let sent = every_operation().await.sent();
    let lines: Vec<_> = sent
        .iter()
        .skip(1)
        .map(|sent| format!("{sent:?}").replace("?access_token=T", ""))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn the_list_is_complete() {
    /// The list of operations, which is made from their declarations.
    const ENDPOINTS: &str = include_str!("../../../../docs/endpoints.md");
    let declared: BTreeSet<_> = ENDPOINTS
        .split('`')
        .filter(|word| word.starts_with("/card/") || word.starts_with("/cgi-bin/"))
        .map(str::to_owned)
        .collect();
    let sent = every_operation().await.sent().into_iter().skip(1);
    let called: BTreeSet<_> = sent
        .filter_map(|sent| sent.target.split('?').next().map(str::to_owned))
        .collect();
    assert_eq!(called, declared);
}
