//! The token of an account that has authorized a third-party platform.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use super::{Grant, TokenAsk, TokenSource};
use crate::{Call, Error, Secret};

/// What a third-party platform (第三方平台) knows of itself and of the accounts that have authorized it.
///
/// The service pushes a new `component_verify_ticket` to the platform every ten minutes, and a refresh token when an
/// account authorizes it: both are yours to receive and to keep.
#[async_trait]
pub trait Platform: fmt::Debug + Send + Sync + 'static {
    /// The platform's app id (`component_appid`).
    fn app_id(&self) -> &str;

    /// The platform's own token (`component_access_token`), made from the verify ticket and kept by you.
    ///
    /// # Errors
    ///
    /// [`Error::token_source`] with a reason that shows no secret.
    async fn component_access_token(&self) -> Result<Secret, Error>;

    /// The refresh token of the account `app_id` (`authorizer_refresh_token`).
    ///
    /// # Errors
    ///
    /// [`Error::token_source`] with a reason that shows no secret.
    async fn refresh_token(&self, app_id: &str) -> Result<Secret, Error>;

    /// Keeps the refresh token that came with a new access token, before that is used. It is called only when it is
    /// another than the one before: whoever loses it has to ask the account to authorize the platform again.
    ///
    /// # Errors
    ///
    /// [`Error::token_source`] with a reason that shows no secret; the access token is then dropped.
    async fn save_refresh_token(&self, app_id: &str, refresh_token: &Secret) -> Result<(), Error>;
}

/// `POST /cgi-bin/component/api_authorizer_token` (获取授权帐号调用令牌): the token with which a platform calls for an
/// account that has authorized it.
///
/// Clients of many accounts can share one platform.
#[derive(Clone, Debug)]
pub struct AuthorizerToken(Arc<dyn Platform>);

impl AuthorizerToken {
    /// The source for accounts that have authorized `platform`.
    #[must_use]
    pub fn new(platform: Arc<dyn Platform>) -> Self {
        Self(platform)
    }
}

#[derive(Serialize)]
struct GetAuthorizerToken<'a> {
    component_appid: &'a str,
    authorizer_appid: &'a str,
    authorizer_refresh_token: &'a str,
}

#[async_trait]
impl TokenSource for AuthorizerToken {
    async fn token(&self, ask: TokenAsk) -> Result<Grant, Error> {
        let component_token = self.0.component_access_token().await?;
        let refresh_token = self.0.refresh_token(ask.app_id()).await?;
        let body = GetAuthorizerToken {
            component_appid: self.0.app_id(),
            authorizer_appid: ask.app_id(),
            authorizer_refresh_token: refresh_token.expose(),
        };
        // Texts alone always serialize.
        let body = serde_json::to_vec(&body).unwrap_or_default();
        // A lost answer may have had a new refresh token in it; the old one then gives it again, or nothing will.
        let call = Call::post("/cgi-bin/component/api_authorizer_token", Bytes::from(body))
            .secret_query("component_access_token", &component_token)
            .hide(&refresh_token)
            .idempotent(true)
            .operation("GetAuthorizerToken");
        let answer = ask.call(call).await?;
        let grant = Grant::from_answer(&answer, "authorizer_access_token")?;
        let members: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        if let Some(renewed) = members.get("authorizer_refresh_token").and_then(Value::as_str) {
            let renewed = Secret::new(renewed);
            if !renewed.is_empty() && renewed != refresh_token {
                self.0.save_refresh_token(ask.app_id(), &renewed).await?;
            }
        }
        Ok(grant)
    }
}
