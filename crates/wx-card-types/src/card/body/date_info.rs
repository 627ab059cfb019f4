//! When a card is valid.

use std::fmt;

use serde_core::de::{Deserialize, Deserializer, MapAccess};
use serde_core::ser::{Error as _, Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value};

use crate::card::checked::{Checked, MISSING, checked, object, read};
use crate::card::limit::Limit;
use crate::card::members::Between;
use crate::card::rules::{CardRule, Demand};
use crate::date::beijing;
use crate::wire::{Name, Read, Reading, Wire, WithoutNulls, wire};
use crate::{Check, Date, Level, Rule};

/// When a card is valid (使用日期).
///
/// The service counts days in UTC+8, and no moment after 2038-01-19T03:14:07Z.
///
/// The numbers of old, `1` for a range and `2` for a term, as number or text, are read as what they mean and
/// written as the word of today: to the service they are the same.
///
/// ```
/// use wx_card_types::{DateInfo, FixTerm};
///
/// let june = DateInfo::range(1_496_246_400, 1_498_838_399);
/// let a_month = DateInfo::days(30);
/// let a_month_from_tomorrow: DateInfo = FixTerm::new(30).fixed_begin_term(1).into();
/// assert_eq!(serde_json::to_string(&a_month)?, r#"{"type":"DATE_TYPE_FIX_TERM","fixed_term":30}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum DateInfo {
    /// Some days from the moment a user takes the card.
    FixTerm(FixTerm),
    /// From one moment to another, the same for all users.
    FixTimeRange(FixTimeRange),
    /// For ever; for member cards only.
    Permanent(Permanent),
    /// Anything else, as it stood: another type, or a type without what belongs to it.
    Other(Map<String, Value>),
}

checked! {
    /// Validity from one moment to another.
    pub struct FixTimeRange {
        /// When validity begins, in Unix seconds (起用时间).
        #[doc(alias = "起用时间")] begin_timestamp: i64 [0 to 2147483647],
        /// When validity ends, in Unix seconds (结束时间); later than the beginning.
        #[doc(alias = "结束时间")] end_timestamp: i64 [0 to 2147483647],
    }
    also RANGE_ALONE
}

checked! {
    /// Validity of some days from the moment a user takes the card.
    pub struct FixTerm {
        /// How many days the card is valid (有效天数).
        #[doc(alias = "有效天数")] fixed_term: i64 [at least 1],
    } optional {
        /// How many days after it was taken the card begins to be valid (多少天后开始生效); the service takes 0, the
        /// same day.
        #[doc(alias = "多少天后开始生效")] fixed_begin_term: i64 [at least 0],
        /// When validity ends at the latest, in Unix seconds, however late the card was taken (卡券统一过期时间).
        #[doc(alias = "卡券统一过期时间")] end_timestamp: i64 [0 to 2147483647],
    }
    also TERM_ALONE
}

wire! {
    /// Validity for ever.
    #[derive(Default)]
    pub struct Permanent {}
}

const RANGE: &str = "DATE_TYPE_FIX_TIME_RANGE";
const TERM: &str = "DATE_TYPE_FIX_TERM";
const PERMANENT: &str = "DATE_TYPE_PERMANENT";
const TYPES: &str = "one of DATE_TYPE_FIX_TIME_RANGE DATE_TYPE_FIX_TERM DATE_TYPE_PERMANENT";

impl DateInfo {
    /// From `begin` to `end`, both in Unix seconds.
    #[must_use]
    pub fn range(begin: i64, end: i64) -> Self {
        Self::FixTimeRange(FixTimeRange::new(begin, end))
    }

    /// From the beginning of one day to the end of another, in Beijing.
    ///
    /// ```
    /// use wx_card_types::{Date, DateInfo};
    ///
    /// let (first, last): (Date, Date) = ("2026-11-01".parse()?, "2026-11-11".parse()?);
    /// let date_info = DateInfo::dates(first, last);
    /// assert_eq!(date_info, DateInfo::range(1_793_462_400, 1_794_412_799));
    /// assert_eq!(date_info.to_string(), "2026-11-01 to 2026-11-11");
    /// # Ok::<(), wx_card_types::NotADate>(())
    /// ```
    #[must_use]
    pub fn dates(first: Date, last: Date) -> Self {
        Self::range(first.first_second(), last.last_second())
    }

    /// `days` days from the moment a user takes the card.
    #[must_use]
    pub fn days(days: i64) -> Self {
        Self::FixTerm(FixTerm::new(days))
    }

    /// For ever; for member cards only.
    #[must_use]
    pub fn permanent() -> Self {
        Self::Permanent(Permanent::new())
    }

    fn from_members(members: Map<String, Value>) -> Self {
        let mut rest = members.clone();
        let kind = rest.remove("type").as_ref().and_then(Kind::of);
        let rest = Value::Object(rest);
        let typed = match kind {
            Some(Kind::Permanent) => Permanent::deserialize(&rest).map(Self::Permanent).ok(),
            Some(Kind::Range) => FixTimeRange::deserialize(&rest).map(Self::FixTimeRange).ok(),
            Some(Kind::Term) => FixTerm::deserialize(&rest).map(Self::FixTerm).ok(),
            None => None,
        };
        typed.unwrap_or(Self::Other(members))
    }
}

/// What `type` says.
#[derive(Clone, Copy)]
enum Kind {
    Permanent,
    Range,
    Term,
}

impl Kind {
    fn of(date_type: &Value) -> Option<Self> {
        match read::<String>(Some(date_type))?.trim() {
            RANGE | "1" => Some(Self::Range),
            TERM | "2" => Some(Self::Term),
            PERMANENT => Some(Self::Permanent),
            _ => None,
        }
    }
}

