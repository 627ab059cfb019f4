//! What a card must have and may not exceed.

use serde_json::Value;

use crate::fields::{integer, member, text, truth};
use crate::reason::{
    BODY_MALFORMED, CARD_PARAMETERS_INVALID, CARD_TYPE_INVALID, CODE_TYPE_INVALID, COLOR_INVALID, DEPOSIT_TOO_SMALL,
    FIELD_MISSING, FIELD_TOO_LONG, QUANTITY_INVALID, TIME_INVALID,
};
use crate::refusal::Refusal;
use crate::state::{Validity, color_hex};

/// Most cards of one kind.
pub(crate) const QUANTITY: i64 = 100_000_000;

/// Time stamps must lie before 2038-01-19.
const LAST_MOMENT: i64 = i32::MAX as i64;

/// What a kind of card must have besides `base_info`.
fn required_members(card_type: &str) -> Option<&'static [&'static str]> {
    Some(match card_type {
        "BOARDING_PASS" => &["from", "to", "flight", "departure_time", "landing_time", "air_model"],
        "CASH" => &["reduce_cost"],
        "DISCOUNT" => &["discount"],
        "GENERAL_CARD" => &["sub_card_type"],
        "GENERAL_COUPON" => &["default_detail"],
        "GIFT" => &["gift"],
        "GROUPON" => &["deal_detail"],
        "MEETING_TICKET" => &["meeting_detail"],
        "MEMBER_CARD" => &["prerogative", "supply_bonus", "supply_balance"],
        "BUS_TICKET" | "LUCKY_MONEY" | "MOVIE_TICKET" | "SCENIC_TICKET" => &[],
        _ => return None,
    })
}

/// Texts of `base_info` and how many bytes of UTF-8 they may have; the first ones must be there.
const REQUIRED_TEXTS: [(&str, usize); 7] = [
    // The page says 128, but its own gift card has 134: what the service's upload call answers must be let through.
    ("logo_url", 256),
    ("brand_name", 36),
    ("code_type", 24),
    ("title", 27),
    ("color", 16),
    ("notice", 48),
    ("description", 3072),
];
const OPTIONAL_TEXTS: [(&str, usize); 20] = [
    ("sub_title", 54),
    ("service_phone", 24),
    ("source", 36),
    ("get_custom_code_mode", 32),
    ("center_title", 18),
    ("center_sub_title", 24),
    ("center_url", 128),
    ("center_app_brand_user_name", 128),
    ("center_app_brand_pass", 128),
    ("custom_url_name", 15),
    ("custom_url", 128),
    ("custom_url_sub_title", 18),
    ("custom_app_brand_user_name", 128),
    ("custom_app_brand_pass", 128),
    ("promotion_url_name", 15),
    ("promotion_url", 128),
    ("promotion_url_sub_title", 18),
    ("promotion_app_brand_user_name", 128),
    ("promotion_app_brand_pass", 128),
    ("url_name_type", 64),
];

/// Texts beside `base_info`.
const BODY_TEXTS: [(&str, usize); 5] = [
    ("deal_detail", 3072),
    ("default_detail", 3072),
    ("gift", 3072),
    ("meeting_detail", 3072),
    ("prerogative", 3072),
];

const CODE_TYPES: [&str; 6] = [
    "CODE_TYPE_BARCODE",
    "CODE_TYPE_NONE",
    "CODE_TYPE_ONLY_BARCODE",
    "CODE_TYPE_ONLY_QRCODE",
    "CODE_TYPE_QRCODE",
    "CODE_TYPE_TEXT",
];

/// Refuses a card that is not well made; else returns its body.
pub(super) fn check(card_type: &str, body: &Value) -> Result<Value, Refusal> {
    let members = required_members(card_type).ok_or(CARD_TYPE_INVALID)?;
    let base_info = member(body, "base_info").ok_or_else(|| missing("base_info()"))?;
    base_texts(base_info)?;
    for name in members {
        if text(body, name).is_none() {
            return Err(missing(name));
        }
    }
    lengths(body, &BODY_TEXTS)?;
    amounts(card_type, body)?;
    if card_type == "MEMBER_CARD" {
        activation(body)?;
    }
    date_info(card_type, base_info)?;
    stock(base_info)?;
    Ok(body.clone())
}

