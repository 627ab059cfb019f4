//! Where access tokens come from.

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use crate::call::Call;
use crate::{Answer, Error, Secret};

mod forced;

pub(crate) use forced::Forced;

/// Which of the service's two endpoints gives the access token.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum TokenEndpoint {
    /// `POST /cgi-bin/stable_token`: fetching gives the same token to everybody and kills none.
    ///
    /// The default, because several processes can then fetch without harming each other. A token that was refused,
    /// given again and refused again is replaced by force, at most 20 times a day and every 30 seconds.
    #[default]
    Stable,
    /// `GET /cgi-bin/token`: every fetch replaces the token of whoever fetched before.
    ///
    /// Use it where another system needs it, and let one process fetch for all.
    Classic,
}

#[derive(Serialize)]
struct StableToken<'a> {
    grant_type: &'static str,
    appid: &'a str,
    secret: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    force_refresh: Option<bool>,
}

impl TokenEndpoint {
    /// The call that fetches a token; `force` asks the stable endpoint for another than the present one.
    pub(crate) fn call(self, app_id: &str, secret: &Secret, force: bool) -> Call {
        match self {
            Self::Stable => {
                let body = StableToken {
                    grant_type: "client_credential",
                    appid: app_id,
                    secret: secret.expose(),
                    force_refresh: force.then_some(true),
                };
                // Texts alone always serialize.
                let body = serde_json::to_vec(&body).unwrap_or_default();
                // Whoever asks again gets the same token, save by force, which is counted.
                Call::post("/cgi-bin/stable_token", Bytes::from(body)).idempotent(!force)
            }
            Self::Classic => Call::get("/cgi-bin/token")
                .query("grant_type", "client_credential")
                .query("appid", app_id)
                .query("secret", secret.expose()),
        }
        .operation(match self {
            Self::Classic => "GetToken",
            Self::Stable => "GetStableToken",
        })
        .for_token()
    }
}

/// Reads `member` and `expires_in` out of a token or ticket answer. Nothing of the answer gets into an error.
pub(crate) fn grant(answer: &Answer, member: &str) -> Result<(Secret, std::time::Duration), Error> {
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
        Some(seconds) if seconds > 0 => Ok((secret, std::time::Duration::from_secs(seconds))),
        _ => Err(missing("expires_in", "the answer does not say how long it serves")),
    }
}
