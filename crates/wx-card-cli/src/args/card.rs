//! `wx-card card …`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand, ValueEnum};
use wx_card::types::{CardId, CardStatus};

const CREATE_EXAMPLES: &str = "\
Examples:
  wx-card card template cash > card.json
  wx-card card create card.json
  wx-card --sandbox card create card.json";

const LIST_EXAMPLES: &str = "\
Examples:
  wx-card card list --all
  wx-card card list --status verify-ok --status dispatch --output csv";

const STOCK_EXAMPLES: &str = "\
Examples:
  wx-card card stock ID +100
  wx-card card stock ID -100
  wx-card card stock ID --to 500";

#[derive(Debug, Subcommand)]
pub(crate) enum CardCommand {
    /// Create a card (创建卡券): POST /card/create
    ///
    /// FILE is the API's own request body, with or without the outer `card`; `card template KIND` prints one to begin
    /// with. Members that are not known here are sent all the same. Prices are in 分, times in Unix seconds, lengths in
    /// bytes of UTF-8, of which a Chinese character has 3. A new card is reviewed before users can take it.
    ///
    /// Errors keep it from being sent, warnings do not; `card check FILE` lists both.
    #[command(after_help = CREATE_EXAMPLES)]
    Create {
        /// The request body as JSON, without its lines that begin with `//`; - is stdin
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Print the body of a new card to fill in (模板); no account is needed
    ///
    /// The text is JSON with notes and optional members in lines that begin with `//`. Such lines are left out wherever
    /// a file with JSON is read, so what `card template cash > card.json` wrote passes `card check card.json` as it
    /// stands and can be given to `card create`.
    ///
    /// With --output json it is plain JSON on one line, without the notes.
    Template {
        /// The kind of card
        #[arg(value_name = "KIND", ignore_case = true)]
        kind: Kind,
    },
    /// List what is wrong with the body of a card, without sending it (校验); no account is needed
    ///
    /// FILE is what `card create` or `card update` takes. Errors are what the service certainly refuses; warnings are
    /// what it may refuse, and members that are not known here. The findings are the result, so they go to stdout. The
    /// exit code is 2 where there are errors and 0 where there are none.
    ///
    /// With --output json it is {findings: [{level, field, rule, message, bytes, characters, count, value, min, max,
    /// source}]}, with `null` where there is nothing to say.
    Check {
        /// The request body as JSON, without its lines that begin with `//`; - is stdin
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Change what a card says (更改卡券信息): POST /card/update
    ///
    /// FILE is the API's own request body, {"card_id": "…", "cash": {…}}, with what changes under the key of the kind;
    /// what is absent stays as it is. The logo, the notice, the description, the color and the texts with rules send
    /// the card back into review, which the answer tells. The stock is for `card stock`.
    Update {
        /// The request body as JSON, without its lines that begin with `//`; - is stdin
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// List the cards of the account (批量查询卡券列表): POST /card/batchget
    ///
    /// It prints the ids of the first 50 cards and how many cards there are, or with --all those of all pages.
    #[command(after_help = LIST_EXAMPLES)]
    List(ListArgs),
    /// Show the colors that a card can have (获取颜色列表): GET /card/getcolors
    Colors,
    /// Show a card (查看卡券详情): POST /card/get
    Get {
        /// The card
        #[arg(value_name = "ID")]
        card_id: CardId,
    },
    /// Delete a card (删除卡券): POST /card/delete
    ///
    /// Nobody can take it any more; coupons in users' hands stay usable.
    Delete {
        /// The card
        #[arg(value_name = "ID")]
        card_id: CardId,
    },
    /// Raise or lower the stock of a card (修改库存): POST /card/modifystock
    ///
    /// The change is relative. In deposit mode the stock can be raised to the number of deposited codes at most.
    ///
    /// With --to the stock is read first, changed by the difference, and read again when the answer to that is lost or
    /// unclear. It is no lock: of two who set the stock at the same time both may add their difference. With
    /// --output json it is then {outcome, from, to, confirmed_by}.
    #[command(after_help = STOCK_EXAMPLES)]
    Stock {
        /// The card
        #[arg(value_name = "ID")]
        card_id: CardId,
        /// By how much: +N raises, -N lowers
        #[arg(
            value_name = "+N|-N",
            allow_negative_numbers = true,
            required_unless_present = "to",
            conflicts_with = "to"
        )]
        change: Option<StockChange>,
        /// How many coupons shall be left to take, those in users' hands apart
        #[arg(long, value_name = "N")]
        to: Option<u32>,
    },
    /// Let users pay from within a card, or no longer (设置买单): POST /card/paycell/set
    ///
    /// The account needs WeChat Pay, the card needs stores. It excludes self-redeeming and a button in the middle.
    PayCell {
        /// The card
        #[arg(value_name = "ID")]
        card_id: CardId,
        /// Whether they may
        switch: Switch,
    },
    /// Let users redeem by themselves, or no longer (设置自助核销): POST /card/selfconsumecell/set
    ///
    /// It excludes paying from within the card and a button in the middle.
    SelfConsume(SelfConsumeArgs),
}

#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    /// Only cards in this state, such as verify-ok, the word of the API with or without CARD_STATUS_; can be given
    /// several times
    #[arg(long = "status", value_name = "STATUS", value_parser = status)]
    pub(crate) status_list: Vec<CardStatus>,
    /// Fetch every page, 50 cards at a time; cards created meanwhile may shift the pages
    #[arg(long)]
    pub(crate) all: bool,
}

