//! Signatures: the right ticket, and one moment and nonce throughout.

use wx_card::types::sign::{AddCard, ChooseCard};
use wx_core::ErrorKind;
use wx_core::test_util::Reply;

use crate::client_over;

#[tokio::test]
async fn add_card() {
    let (client, _) = client_over([Reply::token("T"), Reply::ticket("the-ticket")]);
    let payload = client.sign_add_card(&AddCard::new("p1").code("12")).await.unwrap();
    let expected = AddCard::new("p1")
        .code("12")
        .sign_at(1_700_000_000, payload.nonce_str(), "the-ticket")
        .unwrap();
    assert_eq!(payload, expected);
    assert_eq!(payload.nonce_str().len(), 16);
}

#[tokio::test]
async fn choose_card() {
    let (client, _) = client_over([Reply::token("T"), Reply::ticket("the-ticket")]);
    let choice = ChooseCard::new(client.app_id()).card_type("GROUPON");
    let json = serde_json::to_value(client.sign_choose_card(&choice).await.unwrap()).unwrap();
    let expected = choice
        .sign_at(1_700_000_000, json["nonceStr"].as_str().unwrap(), "the-ticket")
        .unwrap();
    assert_eq!(json, serde_json::to_value(expected).unwrap());
}

#[tokio::test]
async fn a_page_is_signed_with_the_other_ticket() {
    let (client, script) = client_over([Reply::token("T"), Reply::ticket("page-ticket")]);
    let json = serde_json::to_value(client.sign_js_config("https://shop.example/#top").await.unwrap()).unwrap();
    assert_eq!(json["appId"], "wx0000000000000001");
    assert!(script.sent()[1].target.contains("type=jsapi"));
}

#[tokio::test]
async fn values_in_any_order() {
    let (client, _) = client_over([Reply::token("T"), Reply::ticket("the-ticket")]);
    let signed = client.sign_values(&["p1", "", "12"]).await.unwrap();
    let (timestamp, nonce) = (signed.timestamp, &*signed.nonce_str);
    let expected = wx_card::types::signature(&["12", "p1"], timestamp, nonce, "the-ticket").unwrap();
    assert_eq!(signed.signature, expected);
}

#[tokio::test]
async fn what_cannot_be_signed_is_refused_here() {
    let (client, _) = client_over([Reply::token("T"), Reply::ticket("the-ticket")]);
    let error = client.sign_add_card(&AddCard::new("")).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Invalid, Some("card_id")));
}
