//! Ways of handing cards out: QR codes, pages, articles, test users.

use serde_json::{Value, json};

use crate::bench::{ALICE, BOB, bench, bench_of, with_deposit};

const QR: &str = "/card/qrcode/create";
const PAGE: &str = "/card/landingpage/create";
const HTML: &str = "/card/mpnews/gethtml";
const WHITELIST: &str = "/card/testwhitelist/set";

fn single(card: &Value) -> Value {
    json!({"action_name": "QR_CARD", "action_info": {"card": card}})
}

fn multiple(cards: &[Value]) -> Value {
    json!({"action_name": "QR_MULTIPLE_CARD", "action_info": {"multiple_card": {"card_list": cards}}})
}

#[test]
fn a_qr_code_lives_one_to_thirty_minutes_if_it_is_told_how_long() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let cases = [
        (json!(59), 40053),
        (json!(1801), 40053),
        (json!(0), 40053),
        (json!("soon"), 40053),
        (json!(60), 0),
        (json!(1800), 0),
        (json!("1800"), 0),
        (Value::Null, 0),
        (json!(""), 0),
    ];
    for (seconds, errcode) in cases {
        let mut body = single(&json!({"card_id": card_id}));
        body["expire_seconds"] = seconds.clone();
        let answer = bench.post(QR, &body.to_string());
        assert_eq!(answer["errcode"], errcode, "{seconds} {answer}");
    }
    for (seconds, errcode) in [(59, 40053), (1800, 0)] {
        let inside = single(&json!({"card_id": card_id, "expire_seconds": seconds}));
        assert_eq!(bench.post(QR, &inside.to_string())["errcode"], errcode);
    }
}

#[test]
fn a_qr_code_answers_ticket_life_and_addresses() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let answer = bench.ok(QR, &single(&json!({"card_id": card_id, "outer_str": "12b"})));
    assert_eq!(answer["expire_seconds"], 7_776_000);
    assert!(answer["url"].as_str().unwrap().starts_with("http://weixin.qq.com/q/"));
    let picture = answer["show_qrcode_url"].as_str().unwrap();
    let ticket = answer["ticket"].as_str().unwrap().replace('=', "%3D");
    assert_eq!(
        picture,
        format!("https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket={ticket}")
    );
}

#[test]
fn a_qr_code_is_checked_against_its_card() {
    let bench = bench();
    let plain = bench.card(&json!({}));
    let custom = bench.card(&json!({"use_custom_code": true}));
    let bound = bench.card(&json!({"bind_openid": true}));
    let deposit = bench.card(&with_deposit());
    bench.control("take", &json!({"card_id": custom, "openid": ALICE, "code": "TAKEN"}));
    let card = |card_id: &str| json!({"card_id": card_id});
    let cases = [
        (
            json!({"action_name": "QR_CODE", "action_info": {"card": card(&plain)}}),
            40053,
        ),
        (json!({"action_name": "QR_CARD", "action_info": {}}), 40053),
        (
            json!({"action_name": "QR_CARD", "action_info": {"card": null, "multiple_card": {"card_list": [card(&plain)]}}}),
            40053,
        ),
        (single(&card("p404")), 40073),
        (single(&card("")), 41012),
        (single(&card(&custom)), 41013),
        (single(&json!({"card_id": custom, "code": ""})), 41013),
        (single(&json!({"card_id": custom, "code": "TAKEN"})), 40116),
        (single(&json!({"card_id": custom, "code": "FREE"})), 0),
        (single(&card(&bound)), 41009),
        (single(&json!({"card_id": bound, "openid": BOB})), 0),
        (single(&card(&deposit)), 0),
        (single(&json!({"card_id": deposit, "is_unique_code": true})), 45031),
        (single(&json!({"card_id": plain, "is_unique_code": true})), 0),
        (multiple(&[]), 40053),
        (multiple(&vec![card(&plain); 6]), 45039),
        (multiple(&vec![card(&plain); 5]), 0),
        (multiple(&[card(&plain), card("p404")]), 40073),
    ];
    for (body, errcode) in cases {
        let answer = bench.post(QR, &body.to_string());
        assert_eq!(answer["errcode"], errcode, "{body} {answer}");
    }
}

