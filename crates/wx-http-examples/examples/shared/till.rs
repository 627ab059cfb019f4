//! What the examples do with a transport: a card is issued, a phone takes it, and a till redeems it.

use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use wx_card::CardClient;
use wx_card::core::{BaseUrl, HttpSend};
use wx_card::types::{BaseInfo, CardId, Cash, CodeType, Color, ConsumeCode, CreateCard, DateInfo, Fen, Sku};
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};

/// Runs against the sandbox whose base URL is given on the command line, or against one that it starts.
pub(crate) async fn run(http: impl HttpSend) -> Result<(), Box<dyn Error + Send + Sync>> {
    let base_url = std::env::args().nth(1);
    if let Some(base_url) = base_url {
        return life_of_a_card(Arc::new(http), &base_url).await;
    }
    let server = Sandbox::new().serve((Ipv4Addr::LOCALHOST, 0).into()).await?;
    life_of_a_card(Arc::new(http), &server.base_url()).await?;
    server.shutdown().await?;
    Ok(())
}

async fn life_of_a_card(http: Arc<dyn HttpSend>, base_url: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
    let client = CardClient::builder(DEFAULT_APP_ID, DEFAULT_APP_SECRET, Arc::clone(&http))
        .base_url(base_url.parse::<BaseUrl>()?)
        .build();
    let base_info = BaseInfo::new(
        "http://mmbiz.qpic.cn/logo",
        "微信餐厅",
        CodeType::Qrcode,
        "十元代金券",
        Color::Color010,
        "使用时出示此券",
        "每桌限用一张",
        Sku::new(10),
        DateInfo::days(30),
    );
    let card = CreateCard::new(Cash::new(base_info, Fen::from_yuan(10)));
    let card_id = client.create_card(&card).await?.card_id;
    say(&format!("issued the card {card_id}"));

    let code = take(&*http, base_url, &card_id).await?;
    say(&format!("a phone took the code {code}"));

    let redemption = client.redeem(&ConsumeCode::new(code)).await?;
    say(&format!("at the till: {redemption:?}"));
    if redemption.is_redeemed() {
        Ok(())
    } else {
        Err("the code was not redeemed".into())
    }
}

/// What a user's phone does; the sandbox has a call for it.
async fn take(http: &dyn HttpSend, base_url: &str, card_id: &CardId) -> Result<String, Box<dyn Error + Send + Sync>> {
    let body = json!({"card_id": card_id, "openid": "oUser"}).to_string();
    let request = Request::post(format!("{base_url}/_sandbox/take")).body(Bytes::from(body))?;
    let answer = http.send(request).await?;
    let answer: Value = serde_json::from_slice(answer.body())?;
    let code = answer["code"].as_str().ok_or("the sandbox gave no code")?;
    Ok(code.to_owned())
}

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn say(text: &str) {
    println!("{text}");
}
