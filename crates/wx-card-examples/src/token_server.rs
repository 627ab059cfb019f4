//! A central token server (中控服务器): it alone has the app secrets and fetches tokens, and hands them to other services.
//!
//! `POST /token/{app_id}` with `Authorization: Bearer KEY` and `{"force": false}` answers
//! `{"access_token": "…", "expires_in": 1234}`, with the seconds that are left. `force` asks for another token, because
//! WeChat refuses the present one. What goes wrong is JSON with `error` and `message`.
//!
//! It is one process that all others depend on. Where there is a Redis, services that share a token store need no such
//! server; it is for companies whose app secrets must not leave one machine, or whose services speak many languages.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use wx_card::core::{BaseUrl, Clock, HttpSend, Secret};

use crate::answer::Failure;
use keeper::Keeper;

mod keeper;

/// The accounts of which the server hands out tokens.
pub struct TokenServer {
    keepers: BTreeMap<String, Keeper>,
    key: Secret,
    clock: Arc<dyn Clock>,
}

impl TokenServer {
    /// A server for these accounts, given as app id and app secret, that answers to whoever has `key`.
    pub fn new(
        accounts: impl IntoIterator<Item = (String, Secret)>,
        key: impl Into<Secret>,
        base_url: &BaseUrl,
        http: &Arc<dyn HttpSend>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let keeper = |app_id: &str, app_secret| Keeper::new(app_id, app_secret, base_url.clone(), Arc::clone(http));
        Self {
            keepers: accounts
                .into_iter()
                .map(|(app_id, app_secret)| {
                    let keeper = keeper(&app_id, app_secret);
                    (app_id, keeper)
                })
                .collect(),
            key: key.into(),
            clock,
        }
    }

    /// The service.
    pub fn into_router(self) -> Router {
        Router::new()
            .route("/token/{app_id}", post(token))
            .method_not_allowed_fallback(async || Failure::wrong_method())
            .fallback(async || Failure::unknown_path())
            .with_state(Arc::new(self))
    }

    fn admit(&self, headers: &HeaderMap) -> Result<(), Failure> {
        let given = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
            .map(Secret::new);
        // Secrets are compared in constant time.
        if given.is_some_and(|given| given == self.key) {
            Ok(())
        } else {
            Err(Failure::new(
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "the key is missing or wrong",
            ))
        }
    }
}

impl fmt::Debug for TokenServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenServer")
            .field("accounts", &self.keepers.len())
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Ask {
    #[serde(default)]
    force: bool,
}

#[derive(Serialize)]
struct Token {
    access_token: String,
    expires_in: u64,
}

async fn token(
    State(server): State<Arc<TokenServer>>,
    Path(app_id): Path<String>,
    headers: HeaderMap,
    ask: Result<Json<Ask>, JsonRejection>,
) -> Result<Json<Token>, Failure> {
    server.admit(&headers)?;
    let keeper = server.keepers.get(&app_id).ok_or_else(Failure::unknown_account)?;
    let Json(ask) = ask?;
    let (token, left) = keeper.token(&*server.clock, ask.force).await?;
    Ok(Json(Token {
        access_token: token.expose().to_owned(),
        expires_in: left.as_secs(),
    }))
}
