//! Tokens and tickets: `/cgi-bin/token`, `/cgi-bin/stable_token`, `/cgi-bin/ticket/getticket`.

use http::{Method, request};
use serde_json::{Map, Value};

use crate::fields::{text, truth};
use crate::query::parameter;
use crate::reason::{
    APP_ID_INVALID, APP_ID_MISSING, ARGUMENTS_INVALID, GET_REQUIRED, GRANT_TYPE_INVALID, POST_REQUIRED, SECRET_INVALID,
    SECRET_MISSING,
};
use crate::refusal::Refusal;
use crate::sandbox::Inner;
use crate::service::{Answer, authorize, context, object};
use crate::state::State;
use crate::token::{Asked, Granted};

const CLASSIC: &str = "/cgi-bin/token";
const STABLE: &str = "/cgi-bin/stable_token";
const TICKET: &str = "/cgi-bin/ticket/getticket";

/// The path, if it is served here.
pub(crate) fn path(path: &str) -> Option<&'static str> {
    [CLASSIC, STABLE, TICKET].into_iter().find(|known| *known == path)
}

/// Answers a call for a token or ticket.
pub(crate) fn call(
    inner: &Inner,
    state: &mut State,
    now: i64,
    head: &request::Parts,
    body: &[u8],
) -> Option<Result<Answer, Refusal>> {
    let asked = Asked {
        now,
        life: inner.token_life,
    };
    let answer = match path(head.uri.path())? {
        CLASSIC => classic(inner, state, asked, head, body),
        STABLE => stable(inner, state, asked, head, body),
        _ => ticket(inner, state, asked, head),
    };
    Some(answer)
}

/// The classic token: each call kills the token before.
fn classic(
    inner: &Inner,
    state: &mut State,
    asked: Asked,
    head: &request::Parts,
    body: &[u8],
) -> Result<Answer, Refusal> {
    // Whoever probes with HEAD must not kill a token by it.
    if head.method != Method::GET && head.method != Method::POST {
        return Err(GET_REQUIRED.into());
    }
    // The parameters belong into the query; a few clients post them.
    let posted = if head.method == Method::GET || body.is_empty() {
        Value::Null
    } else {
        object(body)?
    };
    let given = |name: &str| parameter(&head.uri, name).or_else(|| text(&posted, name));
    let app_id = authenticate(inner, given)?;
    let ctx = context(inner, state, app_id, asked.now);
    let mut ids = ctx.ids;
    let granted = ctx.account.credentials.classic_at(asked, &mut ids, ctx.ledger);
    Ok(Answer::Bare(members("access_token", granted)))
}

/// The stable token: the same for everyone who asks.
fn stable(
    inner: &Inner,
    state: &mut State,
    asked: Asked,
    head: &request::Parts,
    body: &[u8],
) -> Result<Answer, Refusal> {
    if head.method != Method::POST {
        return Err(POST_REQUIRED.into());
    }
    let body = object(body)?;
    let given = |name: &str| text(&body, name);
    let app_id = authenticate(inner, given)?;
    let force = truth(&body, "force_refresh").unwrap_or(false);
    let ctx = context(inner, state, app_id, asked.now);
    let mut ids = ctx.ids;
    let granted = ctx.account.credentials.stable_at(asked, force, &mut ids, ctx.ledger)?;
    Ok(Answer::Bare(members("access_token", granted)))
}

/// A ticket of the JS-SDK.
fn ticket(inner: &Inner, state: &mut State, asked: Asked, head: &request::Parts) -> Result<Answer, Refusal> {
    let app_id = authorize(inner, state, asked.now, &head.uri)?;
    if head.method != Method::GET {
        return Err(GET_REQUIRED.into());
    }
    let kind = parameter(&head.uri, "type");
    let Some(kind @ ("jsapi" | "wx_card")) = kind.as_deref() else {
        return Err(ARGUMENTS_INVALID.into());
    };
    let ctx = context(inner, state, &app_id, asked.now);
    let mut ids = ctx.ids;
    let granted = ctx.account.credentials.ticket_at(kind, asked, &mut ids, ctx.ledger);
    Ok(Answer::Enveloped(members("ticket", granted)))
}

/// The account that the credentials open.
///
/// A wrong secret is 40125 at both endpoints: the number 40001, which the classic one may also answer,
/// says nothing that tells a wrong secret from a stale token.
fn authenticate(inner: &Inner, given: impl Fn(&str) -> Option<String>) -> Result<&str, Refusal> {
    if given("grant_type").as_deref() != Some("client_credential") {
        return Err(GRANT_TYPE_INVALID.into());
    }
    let app_id = given("appid").ok_or(APP_ID_MISSING)?;
    let app_secret = given("secret").ok_or(SECRET_MISSING)?;
    let known = inner.accounts.iter().find(|(known, _)| *known == app_id);
    let (app_id, known_secret) = known.ok_or(APP_ID_INVALID)?;
    if *known_secret != app_secret.into() {
        return Err(SECRET_INVALID.into());
    }
    Ok(app_id)
}

fn members(name: &str, granted: Granted) -> Map<String, Value> {
    let mut members = Map::new();
    members.insert(name.to_owned(), granted.value.into());
    members.insert("expires_in".to_owned(), granted.expires_in.into());
    members
}
