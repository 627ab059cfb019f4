//! `wx-card share …`.

use std::io;

use wx_card::types::{
    CreateLandingPage, CreateQrCode, CreateQrCodeResponse, GetMpnewsHtml, OpenId, QrCard, SetTestWhitelist,
    SetTestWhitelistResponse, Username,
};

use super::perform;
use crate::args::{QrCodeArgs, ShareCommand};
use crate::failure::Failure;
use crate::input::{self, Source};
use crate::output::{self, Format, Rows, duration};
use crate::qr;
use crate::settings::Settings;

pub(super) async fn run(command: ShareCommand, settings: &Settings, format: Format) -> Result<(), Failure> {
    match command {
        ShareCommand::Qrcode(args) => qr_code(args, settings, format).await,
        ShareCommand::LandingPage { file } => {
            let source = Source::new(&file);
            let request: CreateLandingPage = input::decode(source, "a landing page", source.json()?)?;
            let repeat = "trying again makes one more page, beside a first one that may be there";
            let answer = perform(settings, &request)
                .await
                .map_err(|failure| failure.repeat(repeat))?;
            format.print(&answer, || {
                Rows::new()
                    .row("page", &answer.url)
                    .maybe("page id", answer.page_id)
                    .text()
            })
        }
        ShareCommand::MpnewsHtml { card_id } => {
            let answer = perform(settings, &GetMpnewsHtml::new(card_id)).await?;
            format.print(&answer, || answer.content.clone())
        }
        ShareCommand::Whitelist { openids, usernames } => whitelist(openids, usernames, settings, format).await,
    }
}

async fn qr_code(args: QrCodeArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    let mut card = QrCard::new(args.card_id);
    (card.outer_str, card.openid, card.code) = (args.outer_str, args.openid, args.code);
    // What was not asked for is left to the service.
    card.is_unique_code = args.unique.then_some(true);
    let mut request = CreateQrCode::new(card);
    request.expire_seconds = args.expires_in;
    let picture = args.save.map(|picture| Ok((picture.prepare()?, picture)));
    let picture = picture
        .transpose()
        .map_err(|error: io::Error| Failure::usage(format!("--save: {error}; nothing was sent")))?;
    let repeat = "trying again makes one more QR code, and with --unique each of them gives away a coupon";
    let answer = perform(settings, &request)
        .await
        .map_err(|failure| failure.repeat(repeat))?;
    let saved = picture.map_or(Ok(()), |(file, picture)| picture.write(file, answer.url.as_str()));
    // The QR code is there, whatever became of the file.
    format.print(&answer, || drawn(&answer))?;
    saved.map_err(Failure::unwritten)
}

fn drawn(answer: &CreateQrCodeResponse) -> String {
    let mut text = qr::draw(answer.url.as_str(), output::has_colors()).unwrap_or_default();
    if !text.is_empty() {
        text.push('\n');
    }
    let rows = Rows::new()
        .row("says", &answer.url)
        .row(
            "picture",
            answer.show_qrcode_url.clone().unwrap_or_else(|| answer.picture_url()),
        )
        .row("ticket", &answer.ticket)
        .maybe("works for", answer.expire_seconds.map(duration));
    text + &rows.text()
}

async fn whitelist(
    openids: Vec<OpenId>,
    usernames: Vec<Username>,
    settings: &Settings,
    format: Format,
) -> Result<(), Failure> {
    let mut request = SetTestWhitelist::new();
    request.openid = (!openids.is_empty()).then_some(openids);
    request.username = (!usernames.is_empty()).then_some(usernames);
    let answer = perform(settings, &request).await?;
    format.print(&answer, || accepted(&answer))
}

fn accepted(answer: &SetTestWhitelistResponse) -> String {
    let mut rows = Rows::new();
    for openid in &answer.success_openid {
        rows = rows.row("openid", openid);
    }
    for username in &answer.success_username {
        rows = rows.row("username", username);
    }
    rows.maybe("users on the list", answer.white_list_size).text()
}