/// In words, with days and times of Beijing.
impl fmt::Display for DateInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FixTerm(term) => {
                write!(f, "{} days from taking it", term.fixed_term)?;
                if let Some(wait) = term.fixed_begin_term.filter(|wait| *wait != 0) {
                    write!(f, ", beginning {wait} days after")?;
                }
                term.end_timestamp
                    .map_or(Ok(()), |end| write!(f, ", until {} at the latest", last_moment(end)))
            }
            Self::FixTimeRange(FixTimeRange {
                begin_timestamp: begin,
                end_timestamp: end,
                ..
            }) => {
                let first = Date::at(*begin).filter(|first| first.first_second() == *begin);
                let first = first.map_or_else(|| beijing(*begin), |first| first.to_string());
                write!(f, "{first} to {}", last_moment(*end))
            }
            Self::Permanent(_) => f.write_str("for ever"),
            Self::Other(members) => match read::<String>(members.get("type")) {
                Some(date_type) => write!(f, "as {date_type:?} says"),
                None => f.write_str("unknown"),
            },
        }
    }
}

/// The day that a moment ends, or the moment itself.
fn last_moment(seconds: i64) -> String {
    let last = Date::at(seconds).filter(|last| last.last_second() == seconds);
    last.map_or_else(|| beijing(seconds), |last| last.to_string())
}

impl From<FixTerm> for DateInfo {
    fn from(term: FixTerm) -> Self {
        Self::FixTerm(term)
    }
}

impl From<FixTimeRange> for DateInfo {
    fn from(range: FixTimeRange) -> Self {
        Self::FixTimeRange(range)
    }
}

impl Serialize for DateInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::FixTerm(term) => with_type(TERM, term, serializer),
            Self::FixTimeRange(range) => with_type(RANGE, range, serializer),
            Self::Permanent(permanent) => with_type(PERMANENT, permanent, serializer),
            Self::Other(members) => {
                let members = members.iter().filter(|(_, value)| !value.is_null());
                serializer.collect_map(members.map(|(name, value)| (name, WithoutNulls(value))))
            }
        }
    }
}

fn with_type<S: Serializer>(date_type: &str, body: &impl Serialize, serializer: S) -> Result<S::Ok, S::Error> {
    let body: Value = serde_json::to_value(body).map_err(S::Error::custom)?;
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("type", date_type)?;
    for (name, value) in body
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| *name != "type")
    {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

impl Wire for DateInfo {
    const EXPECTED: &'static str = "an object";

    fn from_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Reading<Self>, A::Error> {
        let mut members = Map::new();
        while let Some(Name(name)) = map.next_key()? {
            let value: Value = map.next_value()?;
            // As everywhere, null is as good as absent.
            if !value.is_null() {
                members.insert(name.into_owned(), value);
            }
        }
        Ok(Reading::Value(Self::from_members(members)))
    }
}

impl<'de> Deserialize<'de> for DateInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Read::<Self>::required(deserializer)
    }
}

impl Checked for DateInfo {
    fn check(check: &mut Check, field: &str, value: &Value, limit: Limit) {
        let Some(date_type) = value.get("type").filter(|date_type| !date_type.is_null()) else {
            return object(check, field, value, |check, _| check.violation("type", MISSING));
        };
        match Kind::of(date_type) {
            Some(Kind::Range) => FixTimeRange::check(check, field, value, limit),
            Some(Kind::Term) => FixTerm::check(check, field, value, limit),
            Some(Kind::Permanent) => object(check, field, value, |_, _| {}),
            // A type that came after this was written is the service's to judge, but most are misspelt.
            None => object(check, field, value, |check, _| {
                check.warning("type", Rule::Form { expected: TYPES });
            }),
        }
    }

    fn list(rules: &mut Vec<CardRule>, field: &str) {
        rules.push(CardRule::new(field, Demand::Form(Self::EXPECTED)));
        rules.push(CardRule::new(&format!("{field}.type"), Demand::Given));
        rules.push(CardRule::new(&format!("{field}.type"), Demand::Word(TYPES)));
        FixTimeRange::list(rules, &format!("{field}({RANGE})"));
        FixTerm::list(rules, &format!("{field}({TERM})"));
    }
}

const RANGE_ALONE: &[Between] = &[
    Between {
        field: "end_timestamp",
        level: Level::Error,
        rule: Rule::Form {
            expected: "later than begin_timestamp",
        },
        broken: |members, field| {
            let begin = read::<i64>(members.get("begin_timestamp"));
            begin
                .zip(read::<i64>(members.get(field)))
                .is_some_and(|(begin, end)| end <= begin)
        },
    },
    of_another_type("fixed_term", "left out: it belongs to DATE_TYPE_FIX_TERM"),
];

const TERM_ALONE: &[Between] = &[of_another_type(
    "begin_timestamp",
    "left out: it belongs to DATE_TYPE_FIX_TIME_RANGE",
)];

/// A member that only another type has. Some clients write a 0 for what they do not mean.
const fn of_another_type(field: &'static str, expected: &'static str) -> Between {
    Between {
        field,
        level: Level::Warning,
        rule: Rule::Form { expected },
        broken: |members, field| read::<i64>(members.get(field)).is_some_and(|number| number != 0),
    }
}

/// Whether `date_info` says that the card is valid for ever.
pub(crate) fn is_permanent(date_info: &Value) -> bool {
    date_info
        .get("type")
        .and_then(Kind::of)
        .is_some_and(|kind| matches!(kind, Kind::Permanent))
}

#[cfg(test)]
mod tests;
