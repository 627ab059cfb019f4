//! Measures the client against the bare transport below it, in one run on one machine.
//!
//! `cargo xtask bench` builds it and writes docs/performance.md.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to whoever runs it"
)]

mod bare;
mod client;
mod cold;
mod criterion;
mod deposit;
mod instructions;
mod lean;
mod measure;
mod report;
mod rounds;
mod sandbox;
mod server;

use std::error::Error;
use std::io::Read as _;
use std::process::ExitCode;
use std::time::Duration;

use client::{Case, Spec};
use wx_card_bench::cases;

const USAGE: &str = "wx-card-bench report FILE ROUNDS MILLIS | case NAME TIMES | instructions FILE [record] | \
    serve http|https|h2 | sandbox | client ours|bare http|https|h2 query|consume IN_FLIGHT MILLIS BASE_URL < PEM | \
    cold ours|bare CALLERS BASE_URL < PEM | deposit ours|bare CODES IN_FLIGHT BASE_URL < CARD_ID";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wx-card-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match arguments {
        ["serve", protocol] => runtime.block_on(server::serve(*protocol != "http", *protocol == "h2")),
        ["sandbox"] => runtime.block_on(sandbox::serve()),
        ["client", who, protocol, case, in_flight, millis, base] => {
            let spec = Spec {
                base: (*base).to_owned(),
                pem: input()?,
                bare: *who == "bare",
                http2: *protocol == "h2",
                case: if *case == "query" { Case::Query } else { Case::Consume },
                in_flight: in_flight.parse()?,
                duration: Duration::from_millis(millis.parse()?),
            };
            told(runtime.block_on(client::run(&spec)))
        }
        ["cold", who, callers, base] => {
            told(runtime.block_on(cold::run(*who == "bare", &input()?, callers.parse()?, base)))
        }
        ["deposit", who, codes, in_flight, base] => {
            let (codes, in_flight, card) = (codes.parse()?, in_flight.parse()?, input()?);
            told(runtime.block_on(deposit::run(*who == "bare", codes, in_flight, base, card.trim())))
        }
        ["case", name, times] => {
            let mut cases = cases::all()?;
            let case = cases.iter_mut().find(|case| case.name() == *name);
            let case = case.ok_or("there is no such case")?;
            for _ in 0..times.parse::<u32>()? {
                case.run();
            }
            Ok(())
        }
        ["instructions", baseline] => instructions::compare(baseline.as_ref()),
        ["instructions", baseline, "record"] => instructions::record(baseline.as_ref()),
        ["report", file, rounds, millis] => {
            let page = report::write(rounds.parse()?, millis.parse()?)?;
            std::fs::write(file, page)?;
            Ok(())
        }
        _ => Err(USAGE.into()),
    }
}

/// What stands on the standard input.
fn input() -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text)
}

fn told(measured: Result<serde_json::Value, Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    println!("{}", measured?);
    Ok(())
}
