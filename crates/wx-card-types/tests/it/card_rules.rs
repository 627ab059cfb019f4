//! The table of rules in the documentation: what it says is what the check finds.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use wx_card_types::{
    BatchGetCards, CardRule, CheckCodes, ConsumeCode, CreateLandingPage, CreateQrCode, DecryptCode, DeleteCard,
    DepositCodes, Endpoint, Finding, GetCard, GetCode, GetDepositCount, GetMpnewsHtml, GetUserCardList,
    MakeCodeUnavailable, MarkCode, ModifyStock, SetPayCell, SetSelfConsumeCell, SetTestWhitelist, UpdateCard,
    UpdateCode, card_rules,
};

const PAGE: &str = "../../docs/card-rules.md";

const INTRODUCTION: &str = "\
<!-- Made by the test `the_page_of_rules_is_current` of `wx-card-types`; do not edit. -->
# What is checked before a request is sent

`Endpoint::findings` tells all of it at once: each finding has the path of its field, the rule with the actual size in \
bytes and characters, a level and the official page with the rule.
An *error* is what the service certainly refuses: `Endpoint::validate` gives it, and the client does not send such a \
request unless it is told not to check.
A *warning* is what the documentation leaves unclear, what contradicts what was seen, or what holds only at times: such \
a request is sent.

Sizes are bytes of UTF-8, of which a Chinese character has three.
Amounts are in 分, moments in Unix seconds.
An empty list where an optional member belongs, as PHP writes an empty object, is a warning at most.

## Creating a card

`*` stands for the key of any kind, `[]` for any item of a list, round brackets for the type of `date_info`.
";

/// One row a field and level.
fn rows(page: &mut String, rules: &[&CardRule]) {
    page.push_str("\n| field | rule | level | source |\n| --- | --- | --- | --- |\n");
    for rules in rules.chunk_by(|one, other| one.field() == other.field() && one.level() == other.level()) {
        let (field, level, source) = (rules[0].field(), rules[0].level(), rules[0].source());
        let rules: Vec<String> = rules.iter().map(ToString::to_string).collect();
        writeln!(page, "| `{field}` | {} | {level} | {source} |", rules.join("; ")).unwrap();
    }
}

fn findings<E: Endpoint>(request: Value) -> (&'static str, Vec<Finding>) {
    (E::PATH, serde_json::from_value::<E>(request).unwrap().findings())
}

/// Requests that break the rules of the other operations, each rule once.
fn broken() -> Vec<(&'static str, Vec<Finding>)> {
    let codes: Vec<String> = (0..101).map(|code| code.to_string()).collect();
    let long_code = json!(["", "1", "1", "a".repeat(21)]);
    let users: Vec<String> = (0..11).map(|user| format!("o{user}")).collect();
    let page = json!({"banner": "http://example.com/a", "page_title": "", "can_share": true, "scene": "SCENE_MOON",
        "card_list": [{"card_id": "", "thumb_url": "http://example.com/a"}, {"card_id": "p1", "thumb_url": ""}]});
    let empty_page = json!({"banner": "", "page_title": "a", "can_share": true, "scene": "SCENE_H5", "card_list": []});
    let qr_cards: Vec<Value> = (0..6).map(|card| json!({"card_id": format!("p{card}")})).collect();
    vec![
        findings::<BatchGetCards>(json!({"offset": 0, "count": 51})),
        findings::<CheckCodes>(json!({"card_id": "", "code": codes})),
        findings::<ConsumeCode>(json!({"code": "", "card_id": " "})),
        findings::<DecryptCode>(json!({"encrypt_code": "a b"})),
        findings::<DepositCodes>(json!({"card_id": "", "code": codes})),
        findings::<DepositCodes>(json!({"card_id": "p1", "code": long_code})),
        findings::<GetCode>(json!({"code": "", "card_id": " "})),
        findings::<GetDepositCount>(json!({"card_id": ""})),
        findings::<MarkCode>(json!({"code": "", "card_id": "", "openid": "", "is_mark": true})),
        findings::<MakeCodeUnavailable>(json!({"code": "", "card_id": " "})),
        findings::<UpdateCode>(json!({"code": "", "new_code": "", "card_id": " "})),
        findings::<UpdateCode>(json!({"code": "1", "new_code": "1"})),
        findings::<DeleteCard>(json!({"card_id": ""})),
        findings::<GetCard>(json!({"card_id": ""})),
        findings::<CreateLandingPage>(page),
        findings::<CreateLandingPage>(empty_page),
        findings::<ModifyStock>(json!({"card_id": ""})),
        findings::<ModifyStock>(json!({"card_id": "p1", "increase_stock_value": 1, "reduce_stock_value": 1})),
        findings::<ModifyStock>(json!({"card_id": "p1", "increase_stock_value": 0})),
        findings::<GetMpnewsHtml>(json!({"card_id": ""})),
        findings::<SetPayCell>(json!({"card_id": "", "is_open": true})),
        findings::<CreateQrCode>(json!({"action_name": "QR_CARD", "expire_seconds": 59, "action_info": {}})),
        findings::<CreateQrCode>(json!({"action_name": "QR_CARD", "action_info": {"card": {"card_id": ""}}})),
        findings::<CreateQrCode>(
            json!({"action_name": "QR_MULTIPLE_CARD", "action_info": {"multiple_card": {"card_list": qr_cards}}}),
        ),
        findings::<SetSelfConsumeCell>(json!({"card_id": "", "is_open": true})),
        findings::<SetTestWhitelist>(json!({"openid": users})),
        findings::<SetTestWhitelist>(json!({})),
        findings::<UpdateCard>(json!({"card_id": "", "cash": {}})),
        findings::<UpdateCard>(json!({"card_id": "p1", "cash": {"advanced_info": {}}})),
        findings::<GetUserCardList>(json!({"openid": "", "card_id": " "})),
    ]
}

fn rendered() -> String {
    let rules = card_rules();
    let (creations, changes): (Vec<&CardRule>, Vec<&CardRule>) =
        rules.iter().partition(|rule| rule.field().starts_with("card."));
    let mut page = INTRODUCTION.to_owned();
    rows(&mut page, &creations);
    page.push_str("\n## Changing a card\n\nThe rules above hold for what is given; these come on top.\n");
    rows(&mut page, &changes);
    page.push_str("\n## The other operations\n\nEach row is what is said of a request that breaks the rule.\n");
    page.push_str("\n| operation | field and rule | level | source |\n| --- | --- | --- | --- |\n");
    for (operation, findings) in broken() {
        assert!(!findings.is_empty(), "{operation}: nothing found");
        for finding in findings {
            let (level, source) = (finding.level, finding.source.unwrap());
            writeln!(page, "| `{operation}` | {finding} | {level} | {source} |").unwrap();
        }
    }
    page
}

/// `UPDATE_DOCS=1 cargo test -p wx-card-types` writes the page.
#[test]
fn the_page_of_rules_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let rendered = rendered();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &rendered).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == rendered,
        "{} is not current; set UPDATE_DOCS=1 and run this test again",
        path.display(),
    );
}
