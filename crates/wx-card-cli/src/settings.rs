//! From options and environment to a client.

use std::sync::OnceLock;

use wx_card::CardClient;
use wx_card::core::system::{OsEntropy, SystemClock};
use wx_card::core::{BaseUrl, Core, SendError, SendErrorKind, http_send_fn};
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET};
use wx_http_hyper::HyperClient;
use wx_store_redis::RedisRateLimit;

use crate::args::GlobalArgs;
use crate::embedded::Embedded;
use crate::failure::Failure;
use crate::token_store::TokenStoreChoice;

mod choices;
mod secret;

pub(crate) use choices::Choices;

/// The settings of this run.
#[derive(Debug)]
pub(crate) struct Settings {
    choices: Choices,
    base_url: BaseUrl,
    token_store: TokenStoreChoice,
    /// What is called instead of the service.
    embedded: Option<Embedded>,
    /// Made when it is first asked for.
    client: OnceLock<CardClient>,
}

impl Settings {
    pub(crate) fn new(global: GlobalArgs) -> Result<Self, Failure> {
        let embedded = global.sandbox.as_deref().map(Embedded::open).transpose()?;
        let choices = Choices::make(global)?;
        // Not a parser of the command line, whose errors repeat the value: somebody may have put a password into it.
        let base_url = match &choices.base_url {
            None => BaseUrl::official(),
            Some(url) => url
                .parse()
                .map_err(|error| Failure::usage(format!("--base-url: {error}")))?,
        };
        // The sandbox remembers its tokens itself.
        let token_store = choices.token_store.as_ref().filter(|_| embedded.is_none());
        let token_store = TokenStoreChoice::read(token_store)?;
        Ok(Self {
            choices,
            base_url,
            token_store,
            embedded,
            client: OnceLock::new(),
        })
    }

    /// The account.
    pub(crate) fn app_id(&self) -> Result<&str, Failure> {
        if self.embedded.is_some() {
            return Ok(DEFAULT_APP_ID);
        }
        let app_id = self.choices.app_id.as_deref().unwrap_or_default().trim();
        if app_id.is_empty() {
            return Err(Failure::usage(
                "there is no app id: give --app-id ID or set WX_APP_ID, or name a profile with --profile; --sandbox needs none",
            ));
        }
        Ok(app_id)
    }

    /// What was chosen, and where.
    pub(crate) const fn choices(&self) -> &Choices {
        &self.choices
    }

    pub(crate) const fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    pub(crate) const fn token_store(&self) -> &TokenStoreChoice {
        &self.token_store
    }

    /// The address of the service, for people.
    pub(crate) fn address(&self) -> String {
        if self.embedded.is_some() {
            String::from("a sandbox within this command")
        } else {
            self.base_url.to_string()
        }
    }

    /// Where the app secret comes from, for people.
    pub(crate) fn secret_shown(&self) -> String {
        if self.embedded.is_some() {
            String::from("the sandbox")
        } else {
            self.choices.secret.shown()
        }
    }

    /// Whether a sandbox is called within this command.
    pub(crate) const fn is_embedded(&self) -> bool {
        self.embedded.is_some()
    }

    /// The client of the account: all that a run calls shares one token.
    pub(crate) fn client(&self) -> Result<CardClient, Failure> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let client = self.make_client()?;
        Ok(self.client.get_or_init(|| client).clone())
    }

    fn make_client(&self) -> Result<CardClient, Failure> {
        let app_id = self.app_id()?;
        if let Some(embedded) = &self.embedded {
            return Ok(CardClient::new(app_id, DEFAULT_APP_SECRET, embedded.sandbox().clone()));
        }
        let source = self.choices.token_endpoint.source(self.choices.secret.read()?);
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

    pub(crate) fn http(&self) -> Result<HyperClient, Failure> {
        let mut builder = HyperClient::builder();
        if let Some(path) = &self.choices.ca_file {
            builder = builder.add_root_pem(secret::read("--ca-file", path)?);
        }
        if let Some(timeout) = self.choices.timeout {
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
