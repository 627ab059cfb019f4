//! `wx-card image …`.

use wx_card::types::{Upload as _, UploadImage};

use crate::args::ImageCommand;
use crate::failure::Failure;
use crate::input::Source;
use crate::output::{Format, Rows};
use crate::settings::Settings;

pub(super) async fn run(command: ImageCommand, settings: &Settings, format: Format) -> Result<(), Failure> {
    let ImageCommand::Upload { file } = command;
    let request = UploadImage::new(Source::new(&file).bytes()?);
    // Before credentials are asked for.
    request
        .validate()
        .map_err(|invalid| Failure::broken_rule(UploadImage::PATH, invalid))?;
    let answer = settings.client()?.upload_image(&request).await?;
    format.print(&answer, || {
        Rows::new()
            .row("url", &answer.url)
            .row("next", "put it into logo_url, or wherever else a card takes a picture")
            .text()
    })
}
