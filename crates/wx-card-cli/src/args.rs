//! The command line: what can be asked for, and its help.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, Parser, Subcommand};
use wx_card::core::Secret;
use wx_card::types::{CardId, OpenId};

use crate::failure::Failure;
use crate::output::Format;

mod bulk;
mod card;
mod code;
mod errcode;
mod global;
mod image;
mod sandbox;
mod share;
mod shell;
mod sign;

pub(crate) use bulk::{BulkArgs, CheckArgs, ImportArgs, InputArgs, VoidArgs};
pub(crate) use card::{CardCommand, Kind, ListArgs, SelfConsumeArgs, StockChange};
pub(crate) use code::{CodeCommand, CodesArgs, RedeemArgs};
pub(crate) use errcode::ErrcodeArgs;
pub(crate) use global::{GlobalArgs, TokenEndpointArg, seconds};
pub(crate) use image::ImageCommand;
pub(crate) use sandbox::{PlayCommand, SandboxArgs, ServeArgs};
pub(crate) use share::{QrCodeArgs, ShareCommand};
pub(crate) use shell::{CompletionsArgs, ManArgs};
pub(crate) use sign::{Seal, SignCommand};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  2  usage, or refused by our own checks: nothing was sent
  3  refused by WeChat
  4  failed, and certainly did not run
  5  outcome unknown: it may have run, find out before trying again

Results go to stdout, errors to stderr. With --output json stdout is exactly one
JSON document, and an error is one JSON object with kind, message, errcode,
errmsg, rid, attempts, may_have_run, field, path and advice.

The app secret comes from WX_APP_SECRET or --app-secret-file, never from the
command line. Several accounts stand in ~/.config/wx-card/config.toml; --profile
takes one. Without an account, try any command with --sandbox.

Examples:
  wx-card demo
  wx-card --sandbox card list
  wx-card whoami
  wx-card code redeem 110201201245";

const SANDBOX_EXAMPLES: &str = "\
Examples:
  wx-card sandbox --listen 127.0.0.1:8080 --state-file state.json
  wx-card --sandbox card create card.json
  wx-card sandbox take ID
  wx-card sandbox advance 86400
  wx-card sandbox reset";

const PROFILE_EXAMPLE: &str = "\
What stands in the file:
  default = \"shop\"

  [profile.shop]
  app_id = \"wx0123456789abcdef\"
  app_secret_file = \"shop.secret\"    # beside it, with chmod 600

  [profile.test]
  app_id = \"wxfedcba9876543210\"
  app_secret_env = \"TEST_APP_SECRET\"

Also base_url, ca_file, token_endpoint, token_store and timeout, each as the
option of that name.";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  wx-card completions bash > ~/.local/share/bash-completion/completions/wx-card
  wx-card completions fish > ~/.config/fish/completions/wx-card.fish
  wx-card completions zsh > _wx-card    # into a folder of $fpath";

/// Issue, distribute, redeem and manage WeChat cards (微信卡券)
#[derive(Debug, Parser)]
#[command(name = "wx-card", version, after_help = EXIT_CODES, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Play the life of a card against a sandbox of its own; needs no account
    ///
    /// It starts a sandbox on this machine, over TLS, and calls every operation: creates a coupon, deposits codes, hands
    /// it out, redeems it, sees the second redeem refused, and deletes it. With --verbose it shows the bodies of requests
    /// and answers, secrets hidden.
    Demo,
    /// Serve a card service of your own on this machine, for trying things out
    ///
    /// When it is ready it prints one JSON line {base_url, app_id, app_secret, control_url, ca_file} and serves until
    /// SIGINT or SIGTERM. The account is a fixed one unless --account gives others; what the line has opens this sandbox
    /// only.
    ///
    /// The commands below it do not serve: they play what people, reviewers and time do in the sandbox that other
    /// commands call with --sandbox.
    ///
    /// Below control_url, calls without a token play the people and the reviewers: POST approve, reject, take, give,
    /// user-delete, expire-token, advance-clock, faults; GET ledger, faults.
    #[command(after_help = SANDBOX_EXAMPLES)]
    Sandbox(SandboxArgs),
    #[command(flatten)]
    Account(AccountCommand),
    /// Explain an error code of the service (错误码); no account is needed
    Errcode(ErrcodeArgs),
    /// Show the accounts in the settings file; it has no secret in it, and none is shown
    #[command(subcommand, after_help = PROFILE_EXAMPLE)]
    Profile(ProfileCommand),
    /// Print a script that completes commands and options in a shell
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
    /// Print the manual page, or write one for each command
    #[command(after_help = "Examples:\n  wx-card man --dir ~/.local/share/man/man1")]
    Man(ManArgs),
}