#[test]
fn scanning_hands_out_what_is_behind_the_code_while_it_lives() {
    let bench = bench();
    let (first, second) = (bench.card(&json!({})), bench.card(&json!({"use_custom_code": true})));
    let mut body = multiple(&[
        json!({"card_id": first, "code": "ignored", "outer_str": "door"}),
        json!({"card_id": second, "code": "MINE", "openid": ALICE}),
    ]);
    body["expire_seconds"] = json!(60);
    let ticket = bench.ok(QR, &body)["ticket"].clone();
    bench.control_refused("scan", &json!({"ticket": "gQ404", "openid": ALICE}), 40053);
    let taken = bench.control("scan", &json!({"ticket": ticket, "openid": ALICE}));
    assert_eq!(taken["cards"][0]["card_id"], first.as_str());
    assert_eq!(taken["cards"][1]["code"], "MINE");
    let answer = bench.ok("/card/code/get", &json!({"code": taken["cards"][0]["code"]}));
    assert_eq!(answer["outer_str"], "door");
    // The second card is for somebody else.
    bench.control_refused("scan", &json!({"ticket": ticket, "openid": BOB}), 40174);
    bench.advance(60);
    bench.control_refused("scan", &json!({"ticket": ticket, "openid": ALICE}), 40053);

    let unique = bench.ok(QR, &single(&json!({"card_id": first, "is_unique_code": true})))["ticket"].clone();
    bench.control("scan", &json!({"ticket": unique, "openid": ALICE}));
    bench.control_refused("scan", &json!({"ticket": unique, "openid": BOB}), 40053);
}

#[test]
fn a_card_in_review_is_offered_to_test_users_only() {
    let bench = bench_of(|builder| builder.manual_review(true));
    let card_id = bench.card(&json!({}));
    bench.refused(QR, &single(&json!({"card_id": card_id})), 40078);
    bench.refused(HTML, &json!({"card_id": card_id}), 40078);
    bench.ok(WHITELIST, &json!({"openid": [ALICE]}));
    bench.ok(QR, &single(&json!({"card_id": card_id})));
    bench.refused(QR, &single(&json!({"card_id": card_id, "is_unique_code": true})), 40078);
}

#[test]
fn a_landing_page_shows_cards_that_can_be_taken() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let page = |changes: Value| {
        let mut page = json!({
            "banner": "http://mmbiz.qpic.cn/mmbiz/0", "page_title": "惠城优惠大派送", "can_share": true,
            "scene": "SCENE_NEAR_BY", "card_list": [{"card_id": card_id, "thumb_url": "www.qq.com/a.jpg"}],
        });
        page.as_object_mut()
            .unwrap()
            .extend(changes.as_object().unwrap().clone());
        page
    };
    let first = bench.ok(PAGE, &page(json!({})));
    assert!(first["url"].as_str().unwrap().starts_with("https://"));
    let second = bench.ok(PAGE, &page(json!({})));
    assert_eq!((&first["page_id"], &second["page_id"]), (&json!(1), &json!(2)));
    let cases = [
        (json!({"banner": ""}), 41011),
        (json!({"page_title": null}), 41011),
        (json!({"card_list": []}), 41011),
        (json!({"scene": "SCENE_MOON"}), 40150),
        (json!({"card_list": [{"card_id": "p404", "thumb_url": "x"}]}), 40073),
        (json!({"card_list": [{"card_id": card_id, "thumb_url": ""}]}), 41011),
        (json!({"card_list": [{"thumb_url": "x"}]}), 41012),
    ];
    for (changes, errcode) in cases {
        bench.refused(PAGE, &page(changes), errcode);
    }
}

#[test]
fn an_article_offers_one_card_to_everybody() {
    let bench = bench();
    let card_id = bench.card(&json!({}));
    let content = bench.ok(HTML, &json!({"card_id": card_id}))["content"].clone();
    assert!(
        content.as_str().unwrap().contains(&format!("cardid={card_id}&")),
        "{content}"
    );
    for changes in [json!({"use_custom_code": true}), json!({"bind_openid": true})] {
        let card_id = bench.card(&changes);
        bench.refused(HTML, &json!({"card_id": card_id}), 45030);
    }
}

#[test]
fn the_whitelist_is_replaced_and_holds_ten() {
    let bench = bench_of(|builder| builder.manual_review(true));
    let card_id = bench.card(&json!({}));
    let openids = |count: usize| (0..count).map(|number| format!("oUser{number}")).collect::<Vec<_>>();
    bench.refused(WHITELIST, &json!({"openid": openids(11)}), 40035);
    bench.refused(WHITELIST, &json!({"openid": openids(9), "username": ["a", "b"]}), 40035);
    let answer = bench.ok(WHITELIST, &json!({"openid": openids(8), "username": ["a", "b"]}));
    assert_eq!(answer["white_list_size"], 10);
    assert_eq!(answer["success_openid"].as_array().unwrap().len(), 8);
    assert_eq!(answer["success_username"], json!(["a", "b"]));

    let answer = bench.ok(WHITELIST, &json!({"openid": [ALICE, "no openid"], "username": []}));
    assert_eq!(
        (&answer["white_list_size"], &answer["success_openid"]),
        (&json!(1), &json!([ALICE]))
    );
    bench.control_refused("take", &json!({"card_id": card_id, "openid": "oUser0"}), 40078);
    bench.take(&card_id, ALICE);
    assert_eq!(bench.ok(WHITELIST, &json!({}))["white_list_size"], 0);
    bench.control_refused("take", &json!({"card_id": card_id, "openid": ALICE}), 40078);
}
