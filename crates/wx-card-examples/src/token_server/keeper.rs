//! Keeps the token of one account.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::http::StatusCode;
use bytes::Bytes;
use http::Request;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;
use wx_card::core::{BaseUrl, Clock, HttpSend, Secret};

use crate::answer::Failure;

/// WeChat gives another stable token only in the last five minutes of the one before; both serve then.
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// WeChat forces no two refreshes within 30 seconds. Whoever asks for another within that time means the one before.
const APART: Duration = Duration::from_secs(30);

/// One account, and the token that it has.
pub(super) struct Keeper {
    app_id: String,
    app_secret: Secret,
    base_url: BaseUrl,
    http: Arc<dyn HttpSend>,
    /// Held while fetching: everybody who asks meanwhile waits for that one fetch. A caller that goes away in the middle
    /// leaves it to the next.
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    token: Secret,
    fetched_at: SystemTime,
    expires_at: SystemTime,
}

#[derive(Deserialize)]
struct Answer {
    access_token: Option<Secret>,
    expires_in: Option<u64>,
    errcode: Option<i64>,
}

impl Keeper {
    pub(super) fn new(app_id: &str, app_secret: Secret, base_url: BaseUrl, http: Arc<dyn HttpSend>) -> Self {
        Self {
            app_id: app_id.to_owned(),
            app_secret,
            base_url,
            http,
            kept: Mutex::default(),
        }
    }

    /// The token, and what is left of its life.
    pub(super) async fn token(&self, clock: &dyn Clock, force: bool) -> Result<(Secret, Duration), Failure> {
        let mut kept = self.kept.lock().await;
        let now = clock.now();
        if let Some(kept) = &*kept
            && kept.serves_at(now, force)
        {
            return Ok((kept.token.clone(), kept.left_at(now)));
        }
        match self.fetch(now, force).await {
            Ok(fetched) => {
                let fetched = kept.insert(fetched);
                Ok((fetched.token.clone(), fetched.left_at(now)))
            }
            // It serves for some minutes yet, which may be all that it takes.
            Err(failure) => match &*kept {
                Some(kept) if !force && now < kept.expires_at => Ok((kept.token.clone(), kept.left_at(now))),
                _ => Err(failure),
            },
        }
    }

    async fn fetch(&self, now: SystemTime, force: bool) -> Result<Kept, Failure> {
        let body = json!({
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": self.app_secret.expose(),
            "force_refresh": force,
        });
        let request = Request::post(format!("{}/cgi-bin/stable_token", self.base_url))
            .body(Bytes::from(body.to_string()))
            .map_err(|_| bad_gateway("the request could not be made"))?;
        // What WeChat answers is not handed on: it may repeat what was sent.
        let answer = self
            .http
            .send(request)
            .await
            .map_err(|error| bad_gateway(error.to_string()))?;
        let answer: Answer =
            serde_json::from_slice(answer.body()).map_err(|_| bad_gateway("WeChat answers something else"))?;
        let (Some(token), Some(expires_in)) = (answer.access_token, answer.expires_in) else {
            return Err(bad_gateway(match answer.errcode {
                Some(errcode) => format!("WeChat refuses with errcode {errcode}"),
                None => "WeChat answers without a token".to_owned(),
            }));
        };
        Ok(Kept {
            token,
            fetched_at: now,
            expires_at: now + Duration::from_secs(expires_in.min(24 * 60 * 60)),
        })
    }
}

impl Kept {
    fn serves_at(&self, now: SystemTime, force: bool) -> bool {
        let is_young = now < self.fetched_at + APART;
        now + MARGIN < self.expires_at && (!force || is_young)
    }

    fn left_at(&self, now: SystemTime) -> Duration {
        self.expires_at.duration_since(now).unwrap_or_default()
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper")
            .field("app_id", &self.app_id)
            .finish_non_exhaustive()
    }
}

fn bad_gateway(message: impl Into<String>) -> Failure {
    Failure::new(StatusCode::BAD_GATEWAY, "wechat", message)
}
