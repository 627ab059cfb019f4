//! What goes wrong on purpose: a fault of one request, and what it makes of the answer.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};

use crate::refusal::Refusal;

mod in_process;
mod plan;
mod random;

pub(crate) use in_process::send;
pub(crate) use plan::{Pattern, Plan, Rule};

/// What a proxy answers that cannot reach its service.
const BAD_GATEWAY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
                           <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

/// A fault of one request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    /// Whether the service does what the request asks for, though it goes wrong.
    pub(crate) is_applied: bool,
    pub(crate) kind: Kind,
    /// The word for it in plans and in the ledger.
    pub(crate) name: &'static str,
}

/// What goes wrong, with what the kind needs to know.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    ContentType,
    Delay(Duration),
    Errcode {
        errcode: i32,
        errmsg: Cow<'static, str>,
    },
    Html502,
    /// With the length of the body in bytes.
    Oversized(usize),
    ResetAfter,
    ResetBefore,
    /// With the number of bytes that still go out; half of the answer if there is none.
    ResetMidAnswer(Option<usize>),
    Silent,
    /// With the time between two bytes.
    SlowDrip(Duration),
    TokenExpired,
    Truncated,
}

impl Fault {
    /// Whether the service gets to see the request.
    pub(crate) fn is_served(&self) -> bool {
        // Without its token there is nothing that it could apply, but that it must find out itself.
        self.is_applied || self.kind == Kind::TokenExpired
    }

    /// The refusal that stands in the place of what the service would answer, if one does.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        let Kind::Errcode { errcode, errmsg } = &self.kind else {
            return None;
        };
        Some(Refusal::new(*errcode, errmsg.clone()))
    }

    /// The answer as the fault leaves it.
    pub(crate) fn spoil(&self, mut response: Response<Bytes>) -> Response<Bytes> {
        let html = HeaderValue::from_static("text/html");
        match self.kind {
            Kind::ContentType => {
                response.headers_mut().insert(CONTENT_TYPE, html);
            }
            Kind::Html502 => {
                *response.status_mut() = StatusCode::BAD_GATEWAY;
                response.headers_mut().insert(CONTENT_TYPE, html);
                *response.body_mut() = Bytes::from_static(BAD_GATEWAY.as_bytes());
            }
            Kind::Oversized(bytes) => {
                let mut body = Vec::from(std::mem::take(response.body_mut()));
                // Spaces, so that only its length speaks against it.
                body.resize(bytes.max(body.len()), b' ');
                *response.body_mut() = body.into();
            }
            Kind::Truncated => {
                let body = response.body_mut();
                body.truncate(body.len() / 2);
            }
            _ => {}
        }
        response
    }
}
