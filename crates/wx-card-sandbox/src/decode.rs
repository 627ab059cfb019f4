//! Decodes a request and tells which member was missing.
//!
//! The service names the member that it misses (41011 `m_data.base_info().title`), but an error of serde_json has
//! only a sentence. Hence a deserializer of our own whose error keeps the member and the way to it.

use std::fmt;

use serde::de::{self, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

/// Why a request could not be decoded.
#[derive(Debug)]
pub(crate) enum Unfit {
    /// A required member is absent; the path ends with it.
    Missing(Vec<String>),
    /// Some member has the wrong form.
    Misfit,
}

impl Unfit {
    fn below(self, member: &str) -> Self {
        match self {
            Self::Missing(mut path) => {
                path.insert(0, member.to_owned());
                Self::Missing(path)
            }
            Self::Misfit => Self::Misfit,
        }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "missing {}", path.join(".")),
            Self::Misfit => f.write_str("wrong form"),
        }
    }
}

impl std::error::Error for Unfit {}

impl de::Error for Unfit {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Misfit
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(vec![field.to_owned()])
    }
}

/// Decodes `value` as a `T`.
pub(crate) fn decode<T: de::DeserializeOwned>(value: &Value) -> Result<T, Unfit> {
    T::deserialize(Source(value))
}

#[derive(Clone, Copy)]
struct Source<'de>(&'de Value);

impl<'de> Deserializer<'de> for Source<'de> {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(value) => match (value.as_u64(), value.as_i64(), value.as_f64()) {
                (Some(value), _, _) => visitor.visit_u64(value),
                (_, Some(value), _) => visitor.visit_i64(value),
                (_, _, Some(value)) => visitor.visit_f64(value),
                (None, None, None) => Err(Unfit::Misfit),
            },
            Value::String(value) => visitor.visit_borrowed_str(value),
            Value::Array(items) => visitor.visit_seq(Items(items.iter())),
            Value::Object(members) => visitor.visit_map(Members::new(members)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Items<'de>(std::slice::Iter<'de, Value>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Unfit;

    fn next_element_seed<T: de::DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unfit> {
        self.0.next().map(|item| seed.deserialize(Source(item))).transpose()
    }
}

struct Members<'de> {
    rest: serde_json::map::Iter<'de>,
    current: Option<(&'de String, &'de Value)>,
}

impl<'de> Members<'de> {
    fn new(members: &'de Map<String, Value>) -> Self {
        let rest = members.iter();
        Self { rest, current: None }
    }
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Unfit;

    fn next_key_seed<K: de::DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unfit> {
        self.current = self.rest.next();
        let name = self.current.map(|(name, _)| name.as_str());
        name.map(|name| seed.deserialize(name.into_deserializer())).transpose()
    }

    fn next_value_seed<V: de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unfit> {
        match self.current {
            Some((name, value)) => seed.deserialize(Source(value)).map_err(|unfit| unfit.below(name)),
            None => Err(Unfit::Misfit),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wx_card_types::{CardCode, ConsumeCode, GetCodeResponse};

    use super::*;

    #[test]
    fn a_missing_member_is_named_with_its_path() {
        let unfit = decode::<ConsumeCode>(&json!({"card_id": "p1"})).unwrap_err();
        assert!(matches!(unfit, Unfit::Missing(path) if path == ["code"]));
        let unfit = decode::<GetCodeResponse>(&json!({"card": {"code": "1"}})).unwrap_err();
        assert!(matches!(unfit, Unfit::Missing(path) if path == ["card", "card_id"]));
    }

    #[test]
    fn a_member_of_the_wrong_form_is_a_misfit() {
        assert!(matches!(
            decode::<ConsumeCode>(&json!({"code": {}})),
            Err(Unfit::Misfit)
        ));
    }

    #[test]
    fn numbers_and_nulls_are_taken_as_the_types_take_them() {
        let request: ConsumeCode = decode(&json!({"code": 12, "card_id": null, "more": [1, {"a": 2.5}]})).unwrap();
        assert_eq!(request.code, CardCode::from("12"));
        assert_eq!(request.card_id, None);
        assert_eq!(request.extra["more"], json!([1, {"a": 2.5}]));
    }
}
