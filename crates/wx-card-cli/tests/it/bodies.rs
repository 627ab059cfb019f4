//! Templates of cards, and what `card check` says of cards with mistakes; none of it calls anybody.

use serde_json::{Value, json};

use crate::run::{Run, bare, example, file, finish, finish_with};

const KINDS: [&str; 12] = [
    "groupon",
    "cash",
    "discount",
    "gift",
    "general-coupon",
    "member-card",
    "general-card",
    "meeting-ticket",
    "scenic-ticket",
    "movie-ticket",
    "boarding-pass",
    "lucky-money",
];

fn template(kind: &str) -> String {
    finish(bare(&["card", "template", kind])).text().to_owned()
}

fn check(body: &str) -> Run {
    finish_with(bare(&["card", "check", "-"]), body)
}

/// The findings of a run that ended with `code`.
fn findings(body: &str, code: i32) -> Vec<Value> {
    let run = finish_with(bare(&["card", "check", "-", "--output", "json"]), body);
    assert_eq!((run.code, run.stderr.as_str()), (code, ""), "{run:?}");
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    document["findings"].as_array().unwrap().clone()
}

/// What is said of the cash coupon of the template after `change`.
fn said(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let run = finish(bare(&["card", "template", "cash", "--output", "json"]));
    let mut body = run.json();
    change(&mut body["card"]["cash"]);
    said_of(&body)
}

/// The lines on `body`, but for the last, which counts them.
fn said_of(body: &Value) -> Vec<String> {
    let run = check(&body.to_string());
    assert_eq!(run.stderr, "", "{run:?}");
    let mut lines: Vec<String> = run.stdout.lines().map(str::to_owned).collect();
    let summary = lines.pop().unwrap();
    let has_errors = lines.iter().any(|line| line.starts_with("error: "));
    assert_eq!(
        (run.code == 2, summary.contains("cannot be sent")),
        (has_errors, has_errors),
        "{run:?}"
    );
    lines
}

#[test]
fn every_template_passes_the_check_as_it_stands() {
    for kind in KINDS {
        let text = template(kind);
        assert!(text.starts_with("// "), "{text}");
        let run = check(&text);
        assert_eq!(run.text(), "stdin: nothing is wrong with it\n", "{kind}");
        let body = finish(bare(&["card", "template", kind, "--output", "json"])).json();
        let card_type = kind.to_ascii_uppercase().replace('-', "_");
        assert_eq!(body["card"]["card_type"], card_type.as_str());
        assert!(body["card"][card_type.to_ascii_lowercase()]["base_info"]["title"].is_string());
    }
    assert_eq!(template("GENERAL_COUPON"), template("general-coupon"));
    finish(bare(&["card", "template", "bus-ticket"])).complaint(2);
}

#[test]
fn every_optional_member_of_a_template_can_be_sent() {
    let mut members = 0;
    for kind in KINDS {
        let text = template(kind);
        let lines: Vec<&str> = text.lines().collect();
        let is_optional = |line: &&str| line.trim_start().starts_with("// \"") && line.ends_with(',');
        for (at, _) in lines.iter().enumerate().filter(|(_, line)| is_optional(line)) {
            let with_it = |(index, line): (usize, &&str)| {
                if index == at {
                    line.replacen("// ", "", 1)
                } else {
                    (*line).to_owned()
                }
            };
            let body: Vec<String> = lines.iter().enumerate().map(with_it).collect();
            let run = check(&body.join("\n"));
            assert_eq!(run.text(), "stdin: nothing is wrong with it\n", "{kind}: {}", lines[at]);
            members += 1;
        }
        let is_advanced = |line: &str| {
            line.contains("\"advanced_info\": {") || line.trim_start().starts_with("//   \"") || line.trim() == "// },"
        };
        let body: Vec<String> = lines
            .iter()
            .map(|line| {
                if is_advanced(line) {
                    line.replacen("//", "", 1)
                } else {
                    (*line).to_owned()
                }
            })
            .collect();
        let body = body.join("\n");
        assert_eq!(check(&body).text(), "stdin: nothing is wrong with it\n", "{kind}");
        assert!(
            body.lines().any(|line| line.trim().starts_with("\"abstract\"")),
            "{body}"
        );
    }
    assert!(members > 12 * 10, "{members}");
}

