//! When a card is valid: how it is read, written, checked and told.

use super::*;
use crate::test_util::assert_round_trip;

fn read(json: &str) -> DateInfo {
    serde_json::from_str(json).unwrap()
}

fn wrong(json: &str) -> String {
    let value: Value = serde_json::from_str(json).unwrap();
    let mut check = Check::new();
    DateInfo::check(&mut check, "date_info", &value, Limit::Any);
    check
        .finish()
        .map_or_else(|invalid| invalid.to_string(), |()| String::new())
}

#[test]
fn dates_on_the_wire() {
    let term = DateInfo::from(FixTerm::new(30).fixed_begin_term(1).end_timestamp(1_500_000_000));
    let dates = [DateInfo::range(1, 2), DateInfo::days(7), term, DateInfo::permanent()];
    insta::assert_snapshot!(
        dates.map(|date_info| serde_json::to_string(&date_info).unwrap()).join("\n"),
        @r#"
    {"type":"DATE_TYPE_FIX_TIME_RANGE","begin_timestamp":1,"end_timestamp":2}
    {"type":"DATE_TYPE_FIX_TERM","fixed_term":7}
    {"type":"DATE_TYPE_FIX_TERM","end_timestamp":1500000000,"fixed_begin_term":1,"fixed_term":30}
    {"type":"DATE_TYPE_PERMANENT"}
    "#
    );
}

#[test]
fn dates_are_shown_in_words() {
    let day = |month, day| Date::new(2026, month, day).unwrap();
    let term = FixTerm::new(30)
        .fixed_begin_term(1)
        .end_timestamp(day(12, 31).last_second());
    let cases = [
        (DateInfo::dates(day(11, 1), day(11, 11)), "2026-11-01 to 2026-11-11"),
        (
            DateInfo::range(1, i64::MAX),
            "1970-01-01 08:00:01 to 9223372036854775807",
        ),
        (DateInfo::days(7), "7 days from taking it"),
        (
            term.into(),
            "30 days from taking it, beginning 1 days after, until 2026-12-31 at the latest",
        ),
        (DateInfo::permanent(), "for ever"),
        (read(r#"{"type":"DATE_TYPE_LUNAR"}"#), "as \"DATE_TYPE_LUNAR\" says"),
        (read("{}"), "unknown"),
    ];
    for (date_info, expected) in cases {
        assert_eq!(date_info.to_string(), expected);
    }
}

#[test]
fn days_that_end_before_they_begin_or_lie_too_far_are_found() {
    let day = |year| Date::new(year, 6, 1).unwrap();
    let found = |dates: DateInfo| wrong(&serde_json::to_string(&dates).unwrap());
    assert_eq!(found(DateInfo::dates(day(2037), day(2037))), "");
    let backwards = found(DateInfo::dates(day(2027), day(2026)));
    assert_eq!(backwards, "date_info.end_timestamp: must be later than begin_timestamp");
    let far = found(DateInfo::dates(day(2037), day(2038)));
    assert_eq!(
        far,
        "date_info.end_timestamp: is 2159020799, must be 0 to 2147483647 \
         (Unix seconds, not milliseconds, no later than 2038-01-19)",
    );
}

#[test]
fn every_type_reads_and_loses_nothing() {
    let range = assert_round_trip::<DateInfo>(
        r#"{"type":"DATE_TYPE_FIX_TIME_RANGE","begin_timestamp":1397577600,"end_timestamp":1472724261,"later":[1]}"#,
    );
    assert!(matches!(range, DateInfo::FixTimeRange(range) if range.end_timestamp == 1_472_724_261));
    let term = assert_round_trip::<DateInfo>(
        r#"{"type":"DATE_TYPE_FIX_TERM","fixed_term":30,"fixed_begin_term":0,"begin_timestamp":5}"#,
    );
    assert!(matches!(term, DateInfo::FixTerm(term) if term.fixed_begin_term == Some(0)));
    assert_eq!(
        assert_round_trip::<DateInfo>(r#"{"type":"DATE_TYPE_PERMANENT"}"#),
        DateInfo::permanent()
    );
}

#[test]
fn numbers_of_old_are_read_and_written_as_words() {
    for legacy in [r#"1"#, r#""1""#, "1.0"] {
        let json = format!(r#"{{"type":{legacy},"begin_timestamp":"1397577600","end_timestamp":1422724261}}"#);
        assert_eq!(read(&json), DateInfo::range(1_397_577_600, 1_422_724_261), "{legacy}");
    }
    for legacy in ["2", r#""2""#] {
        assert_eq!(
            read(&format!(r#"{{"type":{legacy},"fixed_term":"30"}}"#)),
            DateInfo::days(30),
            "{legacy}"
        );
    }
    assert_eq!(
        serde_json::to_string(&read(r#"{"type":1,"begin_timestamp":1,"end_timestamp":2}"#)).unwrap(),
        r#"{"type":"DATE_TYPE_FIX_TIME_RANGE","begin_timestamp":1,"end_timestamp":2}"#,
    );
}

#[test]
fn what_fits_no_type_stays_as_it_is() {
    for json in [
        r#"{"type":"DATE_TYPE_LUNAR","moons":3}"#,
        r#"{"type":"DATE_TYPE_FIX_TERM"}"#,
        r#"{"type":1,"begin_timestamp":"soon","end_timestamp":2}"#,
        r#"{"type":["x"]}"#,
        "{}",
    ] {
        assert!(
            matches!(assert_round_trip::<DateInfo>(json), DateInfo::Other(_)),
            "{json}"
        );
    }
    assert_eq!(
        read(r#"{"type":null,"begin_timestamp":null}"#),
        DateInfo::Other(Map::new())
    );
}

#[test]
fn dates_that_the_service_would_refuse_are_found() {
    let cases = [
        ("{}", "date_info.type: must be given"),
        ("3", "date_info: must be an object"),
        (
            r#"{"type":"DATE_TYPE_FIX_TERM"}"#,
            "date_info.fixed_term: must be given",
        ),
        (
            r#"{"type":2,"fixed_term":0}"#,
            "date_info.fixed_term: is 0, must be at least 1",
        ),
        (
            r#"{"type":1,"begin_timestamp":5,"end_timestamp":5}"#,
            "date_info.end_timestamp: must be later than begin_timestamp",
        ),
        (
            r#"{"type":1,"begin_timestamp":5,"end_timestamp":1472724261000}"#,
            "date_info.end_timestamp: is 1472724261000, must be 0 to 2147483647",
        ),
        (
            r#"{"type":1,"begin_timestamp":"soon"}"#,
            "date_info.begin_timestamp: must be a whole number",
        ),
    ];
    for (json, expected) in cases {
        let found = wrong(json);
        assert!(found.starts_with(expected), "{json}: {found}");
    }
    assert_eq!(wrong(r#"{"type":"DATE_TYPE_LUNAR","moons":3}"#), "");
    assert_eq!(wrong(r#"{"type":"1","begin_timestamp":5,"end_timestamp":6}"#), "");
}
