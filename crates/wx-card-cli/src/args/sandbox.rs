//! `wx-card sandbox …`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use wx_card::core::Secret;
use wx_card::types::{CardCode, CardId, OpenId};

use super::secret;

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct SandboxArgs {
    #[command(subcommand)]
    pub(crate) play: Option<PlayCommand>,
    #[command(flatten)]
    pub(crate) serve: ServeArgs,
}

const PLAY_EXAMPLES: &str = "\
Examples:
  wx-card sandbox play ledger
  wx-card sandbox play approve approve.json";

/// What people, reviewers and time do, in the sandbox of `--sandbox`.
#[derive(Debug, Subcommand)]
pub(crate) enum PlayCommand {
    /// Let a user take a card; prints the code, and what a page is told of it (encrypt_code)
    Take {
        /// The card
        #[arg(value_name = "ID")]
        card_id: CardId,
        /// The user
        #[arg(long, value_name = "O", default_value = "oSandboxUser")]
        openid: OpenId,
        /// The code, where the merchant chooses the codes (use_custom_code)
        #[arg(long, value_name = "C")]
        code: Option<CardCode>,
    },
    /// Let time pass
    Advance {
        /// How many seconds
        seconds: u64,
    },
    /// Make any other control call
    ///
    /// With these members in the body, those with a ? as you like:
    ///   approve       card_id                           the review passes
    ///   reject        card_id, reason                   the review fails
    ///   give          card_id, code, from, to, accept?  a user gives a code away
    ///   user-delete   card_id, code                     a user deletes a code
    ///   scan          ticket, openid                    a user scans a QR code
    ///   expire-token                                    no token serves any more
    ///   faults        rules, seed?                      requests go wrong from now on
    ///   ledger                                          what was requested and done
    ///
    /// The README of wx-card-sandbox has them all, and their answers.
    #[command(verbatim_doc_comment, after_help = PLAY_EXAMPLES)]
    Play {
        /// Its name
        name: String,
        /// Its body as JSON; - is stdin, and without a file it is {}
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Forget everything: the state file goes away
    Reset,
}

#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    /// Address to serve on, of this machine only; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// Serve over TLS, with a certificate authority made at start; ca_file has it, for --ca-file
    #[arg(long)]
    pub(crate) tls: bool,
    /// Keep the state in this file, and start with what is in it
    #[arg(long, value_name = "F")]
    pub(crate) state_file: Option<PathBuf>,
    /// Let go wrong what this file says, as the control call `faults` does; `-` is stdin
    #[arg(long, value_name = "F")]
    pub(crate) faults: Option<PathBuf>,
    /// Leave new cards in review until a control call decides; otherwise they are approved at once
    #[arg(long)]
    pub(crate) manual_review: bool,
    /// An account instead of the fixed one; may be given several times, the line then has the first
    #[arg(long = "account", value_name = "APPID:SECRET", value_parser = secret)]
    pub(crate) accounts: Vec<Secret>,
}
