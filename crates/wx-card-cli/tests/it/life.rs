//! Every command once, through the lives of cards and codes.

use serde_json::{Value, json};

use crate::run::{example, file};
use crate::world::World;

const OPENID: &str = "oUser0000000000000000000001A";

#[test]
fn a_card_is_created_shown_changed_and_deleted() {
    let world = World::new();
    let id = world.groupon();
    let card = world.json(&["card", "get", &id]).json();
    assert_eq!(card["card"]["card_type"], "GROUPON");
    assert_eq!(card["card"]["groupon"]["base_info"]["title"], "双人面食套餐");
    let text = world.run(&["card", "get", &id]);
    assert!(text.text().contains("\nstock           500 left of 500\n"), "{text:?}");
    assert!(text.text().contains("\nmerchant        汤圆面馆\n"), "{text:?}");

    assert_eq!(world.json(&["card", "stock", &id, "+20"]).json(), json!({}));
    assert_eq!(
        world.run(&["card", "stock", &id, "-50"]).text(),
        format!("the stock of card {id} is lowered by 50\n")
    );
    let card = world.json(&["card", "get", &id]).json();
    assert_eq!(card["card"]["groupon"]["base_info"]["sku"]["quantity"], 470);

    assert_eq!(world.json(&["card", "pay-cell", &id, "on"]).json(), json!({}));
    assert_eq!(
        world.run(&["card", "pay-cell", &id, "off"]).text(),
        format!("paying from within card {id} is off\n")
    );
    let on = [
        "card",
        "self-consume",
        &id,
        "on",
        "--need-verify-code",
        "--need-remark-amount",
    ];
    assert_eq!(world.json(&on).json(), json!({}));
    let off = world.run(&["card", "self-consume", &id, "off"]);
    assert_eq!(off.text(), format!("self-redeeming of card {id} is off\n"));

    assert_eq!(world.json(&["card", "delete", &id]).json(), json!({}));
    let text = world.run(&["card", "get", &id]);
    assert!(
        text.text().starts_with("status          CARD_STATUS_DELETE\n"),
        "{text:?}"
    );
    assert_eq!(world.json(&["card", "get", "pNone"]).error(3)["errcode"], 40073);
}

#[test]
fn a_card_body_comes_from_stdin_with_or_without_its_wrapper() {
    let world = World::new();
    let body = std::fs::read_to_string(example("groupon.json")).unwrap();
    assert!(world.json_with(&["card", "create", "-"], &body).json()["card_id"].is_string());
    let body: Value = serde_json::from_str(&body).unwrap();
    let inner = format!("\u{feff}{}", body["card"]);
    assert!(world.json_with(&["card", "create", "-"], &inner).json()["card_id"].is_string());
}

#[test]
fn members_that_are_not_known_are_sent_and_shown() {
    let world = World::new();
    let body = std::fs::read_to_string(example("groupon.json")).unwrap();
    let mut body: Value = serde_json::from_str(&body).unwrap();
    body["card"]["groupon"]["base_info"]["seen_tomorrow"] = json!([{"a": 1}]);
    let body = file(&body.to_string());
    let id = world.json(&["card", "create", body.path().to_str().unwrap()]).json()["card_id"].clone();
    let card = world.json(&["card", "get", id.as_str().unwrap()]).json();
    assert_eq!(card["card"]["groupon"]["base_info"]["seen_tomorrow"], json!([{"a": 1}]));
}

