//! Tests of the signatures: official vectors, a model, and what must not be signed.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{AppId, CardId};

const TICKET: &str = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg";
const NONCE: &str = "Wm3WZYTPz0wzccnW";
const SECONDS: i64 = 1_414_587_457;

fn card() -> AddCard {
    AddCard::new("random_card_id")
}

fn sign(card: &AddCard) -> AddCardPayload {
    card.sign_at(SECONDS, NONCE, TICKET).unwrap()
}

/// The rule as it is written down, five lines long.
fn model(values: &[String], timestamp: i64, nonce: &str, ticket: &str) -> String {
    let mut all = values.to_vec();
    all.extend([timestamp.to_string(), nonce.to_owned(), ticket.to_owned()]);
    all.sort();
    sha1_smol::Sha1::from(all.concat()).digest().to_string()
}

#[test]
fn vectors_of_add_card() {
    for (request, expected) in [
        (card(), "22dce6bad4db532d4a2ef82ca2ca7bbe1e10ef28"),
        (card().code("random_code"), "2e9c6d12952246e071717d7baeab20c30420b5cd"),
        (
            card().openid("random_openid"),
            "ded860a5dd4467312764bd86e544ad0579cbfad0",
        ),
        (
            card().code("random_code").openid("random_openid"),
            "950dc1842852457ea573d4d6af34879c1ec093c8",
        ),
    ] {
        assert_eq!(*sign(&request).signature(), expected, "{request:?}");
    }
}

#[test]
fn vectors_of_the_official_page() {
    let ticket = "ojZ8YtyVyr30HheH3CM73y7h4jJE";
    let card = AddCard::new("pjZ8Yt1XGILfi-FUsewpnnolGgZk");
    let current = card
        .clone()
        .code("1434008071")
        .sign_at(1_404_896_688, "123", ticket)
        .unwrap();
    assert_eq!(*current.signature(), "f137ab68b7f8112d20ee528ab6074564e2796250");
    // An older page prints 6b81fbf6…, which does not belong to the inputs that stand beside it.
    let older = card
        .code("jonyqin_1434008071")
        .sign_at(1_404_896_688, "jonyqin", ticket)
        .unwrap();
    assert_eq!(*older.signature(), "2b4d29b5f60fa4be37522ddfd9583c329446d3e3");
}

#[test]
fn what_is_not_signed_changes_no_signature() {
    let request = card()
        .outer_str("12b")
        .fixed_begintimestamp(1_414_587_000)
        .extra("outer_id", 7);
    assert_eq!(sign(&request).signature(), sign(&card()).signature());
}

