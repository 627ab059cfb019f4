//! The same three calls by hand over reqwest, without a repeat, a check or a kept token: what a program takes that was
//! written without an SDK. `cargo xtask bench` builds and weighs it.

#![expect(clippy::print_stdout, reason = "a command talks to whoever runs it")]

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use reqwest::Client;
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};

const API: &str = "https://api.weixin.qq.com";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    drop(rustls::crypto::ring::default_provider().install_default());
    let [app_id, secret, code, card_id] =
        ["WX_APP_ID", "WX_APP_SECRET", "CODE", "CARD_ID"].map(|name| std::env::var(name).unwrap_or_default());
    let client = Client::new();
    let asked = json!({"grant_type": "client_credential", "appid": app_id, "secret": secret});
    let token = post(&client, "/cgi-bin/stable_token", &asked).await?;
    let token = token["access_token"].as_str().unwrap_or_default();
    let state = post(
        &client,
        &format!("/card/code/get?access_token={token}"),
        &json!({"code": code}),
    )
    .await?;
    println!("{}", state["user_card_status"]);
    let redeemed = post(
        &client,
        &format!("/card/code/consume?access_token={token}"),
        &json!({"code": code}),
    )
    .await?;
    println!("{}", redeemed["card"]["card_id"]);
    println!("{}", card_ext(&client, token, &card_id).await?);
    Ok(())
}

async fn post(client: &Client, target: &str, body: &Value) -> Result<Value, Box<dyn Error>> {
    let answer = client.post(format!("{API}{target}")).json(body).send().await?;
    let answer: Value = answer.error_for_status()?.json().await?;
    match answer["errcode"].as_i64() {
        None | Some(0) => Ok(answer),
        Some(_) => Err(answer.to_string().into()),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program without the SDK asks the machine itself"
)]
async fn card_ext(client: &Client, token: &str, card_id: &str) -> Result<Value, Box<dyn Error>> {
    let url = format!("{API}/cgi-bin/ticket/getticket?type=wx_card&access_token={token}");
    let answer: Value = client.get(url).send().await?.json().await?;
    let timestamp = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs().to_string();
    let nonce = format!("{:016x}", std::process::id());
    let mut pieces = [
        &*timestamp,
        &*nonce,
        card_id,
        answer["ticket"].as_str().unwrap_or_default(),
    ];
    pieces.sort_unstable();
    let signature: String = Sha1::digest(pieces.concat())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(json!({"timestamp": timestamp, "nonce_str": nonce, "signature": signature}))
}