fn base_texts(base_info: &Value) -> Result<(), Refusal> {
    for (name, _) in REQUIRED_TEXTS {
        if text(base_info, name).is_none() {
            return Err(missing(&format!("base_info().{name}")));
        }
    }
    lengths(base_info, &REQUIRED_TEXTS)?;
    lengths(base_info, &OPTIONAL_TEXTS)?;
    let code_type = text(base_info, "code_type").unwrap_or_default();
    if code_type.parse::<i64>().is_ok() {
        // The number of the word in some client's list, not the word.
        return Err(BODY_MALFORMED.into());
    }
    if !CODE_TYPES.contains(&code_type.as_str()) {
        return Err(CODE_TYPE_INVALID.into());
    }
    let color = text(base_info, "color").unwrap_or_default();
    color_hex(&color).map(drop).ok_or_else(|| COLOR_INVALID.into())
}

fn lengths(object: &Value, limits: &[(&str, usize)]) -> Result<(), Refusal> {
    let is_too_long = |(name, most): &(&str, usize)| text(object, name).is_some_and(|text| *most < text.len());
    if limits.iter().any(is_too_long) {
        return Err(FIELD_TOO_LONG.into());
    }
    Ok(())
}

fn amounts(card_type: &str, body: &Value) -> Result<(), Refusal> {
    let is_good = match card_type {
        "CASH" => {
            integer(body, "reduce_cost").is_some_and(|cents| 0 < cents)
                && integer(body, "least_cost").is_none_or(|cents| 0 <= cents)
        }
        "DISCOUNT" => integer(body, "discount").is_some_and(|percent| (1..100).contains(&percent)),
        _ => true,
    };
    if is_good {
        Ok(())
    } else {
        Err(CARD_PARAMETERS_INVALID.into())
    }
}

/// A member card must say in which of three ways it is activated.
fn activation(body: &Value) -> Result<(), Refusal> {
    let is_automatic = ["auto_activate", "wx_activate"]
        .iter()
        .any(|name| truth(body, name) == Some(true));
    if is_automatic || text(body, "activate_url").is_some() {
        Ok(())
    } else {
        Err(missing("activate_url"))
    }
}

fn date_info(card_type: &str, base_info: &Value) -> Result<(), Refusal> {
    let path = |name: &str| missing(&format!("base_info().date_info().{name}"));
    let date_info = member(base_info, "date_info").ok_or_else(|| missing("base_info().date_info()"))?;
    let date_type = text(date_info, "type").ok_or_else(|| path("type"))?;
    let needed: &[&str] = match date_type.as_str() {
        "DATE_TYPE_FIX_TIME_RANGE" | "1" => &["begin_timestamp", "end_timestamp"],
        "DATE_TYPE_FIX_TERM" | "2" => &["fixed_term"],
        "DATE_TYPE_PERMANENT" if matches!(card_type, "GENERAL_CARD" | "MEMBER_CARD") => &[],
        _ => return Err(TIME_INVALID.into()),
    };
    for name in needed {
        if text(date_info, name).is_none() {
            return Err(path(name));
        }
    }
    let is_moment = |moment: i64| (0..LAST_MOMENT).contains(&moment);
    let is_good = match Validity::read(date_info) {
        Some(Validity::Permanent) => true,
        Some(Validity::Range { begin, end }) => is_moment(begin) && is_moment(end) && begin <= end,
        Some(Validity::Term { days, begin_after, end }) => 1 <= days && 0 <= begin_after && end.is_none_or(is_moment),
        None => false,
    };
    if is_good { Ok(()) } else { Err(TIME_INVALID.into()) }
}

/// Where codes are deposited, the stock begins at nothing; where the service draws them, it does not.
fn stock(base_info: &Value) -> Result<(), Refusal> {
    let sku = member(base_info, "sku").ok_or_else(|| missing("base_info().sku()"))?;
    if text(sku, "quantity").is_none() {
        return Err(missing("base_info().sku().quantity"));
    }
    let quantity = integer(sku, "quantity").ok_or(QUANTITY_INVALID)?;
    let has_custom_codes = truth(base_info, "use_custom_code").unwrap_or(false);
    let is_deposit = match text(base_info, "get_custom_code_mode").as_deref() {
        None => false,
        Some("GET_CUSTOM_CODE_MODE_DEPOSIT") if has_custom_codes => true,
        Some(_) => return Err(CARD_PARAMETERS_INVALID.into()),
    };
    match quantity {
        1..=QUANTITY if is_deposit => Err(DEPOSIT_TOO_SMALL.into()),
        1..=QUANTITY => Ok(()),
        0 if has_custom_codes => Ok(()),
        _ => Err(QUANTITY_INVALID.into()),
    }
}

fn missing(path: &str) -> Refusal {
    FIELD_MISSING.refusal().at(&format!("m_data.{path}"))
}