#[test]
fn the_whole_payload_of_add_card() {
    let request = card()
        .code("random_code")
        .openid("random_openid")
        .outer_str("货架 \"12\\b\"\n")
        .fixed_begintimestamp(1_414_587_000)
        .extra("outer_id", 7)
        .extra("balance", serde_json::Value::Null);
    let payload = sign(&request);
    insta::assert_snapshot!(payload.card_ext(), @r#"{"code":"random_code","openid":"random_openid","timestamp":"1414587457","nonce_str":"Wm3WZYTPz0wzccnW","signature":"950dc1842852457ea573d4d6af34879c1ec093c8","outer_str":"货架 \"12\\b\"\n","fixed_begintimestamp":1414587000,"outer_id":7}"#);
    assert_eq!(
        serde_json::to_value(&payload).unwrap(),
        json!({"cardId": "random_card_id", "cardExt": payload.card_ext()}),
    );
    assert_eq!((payload.timestamp(), payload.nonce_str()), (SECONDS, NONCE));
}

#[test]
fn card_ext_is_checked_by_what_it_holds() {
    let payload = sign(&card().code("random_code").outer_str("\u{1}\"中"));
    let ext: CardExt = serde_json::from_str(payload.card_ext()).unwrap();
    assert_eq!(
        ext.outer_str.as_ref().map(|outer_str| outer_str.as_str()),
        Some("\u{1}\"中")
    );
    assert_eq!(ext.seconds(), Some(SECONDS));
    assert!(ext.is_signed_with(payload.card_id(), TICKET));
    assert!(!ext.is_signed_with(payload.card_id(), "another ticket"));
    assert!(!ext.is_signed_with(payload.card_id(), ""));
    assert!(!ext.clone().code("another").is_signed_with(payload.card_id(), TICKET));
    assert!(!ext.clone().openid("added").is_signed_with(payload.card_id(), TICKET));
    let mut without_moment = ext;
    without_moment.timestamp = String::from("now");
    assert!(!without_moment.is_signed_with(payload.card_id(), TICKET));
}

#[test]
fn card_ext_may_have_a_number_and_no_nonce() {
    let signature = signature(&["p1"], SECONDS, "", TICKET).unwrap();
    let json = json!({"timestamp": SECONDS, "signature": signature, "code": "", "openid": null});
    let ext: CardExt = serde_json::from_value(json).unwrap();
    assert!(ext.is_signed_with(&CardId::from("p1"), TICKET));
}

#[test]
fn the_whole_payload_of_choose_card() {
    let request = ChooseCard::new("123456").card_type("GROUPON");
    let payload = request.sign_at(SECONDS, NONCE, TICKET).unwrap();
    insta::assert_json_snapshot!(payload, @r#"
    {
      "timestamp": 1414587457,
      "nonceStr": "Wm3WZYTPz0wzccnW",
      "signType": "SHA1",
      "cardSign": "c47b1fb500eb35d8f2f9b9375b4491089df953e2",
      "cardType": "GROUPON"
    }
    "#);
}

#[test]
fn choose_card_signs_every_filter() {
    let request = ChooseCard::new("wx1").card_id("p1").card_type("CASH").location_id("33");
    let payload = request.sign_at(SECONDS, NONCE, TICKET).unwrap();
    let values = ["wx1", "p1", "CASH", "33"].map(String::from);
    assert_eq!(payload.card_sign, model(&values, SECONDS, NONCE, TICKET).as_str());
    assert!(payload.is_signed_with(&AppId::from("wx1"), TICKET));
    assert!(!payload.is_signed_with(&AppId::from("wx2"), TICKET));
    assert!(
        !payload
            .clone()
            .shop_id("34")
            .is_signed_with(&AppId::from("wx1"), TICKET)
    );
    let read: ChooseCardPayload = serde_json::from_value(serde_json::to_value(&payload).unwrap()).unwrap();
    assert_eq!(read, payload);
    assert_eq!(read.shop_id.as_deref(), Some("33"));
}

#[test]
fn the_whole_payload_of_js_config() {
    let url = "http://mp.weixin.qq.com?params=value#wechat_redirect";
    let request = JsConfig::new("wx1", url).extra("jsApiList", vec!["addCard"]);
    let payload = request.sign_at(SECONDS, NONCE, TICKET).unwrap();
    insta::assert_json_snapshot!(payload, @r#"
    {
      "appId": "wx1",
      "timestamp": 1414587457,
      "nonceStr": "Wm3WZYTPz0wzccnW",
      "signature": "0f9de62fce790f9a083d5c99e95740ceb90c27ed",
      "jsApiList": [
        "addCard"
      ]
    }
    "#);
    assert!(payload.is_signed_with("http://mp.weixin.qq.com?params=value", TICKET));
    assert!(!payload.is_signed_with("http://mp.weixin.qq.com?params=other", TICKET));
    assert!(!payload.is_signed_with(url, ""));
}

#[test]
fn a_signature_that_no_page_takes_is_refused_here() {
    let error = |result: Result<AddCardPayload, Invalid>| result.unwrap_err().to_string();
    assert_eq!(
        error(AddCard::new("").sign_at(SECONDS, "", "")),
        "card_id: must not be empty; nonce: must not be empty; ticket: must not be empty",
    );
    assert_eq!(
        error(
            card()
                .fixed_begintimestamp(-1)
                .sign_at(1_414_587_457_000, "n".repeat(33), TICKET)
        ),
        "fixed_begintimestamp: is -1, must be 0 to 9999999999; \
         timestamp: is 1414587457000, must be 0 to 9999999999; \
         nonce: has 33 bytes in 33 characters, must have at most 32 bytes (a Chinese character has 3)",
    );
    assert!(card().sign_at(SECONDS, "n".repeat(32), TICKET).is_ok());
    assert_eq!(
        error(
            card()
                .extra("code", "unsigned")
                .extra("outer_id", 7)
                .sign_at(SECONDS, NONCE, TICKET)
        ),
        "extra.code: cannot stand beside the field or argument that is for it; leave one of them out",
    );
    assert_eq!(
        ChooseCard::new("")
            .sign_at(SECONDS, NONCE, " ")
            .unwrap_err()
            .to_string(),
        "app_id: must not be empty; ticket: must not be empty",
    );
    assert_eq!(
        ChooseCard::new("wx1")
            .extra("cardId", "unsigned")
            .extra("later", true)
            .sign_at(SECONDS, NONCE, TICKET)
            .unwrap_err()
            .to_string(),
        "extra.cardId: cannot stand beside the field or argument that is for it; leave one of them out",
    );
    assert_eq!(
        JsConfig::new("", "mp.weixin.qq.com")
            .sign_at(SECONDS, NONCE, "")
            .unwrap_err()
            .to_string(),
        "app_id: must not be empty; url: must be a full address that begins with http:// or https://; \
         ticket: must not be empty",
    );
}

#[test]
fn an_empty_choice_is_as_good_as_none() {
    let empty = card().code("").openid("").sign_at(SECONDS, NONCE, TICKET).unwrap();
    assert_eq!(empty, card().sign_at(SECONDS, NONCE, TICKET).unwrap());
    let choice = || ChooseCard::new("123456");
    let empty = choice().card_id("").card_type("").location_id("");
    assert_eq!(
        empty.sign_at(SECONDS, NONCE, TICKET).unwrap(),
        choice().sign_at(SECONDS, NONCE, TICKET).unwrap(),
    );
}

#[test]
fn a_ticket_is_taken_as_the_service_gave_it() {
    for ticket in ["", " ", "\n"] {
        let error = signature(&["p1"], SECONDS, NONCE, ticket).unwrap_err();
        assert_eq!(error.to_string(), "ticket: must not be empty");
    }
    let error = signature(&["p1"], SECONDS, NONCE, &format!("{TICKET}\n")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "ticket: must be as the service gave it, without white space around it",
    );
}

#[test]
fn no_ticket_stands_in_what_comes_out() {
    let ticket = "canary-7f3a";
    let refused = card().sign_at(-1, NONCE, " canary-7f3a").unwrap_err();
    let choose = ChooseCard::new("wx1").sign_at(SECONDS, NONCE, ticket).unwrap();
    let config = JsConfig::new("wx1", "https://a.cn/")
        .sign_at(SECONDS, NONCE, ticket)
        .unwrap();
    let card = card().sign_at(SECONDS, NONCE, ticket).unwrap();
    let written = serde_json::to_string(&(&card, &choose, &config)).unwrap();
    let shown = format!("{card:?} {choose:?} {config:?} {refused:?} {refused} {written}");
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn a_signature_reads_and_shows_itself_as_text() {
    let text = "f137ab68b7f8112d20ee528ab6074564e2796250";
    let signature: Signature = text.parse().unwrap();
    assert_eq!(signature.to_string(), text);
    assert_eq!(format!("{signature:?}"), format!("Signature({text:?})"));
    assert_eq!(serde_json::to_value(signature).unwrap(), text);
    assert_eq!(serde_json::from_value::<Signature>(json!(text)).unwrap(), signature);
    for wrong in ["", &text[1..], &text.to_uppercase(), &text.replace('f', "g")] {
        let error = wrong.parse::<Signature>().unwrap_err();
        assert_eq!(error.to_string(), "signature: must be 40 lower-case hexadecimal digits");
        serde_json::from_value::<Signature>(json!(wrong)).unwrap_err();
    }
}

#[test]
fn decimal_at_its_edges() {
    for value in [0, 7, 10, -1, SECONDS, i64::MAX, i64::MIN] {
        assert_eq!(decimal(value, &mut [0; DIGITS]), value.to_string());
    }
}

proptest! {
    #[test]
    fn signatures_equal_the_model(
        values in vec(".{0,40}", 0..6), timestamp in any::<i64>(), nonce in ".{0,32}", ticket in "[!-~]{1,90}",
    ) {
        let borrowed: Vec<&str> = values.iter().map(String::as_str).collect();
        let signature = signature(&borrowed, timestamp, &nonce, &ticket).unwrap();
        prop_assert_eq!(signature.to_string(), model(&values, timestamp, &nonce, &ticket));
    }

    #[test]
    fn values_that_begin_alike_keep_the_order_of_their_bytes(values in vec("[\\x00ab\u{80}]{0,10}", 0..12)) {
        let borrowed: Vec<&str> = values.iter().map(String::as_str).collect();
        let signature = signature(&borrowed, SECONDS, NONCE, TICKET).unwrap();
        prop_assert_eq!(signature.to_string(), model(&values, SECONDS, NONCE, TICKET));
    }

    #[test]
    fn order_does_not_matter_and_empty_values_drop_out(
        values in vec(".{0,40}", 0..6).prop_shuffle(), at in 0..6_usize,
    ) {
        let mut changed: Vec<&str> = values.iter().map(String::as_str).collect();
        let original = signature(&changed, SECONDS, NONCE, TICKET).unwrap();
        changed.reverse();
        changed.insert(at.min(values.len()), "");
        prop_assert_eq!(signature(&changed, SECONDS, NONCE, TICKET).unwrap(), original);
    }

    #[test]
    fn card_ext_is_json_with_what_was_given(code in "[^ ]{1,20}", outer_str in ".{0,40}", nonce in "[!-~]{1,32}") {
        let payload = card().code(code.as_str()).outer_str(outer_str.as_str()).sign_at(SECONDS, &nonce, TICKET);
        let Ok(payload) = payload else {
            // Codes of nothing but white space are refused.
            prop_assert!(code.trim().is_empty());
            return Ok(());
        };
        let ext: serde_json::Value = serde_json::from_str(payload.card_ext()).unwrap();
        prop_assert_eq!(&ext["code"], &code);
        prop_assert_eq!(&ext["outer_str"], &outer_str);
        prop_assert_eq!(&ext["nonce_str"], &nonce);
        prop_assert_eq!(ext["signature"].as_str(), Some(payload.signature().as_str()));
    }
}
