//! Creating, managing and deleting the card.

use serde_json::{Value, json};
use wx_card::types::{
    CardId, CardStatus, CreateCard, DeleteCard, GetCard, GetMpnewsHtml, ModifyStock, OpenId, SetPayCell,
    SetSelfConsumeCell, SetTestWhitelist, UploadImage, WebUrl,
};

use super::stage::Stage;
use crate::failure::Failure;

/// What the demo creates: a cash coupon whose codes the merchant deposits.
const CARD: &str = include_str!("../../examples/cash-coupon.json");

/// Token and card ticket.
pub(super) async fn begin(stage: &mut Stage) -> Result<(), Failure> {
    let client = stage.client.clone();
    let came = |_: &_| String::from("a ticket (hidden) to sign cards with");
    stage
        .call("the kind of ticket: wx_card", client.card_ticket(), came)
        .await?;
    Ok(())
}

/// The logo of the card: one pixel, which is a picture too.
const LOGO: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\
    \0\0\0\nIDAT\x78\x9c\x63\xf8\x0f\0\x01\x01\x01\0\xb1\x38\xf6\x14\0\0\0\0IEND\xae\x42\x60\x82";

/// Uploads the logo, and gives its address.
pub(super) async fn logo(stage: &mut Stage) -> Result<WebUrl, Failure> {
    let client = stage.client.clone();
    let request = UploadImage::new(LOGO);
    let sent = format!("a logo of {} bytes, PNG", LOGO.len());
    let uploaded = stage
        .call(&sent, client.upload_image(&request), |answer| format!("{}", answer.url))
        .await?;
    Ok(uploaded.url)
}

/// The card, with `logo` on it.
fn card(logo: &WebUrl) -> Result<CreateCard, serde_json::Error> {
    let mut card: Value = serde_json::from_str(CARD)?;
    if let Some(logo_url) = card.pointer_mut("/card/cash/base_info/logo_url") {
        *logo_url = logo.as_str().into();
    }
    serde_json::from_value(card)
}

/// Creates the card, and waits until it is approved.
pub(super) async fn create(stage: &mut Stage, logo: &WebUrl) -> Result<CardId, Failure> {
    let client = stage.client.clone();
    let request =
        card(logo).map_err(|error| Failure::local(format!("examples/cash-coupon.json is no card: {error}")))?;
    let title = request
        .card
        .base_info()
        .map(|base_info| base_info.title.clone())
        .unwrap_or_default();
    let sent = format!("{title}, {}, from examples/cash-coupon.json", request.card.card_type());
    let created = stage
        .call(&sent, client.create_card(&request), |answer| {
            format!("card {}", answer.card_id)
        })
        .await?;
    let card_id = created.card_id;

    let status = status(stage, &card_id, "is it approved?").await?;
    stage.expect(status == Some(CardStatus::NotVerify), "a new card waits for review")?;
    let approved = |_: &_| String::from("approved");
    stage.control(
        "approve",
        "a reviewer looks at the card",
        &json!({"card_id": card_id}),
        approved,
    )?;
    let status = self::status(stage, &card_id, "is it approved now?").await?;
    stage.expect(status == Some(CardStatus::VerifyOk), "the card is approved")?;
    Ok(card_id)
}

async fn status(stage: &mut Stage, card_id: &CardId, sent: &str) -> Result<Option<CardStatus>, Failure> {
    let client = stage.client.clone();
    let request = GetCard::new(card_id);
    let came = |answer: &wx_card::types::GetCardResponse| match answer.card.status() {
        Some(status) => format!("status {status}"),
        None => String::from("no status"),
    };
    Ok(stage.call(sent, client.get_card(&request), came).await?.card.status())
}

/// Cells, whitelist, an article's HTML, less stock.
pub(super) async fn manage(stage: &mut Stage, card_id: &CardId) -> Result<(), Failure> {
    let client = stage.client.clone();
    let request = ModifyStock::new(card_id, -50);
    stage
        .call("50 coupons less", client.modify_stock(&request), |_| {
            String::from("done")
        })
        .await?;

    let done = |_: &_| String::from("done");
    stage
        .call(
            "users may pay from the card",
            client.set_pay_cell(&SetPayCell::new(card_id, true)),
            done,
        )
        .await?;
    let done = |_: &_| String::from("done");
    stage
        .call(
            "no more, the next cell excludes it",
            client.set_pay_cell(&SetPayCell::new(card_id, false)),
            done,
        )
        .await?;
    let request = SetSelfConsumeCell::new(card_id, true).need_verify_cod(true);
    let sent = "users may redeem by themselves, with a verify code";
    stage
        .call(sent, client.set_self_consume_cell(&request), |_| String::from("done"))
        .await?;

    let users: Vec<OpenId> = vec![
        "oDemoTester0000000000000001".into(),
        "oDemoTester0000000000000002".into(),
    ];
    let request = SetTestWhitelist::new().openid(users);
    let came = |answer: &wx_card::types::SetTestWhitelistResponse| format!("accepted: {}", answer.success_openid.len());
    stage
        .call(
            "2 testers, in the place of the whole list",
            client.set_test_whitelist(&request),
            came,
        )
        .await?;
    let request = GetMpnewsHtml::new(card_id);
    let came = |answer: &wx_card::types::GetMpnewsHtmlResponse| format!("{} characters of HTML", answer.content.len());
    stage
        .call("for an article", client.get_mpnews_html(&request), came)
        .await?;
    Ok(())
}

/// The card in full, and its end.
pub(super) async fn end(stage: &mut Stage, card_id: &CardId) -> Result<(), Failure> {
    let client = stage.client.clone();
    let request = GetCard::new(card_id);
    let came = |answer: &wx_card::types::GetCardResponse| {
        let card = &answer.card;
        let base_info = card.base_info();
        let sku = base_info.as_ref().and_then(|base_info| base_info.sku.clone());
        let reduce_cost = match &card.body {
            wx_card::types::CardDetailBody::Cash(cash) => cash.reduce_cost.unwrap_or_default().to_string(),
            _ => String::new(),
        };
        let left = sku.as_ref().and_then(|sku| sku.quantity).unwrap_or_default();
        let total = sku.as_ref().and_then(|sku| sku.total_quantity).unwrap_or_default();
        format!("{} worth {reduce_cost}, {left} of {total} left", card.card_type())
    };
    stage.call("the card in full", client.get_card(&request), came).await?;
    let came = |_: &_| String::from("deleted; coupons in users' hands stay usable");
    stage
        .call(
            "the card is withdrawn",
            client.delete_card(&DeleteCard::new(card_id)),
            came,
        )
        .await?;
    Ok(())
}
