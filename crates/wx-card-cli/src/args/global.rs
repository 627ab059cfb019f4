//! Options that every command takes, before or after its name.

use std::convert::Infallible;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{ArgAction, Args, ValueEnum};
use serde::Deserialize;
use wx_card::core::{ClassicToken, Secret, StableToken, TokenSource};

use crate::output::Format;

/// Longer than any call takes; whoever asks for more has the wrong unit in mind.
const MAX_TIMEOUT_SECONDS: f64 = 3600.0;

#[derive(Args, Debug)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArgs {
    /// Address of the service [default: `https://api.weixin.qq.com`]; plain http is taken for this machine only
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Call a sandbox within this command instead of the service; its state stays in FILE, which is in your home unless named. It has an account and tokens of its own
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        conflicts_with_all = ["base_url", "ca_file", "app_secret_file"]
    )]
    pub(crate) sandbox: Option<OsString>,
    /// Also trust the root certificates in this file
    #[arg(long, global = true, value_name = "PEM")]
    pub(crate) ca_file: Option<PathBuf>,
    /// The account and the way to it, by its name in the settings file [env: WX_CARD_PROFILE=]
    // The variables are read with the settings: what the command line says goes before a profile, they go behind one that
    // it names.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The settings file [default: ~/.config/wx-card/config.toml] [env: WX_CARD_CONFIG=]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The account (AppID) [env: WX_APP_ID=]
    #[arg(long, global = true, value_name = "ID")]
    pub(crate) app_id: Option<String>,
    /// File with the account's secret (AppSecret), instead of the variable WX_APP_SECRET
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) app_secret_file: Option<PathBuf>,
    /// Where access tokens come from: classic kills the token of whoever fetched before [default: stable]
    #[arg(long, global = true, value_enum, value_name = "WHICH")]
    pub(crate) token_endpoint: Option<TokenEndpointArg>,
    /// Where tokens and tickets stay between runs: file:FOLDER, redis://… or rediss://…, which other programs can share [default: memory, that of one run] [env: WX_CARD_TOKEN_STORE=]
    #[arg(
        long,
        global = true,
        value_name = "WHERE",
        // What it means is read later: an error of the parser would repeat it, and it may have a password in it.
        value_parser = |text: &str| Ok::<_, Infallible>(Secret::new(text))
    )]
    pub(crate) token_store: Option<Secret>,
    /// Seconds after which an HTTP request is given up [default: 15]
    #[arg(long, global = true, value_name = "SECS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,
    /// How results and errors are written
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output: Format,
    /// Tell nothing but results and errors: no progress, no warnings
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Log on stderr what becomes of each request; twice: all that there is to log. Never a secret, an address or a body
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TokenEndpointArg {
    /// POST /cgi-bin/stable_token
    #[default]
    Stable,
    /// GET /cgi-bin/token
    Classic,
}

impl TokenEndpointArg {
    /// Its path.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Stable => "/cgi-bin/stable_token",
            Self::Classic => "/cgi-bin/token",
        }
    }

    /// What asks the endpoint, for the account with this secret.
    pub(crate) fn source(self, app_secret: Secret) -> Arc<dyn TokenSource> {
        match self {
            Self::Stable => Arc::new(StableToken::new(app_secret)),
            Self::Classic => Arc::new(ClassicToken::new(app_secret)),
        }
    }
}

pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| String::from("give a number of seconds"))?;
    if seconds > 0.0 && seconds <= MAX_TIMEOUT_SECONDS {
        Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
    } else {
        Err(format!("must be more than 0 and at most {MAX_TIMEOUT_SECONDS} seconds"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_a_sensible_number_of_seconds() {
        assert_eq!(seconds("2.5"), Ok(Duration::from_millis(2500)));
        assert_eq!(seconds("3600"), Ok(Duration::from_secs(3600)));
        for text in ["", "0", "-1", "NaN", "inf", "3601", "1e300", "soon"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
