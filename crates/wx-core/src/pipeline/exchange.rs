//! One request and its answer: writing the one, reading the other.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Request, Response, Uri};

use super::Core;
use crate::answer::Envelope;
use crate::answer::typed::Noticed;
use crate::call::{self, Call};
use crate::timed_secret::TimedSecret;
use crate::{ErrCode, Error, Secret};

/// Reads a success into its type, and says what it has noticed of the envelope; `None` leaves it to who looks closer.
pub(super) type Decode<'a> = &'a mut (dyn FnMut(&[u8]) -> Option<Noticed> + Send);

/// An answer without a refusal in it.
pub(super) struct Read {
    pub(super) body: Bytes,
    /// Whether errcode 0 stands in it.
    pub(super) says_done: bool,
}

impl Core {
    /// The request, with the token in its query.
    pub(super) fn request(&self, call: &Call, token: Option<&TimedSecret>) -> Result<Request<Bytes>, Error> {
        let mut request = Request::new(call.body().clone());
        *request.method_mut() = call.method().clone();
        *request.uri_mut() = self.uri(call, token)?;
        if !call.body().is_empty() {
            request.headers_mut().insert(CONTENT_TYPE, call.body_type());
        }
        Ok(request)
    }

    fn uri(&self, call: &Call, token: Option<&TimedSecret>) -> Result<Uri, Error> {
        let write = || {
            let base_url = &self.shared.base_url;
            let target = call.path_and_query(base_url.prefix(), token.map(TimedSecret::encoded));
            // The cause is not kept: it would show the query.
            base_url.join(target).map_err(|_| unsendable(call))
        };
        match (token, call.plain_path()) {
            (Some(token), Some(path)) => token.targets().get_or_try_write(path, write),
            _ => write(),
        }
    }

    pub(super) fn read(
        &self,
        call: &Call,
        token: Option<&Secret>,
        response: Response<Bytes>,
        decode: Decode<'_>,
    ) -> Result<Read, Error> {
        let (parts, body) = response.into_parts();
        if parts.status.is_success()
            && let Some(Noticed { says_done, .. }) = decode(&body)
        {
            return Ok(Read { body, says_done });
        }
        let content_type = || media_type(&parts.headers).map(|media_type| self.blot(media_type, call, token));
        let (path, idempotent) = (call.path().clone(), call.is_idempotent());
        let error = match Envelope::read(&body) {
            Ok((envelope, _)) if envelope.errcode != 0 => {
                let errmsg = self.blot(envelope.errmsg, call, token);
                let kept = call.keeps_body().then_some(body);
                let error = Error::refused(path, idempotent, ErrCode::new(envelope.errcode), errmsg, kept);
                if envelope.contradicts_itself {
                    error.after_one_that_may_have_run()
                } else {
                    error
                }
            }
            Ok((envelope, repaired)) if parts.status.is_success() => {
                return Ok(Read {
                    body: repaired.map_or(body, Bytes::from),
                    says_done: envelope.has_errcode,
                });
            }
            Ok(_) => Error::protocol(path, idempotent, "the answer's status is no success"),
            Err(_) if body.iter().all(u8::is_ascii_whitespace) => {
                Error::protocol(path, idempotent, "the answer is empty")
            }
            // An object that is one in form: what does not fit is its errcode.
            Err(error) if error.is_data() && body.trim_ascii_start().starts_with(b"{") => {
                Error::protocol(path, idempotent, "the answer's errcode is no whole number")
                    .with_field(String::from("errcode"))
            }
            Err(error) => {
                Error::protocol(path, idempotent, "the answer is not a JSON object").with_source(Unreadable {
                    line: error.line(),
                    column: error.column(),
                })
            }
        };
        Err(error.with_http(parts.status, content_type()))
    }

    /// Blots out secrets that a message of the server may have repeated, be it from a URL.
    fn blot(&self, message: String, call: &Call, token: Option<&Secret>) -> String {
        call.hidden()
            .iter()
            .chain(self.shared.source.secret())
            .chain(token)
            .filter(|secret| !secret.is_empty())
            .fold(message, |message, secret| {
                let plain = secret.expose();
                let encoded = Secret::new(call::percent_encoded(plain));
                let in_small = Secret::new(call::with_small_digits(encoded.expose()));
                [plain, encoded.expose(), in_small.expose()]
                    .iter()
                    .fold(message, |message, shown| message.replace(shown, BLOT))
            })
    }
}

/// The error for a call whose path or query cannot be sent.
pub(super) fn unsendable(call: &Call) -> Error {
    let rule = "a path begins with a slash and has no blank and no #";
    Error::invalid(call.path().clone(), "path", rule)
}

/// What stands in the place of a secret.
const BLOT: &str = "***";

/// Where an answer stops being JSON. What stands there is not shown: it may be anything.
#[derive(Debug)]
struct Unreadable {
    line: usize,
    column: usize,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "unreadable from line {} column {} on", self.line, self.column)
    }
}

impl std::error::Error for Unreadable {}

/// The media type alone: parameters may hold anything.
fn media_type(headers: &HeaderMap) -> Option<String> {
    const LONGEST: usize = 64;
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let media_type = value.split(';').next().unwrap_or(value).trim();
    Some(media_type.chars().take(LONGEST).collect())
}
