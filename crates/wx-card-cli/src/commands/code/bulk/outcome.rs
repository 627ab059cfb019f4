//! What a run came to: on stdout, and as exit code.

use std::error::Error as _;
use std::path::Path;

use serde_json::{Value, json};
use wx_card::bulk::{BulkCounts, BulkKind, BulkReport, BulkStop};
use wx_card::core::{ErrClass, Error, ErrorKind};
use wx_card::{DepositReport, StockRaise};

use crate::failure::{Failure, chain};
use crate::output::{Format, Rows};

pub(super) fn deposit(report: &DepositReport, journal: Option<&Path>, format: Format) -> Result<(), Failure> {
    let mut document = document(&report.bulk, journal);
    let own = json!({
        "deposited_before": report.deposited_before,
        "deposited_after": report.deposited_after,
        "unexplained": report.unexplained(),
        "stock": report.stock.as_ref().map(stock),
    });
    extend(&mut document, own);
    let rows = rows(&report.bulk, journal)
        .maybe("deposited before", report.deposited_before)
        .maybe("deposited now", report.deposited_after)
        .maybe("to look at", report.unexplained().and_then(unexplained))
        .maybe("stock", report.stock.as_ref().map(stock_text));
    let code = match &report.stock {
        Some(StockRaise::Unknown { .. }) => 5,
        Some(StockRaise::Refused { .. }) => 3,
        _ => exit_code(&report.bulk),
    };
    print(&document, &rows, code, format)
}

pub(super) fn void(report: &BulkReport, journal: Option<&Path>, format: Format) -> Result<(), Failure> {
    print(
        &document(report, journal),
        &rows(report, journal),
        exit_code(report),
        format,
    )
}

pub(super) fn check(report: &BulkReport, format: Format) -> Result<(), Failure> {
    print(&document(report, None), &rows(report, None), exit_code(report), format)
}

/// What does not fit between the outcomes of the lines and the counts of the service.
fn unexplained(codes: i64) -> Option<String> {
    let number = codes.unsigned_abs();
    match codes {
        0 => None,
        ..0 => Some(format!(
            "the service counts {number} fewer than it accepted: count again, and check the codes (code check)"
        )),
        1.. => Some(format!("{number} of the new codes are not of this import")),
    }
}

fn print(document: &Value, rows: &Rows, code: u8, format: Format) -> Result<(), Failure> {
    let printed = format.print(document, || rows.text());
    match code {
        0 => printed,
        // What cannot be written makes nothing of this better or worse.
        code => Err(Failure::told_with(code)),
    }
}

fn exit_code(report: &BulkReport) -> u8 {
    let counts = &report.counts;
    match &report.stop {
        None if 0 < counts.failed + counts.refused => 3,
        None => 0,
        Some(BulkStop::Input(_) | BulkStop::OtherInput { .. }) => 2,
        Some(BulkStop::Journal(error)) if error.is_misfit() => 2,
        Some(BulkStop::Failed(error)) => match error.kind() {
            ErrorKind::Invalid => 2,
            ErrorKind::Credential | ErrorKind::Refused => 3,
            _ => 4,
        },
        Some(_) => 4,
    }
}

/// The outcome for programs; it always has the same members for the same command.
fn document(report: &BulkReport, journal: Option<&Path>) -> Value {
    let error = error(report);
    let mut document = json!({
        "outcome": if report.is_complete() { "complete" } else { "stopped" },
        "resumed": report.resumed,
        "stopped_by": report.stop.as_ref().map(name),
        "message": report.stop.as_ref().map(message),
        "advice": report.stop.as_ref().map(|stop| advice(stop, journal)),
        "errcode": error.and_then(Error::errcode).map(|errcode| errcode.get()),
        "errmsg": error.and_then(Error::errmsg),
        "rid": error.and_then(Error::rid),
        "journal": journal.map(|path| path.display().to_string()),
    });
    let counts = counts(report.kind, &report.counts);
    extend(
        &mut document,
        counts
            .into_iter()
            .map(|(word, count)| (word.replace(' ', "_"), count))
            .collect(),
    );
    document
}

fn extend(document: &mut Value, own: Value) {
    if let (Value::Object(document), Value::Object(own)) = (document, own) {
        document.extend(own);
    }
}

