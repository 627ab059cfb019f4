//! How scalars and lists are read.

use serde_core::de::{Error as _, MapAccess, SeqAccess};
use serde_core::{Serialize, Serializer};
use serde_json::Value;

use super::{Read, Reading, Wire};

/// Text; a number or a truth value is taken by its digits or its word
/// (`membership_number`, `page_id` and `merchant_id` come both ways).
impl Wire for String {
    const EXPECTED: &'static str = "text";

    fn from_bool(value: bool) -> Reading<Self> {
        Reading::Value(value.to_string())
    }

    fn from_i64(value: i64) -> Reading<Self> {
        Reading::Value(value.to_string())
    }

    fn from_u64(value: u64) -> Reading<Self> {
        Reading::Value(value.to_string())
    }

    fn from_f64(value: f64) -> Reading<Self> {
        // An integer beyond 64 bits comes as a double: the digits that it has left are not the ones that were sent.
        Reading::or_misfit((value.abs() <= EXACT).then(|| value.to_string()), value)
    }

    fn from_str(value: &str) -> Reading<Self> {
        Reading::Value(value.to_owned())
    }
}

/// A truth value; also `0`, `1`, `"0"`, `"1"`, `"true"`, `"false"`
/// (`can_consume` is the text `"false"` in enterprise answers).
impl Wire for bool {
    const EXPECTED: &'static str = "true or false";

    fn from_bool(value: bool) -> Reading<Self> {
        Reading::Value(value)
    }

    fn from_i64(value: i64) -> Reading<Self> {
        Reading::Misfit(value.into())
    }

    fn from_u64(value: u64) -> Reading<Self> {
        match value {
            0 => Reading::Value(false),
            1 => Reading::Value(true),
            _ => Reading::Misfit(value.into()),
        }
    }

    fn from_f64(value: f64) -> Reading<Self> {
        integer(value).map_or_else(
            || Reading::Misfit(value.into()),
            |value| u64::try_from(value).map_or_else(|_| Reading::Misfit(value.into()), Self::from_u64),
        )
    }

    fn from_str(value: &str) -> Reading<Self> {
        match value.trim() {
            "" => Reading::Absent,
            "0" | "false" | "False" | "FALSE" => Reading::Value(false),
            "1" | "true" | "True" | "TRUE" => Reading::Value(true),
            _ => Reading::Misfit(value.into()),
        }
    }
}

/// Above 2^53 a double no longer tells neighbouring integers apart.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// `value` as an integer, if it is one exactly (`3000.0` is how some clients send amounts).
fn integer(value: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "checked: no fraction and within 2^53")]
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64)
}

macro_rules! integers {
    ($($ty:ty),*) => {$(
        /// A whole number; also as text, or as a double without a fraction.
        impl Wire for $ty {
            const EXPECTED: &'static str = "a whole number";

            fn from_i64(value: i64) -> Reading<Self> {
                Reading::or_misfit(Self::try_from(value).ok(), value)
            }

            fn from_u64(value: u64) -> Reading<Self> {
                Reading::or_misfit(Self::try_from(value).ok(), value)
            }

            fn from_f64(value: f64) -> Reading<Self> {
                Reading::or_misfit(integer(value).and_then(|value| Self::try_from(value).ok()), value)
            }

            fn from_str(value: &str) -> Reading<Self> {
                match value.trim() {
                    "" => Reading::Absent,
                    text => match text.parse() {
                        Ok(number) => Reading::Value(number),
                        Err(_) => match text.parse().map(Self::from_f64) {
                            Ok(Reading::Value(number)) => Reading::Value(number),
                            _ => Reading::Misfit(value.into()),
                        },
                    },
                }
            }
        }
    )*};
}

integers!(i64, u64, u32);

/// Reads a type around a whole number as whole numbers are read: clients send `3000`, `"3000"` and `3000.0`.
macro_rules! whole_number {
    ($ty:ty, $expected:literal) => {
        impl $crate::wire::Wire for $ty {
            const EXPECTED: &'static str = $expected;

            fn from_i64(value: i64) -> $crate::wire::Reading<Self> {
                <i64 as $crate::wire::Wire>::from_i64(value).map(Self)
            }

            fn from_u64(value: u64) -> $crate::wire::Reading<Self> {
                <i64 as $crate::wire::Wire>::from_u64(value).map(Self)
            }

            fn from_f64(value: f64) -> $crate::wire::Reading<Self> {
                <i64 as $crate::wire::Wire>::from_f64(value).map(Self)
            }

            fn from_str(value: &str) -> $crate::wire::Reading<Self> {
                <i64 as $crate::wire::Wire>::from_str(value).map(Self)
            }
        }

        impl<'de> serde_core::Deserialize<'de> for $ty {
            fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::Read::<Self>::required(deserializer)
            }
        }
    };
}

