//! The account of a program that has one, and the way to the service.

use std::env;

use wx_card::core::{BaseUrl, Secret};
use wx_card::{CardClient, CardClientBuilder};
use wx_http_hyper::HyperClient;

use crate::settings::Problem;

/// A client's beginning: the account of `WX_APP_ID` and `WX_APP_SECRET`, at `WX_BASE_URL` where that names a sandbox.
///
/// # Errors
///
/// When one of the variables is missing or cannot be read; no secret is in the error.
pub fn from_environment() -> Result<CardClientBuilder, Problem> {
    let variable = |name: &str| env::var(name).map_err(|error| format!("{name}: {error}"));
    let secret = Secret::from(env::var("WX_APP_SECRET").map_err(|_| "WX_APP_SECRET is not set")?);
    let base_url = match env::var("WX_BASE_URL") {
        Ok(base_url) => base_url.parse()?,
        Err(_) => BaseUrl::official(),
    };
    Ok(CardClient::builder(variable("WX_APP_ID")?, secret, HyperClient::new()?).base_url(base_url))
}