/// What needs the settings, and for the most part an account.
#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Show the ticket that cards are signed with (卡券 api_ticket): GET /cgi-bin/ticket/getticket
    ///
    /// The ticket is a secret: whoever has it can sign cards of the account. It lives for 7200 seconds.
    Ticket(TicketArgs),
    /// Sign what a page hands to the JS-SDK (签名)
    #[command(subcommand)]
    Sign(SignCommand),
    /// Create and manage cards, the kinds of coupon (卡券)
    #[command(subcommand)]
    Card(CardCommand),
    /// Look up, redeem and manage codes, the single coupons (Code)
    #[command(subcommand)]
    Code(CodeCommand),
    /// Bring cards to users (投放)
    #[command(subcommand)]
    Share(ShareCommand),
    /// Upload pictures for cards (图片)
    #[command(subcommand)]
    Image(ImageCommand),
    /// Ask about users
    #[command(subcommand)]
    User(UserCommand),
    /// Post a JSON body to any path of the API, as it stands
    ///
    /// For operations that have no command here. It is sent once; only when the service refuses the token, so that
    /// nothing has run, a fresh token is fetched and it is sent again.
    #[command(after_help = "Examples:\n  wx-card call /card/get body.json\n  wx-card call /card/get - < body.json")]
    Call(CallArgs),
    /// Check the account: app id, secret, IP list (IP 白名单), the right to cards
    ///
    /// It fetches an access token, or takes the one in the token store, and asks for the colors of cards: GET
    /// /card/getcolors, which changes nothing.
    Whoami,
    /// Find out what stands between this machine and the service, one step after the other
    ///
    /// Settings, proxy, DNS, the connection and its certificate, the clock, the token store, the token, the tickets. What
    /// fails says what to do. The exit code is 4 where a step fails; what only is unusual does not count.
    Doctor,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProfileCommand {
    /// List the profiles
    List,
    /// Print where the settings file is, or would be
    Path,
}

impl Command {
    /// Whether its result is a list, which can be written in rows.
    pub(crate) const fn has_a_list(&self) -> bool {
        match self {
            Self::Errcode(_) | Self::Profile(ProfileCommand::List) => true,
            Self::Account(command) => matches!(
                command,
                AccountCommand::Card(CardCommand::List(_) | CardCommand::Colors | CardCommand::Check { .. })
                    | AccountCommand::Code(CodeCommand::Check(_))
                    | AccountCommand::Doctor
                    | AccountCommand::User(UserCommand::Cards { .. })
            ),
            _ => false,
        }
    }
}

