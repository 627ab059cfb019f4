//! A card in text.

use serde::Serialize;
use serde_json::Value;
use wx_card::types::{Discount, Fen};

use crate::output::{Rows, local_time};

/// Says of a card what an operator asks for; `--output json` has the rest.
///
/// It works on the JSON, so that cards of all kinds, also of those without a type, are shown in one way.
pub(super) fn text(card: &impl Serialize) -> String {
    let card = serde_json::to_value(card).unwrap_or_default();
    let card_type = card["card_type"].as_str().unwrap_or_default();
    let body = &card[card_type.to_ascii_lowercase()];
    let base = &body["base_info"];
    let rows = Rows::new()
        .maybe("status", shown(&base["status"]))
        .maybe("card id", shown(&base["id"]))
        .row("type", card_type)
        .maybe("title", shown(&base["title"]))
        .maybe("merchant", shown(&base["brand_name"]))
        .maybe("stock", stock(&base["sku"]))
        .maybe("valid", validity(&base["date_info"]));
    OWN.iter()
        .fold(rows, |rows, (label, name, show)| rows.maybe(label, show(&body[*name])))
        .maybe("price", money(&base["giftcard_info"]["price"]))
        .maybe("limit per user", shown(&base["get_limit"]))
        .maybe("codes", codes(base))
        .maybe("created", moment(&base["create_time"]))
        .maybe("changed", moment(&base["update_time"]))
        .maybe("notice", shown(&base["notice"]))
        .maybe("description", shown(&base["description"]))
        .text()
}

/// A label, the member of the body, and how its value is shown.
type Own = (&'static str, &'static str, fn(&Value) -> Option<String>);

/// What only some kinds have.
const OWN: &[Own] = &[
    ("money off", "reduce_cost", money),
    ("spend at least", "least_cost", some_money),
    ("discount", "discount", discount),
    ("deal", "deal_detail", shown),
    ("gift", "gift", shown),
    ("detail", "default_detail", shown),
    ("meeting", "meeting_detail", shown),
    ("ticket", "ticket_class", shown),
    ("movie", "detail", shown),
    ("flight", "flight", shown),
    ("from", "from", shown),
    ("to", "to", shown),
    ("gate", "gate", shown),
    ("boarding", "boarding_time", moment),
    ("departure", "departure_time", moment),
    ("landing", "landing_time", moment),
    ("plane", "air_model", shown),
    ("gift card", "sub_card_type", shown),
    ("balance at first", "init_balance", some_money),
    ("points at first", "init_bonus", shown),
    ("shows points", "supply_bonus", yes_or_no),
    ("shows balance", "supply_balance", yes_or_no),
    ("active at once", "auto_activate", yes_or_no),
    ("activated by tap", "wx_activate", yes_or_no),
    ("activated at", "activate_url", shown),
    ("privileges", "prerogative", shown),
    ("points", "bonus_rules", shown),
    ("balance", "balance_rules", shown),
];

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        _ => None,
    }
}

fn discount(percent: &Value) -> Option<String> {
    let discount = Discount::percent_off(percent.as_i64()?);
    Some(format!("{discount} ({discount:#})"))
}

fn money(fen: &Value) -> Option<String> {
    fen.as_i64().map(|fen| Fen::new(fen).to_string())
}

/// An amount, unless it is nothing.
fn some_money(fen: &Value) -> Option<String> {
    money(fen).filter(|_| fen.as_i64() != Some(0))
}

fn yes_or_no(is: &Value) -> Option<String> {
    is.as_bool().map(|is| String::from(if is { "yes" } else { "no" }))
}

/// A moment in Unix seconds; those of flights are text.
fn moment(value: &Value) -> Option<String> {
    let seconds = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok());
    seconds.map(local_time)
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
        _ if date_info["type"] == "DATE_TYPE_PERMANENT" => Some(String::from("for ever")),
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
    fn a_discount_is_said_in_both_languages() {
        let card = json!({"card_type": "DISCOUNT", "discount": {"discount": 30}});
        assert_eq!(text(&card), "type      DISCOUNT\ndiscount  七折 (30% off)\n");
    }

    #[test]
    fn a_member_card_and_a_gift_card_say_what_they_hold() {
        let card = json!({"card_type": "MEMBER_CARD", "member_card": {
            "discount": 10, "supply_bonus": true, "supply_balance": false, "auto_activate": false, "wx_activate": true,
            "activate_url": "", "prerogative": "积分", "base_info": {"date_info": {"type": "DATE_TYPE_PERMANENT"}},
        }});
        assert_eq!(
            text(&card),
            "type              MEMBER_CARD\n\
             valid             for ever\n\
             discount          九折 (10% off)\n\
             shows points      yes\n\
             shows balance     no\n\
             active at once    no\n\
             activated by tap  yes\n\
             privileges        积分\n",
        );
        let card = json!({"card_type": "GENERAL_CARD", "general_card": {
            "sub_card_type": "GIFT_CARD", "init_balance": 10000, "init_bonus": 5,
            "base_info": {"giftcard_info": {"price": 9900}},
        }});
        assert_eq!(
            text(&card),
            "type              GENERAL_CARD\n\
             gift card         GIFT_CARD\n\
             balance at first  ¥100.00\n\
             points at first   5\n\
             price             ¥99.00\n",
        );
    }

    #[test]
    fn a_boarding_pass_has_its_times_as_text() {
        let card = json!({"card_type": "BOARDING_PASS", "boarding_pass": {
            "from": "成都", "to": "广州", "flight": "CE123", "departure_time": "1893457800", "landing_time": 1893466800,
            "boarding_time": "soon",
        }});
        let expected = format!(
            "type       BOARDING_PASS\nflight     CE123\nfrom       成都\nto         广州\n\
             departure  {}\nlanding    {}\n",
            local_time(1_893_457_800),
            local_time(1_893_466_800),
        );
        assert_eq!(text(&card), expected);
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
