//! Members of loose JSON, read as tolerantly as the service reads them.

use serde_json::Value;

/// The member called `name`, if it is there and no null.
pub(crate) fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| !value.is_null())
}

/// A text that is not empty; a number or a truth value is taken by its digits or its word.
pub(crate) fn text(object: &Value, name: &str) -> Option<String> {
    match member(object, name)? {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A whole number; also as text, or as a double without a fraction.
pub(crate) fn integer(object: &Value, name: &str) -> Option<i64> {
    /// Above 2^53 a double no longer tells neighbouring integers apart.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let value = member(object, name)?;
    if let Some(number) = value.as_i64() {
        return Some(number);
    }
    let text = value.as_str().map(str::trim);
    if let Some(number) = text.and_then(|text| text.parse().ok()) {
        return Some(number);
    }
    let number: f64 = value.as_f64().or_else(|| text?.parse().ok())?;
    #[expect(clippy::cast_possible_truncation, reason = "checked: no fraction and within 2^53")]
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// A truth value; also `0`, `1` and the words as text.
pub(crate) fn truth(object: &Value, name: &str) -> Option<bool> {
    match member(object, name)? {
        Value::Bool(value) => Some(*value),
        Value::Number(number) => match number.as_i64()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        },
        Value::String(text) => match text.trim() {
            "0" | "false" => Some(false),
            "1" | "true" => Some(true),
            _ => None,
        },
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn scalars_are_read_in_every_form() {
        let object = json!({"a": "12", "b": 12, "c": 12.0, "d": "12.0", "e": 1.5, "f": "", "g": null, "h": true});
        for name in ["a", "b", "c", "d"] {
            assert_eq!(integer(&object, name), Some(12), "{name}");
        }
        for name in ["e", "f", "g", "h", "none"] {
            assert_eq!(integer(&object, name), None, "{name}");
        }
        assert_eq!(text(&object, "b").as_deref(), Some("12"));
        assert_eq!(text(&object, "f"), None);
        assert_eq!(truth(&object, "h"), Some(true));
        assert_eq!(truth(&json!({"x": "false"}), "x"), Some(false));
    }
}
