//! Three calls by the client: what a program takes that does no more. `cargo xtask bench` builds and weighs it.

#![expect(clippy::print_stdout, reason = "a command talks to whoever runs it")]

use std::error::Error;

use wx_card::CardClient;
use wx_card::types::sign::AddCard;
use wx_card::types::{ConsumeCode, GetCode};
use wx_http_hyper::HyperClient;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let [app_id, secret, code, card_id] =
        ["WX_APP_ID", "WX_APP_SECRET", "CODE", "CARD_ID"].map(|name| std::env::var(name).unwrap_or_default());
    let client = CardClient::new(app_id, secret, HyperClient::new()?);
    let state = client.get_code(&GetCode::new(&*code)).await?;
    println!("{:?}", state.user_card_status);
    let redeemed = client.consume_code(&ConsumeCode::new(code)).await?;
    println!("{:?}", redeemed.card.card_id);
    let payload = client.sign_add_card(&AddCard::new(card_id)).await?;
    println!("{}", payload.card_ext());
    Ok(())
}