pub(crate) use whole_number;

/// Anything at all, as it stood.
impl Wire for Value {
    const EXPECTED: &'static str = "any JSON";

    fn from_bool(value: bool) -> Reading<Self> {
        Reading::Value(value.into())
    }

    fn from_i64(value: i64) -> Reading<Self> {
        Reading::Value(value.into())
    }

    fn from_u64(value: u64) -> Reading<Self> {
        Reading::Value(value.into())
    }

    fn from_f64(value: f64) -> Reading<Self> {
        Reading::Value(value.into())
    }

    fn from_str(value: &str) -> Reading<Self> {
        Reading::Value(value.into())
    }

    fn from_seq<'de, A: SeqAccess<'de>>(seq: A) -> Result<Reading<Self>, A::Error> {
        let items = serde_core::de::value::SeqAccessDeserializer::new(seq);
        serde_core::Deserialize::deserialize(items).map(Reading::Value)
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Reading<Self>, A::Error> {
        let members = serde_core::de::value::MapAccessDeserializer::new(map);
        serde_core::Deserialize::deserialize(members).map(Reading::Value)
    }
}

/// Any JSON on its way out: members that are `null` stay behind, at every level.
pub(crate) struct WithoutNulls<'a>(pub(crate) &'a Value);

impl Serialize for WithoutNulls<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(items) => serializer.collect_seq(items.iter().map(WithoutNulls)),
            Value::Object(members) => serializer.collect_map(
                members
                    .iter()
                    .filter(|(_, value)| !value.is_null())
                    .map(|(name, value)| (name, WithoutNulls(value))),
            ),
            plain => plain.serialize(serializer),
        }
    }
}

/// A list; one bare item is a list of one (`icon_url_list` is a single text in some clients), `null` items drop out.
impl<T: Wire> Wire for Vec<T> {
    const EXPECTED: &'static str = "a list";

    fn from_bool(value: bool) -> Reading<Self> {
        T::from_bool(value).map(|item| vec![item])
    }

    fn from_i64(value: i64) -> Reading<Self> {
        T::from_i64(value).map(|item| vec![item])
    }

    fn from_u64(value: u64) -> Reading<Self> {
        T::from_u64(value).map(|item| vec![item])
    }

    fn from_f64(value: f64) -> Reading<Self> {
        T::from_f64(value).map(|item| vec![item])
    }

    fn from_str(value: &str) -> Reading<Self> {
        if value.is_empty() {
            return Reading::Absent;
        }
        T::from_str(value).map(|item| vec![item])
    }

    fn from_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Reading<Self>, A::Error> {
        // The size hint is the sender's word, so it reserves nothing.
        let mut items = Self::new();
        while let Some(item) = seq.next_element_seed(Read::<T>::new())? {
            match item {
                Reading::Value(item) => items.push(item),
                Reading::Absent => {}
                Reading::Misfit(item) => return misfit(&items, item, seq),
            }
        }
        Ok(Reading::Value(items))
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Reading<Self>, A::Error> {
        Ok(match Value::from_map(map)? {
            // Senders whose language has one kind of array write an empty list as an empty object.
            Reading::Value(Value::Object(members)) if members.values().all(Value::is_null) => {
                Reading::Value(Self::new())
            }
            Reading::Value(value) | Reading::Misfit(value) => Reading::Misfit(value),
            Reading::Absent => return Err(A::Error::custom("an object that is nothing")),
        })
    }
}

/// The whole list as JSON, when `item` does not fit it.
fn misfit<'de, T: Wire, A: SeqAccess<'de>>(read: &[T], item: Value, mut rest: A) -> Result<Reading<Vec<T>>, A::Error> {
    let mut items = Vec::new();
    for item in read {
        items.push(serde_json::to_value(item).map_err(A::Error::custom)?);
    }
    items.push(item);
    while let Some(item) = rest.next_element()? {
        items.push(item);
    }
    Ok(Reading::Misfit(Value::Array(items)))
}
