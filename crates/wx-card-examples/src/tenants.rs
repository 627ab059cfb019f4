//! A web service for many accounts: it signs pages and redeems codes for the account in its path.
//!
//! | request | body | answer |
//! | --- | --- | --- |
//! | `POST /{app_id}/sign` | `url` of the page, `card_id` to offer | `config` for `wx.config`, `add_card` for `wx.addCard` |
//! | `POST /{app_id}/redeem` | `code`, `card_id` | `outcome`, `hand_out_goods`, `advice` |
//! | `POST /{app_id}/bad-signature` | `ticket` (`card` or `jsapi`), `timestamp` of the payload | `dropped` |
//!
//! There is no present account anywhere: a request takes its client out of the map, and the client says which account it
//! is. Whoever may sign and redeem is for you to decide, in a layer before this router.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::post;
use wx_card::CardClient;
use wx_card::core::{BaseUrl, HttpSend, Secret, TokenStore};

use crate::answer::Failure;

mod handlers;

/// A page does not wait longer for its signature, nor a till for one call.
const PATIENCE: Duration = Duration::from_secs(5);

/// The accounts that the service serves, each with its client.
pub struct Tenants {
    clients: BTreeMap<String, CardClient>,
}

impl Tenants {
    /// One client an account, given as app id and app secret, over one transport and one store for all of them.
    ///
    /// With a store that several machines reach, every replica of this service has the same tokens.
    pub fn new(
        accounts: impl IntoIterator<Item = (String, Secret)>,
        base_url: &BaseUrl,
        http: &Arc<dyn HttpSend>,
        store: &Arc<dyn TokenStore>,
    ) -> Self {
        let client = |app_id: String, app_secret: Secret| {
            CardClient::builder(app_id, app_secret, Arc::clone(http))
                .base_url(base_url.clone())
                .token_store(Arc::clone(store))
                .build()
                .with_deadline(PATIENCE)
        };
        Self {
            clients: accounts
                .into_iter()
                .map(|(app_id, app_secret)| (app_id.clone(), client(app_id, app_secret)))
                .collect(),
        }
    }

    /// The service.
    pub fn into_router(self) -> Router {
        Router::new()
            .route("/{app_id}/sign", post(handlers::sign))
            .route("/{app_id}/redeem", post(handlers::redeem))
            .route("/{app_id}/bad-signature", post(handlers::bad_signature))
            .method_not_allowed_fallback(async || Failure::wrong_method())
            .fallback(async || Failure::unknown_path())
            .with_state(Arc::new(self))
    }
}

impl fmt::Debug for Tenants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenants")
            .field("accounts", &self.clients.len())
            .finish_non_exhaustive()
    }
}
