//! Tokens and tickets.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET};

use crate::bench::{Bench, DAY, bench, bench_of, send};

fn stable(bench: &Bench, force: bool) -> Value {
    let body = json!({
        "grant_type": "client_credential",
        "appid": DEFAULT_APP_ID,
        "secret": DEFAULT_APP_SECRET,
        "force_refresh": force,
    });
    send(&bench.sandbox, Method::POST, "/cgi-bin/stable_token", &body.to_string()).1
}

fn classic(bench: &Bench) -> String {
    let target =
        format!("/cgi-bin/token?grant_type=client_credential&appid={DEFAULT_APP_ID}&secret={DEFAULT_APP_SECRET}");
    let (_, answer) = send(&bench.sandbox, Method::GET, &target, "");
    assert_eq!(answer["expires_in"], 7200);
    assert!(answer.get("errcode").is_none(), "{answer}");
    answer["access_token"].as_str().unwrap().to_owned()
}

fn ticket(bench: &Bench, token: &str, kind: &str) -> Value {
    let target = format!("/cgi-bin/ticket/getticket?type={kind}&access_token={token}");
    send(&bench.sandbox, Method::GET, &target, "").1
}

/// What a card call with this token gets.
fn errcode(bench: &Bench, token: &str) -> i64 {
    let target = format!("/card/get?access_token={token}");
    let (_, answer) = send(&bench.sandbox, Method::POST, &target, r#"{"card_id":"p1"}"#);
    answer["errcode"].as_i64().unwrap()
}

const UNKNOWN_CARD: i64 = 40073;

#[test]
fn credentials_are_checked() {
    let bench = bench();
    let post = |body: Value| send(&bench.sandbox, Method::POST, "/cgi-bin/stable_token", &body.to_string()).1;
    let get = |query: &str| send(&bench.sandbox, Method::GET, &format!("/cgi-bin/token?{query}"), "").1;
    let cases = [
        ("client_credential", DEFAULT_APP_ID, "wrong", 40125),
        ("client_credential", "wx0", DEFAULT_APP_SECRET, 40013),
        ("password", DEFAULT_APP_ID, DEFAULT_APP_SECRET, 40002),
        ("client_credential", "", DEFAULT_APP_SECRET, 41002),
        ("client_credential", DEFAULT_APP_ID, "", 41004),
    ];
    for (grant_type, appid, secret, errcode) in cases {
        let posted = post(json!({"grant_type": grant_type, "appid": appid, "secret": secret}));
        assert_eq!(posted["errcode"], errcode, "{posted}");
        let got = get(&format!("grant_type={grant_type}&appid={appid}&secret={secret}"));
        assert_eq!(got["errcode"], errcode, "{got}");
    }
    let (_, answer) = send(&bench.sandbox, Method::GET, "/cgi-bin/stable_token", "");
    assert_eq!(answer["errcode"], 43002);
}

#[test]
fn the_classic_endpoint_is_a_get_or_a_post_and_nothing_else_touches_its_token() {
    let bench = bench();
    let token = classic(&bench);
    let target =
        format!("/cgi-bin/token?grant_type=client_credential&appid={DEFAULT_APP_ID}&secret={DEFAULT_APP_SECRET}");
    for method in [Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let (_, answer) = send(&bench.sandbox, method.clone(), &target, "");
        assert_eq!(answer["errcode"], 43001, "{method}");
    }
    assert_eq!(errcode(&bench, &token), UNKNOWN_CARD);
    let (_, answer) = send(&bench.sandbox, Method::POST, &target, "");
    assert!(answer["access_token"].is_string(), "{answer}");
}

#[test]
fn a_short_life_is_renewed_in_its_last_tenth_and_ends() {
    let bench = bench_of(|builder| builder.token_life(Duration::from_secs(15)));
    let first = stable(&bench, false);
    assert_eq!(first["expires_in"], 15);
    let token = first["access_token"].as_str().unwrap();
    let first_ticket = ticket(&bench, token, "wx_card");
    assert_eq!(first_ticket["expires_in"], 15);
    bench.advance(12);
    assert_eq!(stable(&bench, false)["access_token"], first["access_token"]);
    bench.advance(1);
    assert_ne!(stable(&bench, false)["access_token"], first["access_token"]);
    assert_eq!(errcode(&bench, token), UNKNOWN_CARD);
    assert_eq!(ticket(&bench, token, "wx_card")["ticket"], first_ticket["ticket"]);
    bench.advance(2);
    assert_eq!(errcode(&bench, token), 42001);
}

#[test]
fn the_stable_token_stays_the_same_and_tells_its_remaining_life() {
    let bench = bench();
    let first = stable(&bench, false);
    assert_eq!(first["expires_in"], 7200);
    bench.advance(6855);
    let later = stable(&bench, false);
    assert_eq!(later["access_token"], first["access_token"]);
    assert_eq!(later["expires_in"], 345);

    // Five minutes before the end there is a new one, and the old one lives to its end.
    bench.advance(45);
    let new = stable(&bench, false);
    assert_ne!(new["access_token"], first["access_token"]);
    assert_eq!(new["expires_in"], 7200);
    let old = first["access_token"].as_str().unwrap();
    assert_eq!(errcode(&bench, old), UNKNOWN_CARD);
    bench.advance(300);
    assert_eq!(errcode(&bench, old), 42001);
    assert_eq!(errcode(&bench, new["access_token"].as_str().unwrap()), UNKNOWN_CARD);
}

#[test]
fn forcing_replaces_the_stable_token_but_not_within_thirty_seconds_nor_a_21st_time_a_day() {
    let bench = bench();
    let old = stable(&bench, false);
    let new = stable(&bench, true);
    assert_ne!(new["access_token"], old["access_token"]);
    assert_eq!(errcode(&bench, old["access_token"].as_str().unwrap()), 40001);
    bench.advance(29);
    assert_eq!(stable(&bench, true)["access_token"], new["access_token"]);
    for _ in 0..19 {
        bench.advance(30);
        assert!(stable(&bench, true).get("access_token").is_some());
    }
    bench.advance(30);
    assert_eq!(stable(&bench, true)["errcode"], 45009);
    bench.advance(DAY);
    assert!(stable(&bench, true).get("access_token").is_some());
}

#[test]
fn the_classic_endpoint_kills_its_old_token_and_leaves_the_stable_one_alone() {
    let bench = bench();
    let first = classic(&bench);
    assert_eq!(errcode(&bench, &first), UNKNOWN_CARD);
    let second = classic(&bench);
    assert_ne!(first, second);
    assert_eq!(errcode(&bench, &first), 40001);
    assert_eq!(errcode(&bench, &second), UNKNOWN_CARD);
    assert_eq!(errcode(&bench, &bench.token), UNKNOWN_CARD);
    stable(&bench, true);
    assert_eq!(errcode(&bench, &second), UNKNOWN_CARD);
    assert_eq!(
        bench.control("ledger", &json!({}))["tokens"],
        json!({"classic": 2, "stable": 2})
    );
}

#[test]
fn tokens_end_by_the_clock() {
    let bench = bench();
    bench.advance(7199);
    assert_eq!(errcode(&bench, &bench.token), UNKNOWN_CARD);
    bench.advance(1);
    assert_eq!(errcode(&bench, &bench.token), 42001);
}

#[test]
fn a_ticket_stays_the_same_for_its_life_and_each_kind_has_its_own() {
    let mut bench = bench();
    let card = ticket(&bench, &bench.token, "wx_card");
    assert_eq!(
        (&card["errcode"], &card["errmsg"], &card["expires_in"]),
        (&json!(0), &json!("ok"), &json!(7200))
    );
    let page = ticket(&bench, &bench.token, "jsapi");
    assert_ne!(card["ticket"], page["ticket"]);
    bench.advance(7000);
    bench.renew();
    let again = ticket(&bench, &bench.token, "wx_card");
    assert_eq!((&again["ticket"], &again["expires_in"]), (&card["ticket"], &json!(200)));
    bench.advance(200);
    bench.renew();
    let new = ticket(&bench, &bench.token, "wx_card");
    assert_ne!(new["ticket"], card["ticket"]);
    assert_eq!(new["expires_in"], 7200);
    assert_eq!(
        bench.control("ledger", &json!({}))["tickets"],
        json!({"jsapi": 1, "wx_card": 2})
    );
}

#[test]
fn a_ticket_needs_a_token_a_get_and_a_kind() {
    let bench = bench();
    assert_eq!(ticket(&bench, "", "wx_card")["errcode"], 41001);
    assert_eq!(ticket(&bench, "unknown", "wx_card")["errcode"], 40001);
    assert_eq!(ticket(&bench, &bench.token, "2x")["errcode"], 40035);
    let target = format!("/cgi-bin/ticket/getticket?type=wx_card&access_token={}", bench.token);
    assert_eq!(send(&bench.sandbox, Method::POST, &target, "{}").1["errcode"], 43001);
}

#[test]
fn a_control_call_ends_all_tokens_and_tickets() {
    let mut bench = bench();
    let token = classic(&bench);
    let old = ticket(&bench, &token, "wx_card");
    bench.control("expire-token", &json!({}));
    assert_eq!(errcode(&bench, &token), 42001);
    assert_eq!(errcode(&bench, &bench.token), 42001);
    let dead = bench.token.clone();
    bench.renew();
    assert_ne!(bench.token, dead);
    let new = ticket(&bench, &bench.token, "wx_card");
    assert_ne!(new["ticket"], old["ticket"]);
}

#[test]
fn each_account_has_its_own_tokens_and_cards() {
    let bench = bench_of(|builder| {
        builder
            .account(DEFAULT_APP_ID, DEFAULT_APP_SECRET)
            .account("wxtwo", "secret-two")
    });
    assert_eq!(bench.sandbox.app_ids().collect::<Vec<_>>(), [DEFAULT_APP_ID, "wxtwo"]);
    let card_id = bench.card(&json!({}));
    let body = json!({"grant_type": "client_credential", "appid": "wxtwo", "secret": "secret-two"});
    let answer = send(&bench.sandbox, Method::POST, "/cgi-bin/stable_token", &body.to_string()).1;
    let other = answer["access_token"].as_str().unwrap();
    let target = format!("/card/get?access_token={other}");
    let body = json!({"card_id": card_id}).to_string();
    assert_eq!(send(&bench.sandbox, Method::POST, &target, &body).1["errcode"], 40073);

    // A control call that names no account means the one that has the card.
    let target = format!("/card/create?access_token={other}");
    let body = crate::bench::coupon(&json!({})).to_string();
    let card_id = send(&bench.sandbox, Method::POST, &target, &body).1["card_id"].clone();
    let take = json!({"card_id": card_id, "openid": "oAlice"});
    bench.control("take", &take);
    let mut misnamed = take;
    misnamed["app_id"] = json!(DEFAULT_APP_ID);
    bench.control_refused("take", &misnamed, 40073);

    bench.control("expire-token", &json!({"app_id": "wxtwo"}));
    assert_eq!(errcode(&bench, other), 42001);
    assert_eq!(errcode(&bench, &bench.token), UNKNOWN_CARD);
    let error = bench
        .sandbox
        .control("expire-token", &json!({"app_id": "wxthree"}))
        .unwrap_err();
    assert_eq!((error.status(), error.errcode()), (400, None));
}
