//! Faults in process: the plan, and what a transport says about each kind.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::{Value, json};
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET};
use wx_core::{HttpSend, SendError, SendErrorKind};

use crate::bench::{ALICE, Bench, bench, bench_of, send};

const CONSUME: &str = "/card/code/consume";

/// A sandbox with a code in a user's hand.
struct Till {
    bench: Bench,
    code: String,
}

impl Till {
    fn new() -> Self {
        let bench = bench();
        let card_id = bench.card(&json!({}));
        let (code, _) = bench.take(&card_id, ALICE);
        Self { bench, code }
    }

    /// Redeems the code; `fault` is the rule for it, but for its path.
    fn redeem(&self, fault: &Value) -> Result<Response<Bytes>, SendError> {
        let mut rule = fault.clone();
        rule["path"] = CONSUME.into();
        rule["times"] = 1.into();
        self.bench.control("faults", &json!({"rules": [rule]}));
        post(&self.bench, CONSUME, &json!({"code": self.code}))
    }

    /// How many redeem calls did redeem.
    fn accepted(&self) -> Value {
        self.ledger()["codes"][0]["accepted"].clone()
    }

    fn ledger(&self) -> Value {
        self.bench.control("ledger", &json!({}))
    }
}

fn post(bench: &Bench, path: &str, body: &Value) -> Result<Response<Bytes>, SendError> {
    let uri = format!("https://api.weixin.qq.com{path}?access_token={}", bench.token);
    let request = Request::post(uri).body(Bytes::from(body.to_string())).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(bench.sandbox.send(request))
}

fn errcode(response: &Response<Bytes>) -> i64 {
    let answer: Value = serde_json::from_slice(response.body()).unwrap();
    answer["errcode"].as_i64().unwrap()
}

fn content_type(response: &Response<Bytes>) -> &str {
    response.headers()["content-type"].to_str().unwrap()
}

#[test]
fn a_busy_service_does_nothing_unless_it_is_told_to() {
    let till = Till::new();
    assert_eq!(errcode(&till.redeem(&json!({"fault": "busy"})).unwrap()), -1);
    assert_eq!(till.accepted(), 0);
    assert_eq!(till.ledger()["requests"][CONSUME], Value::Null, "it was not looked at");

    let response = till.redeem(&json!({"fault": "busy", "applied": true})).unwrap();
    let answer: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(answer["errcode"], -1);
    assert!(
        answer["errmsg"].as_str().unwrap().starts_with("system error rid: "),
        "{answer}"
    );
    assert_eq!(answer.as_object().unwrap().len(), 2, "{answer}");
    assert_eq!(till.accepted(), 1);
    assert_eq!(till.ledger()["requests"][CONSUME], 1);
    assert_eq!(till.ledger()["faults"], json!({CONSUME: {"busy": 2}}));
}

#[test]
fn any_errcode_can_be_answered_with_its_text_or_another() {
    let till = Till::new();
    for (rule, start) in [
        (
            json!({"fault": "errcode", "errcode": 45009}),
            "reach max api daily quota limit rid: ",
        ),
        (
            json!({"fault": "errcode", "errcode": 45011}),
            "api minute-quota reach limit ",
        ),
        (
            json!({"fault": "errcode", "errcode": 99}),
            "refused by the sandbox's plan of faults rid: ",
        ),
        (
            json!({"fault": "errcode", "errcode": 40056, "errmsg": "no, 不"}),
            "no, 不 rid: ",
        ),
    ] {
        let response = till.redeem(&rule).unwrap();
        assert_eq!(
            (response.status().as_u16(), content_type(&response)),
            (200, "application/json")
        );
        let answer: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(answer["errcode"], rule["errcode"]);
        assert!(answer["errmsg"].as_str().unwrap().starts_with(start), "{answer}");
    }
    assert_eq!(till.accepted(), 0);
    till.redeem(&json!({"fault": "errcode", "errcode": 45009, "applied": true}))
        .unwrap();
    assert_eq!(till.accepted(), 1);
}

