//! Control calls: what people with phones and the reviewers of the service do, played by the tester.

use std::error::Error as StdError;
use std::fmt;

use bytes::Bytes;
use http::{Method, Response, StatusCode, request};
use serde_json::{Value, json};

use crate::fields::text;
use crate::ledger;
use crate::refusal::Refusal;
use crate::sandbox::{Inner, Sandbox};
use crate::service::{BODY_BYTES, Peer, context, json as respond_json};
use crate::state::{Ctx, State};

mod code;
mod faults;
mod members;
mod page;
mod review;
mod scan;
mod time;

/// Where control calls live.
pub(crate) const PREFIX: &str = "/_sandbox/";

/// What a control call does, and to whom.
enum Control {
    OfAccount(fn(&mut Ctx<'_>, &Value) -> Result<Value, Failure>),
    OfAll(fn(&Inner, &mut State, &Value) -> Result<Value, Failure>),
}

/// A control call that could not be done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The call is not one, or not well made.
    Request(StatusCode, String),
    /// The service would not let the user do it.
    Refused(Refusal),
}

impl Failure {
    /// A member is missing or of the wrong form.
    pub(crate) fn member(name: &str, rule: &str) -> Self {
        Self::Request(StatusCode::BAD_REQUEST, format!("{name}: {rule}"))
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<crate::reason::Reason> for Failure {
    fn from(reason: crate::reason::Reason) -> Self {
        Self::Refused(reason.into())
    }
}

/// Why a control call was not done.
///
/// Either the call itself was wrong, or the service would refuse what the played person wanted;
/// then [`errcode`](Self::errcode) is the service's.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ControlError {
    status: u16,
    errcode: Option<i32>,
    message: String,
}

impl ControlError {
    /// HTTP status of the answer: 400 badly made, 403 not from this machine, 404 no such call, 405 wrong method,
    /// 409 refused.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The service's number for the refusal, if the service refuses.
    #[must_use]
    pub const fn errcode(&self) -> Option<i32> {
        self.errcode
    }
}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for ControlError {}

impl Sandbox {
    /// Makes the control call `name`, such as `take`, in process.
    ///
    /// [The table](crate#control-calls) lists the calls. `ledger` ignores its body; `faults` with an empty one tells what
    /// is in force.
    ///
    /// # Errors
    ///
    /// [`ControlError`] when the call is badly made, or when the service would refuse what it plays.
    pub fn control(&self, name: &str, body: &Value) -> Result<Value, ControlError> {
        let inner = self.inner();
        let name = name.trim_start_matches(PREFIX);
        let done = run(inner, name, body);
        done.map_err(|failure| {
            let (status, errcode, message) = failure.parts();
            ControlError {
                status: status.as_u16(),
                errcode,
                message,
            }
        })
    }
}

impl Failure {
    fn parts(self) -> (StatusCode, Option<i32>, String) {
        match self {
            Self::Request(status, message) => (status, None, message),
            Self::Refused(refusal) => (
                StatusCode::CONFLICT,
                Some(refusal.errcode),
                format!("{} ({})", refusal.errmsg, refusal.errcode),
            ),
        }
    }
}

/// Answers a control call that came as a request.
pub(crate) fn respond(inner: &Inner, name: &str, head: &request::Parts, body: &[u8], peer: Peer) -> Response<Bytes> {
    let done = admit(name, head, body, peer).and_then(|body| run(inner, name, &body));
    match done {
        Ok(answer) => respond_json(StatusCode::OK, &answer),
        Err(failure) => {
            let (status, errcode, message) = failure.parts();
            let mut answer = json!({"error": message});
            if let (Some(errcode), Some(members)) = (errcode, answer.as_object_mut()) {
                members.insert("errcode".to_owned(), errcode.into());
            }
            respond_json(status, &answer)
        }
    }
}

/// The body of a control call, if the call may be made.
fn admit(name: &str, head: &request::Parts, body: &[u8], peer: Peer) -> Result<Value, Failure> {
    let refuse = |status, message: &str| Err(Failure::Request(status, message.to_owned()));
    if peer != Peer::Loopback {
        return refuse(StatusCode::FORBIDDEN, "control calls are for this machine only");
    }
    if BODY_BYTES < body.len() {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large");
    }
    match (name, &head.method) {
        ("faults" | "ledger", &Method::GET) => Ok(json!({})),
        ("ledger", _) => refuse(StatusCode::METHOD_NOT_ALLOWED, "ledger is a GET"),
        (_, &Method::POST) if body.is_empty() => Ok(json!({})),
        (_, &Method::POST) => match serde_json::from_slice(body) {
            Ok(body @ Value::Object(_)) => Ok(body),
            Ok(_) | Err(_) => refuse(StatusCode::BAD_REQUEST, "the body must be a JSON object"),
        },
        _ => refuse(StatusCode::METHOD_NOT_ALLOWED, "control calls are POSTs"),
    }
}

/// Every control call.
const CONTROLS: [(&str, Control); 13] = [
    ("add-card", Control::OfAccount(page::add_card)),
    ("advance-clock", Control::OfAll(time::advance)),
    ("approve", Control::OfAccount(review::approve)),
    ("choose-card", Control::OfAccount(page::choose_card)),
    ("expire-token", Control::OfAll(time::expire_token)),
    ("faults", Control::OfAll(|_, state, body| faults::faults(state, body))),
    ("give", Control::OfAccount(code::give)),
    ("js-config", Control::OfAccount(page::js_config)),
    ("ledger", Control::OfAll(|_, state, _| Ok(ledger::report(state)))),
    ("reject", Control::OfAccount(review::reject)),
    ("scan", Control::OfAccount(scan::scan)),
    ("take", Control::OfAccount(code::take)),
    ("user-delete", Control::OfAccount(code::delete)),
];

fn run(inner: &Inner, name: &str, body: &Value) -> Result<Value, Failure> {
    let Some((_, control)) = CONTROLS.iter().find(|(control, _)| *control == name) else {
        let names = CONTROLS.map(|(name, _)| name).join(", ");
        let message = format!("no control call is named {name}; there are {names}");
        return Err(Failure::Request(StatusCode::NOT_FOUND, message));
    };
    let mut state = inner.state();
    let state = &mut *state;
    match control {
        Control::OfAll(control) => control(inner, state, body),
        Control::OfAccount(control) => {
            let now = inner.now(state);
            let app_id = account(inner, state, body)?;
            control(&mut context(inner, state, app_id, now), body)
        }
    }
}

/// The account that the call is about: the one it names, else the one with the card that it names, else the first.
fn account<'a>(inner: &'a Inner, state: &State, body: &Value) -> Result<&'a str, Failure> {
    if let Some(named) = named_account(inner, body)? {
        return Ok(named);
    }
    let card_id = text(body, "card_id").or_else(|| text(body, "cardId"));
    let has_card = |app_id: &&str| {
        let account = state.accounts.get(*app_id).zip(card_id.as_ref());
        account.is_some_and(|(account, card_id)| account.cards.contains_key(card_id))
    };
    let accounts = || inner.accounts.iter().map(|(app_id, _)| app_id.as_str());
    let found = accounts().find(has_card).or_else(|| accounts().next());
    found.ok_or_else(|| Failure::member("app_id", "no such account"))
}

/// The account that the call names, if it names one.
fn named_account<'a>(inner: &'a Inner, body: &Value) -> Result<Option<&'a str>, Failure> {
    let Some(named) = text(body, "app_id").or_else(|| text(body, "appId")) else {
        return Ok(None);
    };
    let mut accounts = inner.accounts.iter().map(|(app_id, _)| app_id.as_str());
    match accounts.find(|app_id| *app_id == named) {
        Some(found) => Ok(Some(found)),
        None => Err(Failure::member("app_id", "no such account")),
    }
}

/// A text that a control call must have.
pub(crate) fn required(body: &Value, name: &str) -> Result<String, Failure> {
    text(body, name).ok_or_else(|| Failure::member(name, "must be given"))
}
