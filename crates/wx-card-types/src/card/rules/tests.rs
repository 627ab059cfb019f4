//! That each row of the table is a rule that fires.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::{CardType, Finding, Rule};

/// A request whose card has nothing but what a row needs; other rules that it breaks do not matter.
struct Draft {
    json: Value,
    /// Where the row's field stands in it, by members and indexes.
    path: Vec<String>,
}

impl Draft {
    fn of(rule: &CardRule) -> Self {
        let field = rule.field().replace('*', "groupon");
        let prefix = if rule.is_of_creation() { "card." } else { "" };
        let key = field.trim_start_matches(prefix).split('.').next().unwrap().to_owned();
        let mut json = json!({});
        let card = json!({"card_type": key.to_ascii_uppercase(), &key: {}});
        if rule.is_of_creation() {
            json["card"] = card;
        } else {
            json["card_id"] = json!("p1");
            json[&key] = json!({});
        }
        let mut draft = Self { json, path: Vec::new() };
        for member in field.split('.') {
            draft.enter(member);
        }
        draft
    }

    /// Goes on to a member as the table has it: `name`, `name[]` or `date_info(TYPE)`.
    fn enter(&mut self, member: &str) {
        let (member, date_type) = member.split_once('(').unwrap_or((member, ""));
        let name = member.trim_end_matches("[]");
        self.path.push(name.to_owned());
        if name != member {
            self.path.push("0".to_owned());
        }
        if !date_type.is_empty() {
            self.set(json!({"type": date_type.trim_end_matches(')')}));
        }
    }

    /// The value at a path; objects and lists on the way are made.
    fn at(&mut self, path: &[String]) -> &mut Value {
        let mut value = &mut self.json;
        for member in path {
            if member == "0" {
                if !value.is_array() {
                    *value = json!([null]);
                }
                value = value.get_mut(0).unwrap();
            } else {
                if !value.is_object() {
                    *value = json!({});
                }
                value = value
                    .as_object_mut()
                    .unwrap()
                    .entry(member.clone())
                    .or_insert(Value::Null);
            }
        }
        value
    }

    fn set(&mut self, value: Value) {
        let path = self.path.clone();
        *self.at(&path) = value;
    }

    fn findings(&self, rule: &CardRule) -> Vec<Finding> {
        if rule.is_of_creation() {
            serde_json::from_value::<CreateCard>(self.json.clone())
                .unwrap()
                .findings()
        } else {
            serde_json::from_value::<UpdateCard>(self.json.clone())
                .unwrap()
                .findings()
        }
    }

    /// The path of the field as findings have it.
    fn field(&self) -> String {
        let mut field = String::new();
        for member in &self.path {
            match member.as_str() {
                "0" => field.push_str("[0]"),
                name if field.is_empty() => field.push_str(name),
                name => field.extend([".", name]),
            }
        }
        field
    }
}

/// Values that break a row which is about one member alone.
fn breaking(demand: &Demand) -> Vec<Value> {
    match demand {
        Demand::Given => vec![Value::Null],
        Demand::Form("a list") => vec![json!({"a": 3})],
        Demand::Form(_) => vec![json!([[3]])],
        Demand::Limit(limit) => beyond(limit),
        Demand::Word(_) => vec![json!("TOMORROW")],
        Demand::Between(_) => Vec::new(),
    }
}

fn beyond(limit: &Limit) -> Vec<Value> {
    match *limit {
        Limit::Any => Vec::new(),
        Limit::Bytes(max) => vec![json!("a".repeat(max + 1)), json!("汉".repeat(max / 3 + 1))],
        Limit::Image => vec![json!("http://example.com/a.png"), json!("a".repeat(129))],
        Limit::Images(max) | Limit::Items(max) => vec![json!(vec!["a"; max + 1])],
        Limit::Range(min, i64::MAX) => vec![json!(min - 1)],
        Limit::Range(min, max) => vec![json!(min - 1), json!(max + 1)],
        Limit::Unconfirmed(limit) => beyond(limit),
    }
}