#[test]
fn findings_stand_in_rows_where_asked_for() {
    let card = file(r#"{"card": {"card_type": "CASH", "cash": {"reduce_cost": 0}}}"#);
    let run = finish(bare(&[
        "card",
        "check",
        card.path().to_str().unwrap(),
        "--output",
        "csv",
    ]));
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stdout
            .starts_with("level,field,message\nerror,card.cash.base_info,"),
        "{run:?}"
    );
}

#[test]
fn neither_needs_an_account_or_a_service() {
    let nowhere = ["--base-url", "http://127.0.0.1:1"];
    finish(bare(&[&nowhere[..], &["card", "template", "cash"]].concat())).text();
    for name in ["groupon.json", "cash-coupon.json"] {
        let run = finish(bare(&[&nowhere[..], &["card", "check", &example(name)]].concat()));
        assert!(run.text().ends_with(": nothing is wrong with it\n"), "{run:?}");
    }
}

#[test]
fn typical_mistakes_are_told_by_what_to_do() {
    let long = said(|cash| cash["base_info"]["title"] = "双人火锅套餐十元代金券".into());
    assert_eq!(
        long,
        [
            "error: card.cash.base_info.title: has 33 bytes in 11 characters, must have at most 27 bytes (a Chinese character has 3)"
        ]
    );
    let shade = said(|cash| cash["base_info"]["color"] = "#63b359".into());
    assert_eq!(
        shade,
        ["error: card.cash.base_info.color: must be a name such as Color010: a shade stands in answers alone"]
    );
    let yuan = said(|cash| cash["reduce_cost"] = json!(10.5));
    assert_eq!(yuan, ["error: card.cash.reduce_cost: must be a whole number of 分"]);
    let half =
        said(|cash| cash["base_info"]["date_info"] = json!({"type": "DATE_TYPE_FIX_TIME_RANGE", "fixed_term": 30}));
    assert!(
        half[0].starts_with("error: card.cash.base_info.date_info.begin_timestamp: must be given"),
        "{half:?}"
    );
    let milliseconds = said(|cash| {
        cash["base_info"]["date_info"] = json!({"type": "DATE_TYPE_FIX_TIME_RANGE",
            "begin_timestamp": 1_793_462_400_000_i64, "end_timestamp": 1_794_412_799_000_i64});
    });
    assert_eq!(milliseconds.len(), 2, "{milliseconds:?}");
    assert_eq!(
        milliseconds[0],
        "error: card.cash.base_info.date_info.begin_timestamp: is 1793462400000, must be 0 to 2147483647 \
         (Unix seconds, not milliseconds, no later than 2038-01-19)"
    );
    let stores = said(|cash| {
        cash["base_info"]["use_all_locations"] = true.into();
        cash["base_info"]["location_id_list"] = json!([1]);
    });
    assert_eq!(
        stores,
        ["error: card.cash.base_info.use_all_locations: cannot stand beside location_id_list; leave one of them out"]
    );
    let deposit = said(|cash| cash["base_info"]["get_custom_code_mode"] = "GET_CUSTOM_CODE_MODE_DEPOSIT".into());
    assert_eq!(
        deposit,
        [
            "error: card.cash.base_info.use_custom_code: must be true where codes are deposited",
            "error: card.cash.base_info.sku.quantity: must be 0 where codes are deposited; raise the stock when they are in",
        ]
    );
    let picture = said(|cash| cash["base_info"]["logo_url"] = "https://example.com/logo.png".into());
    assert_eq!(
        picture,
        [
            "warning: card.cash.base_info.logo_url: must be an address that the image upload answered, such as http://mmbiz.qpic.cn/…"
        ]
    );
    let slip = said(|cash| cash["base_info"]["get_limits"] = 3.into());
    assert_eq!(
        slip,
        ["warning: card.cash.base_info.get_limits: is not known here and is sent as it stands; is get_limit meant?"]
    );
    let empty = said(|cash| *cash = json!({}));
    assert_eq!(empty.len(), 2, "{empty:?}");
    assert!(
        empty[0].starts_with("error: card.cash.base_info: must be given"),
        "{empty:?}"
    );
}

