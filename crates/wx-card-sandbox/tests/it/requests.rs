//! The form of requests and answers.

use http::Method;
use serde_json::{Value, json};

use crate::bench::{bench, send};

#[test]
fn card_calls_need_a_token_a_post_and_an_object() {
    let bench = bench();
    let call = |method: Method, query: &str, body: &str| {
        let (status, answer) = send(&bench.sandbox, method, &format!("/card/code/consume{query}"), body);
        assert_eq!(status, 200);
        answer["errcode"].as_i64().unwrap()
    };
    let good = format!("?access_token={}", bench.token);
    let body = r#"{"code":"1"}"#;
    let cases = [
        (Method::POST, "", body, 41001),
        (Method::POST, "?access_token=", body, 41001),
        (Method::POST, "?access_token=never-issued", body, 40001),
        (Method::POST, "?access_token=no%20token", body, 40014),
        (Method::GET, good.as_str(), "", 43002),
        (Method::POST, good.as_str(), "", 44002),
        (Method::POST, good.as_str(), "{", 47001),
        (Method::POST, good.as_str(), "[]", 47001),
        (Method::POST, good.as_str(), "null", 47001),
        (Method::POST, good.as_str(), r#"{"code":{}}"#, 47001),
        (Method::POST, good.as_str(), r#"{"code":"\ud83d"}"#, 47001),
        (Method::POST, good.as_str(), "{}", 41013),
        (Method::POST, good.as_str(), r#"{"code":null}"#, 41013),
        (Method::POST, good.as_str(), r#"{"code":""}"#, 41013),
        (Method::POST, good.as_str(), body, 40056),
    ];
    for (method, query, body, errcode) in cases {
        assert_eq!(call(method.clone(), query, body), errcode, "{method} {query} {body}");
    }
}

#[test]
fn the_colors_are_a_get_without_a_body() {
    let bench = bench();
    let target = format!("/card/getcolors?access_token={}", bench.token);
    let (_, answer) = send(&bench.sandbox, Method::GET, &target, "");
    assert_eq!(answer["errcode"], 0);
    assert_eq!(answer["colors"][0], json!({"name": "Color010", "value": "#63b359"}));
    assert_eq!(answer["colors"].as_array().unwrap().len(), 14);
    let (_, answer) = send(&bench.sandbox, Method::POST, &target, "{}");
    assert_eq!(answer["errcode"], 43001);
    let (_, answer) = send(&bench.sandbox, Method::GET, "/card/getcolors", "");
    assert_eq!(answer["errcode"], 41001);
}

#[test]
fn each_call_names_the_member_that_it_misses() {
    let bench = bench();
    let cases = [
        ("/card/get", json!({}), 41012, ""),
        ("/card/get", json!({"card_id": ""}), 41012, ""),
        ("/card/delete", json!({"card_id": null}), 41012, ""),
        ("/card/modifystock", json!({"increase_stock_value": 1}), 41012, ""),
        ("/card/code/get", json!({"card_id": "p1"}), 41013, ""),
        ("/card/code/decrypt", json!({}), 41013, ""),
        ("/card/code/deposit", json!({"card_id": "p1"}), 41013, ""),
        ("/card/code/deposit", json!({"code": ["1"]}), 41012, ""),
        ("/card/code/mark", json!({"code": "1", "card_id": "p1"}), 41009, ""),
        (
            "/card/code/update",
            json!({"code": "1", "newcode": "2"}),
            41011,
            "m_data.new_code",
        ),
        ("/card/user/getcardlist", json!({}), 41009, ""),
        ("/card/user/getcardlist", json!({"openid": ""}), 41009, ""),
        (
            "/card/paycell/set",
            json!({"card_id": "p1", "is_open": null}),
            41011,
            "m_data.is_open",
        ),
        (
            "/card/landingpage/create",
            json!({"banner": "b", "page_title": "t", "can_share": true, "scene": "SCENE_H5"}),
            41011,
            "m_data.card_list",
        ),
        ("/card/create", json!({}), 41011, "m_data.card"),
        ("/card/create", json!({"card": {}}), 41011, "m_data.card_type"),
        (
            "/card/qrcode/create",
            json!({"action_info": {}}),
            41011,
            "m_data.action_name",
        ),
        (
            "/card/qrcode/create",
            json!({"action_name": "QR_CARD", "action_info": {"card": {}}}),
            41012,
            "",
        ),
    ];
    for (path, body, errcode, member) in cases {
        let answer = bench.refused(path, &body, errcode);
        let errmsg = answer["errmsg"].as_str().unwrap();
        assert!(errmsg.contains(&format!("{member} rid: ")), "{errmsg}");
    }
}

#[test]
fn an_unknown_path_is_no_call() {
    let bench = bench();
    for path in ["/card/nothing", "/", "/card/code/consume/"] {
        let (status, answer) = send(&bench.sandbox, Method::POST, path, "{}");
        assert_eq!((status, &answer["errcode"]), (200, &json!(40066)), "{path}");
    }
}

#[test]
fn a_body_over_a_megabyte_is_refused() {
    let bench = bench();
    let target = format!("/card/code/consume?access_token={}", bench.token);
    let (status, answer) = send(&bench.sandbox, Method::POST, &target, &" ".repeat(1024 * 1024 + 1));
    assert_eq!((status, &answer["errcode"]), (413, &json!(45002)));
}

#[test]
fn the_request_id_changes_every_time() {
    let bench = bench();
    let rid = || {
        let answer = bench.refused("/card/get", &json!({"card_id": "p1"}), 40073);
        let errmsg = answer["errmsg"].as_str().unwrap().to_owned();
        errmsg.strip_prefix("invalid card id rid: ").unwrap().to_owned()
    };
    let (first, second) = (rid(), rid());
    assert_ne!(first, second);
    let lengths: Vec<_> = first.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 8, 8], "{first}");
}

#[test]
fn every_operation_is_served() {
    let bench = bench();
    let paths: Vec<_> = bench.sandbox.paths().collect();
    assert_eq!(
        paths,
        [
            "/card/batchget",
            "/card/code/checkcode",
            "/card/code/consume",
            "/card/code/decrypt",
            "/card/code/deposit",
            "/card/code/get",
            "/card/code/getdepositcount",
            "/card/code/mark",
            "/card/code/unavailable",
            "/card/code/update",
            "/card/create",
            "/card/delete",
            "/card/get",
            "/card/getcolors",
            "/card/landingpage/create",
            "/card/modifystock",
            "/card/mpnews/gethtml",
            "/card/paycell/set",
            "/card/qrcode/create",
            "/card/selfconsumecell/set",
            "/card/testwhitelist/set",
            "/card/update",
            "/card/user/getcardlist",
            "/cgi-bin/media/uploadimg",
        ]
    );
}

#[test]
fn debug_output_has_no_secret() {
    let bench = bench();
    let shown = format!(
        "{:?} {:?}",
        bench.sandbox,
        wx_card_sandbox::Sandbox::builder().account("wx1", "s3cret")
    );
    assert!(!shown.contains(&bench.token));
    assert!(!shown.contains(wx_card_sandbox::DEFAULT_APP_SECRET));
    assert!(!shown.contains("s3cret"));
    assert!(shown.contains(wx_card_sandbox::DEFAULT_APP_ID));
}

#[test]
fn the_ledger_counts_requests_and_refusals() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    bench.ok("/card/get", &json!({"card_id": card_id}));
    bench.refused("/card/get", &json!({"card_id": "p1"}), 40073);
    let ledger: Value = bench.control("ledger", &json!({}));
    assert_eq!(ledger["requests"]["/card/get"], 2);
    assert_eq!(ledger["refusals"]["/card/get"], 1);
    assert_eq!(ledger["requests"]["/cgi-bin/stable_token"], 1);
    assert_eq!(ledger["tokens"], json!({"stable": 1}));
}

/// Every way to put `odd` in the place of something in `body`.
fn variants(body: &Value, odd: &Value) -> Vec<Value> {
    let mut all = vec![odd.clone()];
    match body {
        Value::Object(members) => {
            for (name, value) in members {
                for variant in variants(value, odd) {
                    let mut body = body.clone();
                    body[name] = variant;
                    all.push(body);
                }
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                for variant in variants(value, odd) {
                    let mut body = body.clone();
                    body[index] = variant;
                    all.push(body);
                }
            }
        }
        _ => {}
    }
    all
}

#[test]
fn odd_values_anywhere_are_taken_or_refused_and_break_nothing() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let (code, encrypted) = bench.take(&card_id, "oAlice");
    let card = json!({"card_id": card_id, "code": code, "openid": "oAlice", "outer_str": "x", "is_unique_code": false});
    let bodies = [
        (
            "/card/batchget",
            json!({"offset": 0, "count": 10, "status_list": ["CARD_STATUS_VERIFY_OK"]}),
        ),
        ("/card/code/checkcode", json!({"card_id": card_id, "code": ["1", "2"]})),
        ("/card/code/consume", json!({"card_id": card_id, "code": code})),
        ("/card/code/decrypt", json!({"encrypt_code": encrypted})),
        ("/card/code/deposit", json!({"card_id": card_id, "code": ["1", "2"]})),
        (
            "/card/code/get",
            json!({"card_id": card_id, "code": code, "check_consume": false}),
        ),
        ("/card/code/getdepositcount", json!({"card_id": card_id})),
        (
            "/card/code/mark",
            json!({"card_id": card_id, "code": code, "openid": "oAlice", "is_mark": true}),
        ),
        (
            "/card/code/unavailable",
            json!({"card_id": card_id, "code": code, "reason": "x"}),
        ),
        (
            "/card/code/update",
            json!({"card_id": card_id, "code": code, "new_code": "1"}),
        ),
        (
            "/card/create",
            crate::bench::coupon(&json!({"get_limit": 1, "use_limit": 1, "bind_openid": false})),
        ),
        ("/card/get", json!({"card_id": card_id})),
        (
            "/card/landingpage/create",
            json!({"banner": "b", "page_title": "t", "can_share": true, "scene": "SCENE_H5",
            "card_list": [{"card_id": card_id, "thumb_url": "x"}]}),
        ),
        (
            "/card/modifystock",
            json!({"card_id": card_id, "increase_stock_value": 1, "reduce_stock_value": 0}),
        ),
        ("/card/mpnews/gethtml", json!({"card_id": card_id})),
        ("/card/paycell/set", json!({"card_id": card_id, "is_open": true})),
        (
            "/card/qrcode/create",
            json!({"action_name": "QR_CARD", "expire_seconds": 60,
            "action_info": {"card": card, "multiple_card": {"card_list": [card]}}}),
        ),
        (
            "/card/selfconsumecell/set",
            json!({"card_id": card_id, "is_open": true, "need_verify_cod": true}),
        ),
        (
            "/card/testwhitelist/set",
            json!({"openid": ["oAlice"], "username": ["a"]}),
        ),
        (
            "/card/update",
            json!({"card_id": card_id, "cash": {"reduce_cost": 1, "base_info": {"title": "x", "color": "Color020",
            "location_id_list": [1], "date_info": {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30}}}}),
        ),
        (
            "/card/user/getcardlist",
            json!({"openid": "oAlice", "card_id": card_id}),
        ),
        ("/card/delete", json!({"card_id": card_id})),
    ];
    let without_json = ["/card/getcolors", "/cgi-bin/media/uploadimg"];
    let with_body = bench.sandbox.paths().filter(|path| !without_json.contains(path));
    assert_eq!(bodies.len(), with_body.count(), "every operation that has a body");
    let odd = [
        json!(null),
        json!(""),
        json!(" "),
        json!("中"),
        json!("x".repeat(5000)),
        json!(0),
        json!(-1),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(0.5),
        json!(1e300),
        json!(true),
        json!([]),
        json!([[]]),
        json!({}),
        json!({"": null}),
    ];
    let mut asked = 0;
    for (path, body) in &bodies {
        for body in odd.iter().flat_map(|odd| variants(body, odd)) {
            let answer = bench.post(path, &body.to_string());
            assert!(answer["errcode"].is_i64(), "{path} {body} {answer}");
            assert_ne!(answer["errcode"], -1, "{path} {body} {answer}");
            asked += 1;
        }
    }
    assert!(1000 < asked, "{asked}");
    // Whatever was made can be shown and saved.
    let ledger = bench.control("ledger", &json!({}));
    for movement in ledger["stock"].as_array().unwrap() {
        bench.ok("/card/get", &json!({"card_id": movement["card_id"]}));
    }
}
