//! The sandbox keeps its made-up secrets to itself: whoever asks for a token or a ticket with the right credentials gets
//! it, and nothing else shows it.

use std::error::Error as StdError;

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};
use wx_core::HttpSend as _;

use crate::bench::{ALICE, Bench, bench, send};

/// Every fault of the sandbox.
const FAULTS: &[&str] = &[
    r#"{"fault": "busy"}"#,
    r#"{"fault": "errcode", "errcode": 40001}"#,
    r#"{"fault": "delay", "millis": 1}"#,
    r#"{"fault": "reset-before"}"#,
    r#"{"fault": "reset-after"}"#,
    r#"{"fault": "reset-mid-answer"}"#,
    r#"{"fault": "truncated"}"#,
    r#"{"fault": "html-502"}"#,
    r#"{"fault": "content-type"}"#,
    r#"{"fault": "oversized", "bytes": 5000}"#,
    r#"{"fault": "token-expired"}"#,
    r#"{"fault": "slow-drip", "millis": 1}"#,
    r#"{"fault": "silent"}"#,
];

/// The app secret, and a token and tickets that were issued.
struct Issued(Vec<String>);

impl Issued {
    fn by(bench: &Bench) -> Self {
        let mut issued = vec![DEFAULT_APP_SECRET.to_owned(), bench.token.clone()];
        for kind in ["wx_card", "jsapi"] {
            let target = format!("/cgi-bin/ticket/getticket?type={kind}&access_token={}", bench.token);
            let answer = send(&bench.sandbox, Method::GET, &target, "").1;
            issued.push(answer["ticket"].as_str().unwrap().to_owned());
        }
        Self(issued)
    }

    #[track_caller]
    fn assert_unseen(&self, shown: &str) {
        for secret in &self.0 {
            assert!(!shown.contains(secret.as_str()), "{secret} is shown: {shown}");
        }
    }
}

/// All that can be printed of what comes back.
fn shown(sandbox: &Sandbox, target: &str, body: &str) -> String {
    let request = Request::post(format!("https://api.weixin.qq.com{target}"))
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    match runtime.block_on(sandbox.send(request)) {
        Ok(response) => format!("{response:?} {}", String::from_utf8_lossy(response.body())),
        Err(error) => {
            let mut shown = String::new();
            let mut link: Option<&dyn StdError> = Some(&error);
            while let Some(error) = link {
                shown += &format!("{error} {error:?} {error:#?} ");
                link = error.source();
            }
            shown
        }
    }
}

#[test]
fn no_answer_and_no_error_repeats_a_secret_under_any_fault() {
    let credentials = json!({"grant_type": "client_credential", "appid": DEFAULT_APP_ID, "secret": DEFAULT_APP_SECRET});
    for fault in FAULTS {
        for path in ["*", "/none"] {
            let bench = bench();
            let issued = Issued::by(&bench);
            let granted = shown(&bench.sandbox, "/cgi-bin/stable_token", &credentials.to_string());
            assert!(granted.contains(&bench.token), "{granted}");
            let card_id = bench.card(&json!({}));
            let (code, _) = bench.take(&card_id, ALICE);
            let mut rule: Value = serde_json::from_str(fault).unwrap();
            rule["path"] = json!(path);
            bench.control("faults", &json!({"rules": [rule]}));
            let query = format!("?access_token={}", bench.token);
            for (path, body) in [
                ("/card/get", json!({"card_id": card_id})),
                ("/card/get", json!([DEFAULT_APP_SECRET])),
                ("/card/code/consume", json!({"code": code})),
                ("/card/none", json!({"token": bench.token})),
                ("/none", credentials.clone()),
                ("/cgi-bin/ticket/getticket", credentials.clone()),
            ] {
                issued.assert_unseen(&shown(&bench.sandbox, &format!("{path}{query}"), &body.to_string()));
            }
            let wrong = json!({"grant_type": "none", "appid": DEFAULT_APP_ID, "secret": DEFAULT_APP_SECRET});
            issued.assert_unseen(&shown(&bench.sandbox, "/cgi-bin/stable_token", &wrong.to_string()));
            issued.assert_unseen(&bench.control("ledger", &json!({})).to_string());
            issued.assert_unseen(&bench.control("faults", &json!({})).to_string());
            issued.assert_unseen(&format!("{:?} {:#?}", bench.sandbox, bench.sandbox));
        }
    }
}

#[test]
fn no_refused_control_call_repeats_a_secret() {
    let bench = bench();
    let issued = Issued::by(&bench);
    for name in ["faults", "take", "js-config", "expire-token"] {
        for value in &issued.0 {
            let body = json!({"app_id": value, "rules": [{"path": value, "fault": value}], "openid": value});
            if let Err(error) = bench.sandbox.control(name, &body) {
                let shown = format!("{error} {error:?} {error:#?}");
                issued.assert_unseen(&shown);
            }
        }
    }
}

#[tokio::test]
async fn neither_builder_nor_server_shows_an_account() {
    let builder = Sandbox::builder().account("wx00000000000000aa", "canary-of-a-secret");
    let mut shown = format!("{builder:?} {builder:#?}");
    let sandbox = builder.build().unwrap();
    let server = sandbox.serve_tls(([127, 0, 0, 1], 0).into()).await.unwrap();
    shown += &format!("{sandbox:?} {sandbox:#?} {server:?} {server:#?}");
    assert!(
        shown.contains("wx00000000000000aa") && shown.contains("https://127.0.0.1:"),
        "{shown}"
    );
    assert!(!shown.contains("canary") && !shown.contains("PRIVATE KEY"), "{shown}");
    server.shutdown().await.unwrap();
}
