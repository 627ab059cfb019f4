//! `wx-card sandbox …`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use wx_card::core::Secret;

use super::secret;

#[derive(Args, Debug)]
pub(crate) struct SandboxArgs {
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
