//! A token source that asks a token server, over any transport.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use serde::Deserialize;
use wx_card::core::{BaseUrl, Error, Grant, HttpSend, Secret, TokenAsk, TokenSource};

/// Asks a token server for the access token of whichever account it is used for.
///
/// It has a transport of its own, with its own timeouts: the server is in the next rack and is asked for seconds, not
/// for as long as WeChat is. Clones share it, so one serves all accounts.
///
/// Where the server notices by itself that a token has died, a closure in
/// [`token_source_fn`](wx_card::core::token_source_fn) does; this one can also ask for another token by force, which is
/// what [`forces`](TokenSource::forces) is about.
#[derive(Clone)]
pub struct FromTokenServer {
    http: Arc<dyn HttpSend>,
    server: BaseUrl,
    key: Secret,
}

impl FromTokenServer {
    /// A source that asks the server at `server`, to which `key` gives access.
    #[must_use]
    pub fn new(http: Arc<dyn HttpSend>, server: BaseUrl, key: impl Into<Secret>) -> Self {
        Self {
            http,
            server,
            key: key.into(),
        }
    }

    fn request(&self, app_id: &str, is_forced: bool) -> Result<Request<Bytes>, http::Error> {
        let mut key = header::HeaderValue::try_from(format!("Bearer {}", self.key.expose()))?;
        key.set_sensitive(true);
        Request::post(format!("{}/token/{app_id}", self.server))
            .header(header::AUTHORIZATION, key)
            .header(header::CONTENT_TYPE, "application/json")
            .body(format!("{{\"force\":{is_forced}}}").into())
    }
}

impl fmt::Debug for FromTokenServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromTokenServer").finish_non_exhaustive()
    }
}

#[async_trait]
impl TokenSource for FromTokenServer {
    async fn token(&self, ask: TokenAsk) -> Result<Grant, Error> {
        let request = self
            .request(ask.app_id(), ask.is_forced())
            .map_err(|_| Error::token_source("the request to the token server could not be made"))?;
        // A failure of a transport shows no secret; it tells whether the server was reached at all.
        let answer = self.http.send(request).await.map_err(Error::token_source)?;
        grant(&answer)
    }

    fn forces(&self) -> bool {
        true
    }
}

#[derive(Deserialize)]
struct Token {
    access_token: Secret,
    expires_in: u64,
}

/// Reads the server's answer. Nothing of it gets into an error: it may be, or repeat, what is secret.
fn grant(answer: &Response<Bytes>) -> Result<Grant, Error> {
    if answer.status() != StatusCode::OK {
        return Err(Error::token_source(format!(
            "the token server answers HTTP {}",
            answer.status().as_u16()
        )));
    }
    let token: Token = serde_json::from_slice(answer.body())
        .map_err(|_| Error::token_source("the token server answers something else than a token"))?;
    Ok(Grant::new(token.access_token, Duration::from_secs(token.expires_in)))
}
