//! `wx-card card stock`.

use serde_json::json;
use wx_card::StockOutcome;
use wx_card::types::{CardId, GetCard, ModifyStock};

use super::show_card;
use crate::args::StockChange;
use crate::commands::{check, perform};
use crate::failure::Failure;
use crate::output::Format;
use crate::settings::Settings;

/// Changes the stock by a number.
pub(super) async fn change(
    card_id: &CardId,
    change: StockChange,
    settings: &Settings,
    format: Format,
) -> Result<(), Failure> {
    let StockChange(change) = change;
    let request = ModifyStock::new(card_id, change);
    let answer = perform(settings, &request).await.map_err(show_card(card_id))?;
    format.print(&answer, || {
        let verb = if change < 0 { "lowered" } else { "raised" };
        format!("the stock of card {card_id} is {verb} by {}", change.unsigned_abs())
    })
}

/// Sets the stock to a number.
pub(super) async fn set(card_id: &CardId, quantity: u32, settings: &Settings, format: Format) -> Result<(), Failure> {
    // What breaks a rule is found before credentials are asked for.
    check(&GetCard::new(card_id))?;
    let outcome = settings.client()?.modify_stock_to(card_id, quantity).await;
    match outcome.map_err(|error| show_card(card_id)(error.into()))? {
        StockOutcome::Unchanged { quantity, .. } => {
            let told = json!({"outcome": "unchanged", "from": quantity, "to": quantity, "confirmed_by": "query"});
            format.print(&told, || format!("the stock of card {card_id} is {quantity} already"))
        }
        StockOutcome::Changed {
            from, to, confirmed_by, ..
        } => {
            let told = json!({"outcome": "changed", "from": from, "to": to, "confirmed_by": confirmed_by.name()});
            format.print(&told, || {
                format!("the stock of card {card_id} was {from} and is {to} now")
            })
        }
        StockOutcome::Unknown { error, .. } => Err(show_card(card_id)(error.into())),
        other => Err(Failure::local(format!("the outcome has no name here: {other:?}"))),
    }
}
