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
    /// Make any other control call, such as approve, give, user-delete, expire-token, faults or ledger
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
