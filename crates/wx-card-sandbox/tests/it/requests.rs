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
        assert_eq!((status, &answer["errcode"]), (404, &json!(40066)), "{path}");
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
            "/card/landingpage/create",
            "/card/modifystock",
            "/card/mpnews/gethtml",
            "/card/paycell/set",
            "/card/qrcode/create",
            "/card/selfconsumecell/set",
            "/card/testwhitelist/set",
            "/card/user/getcardlist",
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
