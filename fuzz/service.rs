//! What the fuzz target over `wx-card-sandbox` does with its bytes; the tests of that crate do the same with the corpus.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};
use wx_core::test_util::{FixedEntropy, ManualClock};
use wx_core::{HttpSend, SendError};

/// What the requests of one input are made of: they name what the service made up by a sign and a letter.
struct Visit {
    sandbox: Sandbox,
    /// `$T`: a token that serves.
    token: String,
    /// `$C`: a card with stock.
    card_id: String,
    /// `$K`: a code of the card in a user's hands.
    code: String,
    /// `$E`: the same code, encrypted.
    encrypted: String,
    /// Whether the requests asked for faults, after which answers may be anything.
    has_faults: bool,
}

impl Visit {
    fn new() -> Self {
        let builder = Sandbox::builder().clock(ManualClock::at(1_772_416_800));
        let mut visit = Self {
            sandbox: builder.entropy(FixedEntropy::new()).build().unwrap(),
            token: String::new(),
            card_id: String::new(),
            code: String::new(),
            encrypted: String::new(),
            has_faults: false,
        };
        visit.token = visit.new_token();
        let card = json!({"card": {"card_type": "CASH", "cash": {"reduce_cost": 100, "base_info": {
            "logo_url": "http://mmbiz.qpic.cn/0", "brand_name": "b", "code_type": "CODE_TYPE_TEXT", "title": "t",
            "color": "Color010", "notice": "n", "description": "d", "sku": {"quantity": 9},
            "date_info": {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30}}}}});
        let text = |answer: &Value, name: &str| answer[name].as_str().unwrap().to_owned();
        visit.card_id = text(&visit.post("/card/create?access_token=$T", &card), "card_id");
        let taken = json!({"card_id": visit.card_id, "openid": "o1"});
        let taken = visit.post("/_sandbox/take", &taken);
        visit.code = text(&taken, "code");
        visit.encrypted = text(&taken, "encrypt_code");
        visit
    }

    fn new_token(&mut self) -> String {
        let credentials =
            json!({"grant_type": "client_credential", "appid": DEFAULT_APP_ID, "secret": DEFAULT_APP_SECRET});
        let answer = self.post("/cgi-bin/stable_token", &credentials);
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// A request that is part of no input.
    fn post(&mut self, target: &str, body: &Value) -> Value {
        let response = self.send("POST", target, &body.to_string()).unwrap().unwrap();
        serde_json::from_slice(response.body()).unwrap()
    }

    /// Sends a request if it is one.
    fn send(&mut self, method: &str, target: &str, body: &str) -> Option<Result<Response<Bytes>, SendError>> {
        let filled = |text: &str| {
            let marks = [
                ("$T", &self.token),
                ("$C", &self.card_id),
                ("$K", &self.code),
                ("$E", &self.encrypted),
            ];
            marks
                .iter()
                .fold(text.to_owned(), |text, (mark, value)| text.replace(mark, value))
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("https://api.weixin.qq.com{}", filled(target)))
            .body(Bytes::from(filled(body)))
            .ok()?;
        self.has_faults |= request.uri().path() == "/_sandbox/faults";
        let mut answer = pin!(self.sandbox.send(request));
        let mut context = Context::from_waker(Waker::noop());
        let answered = (0..10_000).find_map(|_| match answer.as_mut().poll(&mut context) {
            Poll::Ready(answered) => Some(answered),
            Poll::Pending => None,
        });
        assert!(answered.is_some(), "{method} {target} {body} hangs");
        answered
    }
}

/// Sends each line of `bytes` as a request: method, target and body, with blanks between them.
///
/// Says whether the service did anything of what was asked.
pub(crate) fn visit(bytes: &[u8]) -> bool {
    let mut visit = Visit::new();
    let mut is_done = false;
    for line in String::from_utf8_lossy(bytes).split('\n').take(32) {
        let mut words = line.splitn(3, ' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let body = words.next().unwrap_or_default();
        // Anything else would go on with the name of the host.
        if !target.starts_with('/') {
            continue;
        }
        // Pictures answer as control calls do; here they are none, since no line of an input can be a form.
        let is_control = ["/_sandbox/", "/mmbiz/"]
            .iter()
            .any(|prefix| target.starts_with(prefix));
        let Some(answered) = visit.send(method, target, body) else {
            continue;
        };
        // Faults are there to break what holds otherwise.
        if visit.has_faults {
            continue;
        }
        let response = answered.unwrap();
        let answer: Value = serde_json::from_slice(response.body()).unwrap();
        let is_ok = response.status().is_success();
        assert!(answer.is_object(), "{line}: {answer}");
        if is_control {
            assert_eq!(is_ok, answer.get("error").is_none(), "{line}: {answer}");
            is_done |= is_ok;
        } else {
            // Minus one is what the sandbox says when it does not know what to say.
            let errcode = answer["errcode"].as_i64().filter(|errcode| *errcode != -1);
            assert!(
                errcode.is_some() || answer["access_token"].is_string(),
                "{line}: {answer}"
            );
            is_done |= errcode.unwrap_or_default() == 0;
        }
    }
    leave(visit);
    is_done
}

/// Holds the books to what holds after all visits: no code is redeemed twice, and no stock is below nothing.
fn leave(mut visit: Visit) {
    if visit.has_faults {
        visit.post("/_sandbox/faults", &json!({"rules": []}));
    }
    let ledger = visit.sandbox.control("ledger", &json!({})).unwrap();
    for code in ledger["codes"].as_array().unwrap() {
        assert!(code["accepted"].as_u64().unwrap() <= 1, "{code}");
    }
    for movement in ledger["stock"].as_array().unwrap() {
        assert!(0 <= movement["quantity"].as_i64().unwrap(), "{movement}");
    }
    visit.token = visit.new_token();
    let card = json!({"card_id": visit.card_id});
    let card = visit.post("/card/get?access_token=$T", &card);
    assert_eq!(card["errcode"], 0, "{card}");
}
