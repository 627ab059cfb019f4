//! What the commands do.

use std::future::Future;

use tokio::runtime::{Builder, Runtime};
use wx_card::types::{BatchGetCards, CardId, Endpoint};

use crate::args::{AccountCommand, Cli, Command};
use crate::demo;
use crate::failure::Failure;
use crate::logging;
use crate::meant;
use crate::output::{self, Format};
use crate::settings::Settings;

mod call;
mod card;
mod code;
mod doctor;
mod errcode;
mod image;
mod profile;
mod sandbox;
mod share;
mod shell;
mod sign;
mod ticket;
mod user;
mod whoami;

/// Runs one command to its end.
pub(crate) fn run(cli: Cli) -> Result<(), Failure> {
    let Cli { global, command } = cli;
    let (format, verbosity) = (global.output, global.verbose);
    if format.is_for_lists() && !command.has_a_list() {
        return Err(Failure::usage(
            "--output: only lists are written as table or csv; take text or json here",
        ));
    }
    output::be_quiet(global.quiet);
    // The demo tells its story on stdout and shows the bodies instead.
    if !matches!(command, Command::Demo) {
        logging::begin(verbosity)?;
    }
    match command {
        Command::Demo if global.sandbox.is_some() => {
            Err(Failure::usage("--sandbox: the demo has a sandbox of its own"))
        }
        Command::Demo => server()?.block_on(demo::run(verbosity > 0, format)),
        Command::Sandbox(args) => sandbox::run(args, global.sandbox.as_deref(), format),
        Command::Errcode(args) => errcode::run(&args, format),
        Command::Profile(command) => profile::run(&command, global.config.as_deref(), format),
        Command::Completions(args) => shell::completions(&args, format),
        Command::Man(args) => shell::man(&args, format),
        Command::Account(command) => alone(of_account(command, &Settings::new(global)?, format)),
    }
}

async fn of_account(command: AccountCommand, settings: &Settings, format: Format) -> Result<(), Failure> {
    let card_id = command.card_id().cloned();
    match (run_with(command, settings, format).await, card_id) {
        // Programs know what they have said.
        (Err(failure), Some(card_id)) if failure.is_of_unknown_card() && !format.is_json() => {
            Err(failure.meant(near(&card_id, settings).await))
        }
        (outcome, _) => outcome,
    }
}

/// The card that may be meant by `card_id`, among the first of the account.
async fn near(card_id: &CardId, settings: &Settings) -> Option<CardId> {
    let first = BatchGetCards::new(0_u32, BatchGetCards::MAX_COUNT);
    // That this fails says nothing about what was asked for.
    let cards = settings.client().ok()?.batch_get_cards(&first).await.ok()?.card_id_list;
    meant::nearest(card_id.as_str(), cards.iter().map(CardId::as_str)).map(CardId::from)
}

async fn run_with(command: AccountCommand, settings: &Settings, format: Format) -> Result<(), Failure> {
    match command {
        AccountCommand::Ticket(args) => ticket::run(&args, settings, format).await,
        AccountCommand::Sign(command) => sign::run(command, settings, format).await,
        AccountCommand::Card(command) => card::run(command, settings, format).await,
        AccountCommand::Code(command) => code::run(command, settings, format).await,
        AccountCommand::Share(command) => share::run(command, settings, format).await,
        AccountCommand::Image(command) => image::run(command, settings, format).await,
        AccountCommand::User(command) => user::run(command, settings, format).await,
        AccountCommand::Call(args) => call::run(args, settings, format).await,
        AccountCommand::Whoami => whoami::run(settings, format).await,
        AccountCommand::Doctor => doctor::run(settings, format).await,
    }
}

/// Runs a future on this thread alone, which is ready soonest.
fn alone<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    runtime(Builder::new_current_thread())?.block_on(future)
}

/// A runtime for many requests at once.
fn server() -> Result<Runtime, Failure> {
    runtime(Builder::new_multi_thread())
}

fn runtime(mut builder: Builder) -> Result<Runtime, Failure> {
    let built = builder.enable_all().build();
    built.map_err(|error| Failure::local(format!("cannot start: {error}")))
}

/// Finds what is wrong with `request` before credentials are asked for.
fn check<E: Endpoint>(request: &E) -> Result<(), Failure> {
    request
        .validate()
        .map_err(|invalid| Failure::broken_rule(E::PATH, invalid))
}

/// Checks and sends `request`.
async fn perform<E: Endpoint>(settings: &Settings, request: &E) -> Result<E::Response, Failure> {
    check(request)?;
    Ok(settings.client()?.send(request).await?)
}

/// `text` as one word of a shell.
fn word(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./@+=:,".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_safe_to_paste() {
        for (text, expected) in [
            ("110201201245", "110201201245"),
            ("", "''"),
            ("a b", "'a b'"),
            ("a'b;c", r"'a'\''b;c'"),
        ] {
            assert_eq!(word(text), expected);
        }
    }
}