#[test]
fn a_delay_is_slept_by_the_sandboxs_clock() {
    let till = Till::new();
    let response = till.redeem(&json!({"fault": "delay", "millis": 2500})).unwrap();
    assert_eq!(errcode(&response), 0);
    assert_eq!(till.bench.clock.slept(), [Duration::from_millis(2500)]);
    assert_eq!(till.accepted(), 1);
}

#[test]
fn a_transport_says_what_it_would_say_of_a_broken_connection() {
    for (rule, kind, accepted) in [
        (json!({"fault": "reset-before"}), SendErrorKind::Interrupted, 0),
        (json!({"fault": "reset-after"}), SendErrorKind::Interrupted, 1),
        (json!({"fault": "reset-mid-answer"}), SendErrorKind::Response, 1),
        (
            json!({"fault": "reset-mid-answer", "applied": false}),
            SendErrorKind::Response,
            0,
        ),
        (json!({"fault": "oversized"}), SendErrorKind::Response, 1),
        (json!({"fault": "silent"}), SendErrorKind::Timeout, 0),
        (json!({"fault": "silent", "applied": true}), SendErrorKind::Timeout, 1),
        (json!({"fault": "slow-drip"}), SendErrorKind::Timeout, 1),
        (
            json!({"fault": "slow-drip", "applied": false}),
            SendErrorKind::Timeout,
            0,
        ),
    ] {
        let till = Till::new();
        let error = till.redeem(&rule).unwrap_err();
        assert_eq!((error.kind(), till.accepted()), (kind, json!(accepted)), "{rule}");
        let name = rule["fault"].as_str().unwrap();
        let told = format!("{error:?}");
        assert!(told.contains(name), "{told}");
        assert!(
            !told.contains(&till.bench.token) && !told.contains(&till.code),
            "{told}"
        );
        assert_eq!(till.ledger()["faults"], json!({CONSUME: {name: 1}}));
    }
}

#[test]
fn a_drip_takes_its_time_for_every_byte_but_no_longer_than_a_transport_waits() {
    for (millis, slept) in [(10, 500..2000), (10_000, 30_000..30_001)] {
        let till = Till::new();
        till.redeem(&json!({"fault": "slow-drip", "millis": millis}))
            .unwrap_err();
        let pauses = till.bench.clock.slept();
        assert!(slept.contains(&pauses[0].as_millis()), "{pauses:?}");
    }
}

#[test]
fn answers_are_spoilt_as_they_are_on_a_wire() {
    let till = Till::new();
    let half = till.redeem(&json!({"fault": "truncated"})).unwrap();
    assert_eq!((half.status().as_u16(), content_type(&half)), (200, "application/json"));
    assert!(half.body().starts_with(b"{") && serde_json::from_slice::<Value>(half.body()).is_err());
    assert_eq!(till.accepted(), 1);

    let till = Till::new();
    let html = till.redeem(&json!({"fault": "html-502"})).unwrap();
    assert_eq!((html.status().as_u16(), content_type(&html)), (502, "text/html"));
    assert!(html.body().starts_with(b"<html>"));
    assert_eq!(till.accepted(), 0);
    till.redeem(&json!({"fault": "html-502", "applied": true})).unwrap();
    assert_eq!(till.accepted(), 1);

    let till = Till::new();
    let strange = till.redeem(&json!({"fault": "content-type"})).unwrap();
    assert_eq!((errcode(&strange), content_type(&strange)), (0, "text/html"));
    assert_eq!(till.accepted(), 1);
    let strange = till
        .redeem(&json!({"fault": "content-type", "applied": false}))
        .unwrap();
    assert_eq!(
        (errcode(&strange), till.accepted()),
        (-1, json!(1)),
        "who did nothing says busy"
    );
}

