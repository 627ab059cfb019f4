//! `wx-card errcode …`.

use clap::Args;

#[derive(Args, Debug)]
pub(crate) struct ErrcodeArgs {
    /// The number, such as 40099; without one, every code that is known here is listed
    #[arg(value_name = "ERRCODE", allow_negative_numbers = true, value_parser = errcode)]
    pub(crate) errcode: Option<i64>,
}

fn errcode(text: &str) -> Result<i64, &'static str> {
    text.trim()
        .parse()
        .map_err(|_| "give the number that stands behind errcode, such as 40099; `wx-card errcode` lists them")
}
