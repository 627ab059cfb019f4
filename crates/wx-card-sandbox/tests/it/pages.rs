//! Signatures, checked as a phone's service checks them.

use http::Method;
use serde_json::{Value, json};
use wx_card_sandbox::DEFAULT_APP_ID;

use crate::bench::{ALICE, BOB, Bench, bench, send};

fn ticket(bench: &Bench, kind: &str) -> String {
    let target = format!("/cgi-bin/ticket/getticket?access_token={}&type={kind}", bench.token);
    let (_, answer) = send(&bench.sandbox, Method::GET, &target, "");
    answer["ticket"].as_str().unwrap().to_owned()
}

fn sha1(text: &str) -> String {
    sha1_smol::Sha1::from(text).digest().to_string()
}

/// The rule for cards: sort by bytes, join with nothing.
fn sign(values: &[&str]) -> String {
    let mut values = values.to_vec();
    values.sort_unstable();
    sha1(&values.concat())
}

#[test]
fn a_signed_card_is_taken_with_what_the_page_says() {
    let bench = bench();
    let ticket = ticket(&bench, "wx_card");
    let card_id = bench.card(&json!({"use_custom_code": true, "bind_openid": true}));
    let signature = sign(&[&ticket, "1772416800", "nonce", &card_id, "CODE1", ALICE]);
    let card_ext = json!({
        "code": "CODE1", "openid": ALICE, "timestamp": "1772416800", "nonce_str": "nonce", "outer_str": "page",
        "signature": signature,
    });
    let body = json!({"cardId": card_id, "cardExt": card_ext.to_string(), "openid": ALICE});
    let taken = bench.control("add-card", &body);
    assert_eq!(taken["code"], "CODE1");
    let answer = bench.ok("/card/code/get", &json!({"code": "CODE1", "card_id": card_id}));
    assert_eq!(
        (&answer["openid"], &answer["outer_str"]),
        (&json!(ALICE), &json!("page"))
    );
}

#[test]
fn a_timestamp_may_be_a_number_and_a_nonce_and_empty_members_may_lack() {
    let bench = bench();
    let ticket = ticket(&bench, "wx_card");
    let card_id = bench.card(&json!({}));
    let signature = sign(&[&ticket, "1772416800", &card_id]);
    let card_ext = json!({"code": "", "openid": null, "timestamp": 1_772_416_800, "signature": signature});
    bench.control(
        "add-card",
        &json!({"cardId": card_id, "cardExt": card_ext, "openid": ALICE}),
    );
}

#[test]
fn a_tampered_card_is_refused() {
    let bench = bench();
    let card_id = bench.card(&json!({"use_custom_code": true}));
    let other = bench.card(&json!({"use_custom_code": true}));
    let good = |ticket: &str| {
        let signature = sign(&[ticket, "1", "n", &card_id, "CODE1"]);
        json!({"code": "CODE1", "timestamp": "1", "nonce_str": "n", "signature": signature})
    };
    let add = |card_id: &str, card_ext: &Value| json!({"cardId": card_id, "cardExt": card_ext, "openid": ALICE});
    bench.control_refused("add-card", &add(&card_id, &good("no ticket was ever fetched")), 40178);
    let ticket = ticket(&bench, "wx_card");
    let good = good(&ticket);
    for (name, value) in [
        ("code", "CODE2"),
        ("timestamp", "2"),
        ("nonce_str", "m"),
        ("openid", ALICE),
        ("signature", ""),
    ] {
        let mut card_ext = good.clone();
        card_ext[name] = json!(value);
        bench.control_refused("add-card", &add(&card_id, &card_ext), 40178);
    }
    bench.control_refused("add-card", &add(&other, &good), 40178);
    let upper = good["signature"].as_str().unwrap().to_uppercase();
    let mut card_ext = good.clone();
    card_ext["signature"] = json!(upper);
    bench.control_refused("add-card", &add(&card_id, &card_ext), 40178);
    for broken in [json!("{"), json!("[]"), json!({"signature": "x"})] {
        bench.control_refused("add-card", &add(&card_id, &broken), 40080);
    }
    assert_eq!(bench.control("ledger", &json!({}))["codes"], json!([]));
    bench.control("add-card", &add(&card_id, &good));
}

