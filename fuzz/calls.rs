//! What the fuzz targets over `wx-core` do with their bytes; the tests of that crate do the same with the corpus.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response, StatusCode, Uri};
use serde::de::IgnoredAny;
use serde_json::Value;
use wx_core::test_util::{FixedEntropy, ManualClock};
use wx_core::{Answer, BaseUrl, Call, Core, CoreBuilder, Error, ErrorKind, Secret, http_send_fn};

/// What is not to be seen in any error.
const TOKEN: &str = "Token-0123456789_abcdef";

/// One answer, again and again.
#[derive(Clone)]
struct Reply {
    status: StatusCode,
    content_type: Option<HeaderValue>,
    body: Bytes,
}

impl Reply {
    fn json(body: impl Into<Bytes>) -> Self {
        Self {
            status: StatusCode::OK,
            content_type: None,
            body: body.into(),
        }
    }

    fn token() -> Self {
        Self::json(format!(r#"{{"access_token":"{TOKEN}","expires_in":7200}}"#))
    }
}

/// Every address that was asked for.
type Asked = Arc<Mutex<Vec<Uri>>>;

/// A core whose service answers requests for tokens with one thing and all others with another.
fn core_over(token: Reply, other: Reply) -> (CoreBuilder, Asked) {
    let asked = Asked::default();
    let noted = Arc::clone(&asked);
    let http = http_send_fn(move |request: Request<Bytes>| {
        let is_token = request.uri().path().ends_with("/cgi-bin/stable_token");
        let reply = if is_token { &token } else { &other };
        let mut response = Response::new(reply.body.clone());
        *response.status_mut() = reply.status;
        if let Some(content_type) = &reply.content_type {
            response.headers_mut().insert(CONTENT_TYPE, content_type.clone());
        }
        noted.lock().unwrap().push(request.uri().clone());
        async { Ok(response) }
    });
    let clock = Arc::new(ManualClock::at(1_700_000_000));
    let entropy = Arc::new(FixedEntropy::new());
    let builder = Core::builder("wx1", "The-app-secret-0123456789", Arc::new(http), clock, entropy);
    (builder, asked)
}

/// The outcome of what waits for nothing but a clock that moves when it is slept by.
fn finish<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..10_000 {
        if let Poll::Ready(outcome) = future.as_mut().poll(&mut context) {
            return outcome;
        }
    }
    panic!("it hangs");
}

/// Takes the first line of `bytes` as what is called and how it is answered, and the rest as the body of the answer:
/// `call 200 text/html`, `again 200` for a call that may be repeated, `token 200`, `ticket 200`.
///
/// Says whether the call was a success.
pub(crate) fn call(bytes: &[u8]) -> bool {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (line, body) = bytes.split_at(end);
    let line = String::from_utf8_lossy(line);
    let mut words = line.splitn(3, ' ');
    let (kind, status, content_type) = (words.next(), words.next(), words.next());
    let reply = Reply {
        status: status.and_then(|status| status.parse().ok()).unwrap_or_default(),
        content_type: content_type.and_then(|value| value.parse().ok()),
        body: Bytes::copy_from_slice(body.get(1..).unwrap_or_default()),
    };
    match kind {
        Some("token") => token(reply),
        Some("ticket") => ticket(reply),
        kind => operation(&reply, kind == Some("again")),
    }
}

/// Holds the reading in one pass to the one in two: they see the same, to the last member.
fn read_at_once(slowly: &Result<Answer, Error>, at_once: Result<(Answer, Option<Value>), Error>) {
    match (slowly, at_once) {
        (Ok(slowly), Ok((answer, value))) => {
            assert_eq!(answer.says_done(), slowly.says_done());
            assert_eq!(answer.body(), slowly.body());
            if let Some(value) = value {
                assert_eq!(serde_json::from_slice::<Value>(answer.body()).ok(), Some(value));
            }
        }
        (Err(slowly), Err(at_once)) => {
            assert_eq!(at_once.to_string(), slowly.to_string());
            assert_eq!(at_once.may_have_run(), slowly.may_have_run());
        }
        (slowly, at_once) => panic!("{slowly:?}, and read at once {at_once:?}"),
    }
}

/// A card call that is answered with `reply`.
fn operation(reply: &Reply, idempotent: bool) -> bool {
    let (core, _) = core_over(Reply::token(), reply.clone());
    let call = Call::post("/card/code/consume", "{}").idempotent(idempotent);
    let core = core.build();
    let outcome = finish(core.call(&call));
    read_at_once(&outcome, finish(core.call_for::<Value>(&call)));
    let plain = members(&reply.body);
    match &outcome {
        Ok(answer) => {
            assert!(reply.status.is_success());
            succeeded(answer, &reply.body);
        }
        Err(error) => failed(error),
    }
    // Of two codes the refusal counts, so that the readings may differ where there are two, or one in disguise.
    let mentions = reply.body.windows(7).filter(|name| *name == b"errcode").count();
    if let (Some(plain), false) = (plain, 1 < mentions || reply.body.contains(&b'\\')) {
        match (code(&plain), &outcome) {
            (Some(0), outcome) => assert_eq!(outcome.is_ok(), reply.status.is_success(), "{outcome:?}"),
            (Some(refused), Err(error)) => assert_eq!(error.errcode().map(|code| code.get()), Some(refused)),
            (None, Err(error)) => assert_eq!(error.kind(), ErrorKind::Protocol),
            (_, Ok(answer)) => panic!("{plain} became {answer:?}"),
        }
    }
    outcome.is_ok()
}

/// Holds an answer to what holds for all: it can be read, it is no refusal, and only damage was mended.
fn succeeded(answer: &Answer, body: &Bytes) {
    assert!(serde_json::from_slice::<IgnoredAny>(answer.body()).is_ok());
    if let Some(read) = members(answer.body()) {
        assert_eq!(code(&read), Some(0), "{read}");
    }
    if serde_json::from_slice::<Value>(body).is_ok() {
        assert_eq!(answer.body(), body, "what is sound was changed");
    } else if answer.body() != body {
        let (core, _) = core_over(Reply::token(), Reply::json(answer.body().clone()));
        let again = finish(core.build().call(&Call::get("/card/get"))).unwrap();
        assert_eq!(again.body(), answer.body(), "what was mended was mended again");
    }
}

/// Holds an error to what holds for all: one line, its reason, and no secret.
fn failed(error: &Error) {
    let shown = error.to_string();
    assert!(!shown.contains(char::is_control), "{shown:?}");
    let all = format!("{shown} {error:?}");
    assert!(!all.contains("The-app-secret-0123456789"), "{shown}");
    // An answer that refuses a token may say whatever a fuzzer thinks of; nobody was given a token by then.
    if !error.path().ends_with("token") {
        assert!(!all.contains(TOKEN), "{shown}");
    }
    match error.errcode() {
        Some(code) => assert_ne!(code, 0),
        None => assert_eq!(error.kind(), ErrorKind::Protocol, "{shown}"),
    }
    if let Some(rid) = error.rid() {
        assert!(!rid.is_empty() && error.errmsg().unwrap_or_default().contains(rid));
    }
    assert!(error.attempts() > 0);
}

/// A card call whose token is asked for and answered with `reply`.
fn token(reply: Reply) -> bool {
    let body = reply.body.clone();
    let (core, asked) = core_over(reply, Reply::json("{\"errcode\":0}"));
    let outcome = finish(core.build().call(&Call::post("/card/code/consume", "{}")));
    let asked = asked.lock().unwrap();
    match outcome {
        Ok(_) => {
            let (_, sent) = asked[1].query().unwrap().split_once("access_token=").unwrap();
            assert_eq!(granted(&body, "access_token"), Some(decoded(sent)));
            true
        }
        Err(error) => {
            assert!(!error.may_have_run() && error.body().is_none(), "{error:?}");
            assert!(
                asked.iter().all(|uri| uri.path() == "/cgi-bin/stable_token"),
                "{asked:?}"
            );
            failed(&error);
            false
        }
    }
}

/// A ticket that is asked for and answered with `reply`.
fn ticket(reply: Reply) -> bool {
    let body = reply.body.clone();
    let (core, _) = core_over(Reply::token(), reply);
    match finish(core.build().card_ticket()) {
        Ok(ticket) => {
            assert_eq!(
                granted(&body, "ticket").map(Secret::new).as_ref(),
                Some(ticket.secret())
            );
            true
        }
        Err(error) => {
            assert!(!error.may_have_run() && error.body().is_none(), "{error:?}");
            failed(&error);
            false
        }
    }
}

/// What a body grants, as whoever reads nothing but JSON sees it.
///
/// It is only asked of what was taken. Damaged texts are left to the pipeline.
fn granted(body: &Bytes, member: &str) -> Option<String> {
    let Some(mut members) = members(body) else {
        let (core, _) = core_over(Reply::token(), Reply::json(body.clone()));
        let mended = finish(core.build().call(&Call::get("/card/get"))).unwrap();
        return granted(mended.body(), member);
    };
    match members[member].take() {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// The object that `body` is, if it is one.
fn members(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body).ok().filter(Value::is_object)
}

/// The code of an answer, in each of its forms; nothing if it is no whole number.
fn code(members: &Value) -> Option<i64> {
    match members.get("errcode") {
        None | Some(Value::Null) => Some(0),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(Value::Number(number)) => match number.as_i64() {
            Some(code) => Some(code),
            None => number.as_f64().filter(|_| !number.is_u64())?.to_string().parse().ok(),
        },
        Some(_) => None,
    }
}

/// A value of a query as it was before it was encoded.
fn decoded(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        let hex = behind
            .get(..2)
            .filter(|_| *byte == b'%')
            .map(|hex| str::from_utf8(hex).unwrap());
        bytes.push(hex.map_or(*byte, |hex| u8::from_str_radix(hex, 16).unwrap()));
        rest = if hex.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8(bytes).unwrap()
}

/// Takes the lines of `bytes` as the address of a service, a path and the value of a parameter, and calls it.
///
/// Says whether the call could be sent.
pub(crate) fn address(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.splitn(3, '\n');
    let (base, path, value) = (lines.next(), lines.next(), lines.next());
    let Ok(base) = base.unwrap_or_default().parse::<BaseUrl>() else {
        return false;
    };
    let shown = base.to_string();
    assert_eq!(shown.parse().as_ref(), Ok(&base), "{shown}");
    if let Some(host) = shown.strip_prefix("http://") {
        let is_here = ["localhost", "[::", "[0", "127."]
            .iter()
            .any(|here| host.to_lowercase().starts_with(here));
        assert!(is_here, "{shown}");
    } else {
        assert!(shown.starts_with("https://"), "{shown}");
    }
    let (core, asked) = core_over(Reply::token(), Reply::json("{\"errcode\":0}"));
    let path = path.unwrap_or_default().to_owned();
    let call = Call::post(path.clone(), "{}").query("q", value.unwrap_or_default());
    let outcome = finish(core.base_url(base).build().call(&call));
    let asked = asked.lock().unwrap();
    let Some(last) = asked.get(1) else {
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), asked.len()), (ErrorKind::Invalid, 0), "{error:?}");
        return false;
    };
    let (path, query) = path.split_once('?').unwrap_or((&path, ""));
    let sent = last.to_string();
    assert!(sent.starts_with(&format!("{shown}{path}?{query}")), "{sent}");
    let (before, value_and_token) = sent.rsplit_once("q=").unwrap();
    assert!(before.ends_with(['?', '&']), "{sent}");
    let (sent_value, token) = value_and_token.split_once("&access_token=").unwrap();
    assert_eq!(
        (decoded(sent_value).as_str(), token),
        (value.unwrap_or_default(), TOKEN)
    );
    outcome.is_ok()
}
