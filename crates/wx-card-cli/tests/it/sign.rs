//! Signatures: offline against published vectors, and with fetched tickets against the sandbox.

use serde_json::{Value, json};

use crate::run::{Run, bare, finish};
use crate::world::World;

const TICKET: &str = "ojZ8YtyVyr30HheH3CM73y7h4jJE";
const OTHER_TICKET: &str = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg";
const CARD_ID: &str = "pjZ8Yt1XGILfi-FUsewpnnolGgZk";
const SEAL: [&str; 4] = ["--timestamp", "1414587457", "--nonce", "Wm3WZYTPz0wzccnW"];

fn sign(args: &[&str], ticket: &str) -> Run {
    // An address where nobody is, and no secret: it must not matter.
    let offline = [
        "--base-url",
        "https://127.0.0.1:1",
        "--output",
        "json",
        "--ticket",
        ticket,
    ];
    finish(bare(&[&["sign"], args, &offline].concat()))
}

#[test]
fn the_official_add_card_signature_is_made_offline() {
    let args = [
        "add-card",
        "--card-id",
        CARD_ID,
        "--code",
        "1434008071",
        "--timestamp",
        "1404896688",
        "--nonce",
        "123",
    ];
    let payload = sign(&args, TICKET).json();
    assert_eq!(payload["cardId"], CARD_ID);
    let ext: Value = serde_json::from_str(payload["cardExt"].as_str().unwrap()).unwrap();
    assert_eq!(
        ext,
        json!({
            "code": "1434008071",
            "timestamp": "1404896688",
            "nonce_str": "123",
            "signature": "f137ab68b7f8112d20ee528ab6074564e2796250",
        }),
    );
    let args = [
        "add-card",
        "--card-id",
        CARD_ID,
        "--code",
        "jonyqin_1434008071",
        "--timestamp",
        "1404896688",
    ];
    let payload = sign(&[&args[..], &["--nonce", "jonyqin"]].concat(), TICKET).json();
    assert!(
        payload["cardExt"]
            .as_str()
            .unwrap()
            .contains("2b4d29b5f60fa4be37522ddfd9583c329446d3e3"),
        "{payload}"
    );
    let args = [
        &["add-card", "--card-id", "random_card_id", "--outer-str", "not signed"][..],
        &SEAL[..],
    ]
    .concat();
    let payload = sign(&args, OTHER_TICKET).json();
    assert!(
        payload["cardExt"]
            .as_str()
            .unwrap()
            .contains("22dce6bad4db532d4a2ef82ca2ca7bbe1e10ef28"),
        "{payload}"
    );
}

#[test]
fn the_choose_card_signature_is_made_offline() {
    let args = ["choose-card", "--card-type", "GROUPON", "--app-id", "123456"];
    let payload = sign(&[&args[..], &SEAL].concat(), OTHER_TICKET).json();
    assert_eq!(
        payload,
        json!({
            "timestamp": 1_414_587_457,
            "nonceStr": "Wm3WZYTPz0wzccnW",
            "signType": "SHA1",
            "cardSign": "c47b1fb500eb35d8f2f9b9375b4491089df953e2",
            "cardType": "GROUPON",
        }),
    );
    let error = sign(&[&["choose-card"][..], &SEAL].concat(), OTHER_TICKET).error(2);
    assert!(error["message"].as_str().unwrap().contains("WX_APP_ID"), "{error}");
}

#[test]
fn the_official_js_config_signature_is_made_offline() {
    let args = [
        "js-config",
        "--url",
        "http://mp.weixin.qq.com?params=value#top",
        "--app-id",
        "wx123456",
    ];
    let payload = sign(&[&args[..], &SEAL].concat(), OTHER_TICKET).json();
    assert_eq!(payload["signature"], "0f9de62fce790f9a083d5c99e95740ceb90c27ed");
    assert_eq!(payload["appId"], "wx123456");
}

#[test]
fn values_are_signed_in_any_order_and_empty_ones_drop_out() {
    let seal = ["--timestamp", "1404896688", "--nonce", "123"];
    for values in [vec![CARD_ID, "1434008071"], vec!["1434008071", "", CARD_ID]] {
        let payload = sign(&[&["values"], &values[..], &seal[..]].concat(), TICKET).json();
        let signature = "f137ab68b7f8112d20ee528ab6074564e2796250";
        assert_eq!(
            payload,
            json!({"timestamp": 1_404_896_688, "nonceStr": "123", "signature": signature})
        );
    }
}

#[test]
fn what_is_not_given_is_made_afresh() {
    let first = sign(&["values", "a"], TICKET).json();
    let second = sign(&["values", "a"], TICKET).json();
    assert!(first["timestamp"].as_i64().unwrap() > 1_700_000_000, "{first}");
    assert_eq!(first["nonceStr"].as_str().unwrap().len(), 16);
    assert_ne!(first["nonceStr"], second["nonceStr"]);
    assert_eq!(sign(&["values", "a"], "").error(2)["field"], "ticket");
}

#[test]
fn the_service_accepts_what_is_signed_with_fetched_tickets() {
    let world = World::new();
    let id = world.groupon();
    let mut payload = world
        .json(&["sign", "add-card", "--card-id", &id, "--outer-str", "门口"])
        .json();
    payload["openid"] = json!("oUser0000000000000000000001A");
    let taken = world.control("add-card", &payload);
    assert!(taken["code"].is_string(), "{taken}");
    let tampered = payload["cardExt"]
        .as_str()
        .unwrap()
        .replace("\"signature\":\"", "\"signature\":\"0");
    payload["cardExt"] = json!(tampered);
    assert!(world.sandbox().control("add-card", &payload).is_err());

    let mut choice = world.json(&["sign", "choose-card", "--card-type", "GROUPON"]).json();
    choice["openid"] = json!("oUser0000000000000000000001A");
    assert_eq!(
        world.control("choose-card", &choice)["card_list"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    let url = "https://example.com/page?a=b";
    let mut config = world.json(&["sign", "js-config", "--url", url]).json();
    config["url"] = json!(url);
    world.control("js-config", &config);

    let text = world.run(&["sign", "values", "a", "--timestamp", "1404896688"]);
    assert!(
        text.text()
            .starts_with("timestamp  1404896688  (2014-07-09 17:04:48 +08:00)\n"),
        "{text:?}"
    );
}

#[test]
fn a_rule_that_is_broken_is_told_once() {
    let error = sign(&["add-card", "--card-id", "p1"], "").error(2);
    assert_eq!(error["message"], "ticket: must not be empty");
    let error = sign(&["add-card", "--card-id", "", "--nonce", "-"], "k").error(2);
    assert_eq!(
        (&error["field"], &error["message"]),
        (&json!("card_id"), &json!("card_id: must not be empty"))
    );
}
