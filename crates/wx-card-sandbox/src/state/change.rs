//! A card that is changed.

use serde_json::{Map, Value, json};

use super::{Card, Validity};
use crate::fields::integer;

/// Members that only answers have, and the stock, which is kept apart; some clients send them along.
const ANSWERED: [&str; 6] = ["appid", "create_time", "id", "sku", "status", "update_time"];

/// Members of the body that stay as they were created.
const FIXED: [&str; 3] = ["advanced_info", "base_info", "sub_card_type"];

/// Members of `base_info` that are reviewed: what users see of the card at a glance, and its terms.
const REVIEWED_BASE_INFO: [&str; 6] = ["color", "description", "logo_url", "notice", "sub_title", "title"];

/// Members beside `base_info` that are reviewed: what users get, the rules, and the picture behind them.
const REVIEWED_BODY: [&str; 10] = [
    "background_pic_url",
    "balance_rules",
    "bonus_cleared",
    "bonus_rules",
    "deal_detail",
    "default_detail",
    "detail",
    "gift",
    "meeting_detail",
    "prerogative",
];

impl Card {
    /// Changes what `changes` has, leaves the rest, and says whether the card must be reviewed again.
    ///
    /// Members that are objects, but for `base_info`, are replaced as a whole.
    pub(crate) fn change(&mut self, changes: &Value) -> bool {
        let Value::Object(body) = &mut self.body else {
            return false;
        };
        let mut own = changes.as_object().cloned().unwrap_or_default();
        own.retain(|name, _| !FIXED.contains(&&**name));
        let own_is_reviewed = replace(body, own, &REVIEWED_BODY);

        let base_info = body.entry("base_info").or_insert_with(|| json!({}));
        let common = changes.get("base_info").and_then(Value::as_object).cloned();
        let (Value::Object(base_info), Some(mut common)) = (base_info, common) else {
            return own_is_reviewed;
        };
        forget_answered(&mut common);
        if common.get("location_id_list").is_some_and(is_no_store) {
            common.remove("location_id_list");
            base_info.remove("location_id_list");
        }
        replace(base_info, common, &REVIEWED_BASE_INFO) || own_is_reviewed
    }

    /// Makes the codes that users have valid in the new range too; what runs from the day of taking stays.
    pub(crate) fn widen(&mut self, validity: Validity) {
        let Validity::Range { begin, end } = validity else {
            return;
        };
        for code in self.codes.values_mut() {
            (code.begin_time, code.end_time) = (begin, end);
        }
    }
}

/// Drops what only answers have.
pub(crate) fn forget_answered(base_info: &mut Map<String, Value>) {
    for name in ANSWERED {
        base_info.remove(name);
    }
}

/// Writes `changes` over `members`; says whether any of `reviewed` is another than before.
fn replace(members: &mut Map<String, Value>, changes: Map<String, Value>, reviewed: &[&str]) -> bool {
    let mut is_reviewed = false;
    for (name, value) in changes {
        if says_nothing(&value) || members.get(&name) == Some(&value) {
            continue;
        }
        is_reviewed |= reviewed.contains(&&*name);
        members.insert(name, value);
    }
    is_reviewed
}

/// Whether a value is as good as absent, as clients write what they do not set.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(_) | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether a list of stores is the `"0"` that means none: nothing else empties it.
fn is_no_store(stores: &Value) -> bool {
    let is_zero = |id: &Value| integer(&json!({"id": id}), "id") == Some(0);
    match stores {
        Value::Array(stores) => matches!(stores.as_slice(), [store] if is_zero(store)),
        store => is_zero(store),
    }
}
