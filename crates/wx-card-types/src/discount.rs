//! How much a price goes down.

use std::fmt;

use serde_core::{Serialize, Serializer};

use crate::wire::whole_number;

/// A part of the price that is taken off (打折额度): 30 percent off leave 70 percent to pay, which is 七折.
///
/// On the wire it is the percentage that is *off*, of coupons and of member cards alike.
/// Any number can be held, since answers have to be; a request with one outside of 1 to 99 is refused by its check.
///
/// ```
/// use wx_card_types::Discount;
///
/// let discount = Discount::percent_off(30);
/// assert_eq!(discount, Discount::percent_to_pay(70));
/// assert_eq!(discount.to_string(), "七折");
/// assert_eq!(format!("{discount:#}"), "30% off");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Discount(i64);

impl Discount {
    /// So many percent of the price are off.
    #[must_use]
    pub const fn percent_off(percent: i64) -> Self {
        Self(percent)
    }

    /// So many percent of the price are left to pay: 70 for 七折, 75 for 七五折.
    #[must_use]
    pub const fn percent_to_pay(percent: i64) -> Self {
        Self(100_i64.saturating_sub(percent))
    }

    /// How many percent of the price are off.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// The way it is said in Chinese, by what is left to pay: 30 percent off is 七折, 25 is 七五折, 95 is 零点五折.
///
/// The alternate form `{:#}` is in English: `30% off`. So is a number outside of 1 to 99, which has no name.
impl fmt::Display for Discount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() || !(1..=99).contains(&self.0) {
            return f.pad(&format!("{}% off", self.0));
        }
        let left = 100 - self.0;
        let said = match (left / 10, left % 10) {
            (0, ones) => format!("零点{}折", digit(ones)),
            (tens, 0) => format!("{}折", digit(tens)),
            (tens, ones) => format!("{}{}折", digit(tens), digit(ones)),
        };
        f.pad(&said)
    }
}

const fn digit(digit: i64) -> char {
    match digit {
        1 => '一',
        2 => '二',
        3 => '三',
        4 => '四',
        5 => '五',
        6 => '六',
        7 => '七',
        8 => '八',
        9 => '九',
        _ => '零',
    }
}

impl Serialize for Discount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

whole_number!(Discount, "a whole number of percent that are off, such as 30 for 七折");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discount_is_said_by_what_is_left_to_pay() {
        let cases = [
            (30, "七折"),
            (25, "七五折"),
            (10, "九折"),
            (5, "九五折"),
            (50, "五折"),
            (89, "一一折"),
            (90, "一折"),
            (95, "零点五折"),
            (1, "九九折"),
            (99, "零点一折"),
            (0, "0% off"),
            (100, "100% off"),
            (-3, "-3% off"),
        ];
        for (percent, said) in cases {
            assert_eq!(Discount::percent_off(percent).to_string(), said, "{percent}");
        }
        assert_eq!(format!("{:#}", Discount::percent_off(30)), "30% off");
    }

    #[test]
    fn the_wire_has_the_percent_that_are_off() {
        assert_eq!(serde_json::to_string(&Discount::percent_to_pay(70)).unwrap(), "30");
        for json in ["30", "30.0", "\"30\""] {
            assert_eq!(
                serde_json::from_str::<Discount>(json).unwrap(),
                Discount::percent_off(30),
                "{json}"
            );
        }
        assert!(serde_json::from_str::<Discount>("\"七折\"").is_err());
    }
}
