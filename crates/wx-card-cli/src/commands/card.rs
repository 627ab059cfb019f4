//! `wx-card card …`.

use std::path::Path;

use wx_card::types::{CardId, DeleteCard, GetCard, SetPayCell, SetSelfConsumeCell};

use super::{perform, word};
use crate::args::{CardCommand, SelfConsumeArgs};
use crate::failure::Failure;
use crate::input::Source;
use crate::output::{Format, Rows};
use crate::settings::Settings;

mod body;
mod check;
mod detail;
mod finding;
mod list;
mod stock;
mod template;

pub(super) async fn run(command: CardCommand, settings: &Settings, format: Format) -> Result<(), Failure> {
    match command {
        CardCommand::Create { file } => create(&file, settings, format).await,
        CardCommand::Template { kind } => template::run(kind, format),
        CardCommand::Check { file } => check::run(&file, format),
        CardCommand::Update { file } => update(&file, settings, format).await,
        CardCommand::List(args) => list::run(args, settings, format).await,
        CardCommand::Colors => list::colors(settings, format).await,
        CardCommand::Get { card_id } => {
            let answer = perform(settings, &GetCard::new(card_id)).await?;
            format.print(&answer, || detail::text(&answer.card))
        }
        CardCommand::Delete { card_id } => {
            let answer = perform(settings, &DeleteCard::new(&card_id))
                .await
                .map_err(show_card(&card_id))?;
            format.print(&answer, || format!("card {card_id} is deleted"))
        }
        CardCommand::Stock { card_id, change, to } => match (change, to) {
            (_, Some(quantity)) => stock::set(&card_id, quantity, settings, format).await,
            (change, None) => stock::change(&card_id, change.unwrap_or_default(), settings, format).await,
        },
        CardCommand::PayCell { card_id, switch } => {
            let answer = perform(settings, &SetPayCell::new(&card_id, switch.is_on())).await?;
            format.print(&answer, || {
                format!("paying from within card {card_id} is {}", on_or_off(switch.is_on()))
            })
        }
        CardCommand::SelfConsume(args) => self_consume(args, settings, format).await,
    }
}

async fn create(file: &Path, settings: &Settings, format: Format) -> Result<(), Failure> {
    let request = body::creation(Source::new(file), format)?;
    let repeat = "look for the card before creating it again, in the console or with `wx-card card list --all`";
    let answer = perform(settings, &request)
        .await
        .map_err(|failure| failure.repeat(repeat))?;
    format.print(&answer, || Rows::new().row("card id", &answer.card_id).text())
}

async fn update(file: &Path, settings: &Settings, format: Format) -> Result<(), Failure> {
    let request = body::change(Source::new(file), format)?;
    let card_id = &request.card_id;
    let answer = perform(settings, &request).await.map_err(show_card(card_id))?;
    format.print(&answer, || match answer.send_check {
        Some(true) => format!("card {card_id} is changed and goes back to review"),
        Some(false) => format!("card {card_id} is changed; it needs no review"),
        None => format!("card {card_id} is changed"),
    })
}

async fn self_consume(args: SelfConsumeArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    let SelfConsumeArgs {
        card_id,
        switch,
        need_verify_code,
        need_remark_amount,
    } = args;
    let mut request = SetSelfConsumeCell::new(&card_id, switch.is_on());
    // What was not asked for is left to the service.
    request.need_verify_cod = need_verify_code.then_some(true);
    request.need_remark_amount = need_remark_amount.then_some(true);
    let answer = perform(settings, &request).await?;
    format.print(&answer, || {
        format!("self-redeeming of card {card_id} is {}", on_or_off(switch.is_on()))
    })
}

/// Adds to a failure which command shows the card.
fn show_card(card_id: &CardId) -> impl FnOnce(Failure) -> Failure {
    let command = format!("wx-card card get {}", word(card_id.as_str()));
    |failure| failure.lookup(command)
}

const fn on_or_off(is_on: bool) -> &'static str {
    if is_on { "on" } else { "off" }
}