/// A kind of card that has a template.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, ValueEnum)]
pub(crate) enum Kind {
    /// A deal paid for beforehand (团购券)
    Groupon,
    /// Money off a bill (代金券)
    Cash,
    /// Percent off a bill (折扣券)
    Discount,
    /// Something for nothing (兑换券)
    Gift,
    /// Any other coupon (优惠券)
    #[value(alias = "general_coupon")]
    GeneralCoupon,
    /// The card of a member (会员卡)
    #[value(alias = "member_card")]
    MemberCard,
    /// A gift card (礼品卡)
    #[value(alias = "general_card")]
    GeneralCard,
    /// A ticket to a meeting or a show (会议门票)
    #[value(alias = "meeting_ticket")]
    MeetingTicket,
    /// A ticket to a sight (景区门票)
    #[value(alias = "scenic_ticket")]
    ScenicTicket,
    /// A cinema ticket (电影票)
    #[value(alias = "movie_ticket")]
    MovieTicket,
    /// A boarding pass (飞机票)
    #[value(alias = "boarding_pass")]
    BoardingPass,
    /// A red packet, of old (红包)
    #[value(alias = "lucky_money")]
    LuckyMoney,
}

#[derive(Args, Debug)]
pub(crate) struct SelfConsumeArgs {
    /// The card
    #[arg(value_name = "ID")]
    pub(crate) card_id: CardId,
    /// Whether they may
    pub(crate) switch: Switch,
    /// Users must enter the verify code that is set in the console
    #[arg(long)]
    pub(crate) need_verify_code: bool,
    /// Users must enter the amount
    #[arg(long)]
    pub(crate) need_remark_amount: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

impl Switch {
    pub(crate) const fn is_on(self) -> bool {
        matches!(self, Self::On)
    }
}

/// The word of a state, in the spelling of the API or shorter; a word that is not known here must be spelled in full.
fn status(text: &str) -> Result<CardStatus, String> {
    const PREFIX: &str = "CARD_STATUS_";
    let word = text.trim().to_ascii_uppercase().replace('-', "_");
    if word.starts_with(PREFIX) {
        return Ok(CardStatus::from(word));
    }
    let status = CardStatus::from(format!("{PREFIX}{word}"));
    if status.is_known() {
        return Ok(status);
    }
    let known = CardStatus::KNOWN.iter().filter_map(|word| word.strip_prefix(PREFIX));
    let known: Vec<String> = known.map(|word| word.to_ascii_lowercase().replace('_', "-")).collect();
    Err(format!("give one of {}, or a whole word of the API", known.join(", ")))
}

/// A change with its sign: a number without one might be meant as the new stock.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct StockChange(pub(crate) i64);

impl FromStr for StockChange {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text
            .strip_prefix(['+', '-'])
            .ok_or("give the change with its sign: +N raises the stock by N, -N lowers it by N")?;
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let change = is_number.then(|| text.parse().ok()).flatten();
        change
            .map(Self)
            .ok_or("give a whole number after the sign, such as +100 or -100")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_spelled_as_in_the_api_or_shorter() {
        for text in [
            "verify-ok",
            "VERIFY_OK",
            "CARD_STATUS_VERIFY_OK",
            "card-status-verify-ok",
        ] {
            assert_eq!(status(text), Ok(CardStatus::VerifyOk), "{text}");
        }
        assert_eq!(status("user-delete"), Ok(CardStatus::Delete));
        assert_eq!(status("CARD_STATUS_LATER"), Ok(CardStatus::from("CARD_STATUS_LATER")));
        let expected = "give one of delete, dispatch, not-verify, verify-fail, verify-ok, or a whole word of the API";
        for text in ["", "ok", "verified"] {
            assert_eq!(status(text), Err(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_stock_change_has_its_sign() {
        for (text, change) in [("+1", 1), ("-250", -250), ("+0", 0), ("-0", 0)] {
            assert_eq!(text.parse(), Ok(StockChange(change)));
        }
        for text in ["", "5", "+", "-", "+-5", "+5.0", "++5", "+99999999999999999999"] {
            assert!(text.parse::<StockChange>().is_err(), "{text}");
        }
    }
}
