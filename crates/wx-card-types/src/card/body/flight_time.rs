//! When a plane leaves and lands.

use serde_core::ser::{Serialize, Serializer};

use crate::wire::whole_number;

/// When a plane leaves or lands, in Unix seconds.
///
/// The official page has it as text, and so it is written; it is read from a number as well.
///
/// ```
/// use wx_card_types::FlightTime;
///
/// let departure = FlightTime::new(1_434_507_901);
/// assert_eq!(serde_json::to_string(&departure)?, r#""1434507901""#);
/// assert_eq!(serde_json::from_str::<FlightTime>("1434507901")?, departure);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct FlightTime(i64);

impl FlightTime {
    /// The moment `seconds` after the beginning of 1970 in UTC.
    #[must_use]
    pub const fn new(seconds: i64) -> Self {
        Self(seconds)
    }

    /// The moment in Unix seconds.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }
}

impl From<i64> for FlightTime {
    fn from(seconds: i64) -> Self {
        Self(seconds)
    }
}

impl Serialize for FlightTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

whole_number!(FlightTime, "Unix seconds");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_number_are_one_time_and_anything_else_is_none() {
        for json in [r#""1434507901""#, "1434507901", "1434507901.0", r#"" 1434507901 ""#] {
            assert_eq!(
                serde_json::from_str::<FlightTime>(json).unwrap().seconds(),
                1_434_507_901
            );
        }
        for json in [r#""2015-06-17""#, "true", "[]", "1.5", r#""""#] {
            assert!(serde_json::from_str::<FlightTime>(json).is_err(), "{json}");
        }
    }
}
