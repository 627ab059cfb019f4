//! One request in, one answer out: the same in process and on a port.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Response, StatusCode, Uri, request};
use serde_json::{Map, Value};

use crate::control;
use crate::fault::{Fault, Kind};
use crate::form;
use crate::ids::Ids;
use crate::ledger::count;
use crate::ops::token as token_ops;
use crate::picture::{self, PICTURE_BYTES};
use crate::query::parameter;
use crate::reason::{
    BODY_EMPTY, BODY_MALFORMED, BODY_TOO_LARGE, GET_REQUIRED, IMAGE_TOO_LARGE, PATH_UNKNOWN, POST_REQUIRED,
    SYSTEM_BUSY, TOKEN_MALFORMED, TOKEN_MISSING, TOKEN_STALE,
};
use crate::refusal::Refusal;
use crate::router::{Given, Input};
use crate::sandbox::Inner;
use crate::state::{Account, Ctx, State};

/// Largest body that is read, in bytes.
pub(crate) const BODY_BYTES: usize = 1024 * 1024;

/// Largest body that is read where it has a file in it, in bytes: the rest of the form is never that long.
const FORM_BYTES: usize = PICTURE_BYTES + 64 * 1024;

/// How long one side waits for the other at most.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Longest access token that a client is asked to keep, in bytes; a longer one is none.
const TOKEN_BYTES: usize = 512;

/// The header by which a client names a request, so that the ledger can tell what came of it.
const REQUEST_ID: &str = "x-request-id";

/// Longest name of a request that the ledger keeps, in bytes.
const REQUEST_ID_BYTES: usize = 64;

/// Under what name the ledger counts requests for paths that nobody serves.
const UNKNOWN: &str = "(unknown)";

/// Where a request comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Peer {
    /// This process or this machine.
    Loopback,
    /// Another machine, for which there are no control calls.
    Remote,
}

/// A successful answer.
pub(crate) enum Answer {
    /// With `errcode` and `errmsg`.
    Enveloped(Map<String, Value>),
    /// Without: tokens.
    Bare(Map<String, Value>),
}

/// The fault that the plan has for a request, which is thereby taken from the plan; control calls and pictures have none.
///
/// It is asked once a request and before anything else, so that a seed repeats a run of the same requests.
pub(crate) fn fault(inner: &Inner, head: &request::Parts) -> Option<Fault> {
    let path = head.uri.path();
    if path.starts_with(control::PREFIX) || picture::name_in(path).is_some() {
        return None;
    }
    let mut state = inner.state();
    let fault = state.faults.next(path)?;
    let fired = state.ledger.faults.entry(known(inner, path).to_owned()).or_default();
    count(fired, fault.name);
    Some(fault)
}

/// Answers a request whose body was not read to its end because it is too large.
pub(crate) fn too_large(inner: &Inner, head: &request::Parts, fault: Option<&Fault>) -> Response<Bytes> {
    settle(inner, head, fault, |_, _| Err(body_too_large(inner, head)))
}

fn body_too_large(inner: &Inner, head: &request::Parts) -> Refusal {
    match inner.router.input(head.uri.path()) {
        Some(Input::File) => IMAGE_TOO_LARGE.into(),
        _ => BODY_TOO_LARGE.refusal().status(StatusCode::PAYLOAD_TOO_LARGE),
    }
}

/// Largest body that is read of this request, in bytes.
pub(crate) fn body_bytes(inner: &Inner, head: &request::Parts) -> usize {
    match inner.router.input(head.uri.path()) {
        Some(Input::File) => FORM_BYTES,
        _ => BODY_BYTES,
    }
}

/// Answers a request.
pub(crate) fn respond(
    inner: &Inner,
    head: &request::Parts,
    body: &[u8],
    peer: Peer,
    fault: Option<&Fault>,
) -> Response<Bytes> {
    if let Some(name) = head.uri.path().strip_prefix(control::PREFIX) {
        let response = control::respond(inner, name, head, body, peer);
        note(inner);
        return response;
    }
    if let Some(name) = picture::name_in(head.uri.path()) {
        return picture::show(inner, name, &head.method);
    }
    settle(inner, head, fault, |state, now| answer(inner, state, now, head, body))
}

/// Does what `answer` does to the state, unless the fault prevents it, and books it.
fn settle(
    inner: &Inner,
    head: &request::Parts,
    fault: Option<&Fault>,
    answer: impl FnOnce(&mut State, i64) -> Result<Answer, Refusal>,
) -> Response<Bytes> {
    let response = {
        let mut state = inner.state();
        let state = &mut *state;
        let now = inner.now(state);
        if fault.is_some_and(|fault| fault.kind == Kind::TokenExpired) {
            expire_tokens(state, &head.uri);
        }
        let prevented = fault.and_then(Fault::refusal);
        let done = fault.is_none_or(Fault::is_served).then(|| {
            let known = known(inner, head.uri.path());
            count(&mut state.ledger.requests, known);
            answer(state, now).inspect_err(|_| count(&mut state.ledger.refusals, known))
        });
        let rid = Ids::new(&*inner.entropy, &mut state.serial).rid(now);
        envelope(told(prevented, done), &rid)
    };
    note(inner);
    response
}

/// What is told: the fault's refusal before that of the service.
fn told(refusal: Option<Refusal>, done: Option<Result<Answer, Refusal>>) -> Result<Answer, Refusal> {
    match (refusal, done) {
        (Some(refusal), _) => Err(refusal),
        (None, Some(done)) => done,
        (None, None) => Err(SYSTEM_BUSY.into()),
    }
}

