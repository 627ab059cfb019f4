//! The cards of the account, page by page.

use serde_json::{Value, json};
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};

use crate::bench::{Bench, bench, bench_of, coupon, send};

const BATCHGET: &str = "/card/batchget";

fn page(bench: &Bench, body: &Value) -> (Vec<String>, u64) {
    let answer = bench.ok(BATCHGET, body);
    let ids = answer["card_id_list"].as_array().unwrap().iter();
    let ids = ids.map(|id| id.as_str().unwrap().to_owned()).collect();
    (ids, answer["total_num"].as_u64().unwrap())
}

fn cards(bench: &Bench, count: usize) -> Vec<String> {
    (0..count).map(|_| bench.card(&json!({}))).collect()
}

#[test]
fn pages_have_the_cards_in_the_order_of_their_creation() {
    let bench = bench();
    assert_eq!(page(&bench, &json!({"offset": 0, "count": 50})), (vec![], 0));
    let mut created = cards(&bench, 4);
    bench.advance(1);
    created.extend(cards(&bench, 3));
    for offset in 0..8 {
        let (ids, total) = page(&bench, &json!({"offset": offset, "count": 3}));
        let expected: Vec<_> = created.iter().skip(offset).take(3).cloned().collect();
        assert_eq!((ids, total), (expected, 7), "{offset}");
    }
    // What comes in later comes last, and what changes stays where it is.
    bench.ok(
        "/card/update",
        &json!({"card_id": created[0], "cash": {"base_info": {"title": "新标题"}}}),
    );
    created.extend(cards(&bench, 1));
    assert_eq!(page(&bench, &json!({"offset": 0, "count": 50})), (created, 8));
}

#[test]
fn cards_are_listed_by_status() {
    let bench = bench_of(|builder| builder.manual_review(true));
    let ids = cards(&bench, 4);
    bench.control("approve", &json!({"card_id": ids[1]}));
    bench.control("reject", &json!({"card_id": ids[2]}));
    bench.ok("/card/delete", &json!({"card_id": ids[3]}));
    let with = |status_list: Value| page(&bench, &json!({"offset": 0, "count": 50, "status_list": status_list}));
    let words = [
        "CARD_STATUS_NOT_VERIFY",
        "CARD_STATUS_VERIFY_OK",
        "CARD_STATUS_VERIFY_FAIL",
        "CARD_STATUS_DELETE",
    ];
    for (word, id) in words.iter().zip(&ids) {
        assert_eq!(with(json!([word])), (vec![id.clone()], 1), "{word}");
        // easywechat has a word in the place of the list.
        assert_eq!(with(json!(word)), (vec![id.clone()], 1), "{word}");
    }
    assert_eq!(
        with(json!([words[1], words[3]])),
        (vec![ids[1].clone(), ids[3].clone()], 2)
    );
    // The other spelling of an old page.
    assert_eq!(with(json!(["CARD_STATUS_VERIFY_FALL"])).1, 1);
    assert_eq!(with(json!(["CARD_STATUS_DISPATCH"])), (vec![], 0));
    // No list, in the ways in which clients write that, asks for all.
    for none in [json!(null), json!([]), json!("")] {
        assert_eq!(with(none).1, 4);
    }
    let (page, total) = page(
        &bench,
        &json!({"offset": 1, "count": 1, "status_list": [words[1], words[3]]}),
    );
    assert_eq!(
        (page, total),
        (vec![ids[3].clone()], 2),
        "the offset counts what is asked for"
    );
}

#[test]
fn a_page_has_one_to_fifty_cards() {
    let bench = bench();
    cards(&bench, 51);
    assert_eq!(page(&bench, &json!({"offset": "0", "count": "50"})).0.len(), 50);
    assert_eq!(page(&bench, &json!({"offset": 50.0, "count": 50})).0.len(), 1);
    assert_eq!(page(&bench, &json!({"offset": 51, "count": 50})), (vec![], 51));
    for count in [0, 51] {
        bench.refused(BATCHGET, &json!({"offset": 0, "count": count}), 40035);
    }
    bench.refused(BATCHGET, &json!({"offset": -1, "count": 10}), 47001);
    bench.refused(BATCHGET, &json!({"offset": "all", "count": 10}), 47001);
    for name in ["offset", "count"] {
        let mut body = json!({"offset": 0, "count": 10});
        body.as_object_mut().unwrap().remove(name);
        let answer = bench.refused(BATCHGET, &body, 41011);
        let errmsg = answer["errmsg"].as_str().unwrap();
        assert!(errmsg.contains(&format!(" m_data.{name} rid: ")), "{errmsg}");
    }
}

#[test]
fn an_account_sees_and_changes_its_own_cards_alone() {
    let bench = bench_of(|builder| {
        let builder = builder.account(DEFAULT_APP_ID, DEFAULT_APP_SECRET);
        builder.account("wx1", "s1").account("wx2", "s2")
    });
    let call = |app_id: &str, path: &str, body: &Value| {
        let secret = app_id.replace("wx", "s");
        let request = json!({"grant_type": "client_credential", "appid": app_id, "secret": secret});
        let post = |sandbox: &Sandbox, target: &str, body: &Value| {
            send(sandbox, http::Method::POST, target, &body.to_string()).1
        };
        let token = post(&bench.sandbox, "/cgi-bin/stable_token", &request);
        let token = token["access_token"].as_str().unwrap();
        post(&bench.sandbox, &format!("{path}?access_token={token}"), body)
    };
    let card_id = call("wx1", "/card/create", &coupon(&json!({})))["card_id"].clone();
    let all = json!({"offset": 0, "count": 50});
    assert_eq!(call("wx1", BATCHGET, &all)["card_id_list"], json!([card_id]));
    assert_eq!(call("wx2", BATCHGET, &all)["card_id_list"], json!([]));
    let update = json!({"card_id": card_id, "cash": {"base_info": {"title": "别人的券"}}});
    assert_eq!(call("wx2", "/card/update", &update)["errcode"], 40073);
    assert_eq!(call("wx1", "/card/update", &update)["errcode"], 0);
}