/// Members that break a rule between members, by the last part of the row's field and some of the rule's words.
const BETWEEN: [(&str, &str, &str); 27] = [
    (
        "use_all_locations",
        "location_id_list",
        r#"{"use_all_locations":true,"location_id_list":[1]}"#,
    ),
    (
        "use_custom_code",
        "true where codes",
        r#"{"get_custom_code_mode":"GET_CUSTOM_CODE_MODE_DEPOSIT"}"#,
    ),
    (
        "sku.quantity",
        "0 where codes",
        r#"{"get_custom_code_mode":"GET_CUSTOM_CODE_MODE_DEPOSIT","sku":{"quantity":1}}"#,
    ),
    ("color", "a name", r##"{"color":"#63b359"}"##),
    ("get_limit", "at most 50", r#"{"get_limit":51}"#),
    ("center_title", "without its text", r#"{"center_url":"http://qq.com"}"#),
    (
        "center_title",
        "is_swipe_card",
        r#"{"center_title":"a","pay_info":{"swipe_card":{"is_swipe_card":true}}}"#,
    ),
    (
        "base_info.date_info.type",
        "for ever",
        r#"{"base_info":{"date_info":{"type":"DATE_TYPE_PERMANENT"}}}"#,
    ),
    ("reduce_cost", "at least 100", r#"{"reduce_cost":99}"#),
    ("least_cost", "more than", r#"{"reduce_cost":100,"least_cost":100}"#),
    ("auto_activate", "activate the card", "{}"),
    (
        "activate_url",
        "wx_activate",
        r#"{"wx_activate":true,"activate_url":"http://qq.com"}"#,
    ),
    ("ticket_class", "may refuse", "{}"),
    ("detail", "may refuse", r#"{"detail":" "}"#),
    ("custom_field4", "left out", r#"{"custom_field4":{"name":"a"}}"#),
    ("name_type", "called", "{}"),
    (
        "end_timestamp",
        "later than",
        r#"{"type":1,"begin_timestamp":2,"end_timestamp":1}"#,
    ),
    (
        "fixed_term",
        "left out",
        r#"{"type":1,"begin_timestamp":1,"end_timestamp":2,"fixed_term":3}"#,
    ),
    (
        "begin_timestamp",
        "left out",
        r#"{"type":2,"fixed_term":3,"begin_timestamp":1}"#,
    ),
    ("sku.quantity", "more than 0", r#"{"sku":{"quantity":0}}"#),
    ("bind_openid", "left out", r#"{"bind_openid":true}"#),
    ("brand_name", "left out", r#"{"brand_name":"a"}"#),
    ("get_custom_code_mode", "left out", r#"{"get_custom_code_mode":"a"}"#),
    ("sku", "left out", r#"{"sku":{"quantity":1}}"#),
    ("source", "left out", r#"{"source":"a"}"#),
    (
        "sub_merchant_info",
        "left out",
        r#"{"sub_merchant_info":{"merchant_id":1}}"#,
    ),
    ("use_custom_code", "left out", r#"{"use_custom_code":true}"#),
];

fn fires(rule: &CardRule, draft: &Draft) -> bool {
    let field = draft.field();
    let findings = draft.findings(rule);
    let found = |finding: &&Finding| {
        let fits = match (&rule.demand, &finding.rule) {
            (Demand::Given, Rule::Missing { .. }) => true,
            (Demand::Form(expected) | Demand::Word(expected), Rule::Form { expected: found }) => expected == found,
            (Demand::Limit(_), Rule::TooLong { .. } | Rule::Range { .. } | Rule::Count { .. }) => true,
            (Demand::Limit(Limit::Image), Rule::Form { .. }) => true,
            (Demand::Between(between), found) => *found == between.rule,
            _ => false,
        };
        fits && finding.field == field && finding.level == rule.level() && finding.source == Some(rule.source())
    };
    findings.iter().any(|finding| found(&finding))
}

#[test]
fn every_rule_of_one_member_fires() {
    let mut silent = Vec::new();
    for rule in card_rules() {
        for value in breaking(&rule.demand) {
            let mut draft = Draft::of(&rule);
            draft.set(value);
            if !fires(&rule, &draft) {
                silent.push(format!("{} {rule}: {}", rule.field(), draft.json));
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn every_number_may_come_as_text_or_with_a_point() {
    let mut tried = 0;
    for rule in card_rules() {
        let Demand::Form(expected) = rule.demand else {
            continue;
        };
        if !expected.contains("whole number") && expected != "Unix seconds" {
            continue;
        }
        for value in [json!("7"), json!(" 7 "), json!("7.0"), json!(7.0)] {
            let mut draft = Draft::of(&rule);
            draft.set(value);
            assert!(!fires(&rule, &draft), "{} {rule}: {}", rule.field(), draft.json);
            tried += 1;
        }
    }
    assert!(150 < tried, "{tried} forms");
}

#[test]
fn every_rule_between_members_fires() {
    let mut used = BTreeSet::new();
    for rule in card_rules() {
        let Demand::Between(between) = &rule.demand else {
            continue;
        };
        let text = between.rule.to_string();
        let case = BETWEEN
            .iter()
            .position(|(field, words, _)| *field == between.field && text.contains(words));
        let case = case.unwrap_or_else(|| panic!("no case breaks {} {rule}", rule.field()));
        used.insert(case);
        let mut draft = Draft::of(&rule);
        let depth = draft.path.len() - between.field.split('.').count();
        let object = draft.path[..depth].to_vec();
        *draft.at(&object) = serde_json::from_str(BETWEEN[case].2).unwrap();
        assert!(fires(&rule, &draft), "{} {rule} is silent", rule.field());
    }
    assert_eq!(used.len(), BETWEEN.len(), "{used:?}");
}

#[test]
fn no_rule_stands_twice_and_each_has_a_source() {
    let mut seen = BTreeSet::new();
    for rule in card_rules() {
        assert!(!rule.source().is_empty(), "{rule:?}");
        assert!(seen.insert(format!("{} {rule}", rule.field())), "{rule:?}");
    }
}

#[test]
fn every_kind_has_rows() {
    let rules = card_rules();
    let typed = CardType::KNOWN.iter().map(|word| CardType::from(*word).body_key());
    let silent: Vec<String> = typed
        .filter(|key| {
            !rules
                .iter()
                .any(|rule| rule.field().starts_with(&format!("card.{key}.")))
        })
        .collect();
    assert_eq!(silent, ["bus_ticket", "invoice"]);
}

#[test]
fn a_member_that_is_null_or_empty_says_nothing() {
    let request: CreateCard = serde_json::from_value(json!({"card": {
        "card_type": "GROUPON", "groupon": {"base_info": {"center_url": "", "center_title": null}},
    }}))
    .unwrap();
    let findings = request.findings();
    assert!(
        findings.iter().all(|finding| finding.level == Level::Error),
        "{findings:?}"
    );
}
