//! The client: one account's way to every operation.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wx_card_types::{Endpoint, Invalid, Method, Upload};
use wx_core::system::{OsEntropy, SystemClock};
use wx_core::{
    Answer, BaseUrl, Call, Clock, Core, CoreBuilder, Entropy, Error, HttpSend, IntoTokenSource, Observer, RetryPolicy,
    SharingPolicy, TokenStore,
};

use crate::decode::decode;

mod card;
mod code;
mod share;
mod sign;

pub use sign::SignedValues;

/// Calls the card API for one account.
///
/// Cloning it is cheap, and clones share token and tickets. Make one an account and keep it; many accounts can share
/// one transport (an `Arc` of it) and one token store.
///
/// There is one method for each operation; each of them is [`send`](Self::send) with its request, or
/// [`upload`](Self::upload) with its file.
#[derive(Clone, Debug)]
pub struct CardClient {
    core: Core,
    validates: bool,
}

/// Settings of a [`CardClient`].
#[derive(Debug)]
#[must_use]
pub struct CardClientBuilder {
    core: CoreBuilder,
    validates: bool,
}

impl CardClient {
    /// A client for the account `app_id` over `http`, with every setting at its default.
    ///
    /// `source` is where the access token comes from: the app secret, or any
    /// [`TokenSource`](wx_core::TokenSource) such as [`ClassicToken`](wx_core::ClassicToken).
    #[must_use]
    pub fn new(app_id: impl Into<String>, source: impl IntoTokenSource, http: impl HttpSend) -> Self {
        Self::builder(app_id, source, http).build()
    }

    /// Begins a client for the account `app_id` over `http`, whose token comes from `source`: the app secret, or any
    /// [`TokenSource`](wx_core::TokenSource).
    ///
    /// For many accounts hand each the same transport as `Arc<dyn HttpSend>`.
    pub fn builder(app_id: impl Into<String>, source: impl IntoTokenSource, http: impl HttpSend) -> CardClientBuilder {
        let (clock, entropy) = (Arc::new(SystemClock::new()), Arc::new(OsEntropy::new()));
        CardClientBuilder {
            core: Core::builder(app_id, source, Arc::new(http), clock, entropy),
            validates: true,
        }
    }

    /// The same client, whose every call ends after `deadline`: fetching a token, waiting and all attempts included.
    ///
    /// A handle for one request of yours, such as that of a till that waits three seconds; token and tickets are shared.
    /// A call that is not done by then fails with [`Deadline`](wx_core::ErrorKind::Deadline).
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Self {
        Self {
            core: self.core.with_deadline(deadline),
            validates: self.validates,
        }
    }

    /// What the client calls through: tokens, tickets, the pipeline.
    #[must_use]
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// The account.
    #[must_use]
    pub fn app_id(&self) -> &str {
        self.core.app_id()
    }

    /// Sends the request of any operation, also of one that you declared yourself.
    ///
    /// # Errors
    ///
    /// [`Invalid`](wx_core::ErrorKind::Invalid) if the request breaks a rule of its own: nothing was sent.
    /// [`Protocol`](wx_core::ErrorKind::Protocol) also if nothing in the answer to a call that must not run twice says
    /// that it ran: neither errcode 0 nor a member that only a success has.
    /// Otherwise those of [`Core::call`]; [`Error::may_have_run`] tells whether the service may have acted.
    pub async fn send<E: Endpoint>(&self, request: &E) -> Result<E::Response, Error> {
        let call = self.encode(request)?;
        let (answer, response) = self.core.call_for(&call).await?;
        confirm::<E::Response>(&answer, E::IDEMPOTENT)?;
        response.map_or_else(|| decode(&answer), Ok)
    }

