//! `wx-card sign …`.

use clap::{Args, Subcommand};
use wx_card::core::Secret;
use wx_card::types::{CardCode, CardId, CardType, OpenId, OuterStr};

use super::secret;

#[derive(Debug, Subcommand)]
pub(crate) enum SignCommand {
    /// Sign one card for wx.addCard (添加卡券): prints cardId and cardExt
    ///
    /// Signed are the card, the code and the user; --outer-str goes along unsigned. The page must pass cardExt on as it
    /// is.
    #[command(
        after_help = "Examples:\n  wx-card sign add-card --card-id ID\n  wx-card sign add-card --card-id ID --openid OPENID --outer-str poster"
    )]
    AddCard {
        /// The card
        #[arg(long, value_name = "ID")]
        card_id: CardId,
        /// The code that the user gets; required where the merchant chose the codes, except for imported ones
        #[arg(long, value_name = "C")]
        code: Option<CardCode>,
        /// The only user who may take the card; required for a card with bind_openid
        #[arg(long, value_name = "O")]
        openid: Option<OpenId>,
        /// The scene in which the card is handed out; comes back in events and queries
        #[arg(long, value_name = "S")]
        outer_str: Option<OuterStr>,
        #[command(flatten)]
        seal: Seal,
    },
    /// Sign for wx.chooseCard (拉取适用卡券列表): prints timestamp, nonceStr, signType, cardSign and what was chosen
    ///
    /// The app id is signed too, so it is needed; the secret is not where --ticket is given.
    ChooseCard {
        /// The only card to offer
        #[arg(long, value_name = "ID")]
        card_id: Option<CardId>,
        /// The only type of card to offer, such as GROUPON
        #[arg(long, value_name = "T")]
        card_type: Option<CardType>,
        /// The only store whose cards to offer (shopId)
        #[arg(long, value_name = "L")]
        location_id: Option<String>,
        #[command(flatten)]
        seal: Seal,
    },
    /// Sign for wx.config (权限验证配置): prints appId, timestamp, nonceStr and signature
    ///
    /// Its ticket is another one, of the type jsapi. The app id is needed; the secret is not where --ticket is given.
    #[command(after_help = "Examples:\n  wx-card sign js-config --url https://shop.example/coupons?from=poster")]
    JsConfig {
        /// The page's full address as the browser has it, query included; what follows a # is not signed
        #[arg(long, value_name = "URL")]
        url: String,
        #[command(flatten)]
        seal: Seal,
    },
    /// Sign any values together with timestamp, nonce and ticket: prints timestamp, nonceStr and signature
    ///
    /// The values are sorted by their bytes and hashed with SHA-1; empty ones drop out. Prefer add-card and choose-card,
    /// which know which values belong to the signature.
    Values {
        /// The values, in any order
        #[arg(value_name = "VALUE", required = true)]
        values: Vec<String>,
        #[command(flatten)]
        seal: Seal,
    },
}

/// What is signed beside the values.
#[derive(Args, Debug)]
pub(crate) struct Seal {
    /// The moment of the signature, in Unix seconds [default: now]
    #[arg(long, value_name = "T", allow_negative_numbers = true)]
    pub(crate) timestamp: Option<i64>,
    /// The nonce, of at most 32 bytes [default: a fresh one]
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(crate) nonce: Option<String>,
    /// The ticket; nothing is sent then, and no secret is needed [default: fetched]
    // A ticket may begin with a hyphen; an error that took it for an option would repeat it.
    #[arg(long, value_name = "K", value_parser = secret, allow_hyphen_values = true)]
    pub(crate) ticket: Option<Secret>,
}
