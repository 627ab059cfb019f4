//! When a card is valid: `date_info`, read.

use serde_json::Value;

use crate::fields::{integer, text};

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// The service counts days in the time of Beijing, eight hours ahead of UTC.
const BEIJING: i64 = 8 * 3600;

/// The last moment of a code that never ends, as answers have it.
const FOREVER: i64 = u32::MAX as i64;

/// When the codes of a card are valid.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Validity {
    /// For always: member cards.
    Permanent,
    /// From one moment to another, whenever the card was taken.
    Range { begin: i64, end: i64 },
    /// For `days` from `begin_after` days after the card was taken, but not beyond `end`.
    Term {
        days: i64,
        begin_after: i64,
        end: Option<i64>,
    },
}

impl Validity {
    /// Reads `date_info`; `None` if it says nothing that this knows.
    pub(crate) fn read(date_info: &Value) -> Option<Self> {
        let moment = |name| integer(date_info, name);
        // The numbers are how cards were made before 2015; samples still have them, as number and as text.
        match text(date_info, "type").as_deref()? {
            "DATE_TYPE_PERMANENT" => Some(Self::Permanent),
            "DATE_TYPE_FIX_TIME_RANGE" | "1" => Some(Self::Range {
                begin: moment("begin_timestamp")?,
                end: moment("end_timestamp")?,
            }),
            "DATE_TYPE_FIX_TERM" | "2" => Some(Self::Term {
                days: moment("fixed_term")?,
                begin_after: moment("fixed_begin_term").unwrap_or(0),
                // Zero is how clients with unset numbers say that there is none.
                end: moment("end_timestamp").filter(|end| *end != 0),
            }),
            _ => None,
        }
    }

    /// First and last moment at which a code that is taken at `now` is valid.
    ///
    /// A term runs over whole days of Beijing, the first of which may be the day of taking.
    pub(crate) fn of_code_at(self, now: i64) -> (i64, i64) {
        let today = (now + BEIJING).div_euclid(DAY) * DAY - BEIJING;
        match self {
            Self::Permanent => (0, FOREVER),
            Self::Range { begin, end } => (begin, end),
            Self::Term { days, begin_after, end } => {
                let begin = today.saturating_add(begin_after.saturating_mul(DAY));
                let last = begin.saturating_add(days.saturating_mul(DAY)) - 1;
                (begin, end.map_or(last, |end| end.min(last)))
            }
        }
    }

    /// Whether a card may be changed to `other`: a range may become wider, anything else must stay as it is.
    pub(crate) fn widens_to(self, other: Self) -> bool {
        match (self, other) {
            (
                Self::Range { begin, end },
                Self::Range {
                    begin: first,
                    end: last,
                },
            ) => first <= begin && end <= last,
            _ => self == other,
        }
    }

    /// Whether nobody can take the card any more at `now`.
    pub(crate) fn is_over_at(self, now: i64) -> bool {
        match self {
            Self::Permanent => false,
            Self::Range { end, .. } | Self::Term { end: Some(end), .. } => end < now,
            Self::Term { end: None, .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// 2016-03-09 10:00 in Beijing.
    const NOW: i64 = 1_457_488_800;

    #[test]
    fn a_term_runs_over_whole_days_of_beijing() {
        let of = |days: i64, begin_after: i64| {
            let date_info = json!({"type": "DATE_TYPE_FIX_TERM", "fixed_term": days, "fixed_begin_term": begin_after});
            Validity::read(&date_info).unwrap().of_code_at(NOW)
        };
        // The official sample: from 2016-03-09 00:00:00 to 2016-05-13 23:59:59.
        assert_eq!(of(66, 0), (1_457_452_800, 1_463_155_199));
        assert_eq!(of(1, 0), (1_457_452_800, 1_457_539_199));
        assert_eq!(of(1, 2), (1_457_625_600, 1_457_711_999));
    }

    #[test]
    fn old_numbers_are_read_as_number_and_as_text() {
        let range = Validity::Range { begin: 1, end: 2 };
        for date_type in [json!("DATE_TYPE_FIX_TIME_RANGE"), json!(1), json!("1")] {
            let date_info = json!({"type": date_type, "begin_timestamp": 1, "end_timestamp": "2"});
            assert_eq!(Validity::read(&date_info), Some(range));
        }
        assert!(range.is_over_at(3));
        assert!(!range.is_over_at(2));
    }

    #[test]
    fn a_last_moment_cuts_a_term_short() {
        let date_info = json!({"type": 2, "fixed_term": 30, "end_timestamp": NOW + 5});
        let validity = Validity::read(&date_info).unwrap();
        assert_eq!(validity.of_code_at(NOW), (1_457_452_800, NOW + 5));
    }

    #[test]
    fn only_a_range_changes_and_only_becomes_wider() {
        let range = |begin, end| Validity::Range { begin, end };
        let term = |days| Validity::Term {
            days,
            begin_after: 0,
            end: None,
        };
        for (begin, end, widens) in [(5, 9, true), (4, 10, true), (6, 9, false), (5, 8, false), (4, 8, false)] {
            assert_eq!(range(5, 9).widens_to(range(begin, end)), widens, "{begin} {end}");
        }
        assert!(term(30).widens_to(term(30)));
        assert!(!term(30).widens_to(term(31)));
        assert!(!term(30).widens_to(Validity::Permanent));
        assert!(!Validity::Permanent.widens_to(range(5, 9)));
        assert!(Validity::Permanent.widens_to(Validity::Permanent));
    }

    #[test]
    fn an_end_of_zero_is_none() {
        let date_info =
            json!({"type": "DATE_TYPE_FIX_TERM", "begin_timestamp": 0, "end_timestamp": 0, "fixed_term": 1});
        let validity = Validity::read(&date_info).unwrap();
        assert_eq!(validity.of_code_at(NOW), (1_457_452_800, 1_457_539_199));
        assert!(!validity.is_over_at(NOW));
    }
}
