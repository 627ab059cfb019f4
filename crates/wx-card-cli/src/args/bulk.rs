//! Options of the commands that take any number of codes.

use std::path::PathBuf;

use clap::Args;
use wx_card::types::CardId;

use super::code::{CardIdArg, CodesArgs};

/// What all of them have.
#[derive(Args, Debug)]
pub(crate) struct BulkArgs {
    /// Requests on their way at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) in_flight: u16,
    /// Calls a second at most; with --token-store redis://… by all together who share it, which goes for --per-day too
    #[arg(long, value_name = "CALLS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rate: Option<u32>,
    /// Calls a day at most (the day of Beijing, UTC+8), with those of today that the journal knows; then it ends early
    #[arg(long, value_name = "CALLS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) per_day: Option<u64>,
    /// Write what became of each line to this file, as CSV: line,code,outcome,reason
    #[arg(long, value_name = "CSV")]
    pub(crate) report: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    /// The card
    #[arg(value_name = "ID")]
    pub(crate) card_id: CardId,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) bulk: BulkArgs,
    /// Do not look up each batch after it was sent (/card/code/checkcode), which halves the calls
    #[arg(long)]
    pub(crate) no_verify: bool,
    /// Raise the stock in the end by the number of codes that are new; from stdin only with --journal
    #[arg(long)]
    pub(crate) raise_stock: bool,
}

#[derive(Args, Debug)]
pub(crate) struct InputArgs {
    /// File with the codes, in the first column; - is stdin
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// File that keeps what was done, to go on from [default: FILE.wx-journal; none for stdin]
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct VoidArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) card: CardIdArg,
    /// Why, such as 退款
    #[arg(long, value_name = "R")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) bulk: BulkArgs,
}

#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) codes: CodesArgs,
    #[command(flatten)]
    pub(crate) bulk: BulkArgs,
}
