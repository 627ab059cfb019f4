//! `wx-card share …`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use wx_card::types::{CardCode, CardId, OpenId, OuterStr, Username};

use crate::qr::Picture;

const QR_CODE_EXAMPLES: &str = "\
Examples:
  wx-card share qrcode ID
  wx-card share qrcode ID --outer-str poster --save poster.png";

#[derive(Debug, Subcommand)]
pub(crate) enum ShareCommand {
    /// Make a QR code by which users take a card (创建二维码投放): POST /card/qrcode/create
    #[command(after_help = QR_CODE_EXAMPLES)]
    Qrcode(QrCodeArgs),
    /// Make a page on which users take cards (创建货架): POST /card/landingpage/create
    ///
    /// FILE is the API's own request body: banner, page_title, can_share, scene, card_list.
    LandingPage {
        /// The request body as JSON; - is stdin
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Show a card as HTML for a mass article (图文消息群发卡券): POST /card/mpnews/gethtml
    MpnewsHtml {
        /// The card; not one with codes of your own or for one user only
        #[arg(value_name = "ID")]
        card_id: CardId,
    },
    /// Say who may take cards before their approval (设置测试白名单): POST /card/testwhitelist/set
    ///
    /// It replaces the whole list: whoever is not named is no longer on it. At most 10 users in all.
    Whitelist {
        /// A user by OpenID; give it several times for several users
        #[arg(long = "openid", value_name = "O")]
        openids: Vec<OpenId>,
        /// A user by WeChat id (微信号); give it several times for several users
        #[arg(long = "username", value_name = "U")]
        usernames: Vec<Username>,
    },
}

#[derive(Args, Debug)]
pub(crate) struct QrCodeArgs {
    /// The card
    #[arg(value_name = "ID")]
    pub(crate) card_id: CardId,
    /// The scene in which the card is handed out; comes back in events and queries
    #[arg(long, value_name = "S")]
    pub(crate) outer_str: Option<OuterStr>,
    /// Seconds after which the QR code ceases to work: 60 to 1800; without it the service decides, 90 to 365 days
    #[arg(long, value_name = "SECS", allow_negative_numbers = true)]
    pub(crate) expires_in: Option<i64>,
    /// The only user who may take the card; required for a card with bind_openid
    #[arg(long, value_name = "O")]
    pub(crate) openid: Option<OpenId>,
    /// The code that whoever takes the card gets; required where the merchant chose the codes (use_custom_code)
    #[arg(long, value_name = "C")]
    pub(crate) code: Option<CardCode>,
    /// The card can be taken once in all
    #[arg(long)]
    pub(crate) unique: bool,
    /// Also write the QR code to this file, as a picture to print: its name ends in .png or .svg
    #[arg(long, value_name = "FILE", value_parser = Picture::new)]
    pub(crate) save: Option<Picture>,
}
