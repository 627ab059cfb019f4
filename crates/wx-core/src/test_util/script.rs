//! A transport that plays a script and remembers what was sent.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Request, Response, StatusCode};

use crate::{HttpSend, SendError, SendErrorKind};

/// What the script answers to one request.
#[derive(Clone, Debug)]
pub struct Reply(Result<(u16, &'static str, Bytes), SendErrorKind>);

impl Reply {
    /// Status 200 with this JSON.
    pub fn json(body: impl Into<Bytes>) -> Self {
        Self(Ok((200, "application/json", body.into())))
    }

    /// This status, content type and body.
    pub fn http(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self(Ok((status, content_type, body.into())))
    }

    /// No answer, for this reason.
    #[must_use]
    pub fn failure(kind: SendErrorKind) -> Self {
        Self(Err(kind))
    }

    /// A token that serves for two hours.
    #[must_use]
    pub fn token(token: &str) -> Self {
        Self::json(format!(r#"{{"access_token":"{token}","expires_in":7200}}"#))
    }

    /// A ticket that serves for two hours.
    #[must_use]
    pub fn ticket(ticket: &str) -> Self {
        Self::json(format!(
            r#"{{"errcode":0,"errmsg":"ok","ticket":"{ticket}","expires_in":7200}}"#
        ))
    }

    fn result(self) -> Result<Response<Bytes>, SendError> {
        let (status, content_type, body) = self.0.map_err(SendError::new)?;
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(status).map_err(|_| SendError::new(SendErrorKind::Response))?;
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Ok(response)
    }
}

/// One request as it was sent.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct Sent {
    /// Method.
    pub method: String,
    /// Host and port.
    pub authority: String,
    /// Path and query, tokens and all.
    pub target: String,
    /// Content type, if any.
    pub content_type: Option<String>,
    /// Body.
    pub body: String,
}

/// As a person reads it: method, target, body.
impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.target)?;
        if self.body.is_empty() {
            Ok(())
        } else {
            write!(f, " {}", self.body)
        }
    }
}

/// Answers requests in the order of a script. Clones share it.
///
/// When the script is at its end the transport fails as if nothing could be sent, so a request that a test does not
/// expect shows.
#[derive(Clone)]
pub struct Script(Arc<Mutex<State>>);

struct State {
    replies: VecDeque<Reply>,
    sent: Vec<Sent>,
}

impl Script {
    /// Answers with `replies`, one a request.
    pub fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies = replies.into_iter().collect();
        Self(Arc::new(Mutex::new(State {
            replies,
            sent: Vec::new(),
        })))
    }

    /// Everything sent so far.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        self.state().sent.clone()
    }

    /// How many replies are left.
    #[must_use]
    pub fn left(&self) -> usize {
        self.state().replies.len()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script(..)")
    }
}

#[async_trait]
impl HttpSend for Script {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        let (parts, body) = request.into_parts();
        let header = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let sent = Sent {
            method: parts.method.to_string(),
            authority: parts.uri.authority().map(ToString::to_string).unwrap_or_default(),
            target: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
            content_type: header.map(str::to_owned),
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        let reply = {
            let mut state = self.state();
            state.sent.push(sent);
            state.replies.pop_front()
        };
        reply.map_or_else(
            || Err(SendError::new(SendErrorKind::Request).with_source("the script is at its end")),
            Reply::result,
        )
    }
}
