//! An answer read into its type, and its errcode noticed on the way: one pass over the body instead of two.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize as _, forward_to_deserialize_any};

use super::{Code, Name, repair};

/// What was noticed of the envelope.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Noticed {
    /// Whether errcode 0 stands there.
    pub(crate) says_done: bool,
    is_refusal: bool,
}

/// Reads a success into `value`; an answer's type may be large, and is not moved about.
///
/// `None` where it is none, or its envelope or the type cannot be read at once: who is slower and looks closer tells
/// why.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8], value: &mut Option<T>) -> Option<Noticed> {
    let mut noticed = Noticed::default();
    let mut reader = serde_json::Deserializer::from_str(repair::sound(body)?);
    *value = T::deserialize(Noticing {
        inner: &mut reader,
        noticed: &mut noticed,
    })
    .ok();
    if value.is_some() && !noticed.is_refusal && reader.end().is_ok() {
        return Some(noticed);
    }
    *value = None;
    None
}

/// A deserializer that tells what an object's errcode is.
struct Noticing<'a, D> {
    inner: D,
    noticed: &'a mut Noticed,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Noticing<'_, D> {
    type Error = D::Error;

    // An answer is an object; what reads it as anything else fails here, and again where it is told why.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let noticed = self.noticed;
        self.inner.deserialize_map(Noticing {
            inner: visitor,
            noticed,
        })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Noticing<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Members {
            map,
            noticed: self.noticed,
            is_errcode: false,
        })
    }
}

/// The members of the answer.
struct Members<'a, A> {
    map: A,
    noticed: &'a mut Noticed,
    /// Whether the value to come is that of the errcode.
    is_errcode: bool,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Some(Name(name)) = self.map.next_key()? else {
            return Ok(None);
        };
        self.is_errcode = name == "errcode";
        match name {
            // So that the type need not copy it.
            Cow::Borrowed(name) => seed.deserialize(BorrowedStrDeserializer::new(name)),
            Cow::Owned(name) => seed.deserialize(name.into_deserializer()),
        }
        .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        if !self.is_errcode {
            return self.map.next_value_seed(seed);
        }
        self.map.next_value_seed(Errcode {
            inner: seed,
            noticed: self.noticed,
        })
    }
}

/// Notices the errcode, and hands it on as it stands.
struct Errcode<'a, S> {
    inner: S,
    noticed: &'a mut Noticed,
}

impl<'de, S: DeserializeSeed<'de>> Errcode<'_, S> {
    fn notice<V: Copy + IntoDeserializer<'de, E>, E: serde::de::Error>(self, value: V) -> Result<S::Value, E> {
        if let Code(Some(code)) = Code::deserialize(value.into_deserializer())? {
            self.noticed.says_done = true;
            self.noticed.is_refusal |= code != 0;
        }
        self.inner.deserialize(value.into_deserializer())
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Errcode<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for Errcode<'_, S> {
    type Value = S::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("errcode as a whole number")
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<S::Value, E> {
        self.notice(value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<S::Value, E> {
        self.notice(value)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<S::Value, E> {
        self.notice(value)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<S::Value, E> {
        self.notice(value)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<S::Value, E> {
        self.notice(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;

    fn read<T: DeserializeOwned>(body: &[u8]) -> Option<(T, Noticed)> {
        let mut value = None;
        let noticed = super::read(body, &mut value);
        assert_eq!(value.is_some(), noticed.is_some());
        value.zip(noticed)
    }

    fn says_done(body: &str) -> Option<bool> {
        read::<Map<String, Value>>(body.as_bytes()).map(|(_, noticed)| noticed.says_done)
    }

    #[test]
    fn a_success_is_read_whole_and_its_errcode_noticed() {
        for (body, expected) in [
            (r#"{"errcode":0,"errmsg":"ok","card":{"errcode":7}}"#, true),
            (r#"{"errcode":"0","a":1}"#, true),
            (r#"{"errcode":0.0}"#, true),
            (r#"{"\u0065rrcode":0}"#, true),
            (r#"{"errcode":null,"a":1}"#, false),
            ("{}", false),
        ] {
            let (value, noticed) = read::<Value>(body.as_bytes()).unwrap();
            assert_eq!(value, serde_json::from_str::<Value>(body).unwrap());
            assert_eq!(noticed.says_done, expected, "{body}");
        }
    }

    #[test]
    fn refusals_and_what_is_doubtful_are_left_to_who_looks_closer() {
        for body in [
            r#"{"errcode":40099,"a":1}"#,
            r#"{"errcode":"40099"}"#,
            r#"{"errcode":0,"errcode":40099}"#,
            r#"{"errcode":40099,"errcode":0}"#,
            r#"{"\u0065rrcode":5}"#,
            r#"{"errcode":true}"#,
            r#"{"errcode":99999999999999999999}"#,
            r#"{"errcode":0"#,
            r#"{"errcode":0} x"#,
            "{\"errcode\":0,\"a\":\"\u{1}\"}",
            r#"{"errcode":0,"a":"\ud83d"}"#,
            "[]",
            "null",
            "",
        ] {
            assert_eq!(says_done(body), None, "{body}");
        }
        assert_eq!(read::<Value>(b"{\"errcode\":0,\"a\":\"\xff\"}"), None);
    }

    #[test]
    fn what_does_not_fit_the_type_is_left_too() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Typed {
            errcode: i64,
            count: u8,
        }
        let body = |count| json!({"errcode": 0, "count": count}).to_string();
        let (typed, _) = read::<Typed>(body(7).as_bytes()).unwrap();
        assert_eq!(typed, Typed { errcode: 0, count: 7 });
        assert_eq!(read::<Typed>(body(700).as_bytes()), None);
    }
}