#[test]
fn codes_are_deposited_counted_checked_and_redeemed_once() {
    let world = World::new();
    let id = world.cash_coupon();
    let deposited = world
        .json(&["code", "deposit", &id, "--file", &example("codes.txt")])
        .json();
    assert_eq!(deposited["succ_code"].as_array().unwrap().len(), 12);
    let again = world.run(&["code", "deposit", &id, "TY2026-0001", "TY2026-9999"]);
    assert_eq!(
        again.text(),
        "imported       1\nthere already  1\n               TY2026-0001\nfailed         0\n"
    );
    assert_eq!(world.json(&["code", "count", &id]).json(), json!({"count": 13}));
    assert_eq!(world.run(&["code", "count", &id]).text(), "deposited codes  13\n");
    let checked = world
        .json_with(&["code", "check", &id, "-"], "TY2026-0001\nnone\n")
        .json();
    assert_eq!(
        checked,
        json!({"exist_code": ["TY2026-0001"], "not_exist_code": ["none"]})
    );
    assert_eq!(world.json(&["card", "stock", &id, "+13"]).json(), json!({}));

    let code = world.take(&id, OPENID);
    let state = world.run(&["code", "get", &code, "--card-id", &id]);
    assert!(state.text().starts_with("status           NORMAL\n"), "{state:?}");
    assert!(state.text().contains(" +08:00\n"), "{state:?}");
    let redeemed = world.json(&["code", "consume", &code, "--card-id", &id]).json();
    assert_eq!(redeemed, json!({"card": {"card_id": id}, "openid": OPENID}));

    let again = world.json(&["code", "consume", &code, "--card-id", &id]).error(3);
    assert_eq!((&again["kind"], &again["errcode"]), (&json!("refused"), &json!(40099)));
    assert_eq!(again["path"], "/card/code/consume");
    assert!(
        again["errmsg"]
            .as_str()
            .unwrap()
            .contains(again["rid"].as_str().unwrap()),
        "{again}"
    );
    let again = world.run(&["code", "consume", &code, "--card-id", &id]);
    let hint = format!("`wx-card code get {code} --card-id {id} --check-consume false` shows by whom");
    assert!(again.complaint(3).contains(&hint), "{again:?}");
    let state = world
        .json(&["code", "get", &code, "--card-id", &id, "--check-consume", "false"])
        .json();
    assert_eq!(state["user_card_status"], "CONSUMED");
    assert_eq!(world.requests("/card/code/consume"), 3);
}

#[test]
fn a_code_is_decrypted_marked_updated_and_made_void() {
    let world = World::new();
    let id = world.groupon();
    let taken = world.control("take", &json!({"card_id": id, "openid": OPENID}));
    let code = taken["code"].as_str().unwrap();
    let decrypted = world
        .json(&["code", "decrypt", taken["encrypt_code"].as_str().unwrap()])
        .json();
    assert_eq!(decrypted, json!({"code": code}));

    let mark = ["code", "mark", code, "--card-id", &id, "--openid", OPENID];
    assert_eq!(world.json(&mark).json(), json!({}));
    let unmarked = world.run(&[&mark[..], &["--unmark"]].concat());
    assert_eq!(unmarked.text(), format!("code {code} is no longer marked\n"));

    let consumed = world.run(&["code", "consume", code]);
    assert_eq!(
        consumed.text(),
        format!("redeemed  {code}\ncard id   {id}\nopenid    {OPENID}\n")
    );

    let code = world.take(&id, OPENID);
    let void = ["code", "unavailable", &code, "--reason", "退款"];
    assert_eq!(world.json(&void).json(), json!({}));
    assert_eq!(world.json(&void).error(3)["errcode"], 40127);
}

#[test]
fn a_code_of_the_merchant_gets_another_number() {
    let world = World::new();
    let id = world.cash_coupon();
    world.json(&["code", "deposit", &id, "first"]).json();
    world.json(&["card", "stock", &id, "+1"]).json();
    let code = world.take(&id, OPENID);
    assert_eq!(code, "first");
    assert_eq!(
        world
            .json(&["code", "update", "first", "second", "--card-id", &id])
            .json(),
        json!({})
    );
    let state = world.json(&["code", "get", "second", "--card-id", &id]).json();
    assert_eq!(state["user_card_status"], "NORMAL");
}

