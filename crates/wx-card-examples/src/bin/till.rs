//! A till: reads codes as a scanner types them, redeems each at most once, and says what to do.
//!
//! ```sh
//! WX_APP_ID=… WX_APP_SECRET=… cargo run -p wx-card-examples --bin till -- CARD_ID
//! ```

use std::io;
use std::time::Duration;

use wx_card::types::ConsumeCode;
use wx_card::{ByThisCall, CardClient, Redemption};
use wx_card_examples::account;
use wx_card_examples::settings::Problem;

/// A customer does not wait longer; what is unclear then can be scanned again.
const PATIENCE: Duration = Duration::from_secs(8);

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "a till shows what to do")]
async fn main() -> Result<(), Problem> {
    let card_id = std::env::args().nth(1).ok_or("give the card that this till redeems")?;
    let client = account::from_environment()?.build();
    for line in io::stdin().lines() {
        let code = line?.trim().to_owned();
        if !code.is_empty() {
            println!("{code}: {}", at_the_till(&client, &card_id, &code).await);
        }
    }
    Ok(())
}

/// What the till shows. Only where it begins with HAND OUT the goods are handed out.
async fn at_the_till(client: &CardClient, card_id: &str, code: &str) -> String {
    // A code of another card is worth something else, so the card is named even where the service would find it.
    let request = ConsumeCode::new(code).card_id(card_id);
    match client.redeem(&request).patience(PATIENCE).await {
        Ok(Redemption::Redeemed { .. }) => "HAND OUT".to_owned(),
        Ok(Redemption::AlreadyRedeemed {
            by_this_call: ByThisCall::Likely,
            ..
        }) => "ASK: redeemed just now, most likely here, but the answer was lost".to_owned(),
        Ok(Redemption::AlreadyRedeemed { .. }) => "NO: it was used before".to_owned(),
        Ok(Redemption::Refused { reason, .. }) => format!("NO: {reason}"),
        Ok(unclear) => format!("WAIT: {}", unclear.advice()),
        // Nothing was redeemed, and nothing will be.
        Err(error) => format!("AGAIN: {error}"),
    }
}
