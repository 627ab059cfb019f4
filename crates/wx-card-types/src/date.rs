//! Days of the calendar, and the moments at which they begin and end in Beijing.

use std::error::Error as StdError;
use std::fmt;
use std::str::FromStr;

/// A day of the calendar (日期), which has no time and no zone of its own.
///
/// The service counts days in Beijing, eight hours ahead of UTC in every year of its life.
///
/// ```
/// use wx_card_types::Date;
///
/// let day: Date = "2026-11-11".parse()?;
/// assert_eq!(Date::new(2026, 11, 11), Some(day));
/// assert_eq!(day.first_second(), 1_794_326_400); // 2026-11-10T16:00:00Z
/// # Ok::<(), wx_card_types::NotADate>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

const DAY: i64 = 24 * 60 * 60;
const BEIJING: i64 = 8 * 60 * 60;

impl Date {
    /// A day of the years 1 to 9999; nothing where the calendar has no such day.
    #[must_use]
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let exists = 1 <= year && year <= 9999 && 1 <= day && day <= days_of(year, month);
        if exists { Some(Self { year, month, day }) } else { None }
    }

    /// The day in Beijing at a moment in Unix seconds; nothing outside of the years 1 to 9999.
    #[must_use]
    pub fn at(seconds: i64) -> Option<Self> {
        Self::of_days(seconds.checked_add(BEIJING)?.div_euclid(DAY))
    }

    /// The year, 1 to 9999.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// When the day begins in Beijing, 00:00:00, in Unix seconds.
    #[must_use]
    pub fn first_second(self) -> i64 {
        self.days() * DAY - BEIJING
    }

    /// The last second of the day in Beijing, 23:59:59, in Unix seconds.
    #[must_use]
    pub fn last_second(self) -> i64 {
        self.first_second() + DAY - 1
    }

    /// Days since 1970-01-01.
    ///
    /// Years are counted from March, so that the day that some have more is their last: the days before a month then
    /// follow one formula, and four centuries are always of one length.
    fn days(self) -> i64 {
        let month = i64::from(self.month);
        let year = i64::from(self.year) - i64::from(month <= 2);
        let since_march = (month + 9) % 12;
        let day_of_year = (153 * since_march + 2) / 5 + i64::from(self.day) - 1;
        year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - MARCH_OF_YEAR_0
    }

    /// The inverse of [`days`](Self::days).
    fn of_days(days: i64) -> Option<Self> {
        let since = days.checked_add(MARCH_OF_YEAR_0)?;
        let (era, day) = (since.div_euclid(ERA), since.rem_euclid(ERA));
        // Of the days in the era so far, those that leap years have more are taken out; the rest is years of 365.
        let year = (day - day / (4 * 365) + day / 36_524 - day / (ERA - 1)) / 365;
        let day_of_year = day - (365 * year + year / 4 - year / 100);
        let since_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * since_march + 2) / 5 + 1;
        let month = (since_march + 2) % 12 + 1;
        let year = year + era * 400 + i64::from(month <= 2);
        Self::new(
            u16::try_from(year).ok()?,
            u8::try_from(month).ok()?,
            u8::try_from(day).ok()?,
        )
    }
}

/// Days from 0000-03-01 to 1970-01-01.
const MARCH_OF_YEAR_0: i64 = 719_468;

/// Days of four centuries, after which the calendar repeats.
const ERA: i64 = 146_097;

const fn days_of(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

/// `2026-11-11`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:04}-{:02}-{:02}", self.year, self.month, self.day))
    }
}

impl FromStr for Date {
    type Err = NotADate;

    /// Reads `2026-11-11`: four, two and two digits.
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let mut parts = text.split('-');
        let mut number = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits)?;
            part.bytes()
                .all(|digit| digit.is_ascii_digit())
                .then(|| part.parse::<u16>().ok())?
        };
        let date = (number(4), number(2), number(2));
        let (Some(year), Some(month), Some(day), None) = (date.0, date.1, date.2, parts.next()) else {
            return Err(NotADate(()));
        };
        let (Ok(month), Ok(day)) = (u8::try_from(month), u8::try_from(day)) else {
            return Err(NotADate(()));
        };
        Self::new(year, month, day).ok_or(NotADate(()))
    }
}

/// A text that is no day of the calendar.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NotADate(());

impl fmt::Display for NotADate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a day of the calendar, such as 2026-11-11")
    }
}

impl StdError for NotADate {}

/// Day and time in Beijing at a moment in Unix seconds; the seconds themselves beyond the calendar.
pub(crate) fn beijing(seconds: i64) -> String {
    let Some(date) = Date::at(seconds) else {
        return seconds.to_string();
    };
    let of_day = seconds - date.first_second();
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{date} {hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Walks the calendar day by day, by nothing but the rule of leap years.
    fn walk() -> impl Iterator<Item = (i64, Date)> {
        let is_leap = |year: u16| year.is_multiple_of(400) || year.is_multiple_of(4) && !year.is_multiple_of(100);
        let february = move |year| if is_leap(year) { 29 } else { 28 };
        let months = move |year| [31, february(year), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let dates = (1970..=9999).flat_map(move |year| {
            (1..)
                .zip(months(year))
                .flat_map(move |(month, days)| (1..=days).map(move |day| Date { year, month, day }))
        });
        (0..).zip(dates)
    }

    #[test]
    fn every_day_from_1970_on_is_where_the_calendar_has_it() {
        let mut count = 0;
        for (days, date) in walk() {
            assert_eq!(date.days(), days, "{date}");
            assert_eq!(Date::of_days(days), Some(date), "{date}");
            assert_eq!(Date::new(date.year, date.month, date.day), Some(date));
            count += 1;
        }
        assert_eq!(count, 2_932_897);
    }

    #[test]
    fn days_begin_and_end_in_beijing() {
        let date = Date::new(2014, 4, 16).unwrap();
        // The official sample's begin_timestamp.
        assert_eq!(date.first_second(), 1_397_577_600);
        assert_eq!(date.last_second(), 1_397_663_999);
        assert_eq!(Date::at(date.last_second()), Some(date));
        assert_eq!(Date::at(date.last_second() + 1), Date::new(2014, 4, 17));
        assert_eq!(Date::at(-1), Date::new(1970, 1, 1));
        assert_eq!(beijing(1_422_724_261), "2015-02-01 01:11:01");
        assert_eq!(beijing(i64::MAX), i64::MAX.to_string());
    }

    #[test]
    fn a_date_is_four_two_and_two_digits_and_exists() {
        for text in ["2026-11-11", "0001-01-01", "9999-12-31", "2024-02-29"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "2026",
            "2026-1-1",
            "2026-11-11-1",
            "2026-11-11 ",
            "2026/11/11",
            "20261111",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-10-00",
            "0000-01-01",
            "+026-01-01",
            "2026-11-99",
        ] {
            assert_eq!(text.parse::<Date>(), Err(NotADate(())), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_day_holds_its_seconds_and_no_others(seconds in -62_000_000_000_i64..253_000_000_000) {
            let date = Date::at(seconds).unwrap();
            prop_assert!((date.first_second()..=date.last_second()).contains(&seconds));
            prop_assert_eq!(Date::of_days(date.days()), Some(date));
            prop_assert_eq!(date.to_string().parse::<Date>(), Ok(date));
        }

        #[test]
        fn no_moment_is_too_far_to_ask_for(seconds in any::<i64>()) {
            let date = Date::at(seconds);
            prop_assert!(date.is_none_or(|date| (1..=9999).contains(&date.year())));
        }
    }
}
