//! The command `wx-card`: issue, distribute, redeem and manage WeChat cards (微信卡券) from a terminal.

use std::process::ExitCode;

mod args;
mod commands;
mod config;
mod demo;
mod embedded;
mod failure;
mod input;
mod logging;
mod meant;
mod output;
mod qr;
mod settings;
mod token_store;

fn main() -> ExitCode {
    let cli = match args::parse() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let format = cli.global.output;
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(format),
    }
}