#[test]
fn a_card_is_shared_in_every_way() {
    let world = World::new();
    let id = world.groupon();
    let args = ["share", "qrcode", &id, "--outer-str", "门口", "--expires-in", "1800"];
    let qr_code = world.json(&args).json();
    assert_eq!(qr_code["expire_seconds"], 1800);
    assert!(qr_code["ticket"].is_string() && qr_code["url"].is_string(), "{qr_code}");
    let drawn = world.run(&["share", "qrcode", &id]);
    assert!(drawn.text().starts_with("███"), "{drawn:?}");
    assert!(
        drawn
            .text()
            .contains("\npicture    https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket="),
        "{drawn:?}"
    );
    let unique = ["share", "qrcode", &id, "--unique", "--openid", OPENID];
    assert!(world.json(&unique).json()["url"].is_string());

    let page = std::fs::read_to_string(example("landing-page.json")).unwrap();
    let page = page.replace("put-the-id-of-your-card-here", &id);
    let page = world.json_with(&["share", "landing-page", "-"], &page).json();
    assert!(page["url"].as_str().unwrap().starts_with("https://"), "{page}");

    let html = world.json(&["share", "mpnews-html", &id]).json();
    assert_eq!(
        world.run(&["share", "mpnews-html", &id]).text().trim_end(),
        html["content"].as_str().unwrap()
    );

    let list = [
        "share",
        "whitelist",
        "--openid",
        OPENID,
        "--openid",
        "oTwo",
        "--username",
        "laowang",
    ];
    let accepted = world.json(&list).json();
    assert_eq!(accepted["white_list_size"], 3);
    assert_eq!(accepted["success_username"], json!(["laowang"]));
    let text = world.run(&["share", "whitelist", "--username", "laowang"]);
    assert_eq!(text.text(), "username           laowang\nusers on the list  1\n");
}

#[test]
fn the_cards_of_a_user_are_listed() {
    let world = World::new();
    let (id, other) = (world.groupon(), world.groupon());
    let empty = world.run(&["user", "cards", OPENID]);
    assert_eq!(empty.text(), "the user has no coupon that can be used now\n");
    let (code, other_code) = (world.take(&id, OPENID), world.take(&other, OPENID));
    let listed = world.json(&["user", "cards", OPENID]).json();
    assert_eq!(listed["card_list"].as_array().unwrap().len(), 2);
    let listed = world.json(&["user", "cards", OPENID, "--card-id", &other]).json();
    assert_eq!(listed["card_list"], json!([{"code": other_code, "card_id": other}]));
    let text = world.run(&["user", "cards", OPENID, "--card-id", &id]);
    assert_eq!(text.text(), format!("CODE          CARD ID\n{code}  {id}\n"));
}

#[test]
fn any_path_can_be_called_with_any_body() {
    let world = World::new();
    let id = world.groupon();
    let body = format!("{{ \"card_id\" : \"{id}\" }}");
    let answer = world.json_with(&["call", "/card/get", "-"], &body).json();
    assert_eq!(answer["card"]["card_type"], "GROUPON");
    assert_eq!(answer["errcode"], 0);
    let body = file(&body);
    let text = world.run(&["call", "/card/get", body.path().to_str().unwrap()]);
    assert!(text.text().contains("\n  \"errcode\": 0"), "{text:?}");
    // What is no JSON is the service's to refuse.
    assert_eq!(
        world.json_with(&["call", "/card/get", "-"], "{").error(3)["errcode"],
        47001
    );
}

#[test]
fn the_ticket_is_shown_to_whoever_asks() {
    let world = World::new();
    let ticket = world.json(&["ticket"]).json();
    assert!(ticket["ticket"].as_str().unwrap().len() > 20, "{ticket}");
    assert!(ticket["expires_at"].as_i64().unwrap() > 1_700_000_000, "{ticket}");
    let text = world.run(&["ticket", "--refresh"]);
    assert!(text.text().starts_with("ticket      "), "{text:?}");
}
