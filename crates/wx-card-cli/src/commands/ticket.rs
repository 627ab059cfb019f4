//! `wx-card ticket`.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::args::TicketArgs;
use crate::failure::Failure;
use crate::output::{Format, Rows, local_time};
use crate::settings::Settings;

pub(super) async fn run(args: &TicketArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    let client = settings.client()?;
    let ticket = if args.refresh {
        client.refresh_card_ticket().await?
    } else {
        client.card_ticket().await?
    };
    let expires_at = unix_seconds(ticket.expires_at());
    // The one secret that is printed: it was asked for.
    let secret = ticket.secret().expose();
    format.print(&json!({"ticket": secret, "expires_at": expires_at}), || {
        Rows::new()
            .row("ticket", secret)
            .row("expires at", local_time(expires_at))
            .text()
    })
}

fn unix_seconds(moment: SystemTime) -> i64 {
    let since = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
