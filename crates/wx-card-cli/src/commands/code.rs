//! `wx-card code …`.

use wx_card::types::{
    CardCode, CardId, ConsumeCode, DecryptCode, GetCode, GetCodeResponse, GetDepositCount, MakeCodeUnavailable,
    MarkCode, UpdateCode,
};

use super::{perform, word};
use crate::args::CodeCommand;
use crate::failure::Failure;
use crate::output::{Format, Rows, local_time};
use crate::settings::Settings;

mod bulk;
mod csv;
mod list;
mod redeem;

pub(super) async fn run(command: CodeCommand, settings: &Settings, format: Format) -> Result<(), Failure> {
    match command {
        CodeCommand::Decrypt { encrypted } => {
            let answer = perform(settings, &DecryptCode::new(encrypted)).await?;
            format.print(&answer, || Rows::new().row("code", &answer.code).text())
        }
        CodeCommand::Get {
            code,
            card,
            check_consume,
        } => {
            let mut request = GetCode::new(&code);
            (request.card_id, request.check_consume) = (card.card_id.clone(), check_consume);
            let answer = perform(settings, &request)
                .await
                .map_err(show_code(&code, card.card_id.as_ref()))?;
            format.print(&answer, || state(&answer))
        }
        CodeCommand::Redeem(args) => redeem::run(args, settings, format).await,
        CodeCommand::Consume { code, card } => consume(&code, card.card_id, settings, format).await,
        CodeCommand::Mark {
            code,
            card_id,
            openid,
            unmark,
        } => {
            let request = MarkCode::new(&code, &card_id, openid, !unmark);
            let answer = perform(settings, &request)
                .await
                .map_err(show_code(&code, Some(&card_id)))?;
            format.print(&answer, || {
                format!("code {code} is {}", if unmark { "no longer marked" } else { "marked" })
            })
        }
        CodeCommand::Unavailable { code, card, reason } => {
            let mut request = MakeCodeUnavailable::new(&code);
            (request.card_id, request.reason) = (card.card_id.clone(), reason);
            let answer = perform(settings, &request)
                .await
                .map_err(show_code(&code, card.card_id.as_ref()))?;
            format.print(&answer, || format!("code {code} is void"))
        }
        CodeCommand::Update { old, new, card } => update(&old, &new, card.card_id, settings, format).await,
        CodeCommand::Deposit(args) => list::deposit(args, settings, format).await,
        CodeCommand::Count { card_id } => {
            let answer = perform(settings, &GetDepositCount::new(card_id)).await?;
            format.print(&answer, || Rows::new().row("deposited codes", answer.count).text())
        }
        CodeCommand::Import(args) => bulk::import(args, settings, format).await,
        CodeCommand::Void(args) => bulk::void(args, settings, format).await,
        CodeCommand::Check(args) => bulk::check(args, settings, format).await,
    }
}

async fn consume(code: &CardCode, card_id: Option<CardId>, settings: &Settings, format: Format) -> Result<(), Failure> {
    let mut request = ConsumeCode::new(code);
    request.card_id.clone_from(&card_id);
    let answer = perform(settings, &request)
        .await
        .map_err(show_code(code, card_id.as_ref()))?;
    format.print(&answer, || {
        Rows::new()
            .row("redeemed", code)
            .row("card id", &answer.card.card_id)
            .row("openid", &answer.openid)
            .text()
    })
}

async fn update(
    old: &CardCode,
    new: &CardCode,
    card_id: Option<CardId>,
    settings: &Settings,
    format: Format,
) -> Result<(), Failure> {
    let mut request = UpdateCode::new(old, new);
    request.card_id.clone_from(&card_id);
    let answer = perform(settings, &request).await.map_err(|failure| {
        // The new code tells whether it ran: before, nobody holds it. What is refused is wrong with the old one.
        let telling = if failure.may_have_run() { new } else { old };
        show_code(telling, card_id.as_ref())(failure)
    })?;
    format.print(&answer, || format!("code {old} is {new} now"))
}

/// Adds to a failure which command shows the code.
fn show_code(code: &CardCode, card_id: Option<&CardId>) -> impl FnOnce(Failure) -> Failure {
    let card = card_id
        .map(|card_id| format!(" --card-id {}", word(card_id.as_str())))
        .unwrap_or_default();
    let command = format!("wx-card code get {}{card} --check-consume false", word(code.as_str()));
    |failure| failure.lookup(command)
}

/// A code in text, its state first.
fn state(answer: &GetCodeResponse) -> String {
    let card = &answer.card;
    Rows::new()
        .row("status", answer.status().map_or("not told", |status| status.as_str()))
        .maybe(
            "can be redeemed",
            answer
                .can_consume
                .or(card.can_consume)
                .map(|can| if can { "yes" } else { "no" }),
        )
        .row("card id", &card.card_id)
        .maybe("code", card.code.as_ref())
        .maybe("openid", answer.openid.as_ref())
        .maybe("nickname", answer.nickname.as_ref())
        .maybe("valid from", card.begin_time.map(local_time))
        .maybe("valid to", card.end_time.map(local_time))
        .maybe("scene", answer.outer_str.as_ref())
        .maybe("unionid", answer.unionid.as_ref())
        .maybe(
            "member",
            answer.membership_number.as_ref().or(card.membership_number.as_ref()),
        )
        .maybe("points", answer.bonus.or(card.bonus))
        .maybe("balance", answer.balance.or(card.balance))
        .maybe("order", answer.order_id.as_ref())
        .text()
}