    /// Sends the file of any upload, also of one that you declared yourself.
    ///
    /// Each attempt sends the same bytes.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    pub async fn upload<U: Upload>(&self, request: &U) -> Result<U::Response, Error> {
        if self.validates {
            check(U::PATH, request.validate())?;
        }
        let form = request.form();
        let content_type =
            HeaderValue::from_str(form.content_type()).map_err(|error| Error::invalid(U::PATH, "", error))?;
        let call = Call::post(U::PATH, Bytes::from(form.into_body()))
            .content_type(content_type)
            .idempotent(U::IDEMPOTENT)
            .operation(name_of::<U>());
        let (answer, response) = self.core.call_for(&call).await?;
        confirm::<U::Response>(&answer, U::IDEMPOTENT)?;
        response.map_or_else(|| decode(&answer), Ok)
    }

    /// Posts `json` to any path of the API, as it stands, and gives back the answer as it stands.
    ///
    /// The way to an operation that has no method here yet. It is sent again only when it certainly did not run.
    ///
    /// # Errors
    ///
    /// Those of [`Core::call`].
    pub async fn call(&self, path: impl Into<String>, json: &Value) -> Result<Value, Error> {
        let path = path.into();
        let body = serde_json::to_vec(json).map_err(|error| Error::invalid(path.clone(), "", error))?;
        let answer = self.core.call(&Call::post(path, Bytes::from(body))).await?;
        decode(&answer)
    }

    /// The same client, which does not check requests; for those that were checked otherwise.
    pub(crate) fn unchecked(&self) -> Self {
        Self {
            core: self.core.clone(),
            validates: false,
        }
    }

    /// Sends the request and gives the answer, which is yet to be [read](Self::read).
    pub(crate) async fn answer<E: Endpoint>(&self, request: &E) -> Result<Answer, Error> {
        let call = self.encode(request)?;
        self.core.call(&call).await
    }

    /// Reads what [`answer`](Self::answer) gave, with the errors of [`send`](Self::send).
    pub(crate) fn read<E: Endpoint>(answer: &Answer) -> Result<E::Response, Error> {
        confirm::<E::Response>(answer, E::IDEMPOTENT)?;
        decode(answer)
    }

    fn encode<E: Endpoint>(&self, request: &E) -> Result<Call, Error> {
        if self.validates {
            check(E::PATH, request.validate())?;
        }
        let call = if E::METHOD == Method::Get {
            Call::get(E::PATH)
        } else {
            let body = serde_json::to_vec(request).map_err(|error| Error::invalid(E::PATH, "", error))?;
            Call::post(E::PATH, Bytes::from(body))
        };
        Ok(call.idempotent(E::IDEMPOTENT).operation(name_of::<E>()))
    }
}

/// What was found in a request to `path`, as an error of the call.
fn check(path: &'static str, checked: Result<(), Invalid>) -> Result<(), Error> {
    checked.map_err(|invalid| Error::invalid(path, invalid.field().to_owned(), invalid))
}

/// Whether anything in the answer, which is to be a `T`, tells that the call ran.
fn confirm<T: DeserializeOwned>(answer: &Answer, idempotent: bool) -> Result<(), Error> {
    if answer.says_done() || !takes_any_object::<T>() || (idempotent && has_members(answer)) {
        Ok(())
    } else {
        Err(answer.unconfirmed())
    }
}

/// Whether the answer has anything in it besides a message.
fn has_members(answer: &Answer) -> bool {
    let members = serde_json::from_slice::<serde_json::Map<String, Value>>(answer.body()).unwrap_or_default();
    members
        .keys()
        .any(|name| !["errcode", "errmsg"].contains(&name.as_str()))
}

/// Whether any object would pass for the answer, so that only its errcode tells that the service is done.
fn takes_any_object<T: DeserializeOwned>() -> bool {
    serde_json::from_slice::<T>(b"{}").is_ok()
}

/// The name of the request's type, which is the operation's name in logs and metrics.
fn name_of<E>() -> &'static str {
    let name = std::any::type_name::<E>();
    let name = if name.ends_with('>') {
        name.split('<').next().unwrap_or(name)
    } else {
        name
    };
    let start = name.bytes().rposition(|byte| byte == b':').map_or(0, |colon| colon + 1);
    name.get(start..).unwrap_or(name)
}

impl CardClientBuilder {
    /// Where the service is; [`BaseUrl::official`] unless told otherwise.
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        self.core = self.core.base_url(base_url);
        self
    }

    /// Where token and tickets are kept for all processes that use the account; by this client alone unless told
    /// otherwise.
    pub fn token_store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.core = self.core.token_store(store);
        self
    }

    /// How they are shared; the policy's default unless told otherwise.
    pub fn sharing(mut self, policy: SharingPolicy) -> Self {
        self.core = self.core.sharing(policy);
        self
    }

    /// What is sent again after a failure, how often and for how long; the policy's default unless told otherwise.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.core = self.core.retry(policy);
        self
    }

    /// Who is told what happens, to count and measure; nobody unless told otherwise.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.core = self.core.observer(Arc::new(observer));
        self
    }

    /// The clock; the machine's unless told otherwise.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.core = self.core.clock(Arc::new(clock));
        self
    }

    /// The randomness of nonces; the operating system's unless told otherwise.
    pub fn entropy(mut self, entropy: impl Entropy) -> Self {
        self.core = self.core.entropy(Arc::new(entropy));
        self
    }

    /// Whether requests are checked before anything is sent; they are unless told otherwise.
    ///
    /// Switch it off for an account to which the service grants more than the documentation says.
    pub fn validation(mut self, validates: bool) -> Self {
        self.validates = validates;
        self
    }

    /// The client.
    #[must_use]
    pub fn build(self) -> CardClient {
        CardClient {
            core: self.core.build(),
            validates: self.validates,
        }
    }
}