/// How many lines came to what, by the words of the report.
fn counts(kind: BulkKind, counts: &BulkCounts) -> Vec<(&'static str, u64)> {
    let mut words = vec![("lines", counts.lines)];
    match kind {
        BulkKind::Check => words.extend([("deposited", counts.done), ("missing", counts.failed)]),
        BulkKind::Void => words.extend([
            ("void", counts.done),
            ("already void", counts.before),
            ("is void", counts.present),
            ("failed", counts.failed),
        ]),
        _ => words.extend([
            ("accepted", counts.done),
            ("duplicate", counts.before),
            ("present", counts.present),
            ("failed", counts.failed),
        ]),
    }
    words.extend([
        ("refused", counts.refused),
        ("repeated", counts.repeated),
        ("empty", counts.empty),
    ]);
    words
}

/// The outcome for people.
fn rows(report: &BulkReport, journal: Option<&Path>) -> Rows {
    let mut rows = Rows::new();
    if let Some(stop) = &report.stop {
        rows = rows.row("stopped", message(stop)).row("to do", advice(stop, journal));
    }
    for (word, count) in counts(report.kind, &report.counts) {
        rows = rows.row(word, count);
    }
    rows
}

fn error(report: &BulkReport) -> Option<&Error> {
    match &report.stop {
        Some(BulkStop::Failed(error)) => Some(error),
        _ => None,
    }
}

const fn name(stop: &BulkStop) -> &'static str {
    match stop {
        BulkStop::Asked => "asked",
        BulkStop::Input(_) => "input",
        BulkStop::Journal(_) => "journal",
        BulkStop::Limit(_) => "limit",
        BulkStop::OtherInput { .. } => "other_input",
        _ => "error",
    }
}

fn message(stop: &BulkStop) -> String {
    match stop {
        BulkStop::Failed(error) => chain(error),
        BulkStop::Limit(error) => chain(error),
        other => other.to_string(),
    }
}

/// What to do next.
fn advice(stop: &BulkStop, journal: Option<&Path>) -> String {
    let again = match journal {
        Some(_) => "run the same command again: it goes on from here",
        None => "run the same command again: without a journal it begins anew, which does no harm",
    };
    match stop {
        BulkStop::Input(_) => format!("mend the file; then {again}"),
        BulkStop::OtherInput { .. } => match journal {
            Some(path) => format!("give the file as it was, or begin anew without {}", path.display()),
            None => String::from("give the file as it was"),
        },
        BulkStop::Journal(error) if error.is_misfit() => {
            String::from("name the right journal with --journal, or begin anew with another one")
        }
        BulkStop::Failed(error) if error.class() == Some(ErrClass::Quota) => {
            format!("the quota of the day is used up; tomorrow {again}")
        }
        BulkStop::Failed(error) => match error.advice() {
            Some(advice) => format!("{advice}; then {again}"),
            None => format!("when it is mended, {again}"),
        },
        BulkStop::Journal(_) => format!("see to the disk that the journal is on; then {again}"),
        BulkStop::Limit(error) if error.source().is_some() => format!("see to the token store; then {again}"),
        BulkStop::Limit(_) => format!("tomorrow {again}"),
        _ => again.to_owned(),
    }
}

fn stock(raise: &StockRaise) -> Value {
    match raise {
        StockRaise::Raised { by, .. } => json!({"outcome": "raised", "by": by}),
        StockRaise::Refused { by, error, .. } => {
            let errcode = error.errcode().map(|errcode| errcode.get());
            json!({"outcome": "refused", "by": by, "errcode": errcode, "message": chain(error)})
        }
        StockRaise::Unneeded => json!({"outcome": "unneeded", "by": 0}),
        StockRaise::Unknown {
            by, from, last_read, ..
        } => json!({"outcome": "unknown", "by": by, "from": from, "last_read": last_read}),
        _ => Value::Null,
    }
}

fn stock_text(raise: &StockRaise) -> String {
    match raise {
        StockRaise::Raised { by, .. } => format!("raised by {by}"),
        StockRaise::Refused { by, error, .. } => format!("not raised by {by}: {}", chain(error)),
        StockRaise::Unneeded => String::from("as it was: no code is new"),
        StockRaise::Unknown {
            by, from, last_read, ..
        } => {
            let now = last_read.map(|now| format!(" and {now} now")).unwrap_or_default();
            format!("may be raised by {by}: {from} before{now}; run the same command again, it looks first")
        }
        _ => String::from("unknown"),
    }
}
