//! From options and environment to a client.

use std::env;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use wx_card::CardClient;
use wx_card::core::system::{OsEntropy, SystemClock};
use wx_card::core::{BaseUrl, Core, Secret, SendError, SendErrorKind, http_send_fn};
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET};
use wx_http_hyper::HyperClient;
use wx_store_redis::RedisRateLimit;

use crate::args::GlobalArgs;
use crate::embedded::Embedded;
use crate::failure::Failure;
use crate::token_store::TokenStoreChoice;

/// Far beyond any bundle of certificates and any secret.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

const SECRET_VARIABLE: &str = "WX_APP_SECRET";

/// The settings of this run.
#[derive(Debug)]
pub(crate) struct Settings {
    global: GlobalArgs,
    base_url: BaseUrl,
    token_store: TokenStoreChoice,
    /// What is called instead of the service.
    embedded: Option<Embedded>,
}

impl Settings {
    pub(crate) fn new(global: GlobalArgs) -> Result<Self, Failure> {
        // Not a parser of the command line, whose errors repeat the value: somebody may have put a password into it.
        let base_url = match &global.base_url {
            None => BaseUrl::official(),
            Some(url) => url
                .parse()
                .map_err(|error| Failure::usage(format!("--base-url: {error}")))?,
        };
        let embedded = global.sandbox.as_deref().map(Embedded::open).transpose()?;
        // The sandbox remembers its tokens itself.
        let token_store = global.token_store.as_ref().filter(|_| embedded.is_none());
        let token_store = TokenStoreChoice::read(token_store)?;
        Ok(Self {
            global,
            base_url,
            token_store,
            embedded,
        })
    }

    /// The account.
    pub(crate) fn app_id(&self) -> Result<&str, Failure> {
        if self.embedded.is_some() {
            return Ok(DEFAULT_APP_ID);
        }
        let app_id = self.global.app_id.as_deref().unwrap_or_default().trim();
        if app_id.is_empty() {
            return Err(Failure::usage("there is no app id: give --app-id ID or set WX_APP_ID"));
        }
        Ok(app_id)
    }

    /// A client of the account.
    pub(crate) fn client(&self) -> Result<CardClient, Failure> {
        let app_id = self.app_id()?;
        if let Some(embedded) = &self.embedded {
            return Ok(CardClient::new(app_id, DEFAULT_APP_SECRET, embedded.sandbox().clone()));
        }
        let source = self.global.token_endpoint.source(self.app_secret()?);
        let mut builder = CardClient::builder(app_id, source, self.http()?).base_url(self.base_url.clone());
        if let Some(store) = self.token_store.open()? {
            builder = builder.token_store(store);
        }
        Ok(builder.build())
    }

    /// The limit that all who share the token store share, if it is one for several machines.
    pub(crate) fn shared_rate_limit(&self) -> Result<Option<RedisRateLimit>, Failure> {
        self.token_store.rate_limit(self.app_id()?)
    }

    fn app_secret(&self) -> Result<Secret, Failure> {
        let (secret, origin) = match &self.global.app_secret_file {
            Some(path) => (first_line(read(path)?), format!("{} is", path.display())),
            None => (
                from_environment(),
                format!("give --app-secret-file FILE or set {SECRET_VARIABLE}, which is"),
            ),
        };
        match secret {
            Some(secret) if !secret.is_empty() => Ok(secret),
            Some(_) => Err(Failure::usage(format!("there is no app secret: {origin} empty"))),
            None => Err(Failure::usage(format!(
                "there is no app secret: {origin} not one line of text"
            ))),
        }
    }

    fn http(&self) -> Result<HyperClient, Failure> {
        let mut builder = HyperClient::builder();
        if let Some(path) = &self.global.ca_file {
            builder = builder.add_root_pem(read(path)?);
        }
        if let Some(timeout) = self.global.timeout {
            builder = builder.timeout(timeout);
        }
        builder.build().map_err(|error| {
            let cause = std::error::Error::source(&error)
                .map(|cause| format!(": {cause}"))
                .unwrap_or_default();
            Failure::usage(format!("{error}{cause}"))
        })
    }
}

/// A core that makes nonces and tells the time, but sends nothing.
pub(crate) fn offline_core() -> Core {
    let nowhere = http_send_fn(|_| async { Err(SendError::new(SendErrorKind::Request)) });
    let (clock, entropy) = (SystemClock::new(), OsEntropy::new());
    Core::builder(
        "",
        "",
        std::sync::Arc::new(nowhere),
        std::sync::Arc::new(clock),
        std::sync::Arc::new(entropy),
    )
    .build()
}

/// The secret in the environment; an empty one if there is none.
fn from_environment() -> Option<Secret> {
    match env::var(SECRET_VARIABLE) {
        Ok(secret) => Some(secret.into()),
        Err(env::VarError::NotPresent) => Some(Secret::from("")),
        Err(env::VarError::NotUnicode(_)) => None,
    }
}

/// The only line of `bytes`.
fn first_line(bytes: Vec<u8>) -> Option<Secret> {
    let mut text = String::from_utf8(bytes).ok()?;
    text.truncate(text.trim_end_matches(['\n', '\r']).len());
    (!text.contains('\n')).then(|| Secret::from(text))
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes))
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_one_line() {
        let secret = |text: &str| first_line(text.as_bytes().to_vec());
        for text in ["abc", "abc\n", "abc\r\n"] {
            assert_eq!(secret(text), Some(Secret::from("abc")));
        }
        assert_eq!(secret("abc\ndef\n"), None);
        assert_eq!(first_line(vec![0xff]), None);
    }
}
