//! What a source of tokens is.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use serde_json::Value;

use super::StableToken;
use crate::{Answer, Call, Core, Error, Secret, TicketKind};

/// Where the access token of an account comes from, and its tickets.
///
/// | source | and |
/// | --- | --- |
/// | [`StableToken`] | the service's endpoint that gives everybody the same; an app secret alone stands for it |
/// | [`ClassicToken`](super::ClassicToken) | the one that kills the token before |
/// | [`AuthorizerToken`](super::AuthorizerToken) | an account that has authorized a third-party platform (第三方平台) |
/// | [`token_source_fn`] | a function of yours, such as one that asks your company's token server |
/// | your own | implement this trait |
///
/// It is asked when there is no token that serves, by one caller at a time and account; what it grants is kept until
/// shortly before its end. It bounds its own time: calls wait for it.
///
/// A caller whose time is over leaves it in the middle, and whoever comes next drives it on, or it is dropped: it should
/// hold nothing across an `await` that others wait for, such as a lock or a permit.
#[async_trait]
pub trait TokenSource: fmt::Debug + Send + Sync + 'static {
    /// An access token.
    ///
    /// # Errors
    ///
    /// [`Error::token_source`] with a reason that shows no secret, or the error of [`TokenAsk::call`].
    async fn token(&self, ask: TokenAsk) -> Result<Grant, Error>;

    /// A ticket: the one that the service gives for the account's token, unless the source knows a better way, such as
    /// a token server that hands out tickets too.
    ///
    /// # Errors
    ///
    /// Those of [`token`](Self::token).
    async fn ticket(&self, kind: TicketKind, ask: TokenAsk) -> Result<Grant, Error> {
        ask.ticket(kind).await
    }

    /// Whether asking again gives the same token as long as it lives, and only asking
    /// [by force](TokenAsk::is_forced) gives another.
    ///
    /// A token that the service has refused twice within a minute is then asked for by force, 30 seconds apart and 20
    /// times a day at most.
    fn forces(&self) -> bool {
        false
    }

    /// A secret that all of its tokens come from: should the service repeat it in the message of any refusal, it is
    /// blotted out.
    fn secret(&self) -> Option<&Secret> {
        None
    }
}

/// A token or ticket, and how long it serves.
#[derive(Clone, Debug)]
pub struct Grant {
    pub(crate) secret: Secret,
    pub(crate) expires_in: Duration,
}

impl Grant {
    /// A token or ticket that serves for `expires_in` from the moment of asking.
    ///
    /// More than a day is not believed.
    #[must_use]
    pub fn new(secret: impl Into<Secret>, expires_in: Duration) -> Self {
        Self {
            secret: secret.into(),
            expires_in,
        }
    }

    /// What stands in `member` and in `expires_in` (seconds) of an answer of the service.
    ///
    /// # Errors
    ///
    /// [`Protocol`](crate::ErrorKind::Protocol) if either is missing or empty. Nothing of the answer is in the error.
    pub fn from_answer(answer: &Answer, member: &str) -> Result<Self, Error> {
        let missing = |field: &str, problem: &'static str| {
            answer
                .protocol_error(problem)
                .with_field(field.to_owned())
                .of_preparation()
        };
        let Ok(Value::Object(mut members)) = serde_json::from_slice(answer.body()) else {
            return Err(missing("", "the answer is not an object"));
        };
        let secret = match members.remove(member) {
            Some(Value::String(secret)) if !secret.trim().is_empty() => Secret::new(secret),
            _ => return Err(missing(member, "the answer has no token or ticket")),
        };
        let seconds = match members.get("expires_in") {
            // A double without a fraction prints as a whole number.
            Some(Value::Number(number)) => number.as_u64().or_else(|| number.as_f64()?.to_string().parse().ok()),
            Some(Value::String(text)) => text.trim().parse().ok(),
            _ => None,
        };
        match seconds {
            Some(seconds) if seconds > 0 => Ok(Self::new(secret, Duration::from_secs(seconds))),
            _ => Err(missing("expires_in", "the answer does not say how long it serves")),
        }
    }

    /// The grant, if it is one: an empty token would be sent and refused.
    pub(crate) fn checked(self) -> Result<Self, Error> {
        if self.secret.expose().trim().is_empty() {
            Err(Error::token_source("the token or ticket is empty"))
        } else if self.expires_in.is_zero() {
            Err(Error::token_source("the token or ticket is over already"))
        } else {
            Ok(self)
        }
    }
}

