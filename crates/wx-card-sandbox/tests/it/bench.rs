//! What the tests share: a sandbox with a clock that stands still, and short ways to ask it.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};
use wx_card_sandbox::{Builder, DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};
use wx_core::HttpSend;
use wx_core::test_util::{FixedEntropy, ManualClock};

/// 2026-03-02 10:00 in Beijing, a Monday.
pub(crate) const NOW: u64 = 1_772_416_800;
pub(crate) const DAY: u64 = 86_400;

pub(crate) const ALICE: &str = "oAlice";
pub(crate) const BOB: &str = "oBob";

pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    pub(crate) clock: ManualClock,
    pub(crate) token: String,
}

pub(crate) fn bench() -> Bench {
    bench_of(|builder| builder)
}

pub(crate) fn bench_of(make: impl FnOnce(Builder) -> Builder) -> Bench {
    let clock = ManualClock::at(NOW);
    let builder = Sandbox::builder().clock(clock.clone()).entropy(FixedEntropy::new());
    let sandbox = make(builder).build().unwrap();
    let mut bench = Bench {
        sandbox,
        clock,
        token: String::new(),
    };
    bench.renew();
    bench
}

/// Sends one request; the sandbox answers without waiting for anything.
pub(crate) fn send(sandbox: &Sandbox, method: Method, target: &str, body: &str) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(format!("https://api.weixin.qq.com{target}"))
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let response = runtime.block_on(sandbox.send(request)).unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    (
        response.status().as_u16(),
        serde_json::from_slice(response.body()).unwrap(),
    )
}

impl Bench {
    /// Gets a stable token.
    pub(crate) fn renew(&mut self) {
        let body = json!({
            "grant_type": "client_credential", "appid": DEFAULT_APP_ID, "secret": DEFAULT_APP_SECRET,
        });
        let answer = send(&self.sandbox, Method::POST, "/cgi-bin/stable_token", &body.to_string()).1;
        self.token = answer["access_token"].as_str().unwrap().to_owned();
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Posts a text as it stands.
    pub(crate) fn post(&self, path: &str, body: &str) -> Value {
        let (status, answer) = send(
            &self.sandbox,
            Method::POST,
            &format!("{path}?access_token={}", self.token),
            body,
        );
        assert_eq!(status, 200, "{path} {answer}");
        answer
    }

    /// Makes a card call that must succeed.
    pub(crate) fn ok(&self, path: &str, body: &Value) -> Value {
        let answer = self.post(path, &body.to_string());
        assert_eq!(answer["errcode"], 0, "{path} {body} {answer}");
        assert_eq!(answer["errmsg"], "ok");
        answer
    }

    /// Makes a card call that must be refused with this number.
    #[track_caller]
    pub(crate) fn refused(&self, path: &str, body: &Value, errcode: i32) -> Value {
        let answer = self.post(path, &body.to_string());
        assert_eq!(answer["errcode"], errcode, "{path} {body} {answer}");
        assert!(answer["errmsg"].as_str().unwrap().contains(" rid: "), "{answer}");
        answer
    }

    /// Makes a control call that must be done.
    pub(crate) fn control(&self, name: &str, body: &Value) -> Value {
        match self.sandbox.control(name, body) {
            Ok(answer) => answer,
            Err(error) => panic!("{name} {body}: {error}"),
        }
    }

    /// Makes a control call that the service would refuse with this number.
    #[track_caller]
    pub(crate) fn control_refused(&self, name: &str, body: &Value, errcode: i32) {
        match self.sandbox.control(name, body) {
            Ok(answer) => panic!("{name} {body}: {answer}"),
            Err(error) => assert_eq!(error.errcode(), Some(errcode), "{name} {body}: {error}"),
        }
    }

    /// Creates a card: a coupon with `changes` to its `base_info`.
    pub(crate) fn card(&self, changes: &Value) -> String {
        let answer = self.ok("/card/create", &coupon(changes));
        answer["card_id"].as_str().unwrap().to_owned()
    }

    /// Lets a user take a card: the code and the encrypted code.
    pub(crate) fn take(&self, card_id: &str, openid: &str) -> (String, String) {
        let taken = self.control("take", &json!({"card_id": card_id, "openid": openid}));
        let text = |name: &str| taken[name].as_str().unwrap().to_owned();
        (text("code"), text("encrypt_code"))
    }

    /// The state of a code in words.
    pub(crate) fn status(&self, card_id: &str, code: &str) -> String {
        let body = json!({"card_id": card_id, "code": code, "check_consume": false});
        let answer = self.ok("/card/code/get", &body);
        answer["user_card_status"].as_str().unwrap().to_owned()
    }
}

/// The request for a coupon; `changes` replace or, with null, remove members of `base_info`.
pub(crate) fn coupon(changes: &Value) -> Value {
    let mut base_info = json!({
        "logo_url": "http://mmbiz.qpic.cn/mmbiz/0",
        "brand_name": "微信餐厅",
        "code_type": "CODE_TYPE_TEXT",
        "title": "双人套餐100元券",
        "color": "Color010",
        "notice": "使用时向服务员出示此券",
        "description": "不可与其他优惠同享",
        "sku": {"quantity": 10},
        "date_info": {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 0},
    });
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            base_info.as_object_mut().unwrap().remove(name);
        } else {
            base_info[name] = value.clone();
        }
    }
    json!({"card": {"card_type": "CASH", "cash": {"base_info": base_info, "least_cost": 1000, "reduce_cost": 100}}})
}

/// Changes that make a coupon one with deposited codes.
pub(crate) fn with_deposit() -> Value {
    json!({
        "use_custom_code": true,
        "get_custom_code_mode": "GET_CUSTOM_CODE_MODE_DEPOSIT",
        "sku": {"quantity": 0},
    })
}
