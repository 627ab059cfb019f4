//! What holds of the command line, the environment and a profile.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use wx_card::core::Secret;

use super::secret::{SECRET_VARIABLE, SecretPlace};
use crate::args::{GlobalArgs, TokenEndpointArg};
use crate::config::{Config, Profile};
use crate::failure::Failure;

/// The settings of a run, wherever they came from.
///
/// The command line goes first, then the profile that it names, then the environment, then a profile that the environment
/// or the settings file names. App id and secret belong together: where one comes from the environment, no profile has
/// a say in either.
#[derive(Debug)]
pub(crate) struct Choices {
    /// The profile that has a say.
    pub(crate) profile: Option<String>,
    pub(crate) app_id: Option<String>,
    pub(crate) secret: SecretPlace,
    pub(crate) base_url: Option<String>,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) token_endpoint: TokenEndpointArg,
    pub(crate) token_store: Option<Secret>,
    pub(crate) timeout: Option<Duration>,
}

impl Choices {
    pub(super) fn make(global: GlobalArgs) -> Result<Self, Failure> {
        let config = Config::read(global.config.as_deref())?;
        let is_named_here = global.profile.is_some();
        let named = global
            .profile
            .or_else(|| variable("WX_CARD_PROFILE"))
            .or_else(|| config.default.clone());
        let profile = match &named {
            Some(name) => config.profile(name)?.clone(),
            None => Profile::default(),
        };
        let from_environment = |name| variable(name).filter(|_| !is_named_here);
        let environment_app_id = from_environment("WX_APP_ID");
        let is_of_profile = global.app_id.is_none() && environment_app_id.is_none() && profile.app_id.is_some();
        let secret = match (global.app_secret_file, &profile) {
            (Some(file), _) => SecretPlace::File(file),
            (
                None,
                Profile {
                    app_secret_env: Some(name),
                    ..
                },
            ) if is_of_profile => SecretPlace::Variable(name.clone()),
            (
                None,
                Profile {
                    app_secret_file: Some(file),
                    ..
                },
            ) if is_of_profile => SecretPlace::PrivateFile(config.beside(file)),
            (None, _) => SecretPlace::Variable(SECRET_VARIABLE.to_owned()),
        };
        let token_store = from_environment("WX_CARD_TOKEN_STORE").map(Secret::from);
        Ok(Self {
            app_id: global.app_id.or(environment_app_id).or(profile.app_id),
            secret,
            base_url: global.base_url.or(profile.base_url),
            ca_file: global
                .ca_file
                .or_else(|| profile.ca_file.map(|file| config.beside(&file))),
            token_endpoint: global.token_endpoint.or(profile.token_endpoint).unwrap_or_default(),
            token_store: global.token_store.or(token_store).or(profile.token_store),
            timeout: global.timeout.or(profile.timeout),
            profile: named,
        })
    }
}

/// A variable of the environment that is not empty.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