impl AccountCommand {
    /// The card that it is about, if it is about one.
    pub(crate) const fn card_id(&self) -> Option<&CardId> {
        match self {
            Self::Card(
                CardCommand::Get { card_id }
                | CardCommand::Delete { card_id }
                | CardCommand::Stock { card_id, .. }
                | CardCommand::PayCell { card_id, .. },
            )
            | Self::Code(CodeCommand::Count { card_id } | CodeCommand::Mark { card_id, .. })
            | Self::Share(ShareCommand::MpnewsHtml { card_id }) => Some(card_id),
            Self::Card(CardCommand::SelfConsume(args)) => Some(&args.card_id),
            Self::Code(CodeCommand::Check(args)) => Some(&args.codes.card_id),
            Self::Code(CodeCommand::Deposit(args)) => Some(&args.card_id),
            Self::Share(ShareCommand::Qrcode(args)) => Some(&args.card_id),
            _ => None,
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct TicketArgs {
    /// Ask the service even though a fetched ticket may serve; while a ticket lives, it answers the same one
    #[arg(long)]
    pub(crate) refresh: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// List the coupons that a user has and can use now (获取用户已领取卡券): POST /card/user/getcardlist
    Cards {
        /// The user
        openid: OpenId,
        /// Only coupons of this card
        #[arg(long, value_name = "ID")]
        card_id: Option<CardId>,
    },
}

#[derive(Args, Debug)]
pub(crate) struct CallArgs {
    /// The path, such as /card/batchget; a query may follow, the access token comes by itself
    pub(crate) path: String,
    /// The body, sent byte for byte; - is stdin
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// Reads the command line; the error is the exit code of a run that ends here, be it for `--help` or a usage error.
pub(crate) fn parse() -> Result<Cli, ExitCode> {
    let words: Vec<OsString> = std::env::args_os().collect();
    Cli::try_parse_from(&words).map_err(|mut error| {
        explain(&mut error, &words);
        if wants_json(&words) && error.use_stderr() {
            return usage(&error).report(Format::Json);
        }
        // When not even the help can be written there is nobody left to tell.
        drop(error.print());
        if error.use_stderr() {
            ExitCode::from(2)
        } else {
            ExitCode::SUCCESS
        }
    })
}

/// Says what most likely is wrong where a word that is no command stands behind `--sandbox`.
fn explain(error: &mut clap::Error, words: &[OsString]) {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return;
    };
    if words
        .windows(2)
        .any(|pair| matches!(pair, [option, value] if option == "--sandbox" && value == word.as_str()))
    {
        let tip = format!("the file of a sandbox is named with an equals sign: --sandbox={word}");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
}

/// What is wrong with the words, without the decoration for people.
fn usage(error: &clap::Error) -> Failure {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Failure::usage("a command is missing; --help lists them");
    }
    let message = error.render().to_string();
    Failure::usage(message.trim_start_matches("error: ").trim_end())
}

/// Whether the words ask for JSON; they could not be parsed, so this looks at them as they stand.
fn wants_json(words: &[OsString]) -> bool {
    let option_and_value = words
        .windows(2)
        .any(|pair| matches!(pair, [option, value] if option == "--output" && value == "json"));
    option_and_value || words.iter().any(|word| word == "--output=json")
}

/// Takes an argument that is a secret; it always fits, so that no error repeats it.
#[expect(clippy::unnecessary_wraps, reason = "the signature of a value parser")]
fn secret(text: &str) -> Result<Secret, std::convert::Infallible> {
    Ok(Secret::from(text))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_examples_of_the_help_are_command_lines() {
        fn walk(command: &clap::Command, examples: &mut Vec<String>) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let lines = help.lines().filter(|line| line.starts_with("  wx-card "));
            examples.extend(lines.map(|line| line.split(['>', '<', '#']).next().unwrap().to_owned()));
            command.get_subcommands().for_each(|below| walk(below, examples));
        }
        let mut examples = Vec::new();
        walk(&Cli::command(), &mut examples);
        assert!(examples.len() > 20, "{examples:?}");
        for example in examples {
            if let Err(error) = Cli::try_parse_from(example.split_whitespace()) {
                panic!("{example}: {error}");
            }
        }
    }

    /// What is wrapped by hand fits into any terminal.
    #[test]
    fn no_line_of_the_help_that_is_kept_as_it_stands_is_long() {
        fn walk(command: &clap::Command, long: &mut Vec<String>) {
            for text in [command.get_long_about(), command.get_after_help()]
                .into_iter()
                .flatten()
            {
                let text = text.to_string();
                if text.contains("\n  ") {
                    let lines = text.lines().skip(1).filter(|line| line.chars().count() > 80);
                    long.extend(lines.map(str::to_owned));
                }
            }
            command.get_subcommands().for_each(|below| walk(below, long));
        }
        let mut long = Vec::new();
        walk(&Cli::command(), &mut long);
        assert_eq!(long, Vec::<String>::new());
    }

    #[test]
    fn every_command_that_calls_names_its_path() {
        fn walk(command: &clap::Command, silent: &mut Vec<String>) {
            for below in command.get_subcommands() {
                let about = below.get_about().map(ToString::to_string).unwrap_or_default();
                if below.get_subcommands().next().is_none()
                    && ![" /card/", " /cgi-bin/media/"].iter().any(|path| about.contains(path))
                {
                    silent.push(below.get_name().to_owned());
                }
                walk(below, silent);
            }
        }
        let mut silent = Vec::new();
        walk(&Cli::command(), &mut silent);
        assert_eq!(
            silent,
            [
                "demo",
                "take",
                "advance",
                "play",
                "reset",
                "ticket",
                "add-card",
                "choose-card",
                "js-config",
                "values",
                "template",
                "check",
                "call",
                "whoami",
                "doctor",
                "errcode",
                "list",
                "path",
                "completions",
                "man"
            ]
        );
    }
}
