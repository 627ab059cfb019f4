//! Amounts of money.

use std::error::Error as StdError;
use std::fmt;

use serde_core::{Serialize, Serializer};

use crate::wire::whole_number;

/// An amount of money in 分, of which a yuan has a hundred (金额，单位为分).
///
/// A bare number does not become an amount by itself: whoever has one says whether it counts 分 or yuan.
///
/// ```
/// use wx_card_types::Fen;
///
/// let ten_yuan = Fen::new(1000);
/// assert_eq!(ten_yuan, Fen::from_yuan(10));
/// assert_eq!(ten_yuan, Fen::parse_yuan("10.00")?);
/// assert_eq!(ten_yuan.to_string(), "¥10.00");
/// # Ok::<(), wx_card_types::NotYuan>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Fen(i64);

impl Fen {
    /// So many 分.
    #[must_use]
    pub const fn new(fen: i64) -> Self {
        Self(fen)
    }

    /// So many whole yuan; as many as the type of the argument has can be told in 分.
    #[must_use]
    pub const fn from_yuan(yuan: i32) -> Self {
        // Widening cannot lose anything, and `i64::from` is not for constants.
        Self(yuan as i64 * 100)
    }

    /// Reads an amount in yuan as people write it: `10`, `10.5`, `10.50`, `¥10.50`, `-0.01`.
    ///
    /// # Errors
    ///
    /// [`NotYuan`] where the text is no number, has more than two decimals, or is beyond what 分 in 64 bits can count.
    pub fn parse_yuan(text: &str) -> Result<Self, NotYuan> {
        let text = text.trim();
        let (sign, amount) = text.strip_prefix('-').map_or((1, text), |amount| (-1, amount));
        let amount = amount.strip_prefix(['¥', '￥']).unwrap_or(amount);
        let (yuan, decimals) = amount.split_once('.').map_or((amount, "00"), |split| split);
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
        if !digits(yuan) || !digits(decimals) || decimals.len() > 2 {
            return Err(NotYuan(()));
        }
        // One text of 分, so that the smallest number of 64 bits is read as well as any other.
        let sign = if sign < 0 { "-" } else { "" };
        let fen = format!("{sign}{yuan}{decimals:0<2}").parse();
        fen.map(Self).map_err(|_| NotYuan(()))
    }

    /// The amount, in 分.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// In yuan, with two decimals: `¥10.00`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        f.pad(&format!("{sign}¥{}.{:02}", fen / 100, fen % 100))
    }
}

impl Serialize for Fen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

whole_number!(Fen, "a whole number of 分");

/// A text that is no amount in yuan.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NotYuan(());

impl fmt::Display for NotYuan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an amount in yuan, such as 10 or 10.50")
    }
}

impl StdError for NotYuan {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn yuan_are_read_as_people_write_them() {
        for (text, fen) in [
            ("10", 1000),
            ("10.5", 1050),
            ("10.50", 1050),
            (" 10.05 ", 1005),
            ("¥0.01", 1),
            ("-¥0.01", -1),
            ("0", 0),
            ("92233720368547758.07", i64::MAX),
            ("-92233720368547758.08", i64::MIN),
        ] {
            assert_eq!(Fen::parse_yuan(text), Ok(Fen::new(fen)), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_in_yuan_is_refused() {
        for text in [
            "",
            ".",
            "-",
            "10.",
            ".5",
            "10.505",
            "1,000",
            "1e3",
            "+1",
            "--1",
            "ten",
            "１０",
            "92233720368547758.08",
        ] {
            assert_eq!(Fen::parse_yuan(text), Err(NotYuan(())), "{text}");
        }
    }

    #[test]
    fn an_amount_is_shown_in_yuan() {
        let shown = [1000, 1, 99, 123_456_789, 0, -5, i64::MIN].map(|fen| Fen::new(fen).to_string());
        let expected = [
            "¥10.00",
            "¥0.01",
            "¥0.99",
            "¥1234567.89",
            "¥0.00",
            "-¥0.05",
            "-¥92233720368547758.08",
        ];
        assert_eq!(shown, expected);
        assert_eq!(format!("{:>8}|", Fen::from_yuan(1)), "   ¥1.00|");
    }

    #[test]
    fn every_form_of_a_whole_number_is_read() {
        for json in ["3000", "3000.0", "\"3000\"", "\"3000.0\"", "\" 3000 \""] {
            assert_eq!(serde_json::from_str::<Fen>(json).unwrap(), Fen::from_yuan(30), "{json}");
        }
        for json in ["30.5", "\"30.5\"", "\"¥30\"", "null", "[]"] {
            assert!(serde_json::from_str::<Fen>(json).is_err(), "{json}");
        }
        assert_eq!(serde_json::to_string(&Fen::new(3000)).unwrap(), "3000");
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(fen in any::<i64>()) {
            prop_assert_eq!(Fen::parse_yuan(&Fen::new(fen).to_string()), Ok(Fen::new(fen)));
        }

        #[test]
        fn whole_yuan_never_overflow(yuan in any::<i32>()) {
            prop_assert_eq!(Fen::from_yuan(yuan).get(), i64::from(yuan) * 100);
        }
    }
}
