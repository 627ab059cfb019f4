//! `wx-card code deposit` and `check`: any number of codes, by 100.

use std::io::{self, IsTerminal as _, Write as _};

use wx_card::types::{
    CardCode, CheckCodes, CheckCodesResponse, DepositCodes, DepositCodesResponse, Deposited, Endpoint,
};

use crate::args::CodesArgs;
use crate::commands::check as check_request;
use crate::failure::Failure;
use crate::input::Source;
use crate::output::{Format, Rows};
use crate::settings::Settings;

/// Codes of a list in text, before it is cut off.
const MOST_SHOWN: usize = 20;

pub(super) async fn deposit(args: CodesArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    let requests = requests(&args, |codes| DepositCodes::new(&args.card_id, codes))?;
    let mut all = DepositCodesResponse::new();
    let merge = |answer: DepositCodesResponse| {
        merge(&mut all.succ_code, answer.succ_code);
        merge(&mut all.duplicate_code, answer.duplicate_code);
        merge(&mut all.fail_code, answer.fail_code);
        all.extra.extend(answer.extra);
    };
    let batches = requests.iter().map(|request| (request, request.code.len())).collect();
    send_all(batches, true, settings, format, merge).await?;
    format.print(&all, || deposited(&all))
}

pub(super) async fn check(args: CodesArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    let requests = requests(&args, |codes| CheckCodes::new(&args.card_id, codes))?;
    let mut all = CheckCodesResponse::new();
    let merge = |answer: CheckCodesResponse| {
        all.exist_code.extend(answer.exist_code);
        all.not_exist_code.extend(answer.not_exist_code);
        all.extra.extend(answer.extra);
    };
    let batches = requests.iter().map(|request| (request, request.code.len())).collect();
    send_all(batches, false, settings, format, merge).await?;
    format.print(&all, || {
        Rows::new()
            .row("deposited", all.exist_code.len())
            .row("not deposited", all.not_exist_code.len())
            .maybe("", listed(&all.not_exist_code))
            .text()
    })
}

/// The requests for all codes. Those on the command line make one, whatever their number; a file is cut into many.
fn requests<E: Endpoint>(args: &CodesArgs, request: impl Fn(Vec<CardCode>) -> E) -> Result<Vec<E>, Failure> {
    let is_stdin = matches!(args.codes.as_slice(), [code] if code == "-");
    let file = args.file.as_deref().or(is_stdin.then_some("-".as_ref()));
    let requests = match file {
        None => vec![request(args.codes.clone())],
        Some(file) => {
            let codes = Source::new(file).codes()?;
            codes
                .chunks(DepositCodes::MAX_CODES)
                .map(|codes| request(codes.to_vec()))
                .collect()
        }
    };
    requests.iter().try_for_each(check_request)?;
    Ok(requests)
}

/// Sends one request after the other, each with the number of its codes.
async fn send_all<E: Endpoint>(
    batches: Vec<(&E, usize)>,
    changes: bool,
    settings: &Settings,
    format: Format,
    mut merge: impl FnMut(E::Response) + Send,
) -> Result<(), Failure> {
    let client = settings.client()?;
    let all: usize = batches.iter().map(|(_, codes)| codes).sum();
    let progress = Progress::new(format, batches.len());
    let mut done = 0;
    for (request, codes) in batches {
        match client.send(request).await {
            Ok(answer) => merge(answer),
            Err(error) => {
                progress.end();
                let failure = Failure::from(error);
                return Err(if all > codes {
                    failure.after(done, all, changes)
                } else {
                    failure
                });
            }
        }
        done += codes;
        progress.show(done, all);
    }
    progress.end();
    Ok(())
}

/// A line on the terminal that counts; nothing where nobody looks.
struct Progress {
    is_shown: bool,
}

impl Progress {
    fn new(format: Format, batches: usize) -> Self {
        Self {
            is_shown: format == Format::Text && batches > 1 && io::stderr().is_terminal(),
        }
    }

    fn show(&self, done: usize, all: usize) {
        self.write(&format!("\r{done} of {all} codes"));
    }

    fn end(&self) {
        self.write(&format!("\r{:40}\r", ""));
    }

    fn write(&self, text: &str) {
        if self.is_shown {
            // It is decoration: a terminal that is gone stops nothing.
            let mut stderr = io::stderr();
            drop(stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush()));
        }
    }
}

/// Adds one outcome to another. Numbers and lists make a number: a list must not pass for all there is.
fn merge(all: &mut Option<Deposited>, more: Option<Deposited>) {
    *all = match (all.take(), more) {
        (None, one) | (one, None) => one,
        (Some(Deposited::Codes(mut codes)), Some(Deposited::Codes(more))) => {
            codes.extend(more);
            Some(Deposited::Codes(codes))
        }
        (Some(one), Some(other)) => Some(Deposited::Count(one.count() + other.count())),
    };
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

    fn codes(codes: &[&str]) -> Option<Deposited> {
        Some(Deposited::Codes(
            codes.iter().map(|code| CardCode::from(*code)).collect(),
        ))
    }

    #[test]
    fn outcomes_add_up() {
        for (mut all, more, sum) in [
            (None, None, None),
            (None, codes(&["1"]), codes(&["1"])),
            (codes(&["1"]), None, codes(&["1"])),
            (codes(&["1"]), codes(&["2"]), codes(&["1", "2"])),
            (codes(&["1"]), Some(Deposited::Count(100)), Some(Deposited::Count(101))),
            (
                Some(Deposited::Count(1)),
                Some(Deposited::Count(2)),
                Some(Deposited::Count(3)),
            ),
        ] {
            merge(&mut all, more);
            assert_eq!(all, sum);
        }
    }

    #[test]
    fn a_long_list_is_cut_off() {
        let codes: Vec<CardCode> = (0..25).map(|code| CardCode::from(code.to_string())).collect();
        assert!(listed(&codes).unwrap().ends_with("\n19\nand 5 more"));
        assert_eq!(listed(&[]), None);
    }
}
