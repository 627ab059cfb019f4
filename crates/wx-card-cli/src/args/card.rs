//! `wx-card card …`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand, ValueEnum};
use wx_card::types::CardId;

#[derive(Debug, Subcommand)]
pub(crate) enum CardCommand {
    /// Create a card (创建卡券): POST /card/create
    ///
    /// FILE is the API's own request body, with or without the outer `card`. Members that are not known here are sent
    /// all the same. Prices are in 分, times in Unix seconds, lengths in bytes of UTF-8, of which a Chinese character
    /// has 3. A new card is reviewed before users can take it.
    Create {
        /// The request body as JSON; - is stdin
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
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
    Stock {
        /// The card
        #[arg(value_name = "ID")]
        card_id: CardId,
        /// By how much: +N raises, -N lowers
        #[arg(value_name = "+N|-N", allow_negative_numbers = true)]
        change: StockChange,
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

/// A change with its sign: a number without one might be meant as the new stock.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
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
    fn a_stock_change_has_its_sign() {
        for (text, change) in [("+1", 1), ("-250", -250), ("+0", 0), ("-0", 0)] {
            assert_eq!(text.parse(), Ok(StockChange(change)));
        }
        for text in ["", "5", "+", "-", "+-5", "+5.0", "++5", "+99999999999999999999"] {
            assert!(text.parse::<StockChange>().is_err(), "{text}");
        }
    }
}
