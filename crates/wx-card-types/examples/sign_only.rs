//! Signs with nothing but this crate: no HTTP, no clock but the standard library's, no client.
//!
//! For a page server that is handed the tickets by somebody else, such as a token server. The tickets come from the
//! environment; the result is what the page passes to `wx.config` and `wx.addCard`.
//!
//! ```sh
//! WX_JSAPI_TICKET=… WX_CARD_TICKET=… cargo run -p wx-card-types --example sign_only
//! ```

use std::env;
use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use wx_card_types::sign::{AddCard, JsConfig};

/// What a page at `url` is handed.
pub(crate) fn page(
    url: &str,
    jsapi_ticket: &str,
    card_ticket: &str,
    timestamp: i64,
    nonces: [&str; 2],
) -> Result<Value, Box<dyn Error>> {
    let [config_nonce, card_nonce] = nonces;
    let config = JsConfig::new("wx0123456789abcdef", url).sign_at(timestamp, config_nonce, jsapi_ticket)?;
    let card = AddCard::new("pFS7Fjg8kV1IdDz01r4SQwMkuCKc").outer_str("page");
    let card = card.sign_at(timestamp, card_nonce, card_ticket)?;
    Ok(json!({"config": config, "cardList": [card]}))
}

#[expect(clippy::print_stdout, reason = "an example shows what it made")]
#[expect(clippy::disallowed_methods, reason = "a program of its own reads the clock itself")]
pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let timestamp = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs().try_into()?;
    // A nonce must not be guessed: take it from the operating system, for each signature anew.
    let nonces = [nonce()?, nonce()?];
    let (jsapi_ticket, card_ticket) = (env::var("WX_JSAPI_TICKET")?, env::var("WX_CARD_TICKET")?);
    let [config_nonce, card_nonce] = &nonces;
    let signed = page(
        "https://shop.example/card",
        &jsapi_ticket,
        &card_ticket,
        timestamp,
        [config_nonce, card_nonce],
    )?;
    println!("{signed:#}");
    Ok(())
}

/// 32 digits.
#[expect(clippy::disallowed_methods, reason = "a program of its own asks the system itself")]
fn nonce() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}