#[test]
fn an_old_ticket_signs_nothing() {
    let mut bench = bench();
    let old = ticket(&bench, "wx_card");
    let page = ticket(&bench, "jsapi");
    let card_id = bench.card(&json!({}));
    let add = |ticket: &str| {
        let card_ext = json!({"timestamp": "1", "signature": sign(&[ticket, "1", &card_id])});
        json!({"cardId": card_id, "cardExt": card_ext, "openid": ALICE})
    };
    bench.control_refused("add-card", &add(&page), 40178);
    bench.control("add-card", &add(&old));
    bench.advance(7200);
    bench.renew();
    bench.control_refused("add-card", &add(&old), 40178);
    let new = ticket(&bench, "wx_card");
    bench.control_refused("add-card", &add(&old), 40178);
    bench.control("add-card", &add(&new));
}

#[test]
fn a_bound_card_is_for_the_user_that_the_page_names() {
    let bench = bench();
    let ticket = ticket(&bench, "wx_card");
    let card_id = bench.card(&json!({"bind_openid": true}));
    let add = |openid: &str, signed: &[&str]| {
        let mut values = vec![ticket.as_str(), "1", &card_id];
        values.extend(signed);
        let card_ext = json!({"timestamp": "1", "openid": signed.first(), "signature": sign(&values)});
        json!({"cardId": card_id, "cardExt": card_ext, "openid": openid})
    };
    bench.control_refused("add-card", &add(ALICE, &[]), 41009);
    bench.control_refused("add-card", &add(BOB, &[ALICE]), 40174);
    bench.control("add-card", &add(ALICE, &[ALICE]));
}

#[test]
fn choosing_shows_the_users_own_good_cards_that_match() {
    let bench = bench();
    let ticket = ticket(&bench, "wx_card");
    let (card_id, other) = (bench.card(&json!({})), bench.card(&json!({})));
    let (_, encrypted) = bench.take(&card_id, ALICE);
    let (_, another) = bench.take(&other, ALICE);
    let (redeemed, _) = bench.take(&card_id, ALICE);
    bench.ok("/card/code/consume", &json!({"code": redeemed}));
    bench.take(&card_id, BOB);
    let choose = |card_id: &str, card_type: &str, shop_id: &str| {
        let values = [&ticket, DEFAULT_APP_ID, shop_id, "1772416800", "n", card_id, card_type];
        json!({
            "appId": DEFAULT_APP_ID, "shopId": shop_id, "cardType": card_type, "cardId": card_id,
            "timestamp": 1_772_416_800, "nonceStr": "n", "signType": "SHA1", "cardSign": sign(&values),
            "openid": ALICE,
        })
    };
    let chosen = |body: &Value| {
        let list = bench.control("choose-card", body)["card_list"].clone();
        let mut list: Vec<_> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|card| card["encrypt_code"].to_string())
            .collect();
        list.sort();
        list
    };
    let mut both = [json!(encrypted).to_string(), json!(another).to_string()];
    both.sort();
    assert_eq!(chosen(&choose("", "", "")), both);
    assert_eq!(chosen(&choose("", "CASH", "1234")), both);
    assert_eq!(chosen(&choose(&other, "", "")), [json!(another).to_string()]);
    assert!(chosen(&choose("", "GIFT", "")).is_empty());

    for (name, value) in [
        ("cardType", "CASH"),
        ("shopId", "1"),
        ("nonceStr", "m"),
        ("cardSign", "x"),
        ("signType", "MD5"),
    ] {
        let mut body = choose("", "", "");
        body[name] = json!(value);
        bench.control_refused("choose-card", &body, 40178);
    }
}

#[test]
fn a_page_is_configured_with_the_other_ticket_and_its_address_without_the_fragment() {
    let bench = bench();
    let ticket = ticket(&bench, "jsapi");
    let url = "http://mp.weixin.qq.com?params=value";
    let signed = format!("jsapi_ticket={ticket}&noncestr=Wm3&timestamp=1414587457&url={url}");
    let config = |url: &str| {
        json!({
            "appId": DEFAULT_APP_ID, "timestamp": 1_414_587_457, "nonceStr": "Wm3", "signature": sha1(&signed), "url": url,
        })
    };
    assert_eq!(bench.control("js-config", &config(url))["errMsg"], "config:ok");
    bench.control("js-config", &config(&format!("{url}#top")));
    bench.control_refused("js-config", &config("http://mp.weixin.qq.com?params=other"), 40178);
}
