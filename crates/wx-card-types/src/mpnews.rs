//! `/card/mpnews/…`: cards in articles.

mod gethtml;

pub use gethtml::{GetMpnewsHtml, GetMpnewsHtmlResponse};
