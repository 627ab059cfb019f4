//! Reading and writing wire objects: tolerant on the way in, strict on the way out.
//!
//! The service and its documentation disagree about types: numbers arrive as text, booleans as `0`, `1` or `"false"`,
//! lists as one item, members as `null`. The rules for that stand here, once, by the type of the field;
//! `docs/architecture.md` gives the reason for that.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde_core::Serialize;
use serde_core::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::{Map, Value};

pub(crate) mod object;
mod scalar;

pub(crate) use object::wire;
pub(crate) use scalar::{WithoutNulls, whole_number};

/// What a value on the wire turned out to be.
#[derive(Debug)]
pub(crate) enum Reading<T> {
    /// `null`, or the empty text where a number, a truth value, a list or an object belongs.
    Absent,
    /// Something that this type cannot hold, as it stood.
    Misfit(Value),
    /// A value.
    Value(T),
}

impl<T> Reading<T> {
    pub(crate) fn map<U>(self, convert: impl FnOnce(T) -> U) -> Reading<U> {
        match self {
            Self::Absent => Reading::Absent,
            Self::Misfit(value) => Reading::Misfit(value),
            Self::Value(value) => Reading::Value(convert(value)),
        }
    }

    fn or_misfit(read: Option<T>, value: impl Into<Value>) -> Self {
        read.map_or_else(|| Self::Misfit(value.into()), Self::Value)
    }
}

/// A type that reads itself from whatever form the wire has for it.
///
/// Each method takes one form of JSON; the default is that the form does not fit.
pub(crate) trait Wire: Serialize + Sized {
    /// What the type is called in an error.
    const EXPECTED: &'static str;

    fn from_bool(value: bool) -> Reading<Self> {
        Reading::Misfit(value.into())
    }

    fn from_i64(value: i64) -> Reading<Self> {
        Reading::Misfit(value.into())
    }

    fn from_u64(value: u64) -> Reading<Self> {
        Reading::Misfit(value.into())
    }

    fn from_f64(value: f64) -> Reading<Self> {
        Reading::Misfit(value.into())
    }

    fn from_str(value: &str) -> Reading<Self> {
        if value.is_empty() {
            Reading::Absent
        } else {
            Reading::Misfit(value.into())
        }
    }

    fn from_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Reading<Self>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Reading::Misfit(Value::Array(items)))
    }

    fn from_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Reading<Self>, A::Error> {
        let mut members = Map::new();
        while let Some((name, value)) = map.next_entry()? {
            members.insert(name, value);
        }
        Ok(Reading::Misfit(Value::Object(members)))
    }
}

/// Reads a `T`, whatever its form.
pub(crate) struct Read<T>(PhantomData<T>);

impl<T: Wire> Read<T> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }

    /// Reads a `T` that must be there.
    pub(crate) fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        match Self::new().deserialize(deserializer)? {
            Reading::Absent => Err(D::Error::invalid_type(Unexpected::Unit, &T::EXPECTED)),
            Reading::Misfit(value) => Err(misfit::<T, _>(&value)),
            Reading::Value(value) => Ok(value),
        }
    }
}

/// Reads a `T` that may be absent but must not be something else.
///
/// The error arises while the value is read, so that whoever follows the path of members knows which one it was.
pub(crate) struct Must<T>(PhantomData<T>);

impl<T: Wire> Must<T> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Wire> DeserializeSeed<'de> for Must<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        match Read::new().deserialize(deserializer)? {
            Reading::Absent => Ok(None),
            Reading::Misfit(value) => Err(misfit::<T, _>(&value)),
            Reading::Value(value) => Ok(Some(value)),
        }
    }
}

/// The error for a value that must be a `T` and is not; the value itself is not shown.
fn misfit<T: Wire, E: serde_core::de::Error>(value: &Value) -> E {
    let found = match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(value) => Unexpected::Bool(*value),
        Value::Number(_) => Unexpected::Other("number"),
        Value::String(_) => Unexpected::Other("text"),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    };
    E::invalid_type(found, &T::EXPECTED)
}

impl<'de, T: Wire> DeserializeSeed<'de> for Read<T> {
    type Value = Reading<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Wire> Visitor<'de> for Read<T> {
    type Value = Reading<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(T::from_bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(T::from_i64(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(T::from_u64(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(T::from_f64(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(T::from_str(value))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Reading::Absent)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Reading::Absent)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        T::from_seq(seq)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::from_map(map)
    }
}

/// The name of a member, borrowed from the input where it can be.
pub(crate) struct Name<'de>(pub(crate) Cow<'de, str>);

impl<'de> serde_core::Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a member")
            }

            fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(value)))
            }

            fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(value.to_owned())))
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}