#[test]
fn mistakes_of_kind_are_told_too() {
    let mut member = finish(bare(&["card", "template", "member-card", "--output", "json"])).json();
    member["card"]["member_card"]["wx_activate"] = false.into();
    assert_eq!(
        said_of(&member),
        [
            "error: card.member_card.auto_activate: must be given: it, wx_activate or activate_url says how members activate the card"
        ]
    );
    let cash = finish(bare(&["card", "template", "cash", "--output", "json"])).json();
    let mut lower = cash.clone();
    lower["card"]["card_type"] = "cash".into();
    let lower = said_of(&lower);
    assert_eq!(lower.len(), 1, "{lower:?}");
    assert!(
        lower[0].starts_with("warning: card.card_type: must be one of "),
        "{lower:?}"
    );
    assert!(lower[0].ends_with("; is CASH meant?"), "{lower:?}");
    let mut other = cash.clone();
    other["card"]["card_type"] = "GROUPON".into();
    let other = said_of(&other);
    assert!(other[0].starts_with("error: card.groupon: must be given"), "{other:?}");
    assert_eq!(
        other[1],
        "warning: card.cash: is not known here and is sent as it stands"
    );
    let mut none = cash;
    none["card"].as_object_mut().unwrap().remove("card_type");
    assert_eq!(said_of(&none), ["error: card.card_type: missing field `card_type`"]);
}

#[test]
fn findings_have_sizes_and_sources_for_programs() {
    let mut body = finish(bare(&["card", "template", "cash", "--output", "json"])).json();
    let cash = &mut body["card"]["cash"];
    cash["base_info"]["title"] = "双人火锅套餐十元代金券".into();
    cash["reduce_cost"] = 0.into();
    cash["advanced_info"] = json!({"text_image_list": [{"text": "t"}]});
    let found = findings(&body.to_string(), 2);
    let title = found.iter().find(|finding| finding["rule"] == "too_long").unwrap();
    assert_eq!(
        *title,
        json!({
            "level": "error", "field": "card.cash.base_info.title", "rule": "too_long",
            "message": "has 33 bytes in 11 characters, must have at most 27 bytes (a Chinese character has 3)",
            "bytes": 33, "characters": 11, "count": null, "value": null, "min": null, "max": 27,
            "source": "Create a Coupon, Voucher or Card",
        })
    );
    let cost = found.iter().find(|finding| finding["rule"] == "range").unwrap();
    assert_eq!(
        (&cost["value"], &cost["min"], &cost["max"]),
        (&json!(0), &json!(1), &Value::Null)
    );
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(findings(&template("gift"), 0), Vec::<Value>::new());
}

#[test]
fn bodies_of_every_shape_are_checked() {
    let whole: Value = serde_json::from_str(&std::fs::read_to_string(example("groupon.json")).unwrap()).unwrap();
    for body in [&whole, &whole["card"]] {
        assert_eq!(said_of(body), Vec::<String>::new());
    }
    let change =
        json!({"card_id": "p1", "cash": {"base_info": {"notice": "请出示", "brand_name": "n", "notise": "x"}}});
    assert_eq!(
        said_of(&change),
        [
            "error: cash.base_info.brand_name: must be left out: the service never changes it",
            "warning: cash.base_info.notise: is not known here and is sent as it stands; is notice meant?",
        ]
    );
    let slip = said_of(&json!({"card_id": "p1", "grupon": {"base_info": {"notice": "n"}}}));
    assert!(slip[0].ends_with("; is GROUPON meant?"), "{slip:?}");
    let both = said_of(&json!({"card_id": "p1", "card": whole["card"]}));
    assert!(
        both[0].starts_with("error: card: cannot stand beside card_id"),
        "{both:?}"
    );
    let fourth = json!({"card_id": "p1", "member_card": {"custom_field4": {"name": "n", "nam": "n"}}});
    assert_eq!(
        said_of(&fourth),
        ["error: member_card.custom_field4: must be left out: a card has custom_field1 to custom_field3"]
    );
    assert_eq!(
        said_of(&json!({"card_id": "p1"})),
        ["error: body: no member such as `member_card` says what changes in a card of what kind"]
    );
    for body in ["", "[]", "{}", "{\"cash\":{}}", "汤圆"] {
        let run = check(body);
        assert!(run.complaint(2).starts_with("error: "), "{run:?}");
    }
    let error = finish(bare(&["card", "check", "no-such-file", "--output", "json"])).error(2);
    assert_eq!(error["kind"], "usage");
}

#[test]
fn what_stands_in_a_file_does_not_steer_the_terminal() {
    let card = file("{\"card_type\":\"CASH\",\"cash\":{\"a\\u001b[2J\\nerror: b\":1}}");
    let run = finish(bare(&["card", "check", card.path().to_str().unwrap()]));
    assert!(!run.stdout.contains('\u{1b}'), "{run:?}");
    assert!(!run.stdout.contains("\nerror: b"), "{run:?}");
}
