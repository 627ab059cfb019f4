//! `wx-card errcode …`.

use clap::Args;

#[derive(Args, Debug)]
pub(crate) struct ErrcodeArgs {
    /// The number, such as 40099; without one, every code that is known here is listed
    #[arg(value_name = "ERRCODE", allow_negative_numbers = true)]
    pub(crate) errcode: Option<i64>,
}
