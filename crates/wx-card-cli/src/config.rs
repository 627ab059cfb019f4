//! The settings file: accounts that need not be spelled out each time.
//!
//! It has no secret in it: a profile says where its secret is.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;
use wx_card::core::Secret;

use crate::args::TokenEndpointArg;
use crate::failure::Failure;
use crate::meant::{meant, nearest};

/// Names another file than the usual one.
pub(crate) const CONFIG_VARIABLE: &str = "WX_CARD_CONFIG";

/// What is said of a secret in the file.
const NO_SECRET: &str = "no app secret belongs into this file: put it into a file that only you can read (chmod 600) and \
                         name that with app_secret_file, or name a variable with app_secret_env";

/// What is in the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The profile to use where none is named.
    pub(crate) default: Option<String>,
    /// The profiles by name.
    #[serde(default, rename = "profile")]
    pub(crate) profiles: BTreeMap<String, Profile>,
    #[serde(skip)]
    pub(crate) path: PathBuf,
}

/// An account and the way to it; what is missing is as without a profile.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    pub(crate) app_id: Option<String>,
    /// The variable that holds the secret.
    pub(crate) app_secret_env: Option<String>,
    /// The file that holds the secret, from the folder of the settings file on; only its owner may read it.
    pub(crate) app_secret_file: Option<PathBuf>,
    pub(crate) base_url: Option<String>,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) token_endpoint: Option<TokenEndpointArg>,
    pub(crate) token_store: Option<Secret>,
    #[serde(default, deserialize_with = "seconds")]
    pub(crate) timeout: Option<Duration>,
    /// Known only to be refused.
    app_secret: Option<IgnoredAny>,
}

impl Config {
    /// Reads the file that is `named`, or the usual one, which need not be there.
    pub(crate) fn read(named: Option<&Path>) -> Result<Self, Failure> {
        let variable = env::var_os(CONFIG_VARIABLE).filter(|path| !path.is_empty());
        let named = named.map(Path::to_owned).or(variable.map(PathBuf::from));
        let Some(path) = named.clone().or_else(usual_path) else {
            return Ok(Self::default());
        };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => String::new(),
            Err(error) => return Err(Failure::usage(format!("{}: {error}", path.display()))),
        };
        let mut config = Self::parse(&text).map_err(|wrong| Failure::usage(format!("{}: {wrong}", path.display())))?;
        config.path = path;
        Ok(config)
    }

    /// Reads `text`; what is wrong is told without the line, in which a secret may stand.
    fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let message = error.message().lines().next().unwrap_or_default();
            format!("line {line}: {}", told(message))
        })?;
        for (name, profile) in &config.profiles {
            if profile.app_secret.is_some() {
                return Err(format!("profile.{name}: {NO_SECRET}"));
            }
            if profile.app_secret_env.is_some() && profile.app_secret_file.is_some() {
                return Err(format!(
                    "profile.{name}: give app_secret_env or app_secret_file, not both"
                ));
            }
            if profile
                .token_store
                .as_ref()
                .is_some_and(|store| store.expose().contains('@'))
            {
                return Err(format!(
                    "profile.{name}: a token_store with a password belongs into the variable WX_CARD_TOKEN_STORE"
                ));
            }
        }
        Ok(config)
    }

    /// The profile with this name.
    pub(crate) fn profile(&self, name: &str) -> Result<&Profile, Failure> {
        self.profiles.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.profiles.keys().map(String::as_str).collect();
            let known = if known.is_empty() { "none" } else { &known.join(", ") };
            let file = if self.path.as_os_str().is_empty() {
                "the settings file, which --config names,".to_owned()
            } else {
                self.path.display().to_string()
            };
            let meant = meant(name, self.profiles.keys().map(String::as_str));
            Failure::usage(format!("there is no profile {name}: {file} has {known}{meant}"))
        })
    }

    /// A path that stands in the file, as seen from its folder.
    pub(crate) fn beside(&self, path: &Path) -> PathBuf {
        self.path
            .parent()
            .map_or_else(|| path.to_owned(), |folder| folder.join(path))
    }
}