/// What a source is asked, and the means to ask others.
#[derive(Clone, Debug)]
pub struct TokenAsk {
    core: Core,
    is_forced: bool,
}

impl TokenAsk {
    pub(crate) fn new(core: Core, is_forced: bool) -> Self {
        Self { core, is_forced }
    }

    /// The account.
    #[must_use]
    pub fn app_id(&self) -> &str {
        self.core.app_id()
    }

    /// Whether the token that the source keeps giving was refused, so that it shall be another.
    #[must_use]
    pub fn is_forced(&self) -> bool {
        self.is_forced
    }

    /// The present moment, by the clock that was handed in.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.core.now()
    }

    /// Sends `call` to the service without an access token.
    ///
    /// It is retried as every call; errors keep nothing of the answer, and errcodes are read as those of a token call:
    /// 40001 is a wrong secret here.
    ///
    /// # Errors
    ///
    /// Those of [`Core::call`].
    pub async fn call(&self, call: Call) -> Result<Answer, Error> {
        self.core.prepare(&call.for_token()).await
    }

    /// The ticket that the service gives for the account's token.
    ///
    /// # Errors
    ///
    /// Those of [`Core::call`].
    pub async fn ticket(&self, kind: TicketKind) -> Result<Grant, Error> {
        let call = super::service::ticket_call(kind);
        let answer = self.core.prepare(&call).await?;
        Grant::from_answer(&answer, "ticket")
    }
}

/// A function as a [`TokenSource`].
///
/// ```
/// use std::time::Duration;
///
/// use wx_core::{Error, Grant, token_source_fn};
///
/// # async fn ask_our_token_server(app_id: &str) -> Result<(String, u64), std::io::Error> {
/// #     Ok((format!("token of {app_id}"), 7200))
/// # }
/// let source = token_source_fn(|ask| async move {
///     let (token, seconds) = ask_our_token_server(ask.app_id())
///         .await
///         .map_err(|_| Error::token_source("our token server does not answer"))?;
///     Ok(Grant::new(token, Duration::from_secs(seconds)))
/// });
/// ```
pub fn token_source_fn<F, R>(function: F) -> impl TokenSource
where
    F: Fn(TokenAsk) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Grant, Error>> + Send + 'static,
{
    Function(function)
}

struct Function<F>(F);

impl<F> fmt::Debug for Function<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("token_source_fn(..)")
    }
}

#[async_trait]
impl<F, R> TokenSource for Function<F>
where
    F: Fn(TokenAsk) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Grant, Error>> + Send + 'static,
{
    async fn token(&self, ask: TokenAsk) -> Result<Grant, Error> {
        (self.0)(ask).await
    }
}

/// Whatever stands for a [`TokenSource`]: one itself, a shared one, or an app secret, which stands for [`StableToken`].
pub trait IntoTokenSource {
    /// The source.
    fn into_token_source(self) -> Arc<dyn TokenSource>;
}

impl<T: TokenSource> IntoTokenSource for T {
    fn into_token_source(self) -> Arc<dyn TokenSource> {
        Arc::new(self)
    }
}

impl IntoTokenSource for Arc<dyn TokenSource> {
    fn into_token_source(self) -> Self {
        self
    }
}

macro_rules! secrets {
    ($($text:ty),*) => {$(
        impl IntoTokenSource for $text {
            fn into_token_source(self) -> Arc<dyn TokenSource> {
                Arc::new(StableToken::new(self))
            }
        }
    )*};
}

secrets!(&str, String, Secret);
