//! Bringing the card to users: QR code, page, signatures, and the user who takes it.

use serde_json::{Value, json};
use wx_card::types::sign::{AddCard, ChooseCard};
use wx_card::types::{
    CardId, CreateLandingPage, CreateQrCode, EncryptedCode, GetUserCardList, LandingPageCard, LandingPageScene, QrCard,
};

use super::codes::Coupon;
use super::stage::Stage;
use crate::failure::Failure;
use crate::output::{has_colors, print};
use crate::qr;

const USER: &str = "oDemoUser00000000000000000001";

/// A QR code, drawn, and a landing page.
pub(super) async fn share(stage: &mut Stage, card_id: &CardId) -> Result<(), Failure> {
    let client = stage.client.clone();
    let request = CreateQrCode::new(QrCard::new(card_id).outer_str("demo")).expire_seconds(1800);
    let came = |answer: &wx_card::types::CreateQrCodeResponse| format!("{}", answer.url);
    let made = stage
        .call("a QR code for half an hour", client.create_qr_code(&request), came)
        .await?;
    if let Some(drawing) = qr::draw(made.url.as_str(), has_colors()) {
        print(&drawing)?;
    }
    let shown = [LandingPageCard::new(card_id, "http://mmbiz.qpic.cn/mmbiz/demo-thumb/0")];
    let banner = "http://mmbiz.qpic.cn/mmbiz/demo-banner/0";
    let request = CreateLandingPage::new(banner, "秋日优惠", true, LandingPageScene::H5, shown);
    let came = |answer: &wx_card::types::CreateLandingPageResponse| format!("{}", answer.url);
    stage
        .call("a page with the card on it", client.create_landing_page(&request), came)
        .await?;
    Ok(())
}

/// Signs what a page hands to a phone; the phone takes the card, and refuses what was tampered with.
pub(super) async fn sign(stage: &mut Stage, card_id: &CardId) -> Result<Coupon, Failure> {
    let client = stage.client.clone();
    let payload = client
        .sign_add_card(&AddCard::new(card_id).openid(USER).outer_str("demo"))
        .await?;
    stage.note(
        "wx.addCard",
        "signed for one user",
        &format!("cardExt {}", payload.card_ext()),
    )?;
    let mut page = json!({"cardId": payload.card_id(), "openid": USER});
    page["cardExt"] = Value::from(payload.card_ext().replace("\"nonce_str\":\"", "\"nonce_str\":\"x"));
    stage.control_refused("add-card", "a phone is handed another nonce", &page)?;
    page["cardExt"] = Value::from(payload.card_ext());
    let taken = |answer: &Value| format!("taken, code {}", answer["code"].as_str().unwrap_or_default());
    stage.control("add-card", "the user takes the card on the page", &page, taken)?;

    let choice = ChooseCard::new(client.app_id()).card_id(card_id);
    let payload = client.sign_choose_card(&choice).await?;
    stage.note(
        "wx.chooseCard",
        "signed for coupons of this card",
        &format!("cardSign {}", payload.card_sign),
    )?;
    let mut page = serde_json::to_value(&payload).map_err(|error| Failure::local(error.to_string()))?;
    page["openid"] = Value::from(USER);
    let untouched = page.clone();
    page["cardId"] = Value::from("pAnotherCard0000000000000000");
    stage.control_refused("choose-card", "a phone is handed another card", &page)?;
    let came = |answer: &Value| format!("{} to choose from", answer["card_list"].as_array().map_or(0, Vec::len));
    let chosen = stage.control("choose-card", "the user looks for a coupon to use", &untouched, came)?;

    let request = GetUserCardList::new(USER);
    let came = |answer: &wx_card::types::GetUserCardListResponse| format!("{} usable", answer.card_list.len());
    let list = stage
        .call("what does the user hold?", client.get_user_card_list(&request), came)
        .await?;
    stage.expect(
        list.card_list.iter().any(|card| card.card_id == *card_id),
        "the user holds the card",
    )?;
    let encrypted = chosen["card_list"][0]["encrypt_code"].as_str().unwrap_or_default();
    Ok(Coupon {
        openid: USER,
        encrypt_code: EncryptedCode::new(encrypted),
    })
}