/// What the parser says, and of a name that is not known what it may have been meant to be.
fn told(message: &str) -> String {
    let mut names = message.split('`').skip(1).step_by(2);
    let Some(name) = names.next().filter(|_| message.starts_with("unknown field")) else {
        return message.to_owned();
    };
    let known: Vec<&str> = names.filter(|name| *name != "app_secret").collect();
    if name.contains("secret") && nearest(name, known.iter().copied()).is_none() {
        return format!("unknown field `{name}`: {NO_SECRET}");
    }
    let meant = meant(name, known.iter().copied());
    format!("unknown field `{name}`: known here are {}{meant}", known.join(", "))
}

/// The folder that a variable of the environment names; one that depends on where the command runs does not count.
pub(crate) fn folder(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .map(PathBuf::from)
        .filter(|folder| folder.is_absolute())
}

fn usual_path() -> Option<PathBuf> {
    let config = if cfg!(windows) {
        folder("APPDATA")
    } else {
        folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))
    };
    Some(config?.join("wx-card").join("config.toml"))
}

fn seconds<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    crate::args::seconds(&seconds.to_string())
        .map(Some)
        .map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_says_where_its_secret_is() {
        let config = Config::parse(
            "default = \"shop\"\n[profile.shop]\napp_id = \"wx1\"\napp_secret_env = \"SHOP\"\ntimeout = 2.5\n\
             token_endpoint = \"classic\"\n[profile.test]\napp_secret_file = \"test.secret\"\n",
        )
        .unwrap();
        assert_eq!(config.default.as_deref(), Some("shop"));
        let shop = config.profile("shop").unwrap();
        assert_eq!(shop.timeout, Some(Duration::from_millis(2500)));
        assert!(matches!(shop.token_endpoint, Some(TokenEndpointArg::Classic)));
        let missing = config.profile("shpo").unwrap_err();
        assert!(format!("{missing:?}").contains("has shop, test; is shop meant?"));
    }

    #[test]
    fn the_file_in_the_help_is_one() {
        use clap::CommandFactory as _;

        let command = crate::args::Cli::command();
        let help = command
            .find_subcommand("profile")
            .unwrap()
            .get_after_help()
            .unwrap()
            .to_string();
        let file: Vec<&str> = help
            .lines()
            .skip(1)
            .take_while(|line| !line.starts_with("Also"))
            .collect();
        let config = Config::parse(&file.join("\n")).unwrap();
        assert_eq!(config.profiles.keys().collect::<Vec<_>>(), ["shop", "test"]);
        assert_eq!(config.default.as_deref(), Some("shop"));
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line_and_shows_no_secret() {
        for (text, expected) in [
            (
                "[profile.a]\napp_secret = \"canary\"",
                "profile.a: no app secret belongs",
            ),
            (
                "[profile.a]\napp_id = \"wx1\"\nsecret = \"canary\"",
                "line 3: unknown field `secret`: no app secret belongs",
            ),
            (
                "app_secret = \"canary\"",
                "line 1: unknown field `app_secret`: no app secret belongs",
            ),
            (
                "[profile.a]\napp_secert_env = \"A\"",
                "line 2: unknown field `app_secert_env`: known here are app_id, app_secret_env, app_secret_file, \
                 base_url, ca_file, token_endpoint, token_store, timeout; is app_secret_env meant?",
            ),
            (
                "[profiles.a]",
                "line 1: unknown field `profiles`: known here are default, profile; is profile meant?",
            ),
            ("[profile.a]\napp_id = canary\"", "line 2: "),
            ("[profile.a]\ntimeout = 0", "line 2: must be more than 0"),
            (
                "[profile.a]\ntoken_store = \"redis://:canary@host\"",
                "profile.a: a token_store with a password",
            ),
            (
                "[profile.a]\napp_secret_env = \"A\"\napp_secret_file = \"b\"",
                "profile.a: give app_secret_env or",
            ),
        ] {
            let wrong = Config::parse(text).unwrap_err();
            assert!(wrong.starts_with(expected), "{wrong}");
            assert!(!wrong.contains("canary"), "{wrong}");
        }
    }
}
