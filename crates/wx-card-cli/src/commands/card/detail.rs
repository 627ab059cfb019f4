//! A card in text.

use serde::Serialize;
use serde_json::Value;

use crate::output::{Rows, local_time, yuan};

/// Says of a card what an operator asks for; `--output json` has the rest.
///
/// It works on the JSON, so that cards of all kinds, also of those without a type, are shown in one way.
pub(super) fn text(card: &impl Serialize) -> String {
    let card = serde_json::to_value(card).unwrap_or_default();
    let card_type = card["card_type"].as_str().unwrap_or_default();
    let body = &card[card_type.to_ascii_lowercase()];
    let base = &body["base_info"];
    Rows::new()
        .maybe("status", shown(&base["status"]))
        .maybe("card id", shown(&base["id"]))
        .row("type", card_type)
        .maybe("title", shown(&base["title"]))
        .maybe("merchant", shown(&base["brand_name"]))
        .maybe("stock", stock(&base["sku"]))
        .maybe("valid", validity(&base["date_info"]))
        .maybe("money off", body["reduce_cost"].as_i64().map(yuan))
        .maybe(
            "spend at least",
            body["least_cost"].as_i64().filter(|cost| *cost > 0).map(yuan),
        )
        .maybe("percent off", shown(&body["discount"]))
        .maybe("deal", shown(&body["deal_detail"]))
        .maybe("gift", shown(&body["gift"]))
        .maybe("detail", shown(&body["default_detail"]))
        .maybe("limit per user", shown(&base["get_limit"]))
        .maybe("codes", codes(base))
        .maybe("created", moment(&base["create_time"]))
        .maybe("changed", moment(&base["update_time"]))
        .maybe("notice", shown(&base["notice"]))
        .maybe("description", shown(&base["description"]))
        .text()
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        _ => None,
    }
}

fn moment(value: &Value) -> Option<String> {
    value.as_i64().map(local_time)
}

fn stock(sku: &Value) -> Option<String> {
    let left = sku["quantity"].as_i64()?;
    Some(match sku["total_quantity"].as_i64() {
        Some(total) => format!("{left} left of {total}"),
        None => format!("{left} left"),
    })
}

fn validity(date_info: &Value) -> Option<String> {
    let moment = |name: &str| moment(&date_info[name]);
    match (
        moment("begin_timestamp"),
        moment("end_timestamp"),
        date_info["fixed_term"].as_i64(),
    ) {
        (Some(begin), Some(end), None) => Some(format!("{begin} to {end}")),
        (_, end, Some(days)) => {
            let begin = match date_info["fixed_begin_term"].as_i64() {
                Some(after) if after > 0 => format!(", beginning {after} days after"),
                _ => String::new(),
            };
            let end = end
                .map(|end| format!(", until {end} at the latest"))
                .unwrap_or_default();
            Some(format!("{days} days from taking it{begin}{end}"))
        }
        _ => shown(&date_info["type"]),
    }
}

fn codes(base: &Value) -> Option<String> {
    let origin = if !base["use_custom_code"].as_bool()? {
        "made by the service"
    } else if base["get_custom_code_mode"] == "GET_CUSTOM_CODE_MODE_DEPOSIT" {
        "the merchant's own, deposited"
    } else {
        "the merchant's own"
    };
    Some(origin.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cash_coupon_is_shown_in_yuan() {
        let card = json!({"card_type": "CASH", "cash": {"reduce_cost": 1234, "least_cost": 10000, "base_info": {
            "id": "p1", "status": "CARD_STATUS_VERIFY_OK", "title": "火锅券", "sku": {"quantity": 3, "total_quantity": 5},
            "date_info": {"type": "DATE_TYPE_FIX_TERM", "fixed_term": 30, "fixed_begin_term": 1},
            "use_custom_code": true, "description": "一\n二",
        }}});
        assert_eq!(
            text(&card),
            "status          CARD_STATUS_VERIFY_OK\n\
             card id         p1\n\
             type            CASH\n\
             title           火锅券\n\
             stock           3 left of 5\n\
             valid           30 days from taking it, beginning 1 days after\n\
             money off       ¥12.34\n\
             spend at least  ¥100.00\n\
             codes           the merchant's own\n\
             description     一\n                二\n",
        );
    }

    #[test]
    fn a_card_without_anything_is_shown_too() {
        assert_eq!(
            text(&json!({"card_type": "BUS_TICKET", "bus_ticket": []})),
            "type  BUS_TICKET\n"
        );
        assert_eq!(text(&json!(null)), "type\n");
    }
}