#[test]
fn tokens_die_before_their_request_is_looked_at() {
    let mut till = Till::new();
    let ticket = |bench: &Bench| {
        let target = format!("/cgi-bin/ticket/getticket?type=jsapi&access_token={}", bench.token);
        send(&bench.sandbox, Method::GET, &target, "").1["ticket"].clone()
    };
    let before = ticket(&till.bench);
    let refused = till.redeem(&json!({"fault": "token-expired"})).unwrap();
    assert_eq!((errcode(&refused), till.accepted()), (42001, json!(0)));
    till.bench.refused(CONSUME, &json!({"code": till.code}), 42001);
    till.bench.renew();
    assert_eq!(ticket(&till.bench), before, "tickets live on");
    till.bench.ok(CONSUME, &json!({"code": till.code}));

    // Where the request has no token, those of every account die, and the new one is good.
    let dead = till.bench.token.clone();
    till.bench.control(
        "faults",
        &json!({"rules": [{"path": "/cgi-bin/*", "fault": "token-expired"}]}),
    );
    till.bench.renew();
    assert_ne!(till.bench.token, dead);
    till.bench.refused(CONSUME, &json!({"code": till.code}), 40099);
    till.bench.token = dead;
    till.bench.refused(CONSUME, &json!({"code": till.code}), 42001);
}

