//! Members that are not known here: mostly slips, which the service passes over in silence.

use std::collections::BTreeSet;

use serde_json::Value;
use wx_card::types::{CardType, card_rules};

use super::Line;
use crate::meant::meant;

/// The members of a creation that are not known here.
pub(super) fn in_creation(card_type: &CardType, json: &Value) -> Vec<Line> {
    Known::of_creation(&card_type.body_key()).missing_in(json)
}

/// The members of a change that are not known here.
pub(super) fn in_change(card_type: &CardType, json: &Value) -> Vec<Line> {
    Known::of_change(&card_type.body_key()).missing_in(json)
}

/// The paths of all members that a body can have; `[]` stands for any item of a list.
struct Known(BTreeSet<String>);

impl Known {
    fn of_creation(key: &str) -> Self {
        let mut known = Self(BTreeSet::new());
        known.add("card.card_type");
        known.add(&format!("card.{key}"));
        for rule in card_rules() {
            if let Some(path) = rule.field().strip_prefix("card.").and_then(|path| of_kind(path, key)) {
                known.add(&format!("card.{path}"));
            }
        }
        known
    }

    fn of_change(key: &str) -> Self {
        let mut known = Self(BTreeSet::new());
        known.add("card_id");
        known.add(key);
        for rule in card_rules() {
            // The table has for changes only what differs from creations.
            let path = rule.field().strip_prefix("card.").unwrap_or(rule.field());
            if let Some(path) = of_kind(path, key) {
                known.add(&path);
            }
        }
        known
    }

    /// Adds a path and the paths of the objects and lists above it.
    fn add(&mut self, path: &str) {
        let ends = path.match_indices(['.', '[']).map(|(at, _)| at);
        for end in ends.chain([path.len()]) {
            self.0.extend(path.get(..end).map(str::to_owned));
        }
    }

    fn missing_in(&self, json: &Value) -> Vec<Line> {
        let mut lines = Vec::new();
        self.look_through(json, "", "", &mut lines);
        lines
    }

    /// Notes the unknown members of `value`, which stands at `path`, and at `pattern` among what is known.
    fn look_through(&self, value: &Value, path: &str, pattern: &str, lines: &mut Vec<Line>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let (path, below) = (join(path, name), join(pattern, name));
                    if self.0.contains(&below) {
                        self.look_through(value, &path, &below, lines);
                    } else if !value.is_null() {
                        lines.push(self.unknown(path, pattern, name));
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.look_through(item, &format!("{path}[{index}]"), &format!("{pattern}[]"), lines);
                }
            }
            _ => {}
        }
    }

    fn unknown(&self, path: String, object: &str, name: &str) -> Line {
        let beside = join(object, "");
        let siblings = self.0.iter().filter_map(|known| {
            let sibling = known.strip_prefix(&beside)?;
            (!sibling.contains(['.', '['])).then_some(sibling)
        });
        let message = format!("is not known here and is sent as it stands{}", meant(name, siblings));
        Line::warning(path, "unknown", message)
    }
}

/// The path of a rule below `key`, if the rule is about cards of that kind.
fn of_kind(path: &str, key: &str) -> Option<String> {
    let (kind, rest) = path.split_once('.')?;
    (kind == "*" || kind == key).then(|| join(key, &without_types(rest)))
}

/// `path` without the words in round brackets, which say for which type a rule holds.
fn without_types(path: &str) -> String {
    // Every other part is within brackets.
    path.split(['(', ')']).step_by(2).collect()
}

/// The path of the member `name` of `object`, which is nothing for the whole.
fn join(object: &str, name: &str) -> String {
    if object.is_empty() {
        name.to_owned()
    } else {
        format!("{object}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_looked_up_by_their_paths_at_every_level() {
        let json = json!({"card": {"card_type": "CASH", "later": null, "new": 1, "cash": {
            "reduce_cost": 1, "least_costs": 2, "deal_detail": "of another kind",
            "base_info": {"titel": "t", "date_info": {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 1, "begin": 2}},
            "advanced_info": {"text_image_list": [{"image_url": "u", "text": "t", "txt": "t"}], "time_limit": []},
        }}, "outer": {}});
        let said: Vec<_> = in_creation(&CardType::Cash, &json).iter().map(Line::text).collect();
        let expected = [
            ("card.cash.advanced_info.text_image_list[0].txt", "; is text meant?"),
            ("card.cash.base_info.date_info.begin", ""),
            ("card.cash.base_info.titel", "; is title meant?"),
            ("card.cash.deal_detail", ""),
            ("card.cash.least_costs", "; is least_cost meant?"),
            ("card.new", ""),
            ("outer", ""),
        ];
        let expected = expected
            .map(|(field, meant)| format!("warning: {field}: is not known here and is sent as it stands{meant}"));
        assert_eq!(said, expected);
    }

    #[test]
    fn the_members_of_a_change_are_known_too() {
        let json = json!({"card_id": "p1", "member_card": {
            "modify_msg_operation": {"url_cell": {"txt": "t", "url": "u"}},
            "base_info": {"notice": "n", "location_id_list": [1]}, "custom_cell1": {"nam": "n"},
        }});
        let lines = in_change(&CardType::MemberCard, &json);
        let fields: Vec<_> = lines.iter().map(|line| line.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "member_card.custom_cell1.nam",
                "member_card.modify_msg_operation.url_cell.txt"
            ]
        );
    }
}
