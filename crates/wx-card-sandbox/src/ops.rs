//! The operations, each in a file that mirrors its path: one handler and one line in [`router`].

use wx_card_types::{MarkCode, UploadImage};

use crate::reason::{OPENID_INVALID, OPENID_MISSING};
use crate::refusal::Refusal;
use crate::router::Router;

mod card;
mod code;
mod landingpage;
mod media;
mod mpnews;
mod paycell;
mod qrcode;
mod selfconsumecell;
mod testwhitelist;
pub(crate) mod token;
mod user;

/// Everything that the sandbox serves besides tokens and tickets.
pub(crate) fn router() -> Router {
    Router::default()
        .on(card::batchget::batch_get)
        .on(card::create::create)
        .on(card::delete::delete)
        .on(card::get::get)
        .on(card::getcolors::get_colors)
        .on(card::modifystock::modify)
        .on(card::update::update)
        .on(code::checkcode::check)
        .on(code::consume::consume)
        .on(code::decrypt::decrypt)
        .on(code::deposit::deposit)
        .on(code::get::get)
        .on(code::getdepositcount::count)
        .on(code::mark::mark)
        .on(code::unavailable::unavailable)
        .on(code::update::update)
        .on(landingpage::create)
        .on_file::<UploadImage>(media::uploadimg::upload)
        .on(mpnews::get_html)
        .on(paycell::set)
        .on(qrcode::create)
        .on(selfconsumecell::set)
        .on(testwhitelist::set)
        .on(user::get_card_list)
        // Whoever does not say so marks.
        .default_of::<MarkCode>("is_mark", true)
}

/// Refuses what cannot be an openid: the sandbox knows no users beforehand, so any that looks like one is one.
pub(crate) fn openid(openid: &str) -> Result<(), Refusal> {
    /// Real ones have 28; samples and tests have others.
    const BYTES: usize = 64;
    if openid.is_empty() {
        return Err(OPENID_MISSING.into());
    }
    let is_openid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if openid.len() <= BYTES && openid.bytes().all(is_openid) {
        Ok(())
    } else {
        Err(OPENID_INVALID.into())
    }
}
