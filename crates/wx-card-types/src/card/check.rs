//! Rules between the members of a card.

use serde_json::{Map, Value};

use super::body::{CustomCodeMode, is_permanent};
use super::checked::read;
use crate::{Check, Rule};

/// Rules between the members of `base_info`.
pub(super) fn base_info(check: &mut Check, base_info: &Map<String, Value>) {
    locations(check, base_info);
    custom_codes(check, base_info);
}

/// Rules of `base_info` that hold for coupons, but not for member cards.
pub(super) fn coupon(check: &mut Check, body: &Map<String, Value>) {
    let date_info = body.get("base_info").and_then(|base_info| base_info.get("date_info"));
    if date_info.is_some_and(is_permanent) {
        let expected = "another type: only member cards are valid for ever";
        check.violation("base_info.date_info.type", Rule::Form { expected });
    }
}

fn locations(check: &mut Check, base_info: &Map<String, Value>) {
    let all = read(base_info.get("use_all_locations")) == Some(true);
    let some = read::<Vec<Value>>(base_info.get("location_id_list")).is_some_and(|ids| !ids.is_empty());
    if all && some {
        let other = "location_id_list";
        check.violation("use_all_locations", Rule::Conflict { other });
    }
}

fn custom_codes(check: &mut Check, base_info: &Map<String, Value>) {
    if read(base_info.get("get_custom_code_mode")) != Some(CustomCodeMode::Deposit) {
        return;
    }
    if read(base_info.get("use_custom_code")) != Some(true) {
        let expected = "true where codes are deposited";
        check.violation("use_custom_code", Rule::Form { expected });
    }
    let quantity = base_info.get("sku").and_then(|sku| read::<i64>(sku.get("quantity")));
    if quantity.is_some_and(|quantity| quantity != 0) {
        let expected = "0 where codes are deposited; raise the stock when they are in";
        check.violation("sku.quantity", Rule::Form { expected });
    }
}
