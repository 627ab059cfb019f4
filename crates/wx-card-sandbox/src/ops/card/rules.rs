//! What the service answers to a card that breaks a rule: the rules are those of `wx-card-types`, the numbers are here.

use serde_json::{Map, Value, json};
use wx_card_types::{CardType, Endpoint, Finding, Level, Rule};

use crate::path::data_path;
use crate::reason::{
    BODY_MALFORMED, CARD_PARAMETERS_INVALID, CUSTOM_FIELDS_TOO_MANY, FIELD_MISSING, FIELD_TOO_LONG, ICONS_TOO_MANY,
    MESSAGE_CARDS_TOO_MANY, QUANTITY_INVALID, Reason, TIME_INVALID, TIME_LIMIT_INVALID,
};
use crate::refusal::Refusal;

/// What is wrong with the body of a card, each with its path in the body: `base_info.title`.
pub(super) struct Faults {
    faults: Vec<(String, Rule)>,
}

impl Faults {
    /// Holds `body` to the rules of the operation `E`; `request` puts it into a request, for a kind and under its key.
    ///
    /// Warnings are left out: they are of what the service takes, or takes at times.
    pub(super) fn find<E: Endpoint>(
        card_type: &str,
        body: &Map<String, Value>,
        request: impl FnOnce(&str, &str, Value) -> Value,
    ) -> Result<Self, Refusal> {
        let card_type = type_of_rules(card_type);
        let key = CardType::from(card_type).body_key();
        let request = request(card_type, &key, without_empty_lists(body));
        let request: E = serde_json::from_value(request).map_err(|_| BODY_MALFORMED)?;
        // Whatever else the request is about, it is about the body: without it there is nothing.
        let in_body = |field: &str| below(&key, field).unwrap_or("base_info").to_owned();
        let is_fault = |finding: &Finding| finding.level == Level::Error && !is_let_through(&finding.rule);
        let faults = request.findings().into_iter().filter(is_fault);
        let faults = faults.map(|finding| (in_body(&finding.field), finding.rule));
        Ok(Self {
            faults: faults.collect(),
        })
    }

    /// Refuses a body that lacks a member, the first one by its path.
    pub(super) fn refuse_missing(&self) -> Result<(), Refusal> {
        self.refuse_if(|rule| matches!(rule, Rule::Missing { .. } | Rule::Empty))
    }

    /// Refuses a body for the first thing that is wrong with it.
    pub(super) fn refuse(&self) -> Result<(), Refusal> {
        self.refuse_if(|_| true)
    }

    fn refuse_if(&self, is_meant: impl Fn(&Rule) -> bool) -> Result<(), Refusal> {
        let first = self.faults.iter().find(|(_, rule)| is_meant(rule));
        first.map_or(Ok(()), |(path, rule)| Err(refusal(path, rule)))
    }
}

/// The part of a finding's path that lies in the body below `key`.
fn below<'a>(key: &str, field: &'a str) -> Option<&'a str> {
    let members = field.strip_prefix("card.").unwrap_or(field);
    members.strip_prefix(key)?.strip_prefix('.')
}

/// The refusal of a body without the member at `path`.
pub(super) fn missing_at(path: &str) -> Refusal {
    FIELD_MISSING.refusal().at(&data_path(path.split('.')))
}

/// What the service answers where `rule` is broken at `path`.
fn refusal(path: &str, rule: &Rule) -> Refusal {
    match rule {
        Rule::Missing { .. } | Rule::Empty => missing_at(path),
        _ => reason(path, rule).into(),
    }
}

/// The number for what is there, but breaks `rule`.
fn reason(path: &str, rule: &Rule) -> Reason {
    match rule {
        Rule::TooLong { .. } => FIELD_TOO_LONG,
        Rule::Count { .. } if path.ends_with(".icon_url_list") => ICONS_TOO_MANY,
        Rule::Count { .. } if path.ends_with(".card_id_list") => MESSAGE_CARDS_TOO_MANY,
        _ if path == "base_info.sku.quantity" => QUANTITY_INVALID,
        _ if path.starts_with("base_info.date_info") => TIME_INVALID,
        _ if path.starts_with("advanced_info.time_limit") => TIME_LIMIT_INVALID,
        _ if path == "custom_field4" => CUSTOM_FIELDS_TOO_MANY,
        // What has the wrong type, and what no update may have.
        Rule::Form { .. } => BODY_MALFORMED,
        _ => CARD_PARAMETERS_INVALID,
    }
}

/// Whether the service takes what breaks the rule, as the cards of real clients show.
fn is_let_through(rule: &Rule) -> bool {
    // WxJava says that all stores count wherever nobody says otherwise, also beside a list of stores.
    matches!(rule, Rule::Conflict { other } if *other == "location_id_list")
}

/// The kind whose rules a card is held to: a bus ticket has the common ones, as red packets have.
fn type_of_rules(card_type: &str) -> &str {
    match card_type {
        "BUS_TICKET" => "LUCKY_MONEY",
        _ => card_type,
    }
}

/// The body without its empty lists, which say nothing; some clients write an empty object as one.
fn without_empty_lists(members: &Map<String, Value>) -> Value {
    let kept = members.iter().filter(|(_, value)| **value != json!([]));
    let kept = kept.map(|(name, value)| {
        let value = value.as_object().map_or_else(|| value.clone(), without_empty_lists);
        (name.clone(), value)
    });
    kept.collect::<Map<_, _>>().into()
}