#[test]
fn only_the_account_of_the_token_loses_it() {
    const OTHER: &str = "wx00000000000000aa";
    let bench = bench_of(|builder| builder.account(DEFAULT_APP_ID, DEFAULT_APP_SECRET).account(OTHER, "a"));
    let body = json!({"grant_type": "client_credential", "appid": OTHER, "secret": "a"}).to_string();
    let others = send(&bench.sandbox, Method::POST, "/cgi-bin/stable_token", &body).1;
    let (ours, others) = (bench.token.as_str(), others["access_token"].as_str().unwrap());
    let get = |token: &str| {
        let target = format!("/card/get?access_token={token}");
        send(&bench.sandbox, Method::POST, &target, r#"{"card_id":"p1"}"#).1["errcode"].clone()
    };
    bench.control(
        "faults",
        &json!({"rules": [{"path": "*", "fault": "token-expired", "times": 1}]}),
    );
    assert_eq!(
        (get(ours), get(ours), get(others)),
        (json!(42001), json!(42001), json!(40073))
    );
}

/// What became of `requests` requests: the names of the faults by the counters, request by request.
fn run(plan: &Value, requests: usize) -> Vec<Value> {
    let bench = bench();
    bench.control("faults", plan);
    let one = |_| {
        post(&bench, "/card/get", &json!({"card_id": "p1"})).map_or_else(
            |error| json!(format!("{:?}", error.kind())),
            |response| json!(errcode(&response)),
        )
    };
    (0..requests).map(one).collect()
}

#[test]
fn a_seed_repeats_a_run() {
    let plan = |seed: u64| {
        json!({"seed": seed, "rules": [
            {"path": "*", "fault": "reset-after", "probability": 0.2},
            {"path": "/card/*", "fault": "busy", "probability": 0.5},
        ]})
    };
    let first = run(&plan(7), 200);
    assert_eq!(run(&plan(7), 200), first);
    assert_ne!(run(&plan(8), 200), first);
    let share = |outcome: &Value| first.iter().filter(|one| *one == outcome).count();
    assert!((20..60).contains(&share(&json!("Interrupted"))), "{first:?}");
    assert!((50..110).contains(&share(&json!(-1))), "{first:?}");
    assert!((50..110).contains(&share(&json!(40073))), "{first:?}");
}

#[test]
fn rules_fire_when_they_are_due() {
    let rule = |more: Value| {
        let mut rule = json!({"path": "/card/get", "fault": "busy"});
        rule.as_object_mut()
            .unwrap()
            .append(&mut more.as_object().unwrap().clone());
        json!({"rules": [rule]})
    };
    let outcomes = |more: Value| {
        let run = run(&rule(more), 6);
        run.iter()
            .map(|one| if one == &json!(-1) { 'x' } else { '.' })
            .collect::<String>()
    };
    assert_eq!(outcomes(json!({})), "xxxxxx");
    assert_eq!(outcomes(json!({"times": 2})), "xx....");
    assert_eq!(outcomes(json!({"skip": 3})), "...xxx");
    assert_eq!(outcomes(json!({"skip": 1, "times": 2})), ".xx...");
    assert_eq!(outcomes(json!({"probability": 1})), "xxxxxx");
    assert_eq!(outcomes(json!({"probability": 0})), "......");
}

#[test]
fn a_plan_takes_the_place_of_the_one_before_and_is_told_with_its_counters() {
    let bench = bench();
    assert_eq!(bench.control("faults", &json!({})), json!({"seed": 0, "rules": []}));
    let told = bench.control(
        "faults",
        &json!({"seed": 7, "rules": [
            {"path": "/card/get", "fault": "errcode", "errcode": 45009, "times": 1, "skip": 1},
            {"path": "/card/*", "fault": "delay", "millis": 5, "probability": 0.5, "applied": false},
            {"path": "*", "fault": "reset-mid-answer", "bytes": 40},
            {"path": "*", "fault": "oversized"},
        ]}),
    );
    assert_eq!(
        told,
        json!({"seed": 7, "rules": [
            {"path": "/card/get", "fault": "errcode", "errcode": 45009, "errmsg": "reach max api daily quota limit",
             "applied": false, "probability": 1.0, "skip": 1, "times": 1, "matched": 0, "fired": 0},
            {"path": "/card/*", "fault": "delay", "millis": 5, "applied": false, "probability": 0.5, "skip": 0,
             "matched": 0, "fired": 0},
            {"path": "*", "fault": "reset-mid-answer", "bytes": 40, "applied": true, "probability": 1.0, "skip": 0,
             "matched": 0, "fired": 0},
            {"path": "*", "fault": "oversized", "bytes": 9 * 1024 * 1024, "applied": true, "probability": 1.0,
             "skip": 0, "matched": 0, "fired": 0},
        ]})
    );
    bench.control(
        "faults",
        &json!({"rules": [{"path": "/card/get", "fault": "busy", "times": 1}]}),
    );
    for _ in 0..3 {
        post(&bench, "/card/get", &json!({"card_id": "p1"})).unwrap();
    }
    let (status, told) = send(&bench.sandbox, Method::GET, "/_sandbox/faults", "");
    assert_eq!(
        (status, &told["rules"][0]["matched"], &told["rules"][0]["fired"]),
        (200, &json!(3), &json!(1))
    );
    let (_, told) = send(&bench.sandbox, Method::POST, "/_sandbox/faults", r#"{"rules":[]}"#);
    assert_eq!(told, json!({"seed": 0, "rules": []}));
    bench.refused("/card/get", &json!({"card_id": "p1"}), 40073);
}

#[test]
fn a_bad_plan_is_told_by_its_member_and_changes_nothing() {
    let bench = bench();
    let good = bench.control(
        "faults",
        &json!({"seed": 1, "rules": [{"path": "*", "fault": "silent"}]}),
    );
    let rule = |more: Value| {
        let mut rule = json!({"path": "*", "fault": "busy"});
        rule.as_object_mut()
            .unwrap()
            .append(&mut more.as_object().unwrap().clone());
        json!({"rules": [{"path": "*", "fault": "silent"}, rule]})
    };
    for (plan, told) in [
        (json!([]), "the plan must be an object"),
        (
            json!({"seed": 1}),
            "rules: must be a list of rules; an empty one ends all faults",
        ),
        (json!({"rules": {}}), "rules: must be a list"),
        (json!({"rules": [], "seed": -1}), "seed: must be a whole number from 0"),
        (
            json!({"rules": [], "rule": []}),
            "rule: does not belong here; there are seed, rules",
        ),
        (json!({"rules": [1]}), "rules[0] must be an object"),
        (
            rule(json!({"fault": null})),
            "rules[1].fault: must be one of busy, content-type, delay, errcode, ",
        ),
        (rule(json!({"fault": "Busy"})), "rules[1].fault: must be one of "),
        (rule(json!({"path": null})), "rules[1].path: must be a path such as "),
        (
            rule(json!({"path": "card/get"})),
            "rules[1].path: must be a path such as ",
        ),
        (
            rule(json!({"times": -1})),
            "rules[1].times: must be a whole number from 0",
        ),
        (
            rule(json!({"skip": "1"})),
            "rules[1].skip: must be a whole number from 0",
        ),
        (
            rule(json!({"probability": 1.01})),
            "rules[1].probability: must be a number from 0 to 1",
        ),
        (
            rule(json!({"probability": -0.1})),
            "rules[1].probability: must be a number from 0 to 1",
        ),
        (
            rule(json!({"probability": "1"})),
            "rules[1].probability: must be a number from 0 to 1",
        ),
        (
            rule(json!({"applied": "yes"})),
            "rules[1].applied: must be true or false",
        ),
        (
            rule(json!({"fault": "reset-before", "applied": true})),
            "rules[1].applied: can only be false with reset-before",
        ),
        (
            rule(json!({"fault": "reset-after", "applied": false})),
            "rules[1].applied: can only be true with reset-after",
        ),
        (
            rule(json!({"fault": "errcode"})),
            "rules[1].errcode: must be given: a 32-bit number other than 0",
        ),
        (
            rule(json!({"fault": "errcode", "errcode": 0})),
            "rules[1].errcode: must be given",
        ),
        (
            rule(json!({"errcode": 1})),
            "rules[1].errcode: does not belong here; there are path, fault, ",
        ),
        (rule(json!({"errmsg": 1})), "rules[1].errmsg: must be a text"),
        (
            rule(json!({"fault": "delay", "millis": 3_600_001})),
            "rules[1].millis: must be a whole number from 0 to 3600000",
        ),
        (
            rule(json!({"fault": "oversized", "bytes": 0})),
            "rules[1].bytes: must be a whole number from 1 to 134217728",
        ),
    ] {
        let error = bench.sandbox.control("faults", &plan).unwrap_err();
        assert_eq!(error.status(), 400);
        assert!(error.to_string().starts_with(told), "{error}");
    }
    assert_eq!(bench.control("faults", &json!({})), good);
}

#[test]
fn control_calls_go_right_whatever_the_plan_says() {
    let bench = bench();
    bench.control(
        "faults",
        &json!({"rules": [{"path": "*", "fault": "reset-before"}, {"path": "/*", "fault": "busy"}]}),
    );
    for (method, name, body) in [
        (Method::GET, "ledger", ""),
        (Method::POST, "advance-clock", r#"{"seconds":1}"#),
    ] {
        assert_eq!(send(&bench.sandbox, method, &format!("/_sandbox/{name}"), body).0, 200);
    }
    assert_eq!(bench.control("faults", &json!({}))["rules"][0]["matched"], 0);
}

#[test]
fn paths_that_nobody_serves_are_one_in_the_ledger() {
    let bench = bench();
    bench.control("faults", &json!({"rules": [{"path": "*", "fault": "busy"}]}));
    for path in ["/a", "/b"] {
        assert_eq!(errcode(&post(&bench, path, &json!({})).unwrap()), -1);
    }
    assert_eq!(
        bench.control("ledger", &json!({}))["faults"],
        json!({"(unknown)": {"busy": 2}})
    );
}

#[test]
fn the_state_file_keeps_what_went_wrong_and_not_what_will() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    {
        let bench = bench_of(|builder| builder.state_file(&path));
        bench.control("faults", &json!({"rules": [{"path": "/card/get", "fault": "busy"}]}));
        post(&bench, "/card/get", &json!({"card_id": "p1"})).unwrap();
    }
    let bench = bench_of(|builder| builder.state_file(&path));
    assert_eq!(bench.control("faults", &json!({})), json!({"seed": 0, "rules": []}));
    assert_eq!(
        bench.control("ledger", &json!({}))["faults"],
        json!({"/card/get": {"busy": 1}})
    );
    bench.refused("/card/get", &json!({"card_id": "p1"}), 40073);
}