/// Under what name the ledger counts requests for `path`.
fn known(inner: &Inner, path: &str) -> &'static str {
    token_ops::path(path)
        .or_else(|| inner.router.path(path))
        .unwrap_or(UNKNOWN)
}

/// Ends the tokens of the account that the request's token is of; those of all accounts if it is of none.
fn expire_tokens(state: &mut State, uri: &Uri) {
    let token = parameter(uri, "access_token").unwrap_or_default();
    let has_it = |account: &&mut Account| account.credentials.has_issued(&token);
    match state.accounts.values_mut().find(has_it) {
        Some(account) => account.credentials.expire_tokens(),
        None => state
            .accounts
            .values_mut()
            .for_each(|account| account.credentials.expire_tokens()),
    }
}

/// Keeps the state file in step.
fn note(inner: &Inner) {
    if let Some(file) = &inner.file {
        // A file that cannot be written does not stop the service; `Sandbox::save` tells why.
        drop(file.note_request(|| file.encode(&inner.state())));
    }
}

fn answer(inner: &Inner, state: &mut State, now: i64, head: &request::Parts, body: &[u8]) -> Result<Answer, Refusal> {
    if body_bytes(inner, head) < body.len() {
        return Err(body_too_large(inner, head));
    }
    let path = head.uri.path();
    if let Some(answer) = token_ops::call(inner, state, now, head, body) {
        return answer;
    }
    let Some(input) = inner.router.input(path) else {
        return Err(PATH_UNKNOWN.into());
    };
    let app_id = authorize(inner, state, now, &head.uri)?;
    let given = given(input, head, body)?;
    let mut ctx = context(inner, state, &app_id, now);
    ctx.request_id = request_id(head);
    if input == Input::File {
        ctx.origin = picture::origin(head);
    }
    let answer = inner.router.call(path, &mut ctx, given);
    answer
        .unwrap_or_else(|| Err(PATH_UNKNOWN.into()))
        .map(Answer::Enveloped)
}

/// What a call brings, if it comes in the way that it must.
fn given<'a>(input: Input, head: &request::Parts, body: &'a [u8]) -> Result<Given<'a>, Refusal> {
    match input {
        Input::Nothing if head.method != Method::GET => Err(GET_REQUIRED.into()),
        // Whatever body such a call brings is not read.
        Input::Nothing => Ok(Given::Json(Value::Object(Map::new()))),
        _ if head.method != Method::POST => Err(POST_REQUIRED.into()),
        Input::Json => object(body).map(Given::Json),
        Input::File => form::file(&head.headers, body).map(Given::File),
    }
}

/// What handlers work on.
pub(crate) fn context<'a>(inner: &'a Inner, state: &'a mut State, app_id: &'a str, now: i64) -> Ctx<'a> {
    Ctx {
        account: state.accounts.entry(app_id.to_owned()).or_default(),
        app_id,
        ids: Ids::new(&*inner.entropy, &mut state.serial),
        ledger: &mut state.ledger,
        manual_review: inner.manual_review,
        now,
        origin: None,
        request_id: None,
    }
}

/// The name that the client gave the request, if it is one that the ledger can keep.
fn request_id(head: &request::Parts) -> Option<&str> {
    let id = head.headers.get(REQUEST_ID)?.to_str().ok()?;
    (1..=REQUEST_ID_BYTES).contains(&id.len()).then_some(id)
}

/// The account whose token the query has.
pub(crate) fn authorize(inner: &Inner, state: &State, now: i64, uri: &Uri) -> Result<String, Refusal> {
    let token = parameter(uri, "access_token").ok_or(TOKEN_MISSING)?;
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if TOKEN_BYTES < token.len() || !token.bytes().all(is_token) {
        return Err(TOKEN_MALFORMED.into());
    }
    for (app_id, _) in &inner.accounts {
        let account = state.accounts.get(app_id);
        if let Some(checked) = account.and_then(|account| account.credentials.check_at(&token, now)) {
            return checked.map(|()| app_id.clone());
        }
    }
    Err(TOKEN_STALE.into())
}

/// The body, which must be an object.
pub(crate) fn object(body: &[u8]) -> Result<Value, Refusal> {
    if body.is_empty() {
        return Err(BODY_EMPTY.into());
    }
    match serde_json::from_slice(body) {
        Ok(body @ Value::Object(_)) => Ok(body),
        Ok(_) | Err(_) => Err(BODY_MALFORMED.into()),
    }
}

/// The answer on the wire.
fn envelope(result: Result<Answer, Refusal>, rid: &str) -> Response<Bytes> {
    match result {
        Ok(Answer::Bare(members)) => json(StatusCode::OK, &Value::Object(members)),
        Ok(Answer::Enveloped(mut members)) => {
            members.insert("errcode".to_owned(), 0.into());
            members.insert("errmsg".to_owned(), "ok".into());
            json(StatusCode::OK, &Value::Object(members))
        }
        Err(refusal) => {
            let mut members = refusal.extra;
            members.insert("errcode".to_owned(), refusal.errcode.into());
            members.insert("errmsg".to_owned(), format!("{} rid: {rid}", refusal.errmsg).into());
            json(refusal.status, &Value::Object(members))
        }
    }
}

/// A response with this body.
pub(crate) fn json(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}
