//! `wx-card code deposit` and `check`: the codes of one request.

use wx_card::types::{CardCode, CheckCodes, DepositCodes, DepositCodesResponse, Deposited};

use super::super::perform;
use super::csv::first_column;
use crate::args::CodesArgs;
use crate::failure::Failure;
use crate::input::Source;
use crate::output::{Format, Rows, Table};
use crate::settings::Settings;

/// Codes of a list in text, before it is cut off.
const MOST_SHOWN: usize = 20;

pub(super) async fn deposit(args: CodesArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    let request = DepositCodes::new(&args.card_id, codes(&args)?);
    let answer = perform(settings, &request).await?;
    format.print(&answer, || deposited(&answer))
}

pub(super) async fn check(args: CodesArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    check_codes(CheckCodes::new(&args.card_id, codes(&args)?), settings, format).await
}

/// Checks the codes in `text`, which is what the file of `args` holds.
pub(super) async fn check_text(
    args: &CodesArgs,
    text: Vec<u8>,
    settings: &Settings,
    format: Format,
) -> Result<(), Failure> {
    let source = Source::new(args.file.as_deref().unwrap_or("-".as_ref()));
    check_codes(
        CheckCodes::new(&args.card_id, codes_in(source, &text)?),
        settings,
        format,
    )
    .await
}

async fn check_codes(request: CheckCodes, settings: &Settings, format: Format) -> Result<(), Failure> {
    let answer = perform(settings, &request).await?;
    let table = || {
        let mut table = Table::new(&["CODE", "DEPOSITED"]);
        let deposited = answer.exist_code.iter().map(|code| (code, "yes"));
        for (code, is_there) in deposited.chain(answer.not_exist_code.iter().map(|code| (code, "no"))) {
            table.row(&[code.as_str(), is_there]);
        }
        table
    };
    format.print_list(&answer, table, || {
        Rows::new()
            .row("deposited", answer.exist_code.len())
            .row("not deposited", answer.not_exist_code.len())
            .maybe("", listed(&answer.not_exist_code))
            .text()
    })
}

/// The codes of the command line, of the file that it names, or of stdin.
fn codes(args: &CodesArgs) -> Result<Vec<CardCode>, Failure> {
    let names_stdin = args.codes.iter().any(|code| code.as_str() == "-");
    let is_stdin = names_stdin && args.codes.len() == 1;
    if names_stdin && !is_stdin {
        return Err(Failure::invalid(
            "code",
            "- is stdin and stands alone; a code of that name can stand in a file",
        ));
    }
    match args.file.as_deref().or(is_stdin.then_some("-".as_ref())) {
        None => Ok(args.codes.clone()),
        Some(file) => {
            let source = Source::new(file);
            codes_in(source, &source.bytes()?)
        }
    }
}

/// The codes in the first column of `text`, which was read from `source`.
fn codes_in(source: Source<'_>, text: &[u8]) -> Result<Vec<CardCode>, Failure> {
    let cells = first_column(text).map_err(|error| Failure::usage(format!("{source}: {error}; nothing was sent")))?;
    source.codes_of(cells)
}

fn deposited(answer: &DepositCodesResponse) -> String {
    let count = |outcome: &Option<Deposited>| outcome.as_ref().map_or(0, Deposited::count);
    let codes = |outcome: &Option<Deposited>| outcome.as_ref().and_then(|outcome| listed(outcome.codes()));
    Rows::new()
        .row("imported", count(&answer.succ_code))
        .row("there already", count(&answer.duplicate_code))
        .maybe("", codes(&answer.duplicate_code))
        .row("failed", count(&answer.fail_code))
        .maybe("", codes(&answer.fail_code))
        .text()
}

/// Some of `codes` in a line each, and how many more there are.
fn listed(codes: &[CardCode]) -> Option<String> {
    let mut lines: Vec<String> = codes.iter().take(MOST_SHOWN).map(ToString::to_string).collect();
    if codes.len() > MOST_SHOWN {
        lines.push(format!("and {} more", codes.len() - MOST_SHOWN));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_cut_off() {
        let codes: Vec<CardCode> = (0..25).map(|code| CardCode::from(code.to_string())).collect();
        assert!(listed(&codes).unwrap().ends_with("\n19\nand 5 more"));
        assert_eq!(listed(&[]), None);
    }
}
