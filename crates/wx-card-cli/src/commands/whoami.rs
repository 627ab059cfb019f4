//! `wx-card whoami`: whether the service takes the account from this machine.

use serde::Serialize;
use wx_card::core::{ErrClass, Error};
use wx_card::types::GetColors;

use crate::failure::{Failure, chain};
use crate::output::{Format, Rows};
use crate::settings::Settings;

/// The account, as the service sees it.
#[derive(Serialize)]
struct Account<'a> {
    app_id: &'a str,
    profile: Option<&'a str>,
    app_secret_from: String,
    base_url: String,
    token_endpoint: &'static str,
    /// Whether the account may manage cards; none where the service does not say.
    cards: bool,
}

pub(super) async fn run(settings: &Settings, format: Format) -> Result<(), Failure> {
    let client = settings.client()?;
    // Nothing changes by it, and it needs all that any call needs: token, address and the right to cards.
    let asked = client.get_colors(&GetColors::new()).await;
    let cards = match &asked {
        Ok(_) => true,
        // Whoever is told this has been let in.
        Err(error) if is_let_in(error) => false,
        Err(_) => return asked.map(drop).map_err(Failure::from),
    };
    let choices = settings.choices();
    let account = Account {
        app_id: settings.app_id()?,
        profile: choices.profile.as_deref().filter(|_| !settings.is_embedded()),
        app_secret_from: settings.secret_shown(),
        base_url: settings.address(),
        token_endpoint: choices.token_endpoint.path(),
        cards,
    };
    format.print(&account, || {
        Rows::new()
            .row("app id", account.app_id)
            .maybe("profile", account.profile)
            .row("app secret", format!("{}, accepted", account.app_secret_from))
            .row("service", &account.base_url)
            .row("tokens by", account.token_endpoint)
            .row("this machine", "its address is accepted")
            .row(
                "cards",
                match &asked {
                    Ok(_) => String::from("the account may manage them"),
                    Err(error) => format!("the account may not: {}", chain(error)),
                },
            )
            .text()
    })?;
    if cards {
        Ok(())
    } else {
        // The result says what is wrong.
        Err(Failure::told_with(3))
    }
}

fn is_let_in(error: &Error) -> bool {
    error.class() == Some(ErrClass::Permission)
}
