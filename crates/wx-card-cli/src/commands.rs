//! What the commands do.

use std::future::Future;

use tokio::runtime::{Builder, Runtime};
use wx_card::types::Endpoint;

use crate::args::{Cli, Command};
use crate::demo;
use crate::failure::Failure;
use crate::logging;
use crate::settings::Settings;

mod call;
mod card;
mod code;
mod image;
mod sandbox;
mod share;
mod sign;
mod ticket;
mod user;

/// Runs one command to its end.
pub(crate) fn run(cli: Cli) -> Result<(), Failure> {
    let Cli { mut global, command } = cli;
    let (format, verbosity) = (global.output, global.verbose);
    if format.is_for_lists() && !command.has_a_list() {
        return Err(Failure::usage(
            "--output: only lists are written as table or csv; take text or json here",
        ));
    }
    // The demo tells its story on stdout and shows the bodies instead.
    if !matches!(command, Command::Demo) {
        logging::begin(verbosity)?;
    }
    // Only one run can use a sandbox at a time, and these two take care of theirs.
    let named = if matches!(command, Command::Demo | Command::Sandbox(_)) {
        global.sandbox.take()
    } else {
        None
    };
    let settings = Settings::new(global)?;
    let settings = &settings;
    match command {
        Command::Demo if named.is_some() => Err(Failure::usage("--sandbox: the demo has a sandbox of its own")),
        Command::Demo => server()?.block_on(demo::run(verbosity > 0, format)),
        Command::Sandbox(args) => sandbox::run(args, named.as_deref(), format),
        Command::Ticket(args) => alone(ticket::run(&args, settings, format)),
        Command::Sign(command) => alone(sign::run(command, settings, format)),
        Command::Card(command) => alone(card::run(command, settings, format)),
        Command::Code(command) => alone(code::run(command, settings, format)),
        Command::Share(command) => alone(share::run(command, settings, format)),
        Command::Image(command) => alone(image::run(command, settings, format)),
        Command::User(command) => alone(user::run(command, settings, format)),
        Command::Call(args) => alone(call::run(args, settings, format)),
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
