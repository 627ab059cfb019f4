//! The envelope of every answer: `errcode` and `errmsg` beside the payload.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

mod repair;
pub(crate) mod typed;

/// The two members that every answer may have. Absent means 0.
#[derive(Debug, Default)]
pub(crate) struct Envelope {
    pub(crate) errcode: i64,
    /// Whether the errcode stands there and is not `null`.
    pub(crate) has_errcode: bool,
    /// Whether two errcodes stand there that are not the same.
    pub(crate) contradicts_itself: bool,
    pub(crate) errmsg: String,
}

impl Envelope {
    /// Reads the envelope, and hands back the body as it can be read: repaired where the service wrote raw control
    /// characters, broken UTF-8 or half a character into a text, as it does with users' nicknames.
    pub(crate) fn read(body: &[u8]) -> Result<(Self, Option<Vec<u8>>), serde_json::Error> {
        let read = serde_json::from_slice(body);
        // Members beside the envelope are skipped here; who reads them would stumble over what is wrong with them.
        if read.is_ok() && !repair::is_hidden_in(body) {
            return read.map(|envelope| (envelope, None));
        }
        match repair::repair(body) {
            Some(repaired) => serde_json::from_slice(&repaired).map(|envelope| (envelope, Some(repaired))),
            None => read.map(|envelope| (envelope, None)),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Envelope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // `deserialize_map` takes nothing but an object: an answer that is a list or `null` is no answer.
        deserializer.deserialize_map(EnvelopeVisitor)
    }
}

struct EnvelopeVisitor;

impl<'de> Visitor<'de> for EnvelopeVisitor {
    type Value = Envelope;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Envelope, A::Error> {
        let mut envelope = Envelope::default();
        while let Some(Name(name)) = map.next_key()? {
            match &*name {
                // Of several the refusal counts: one that is overlooked would pass for a success.
                "errcode" => {
                    if let Some(errcode) = map.next_value::<Code>()?.0 {
                        envelope.contradicts_itself |= envelope.has_errcode && envelope.errcode != errcode;
                        envelope.has_errcode = true;
                        if errcode != 0 {
                            envelope.errcode = errcode;
                        }
                    }
                }
                "errmsg" => envelope.errmsg = map.next_value::<Text>()?.0,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(envelope)
    }
}

/// A member's name, borrowed where it can be.
struct Name<'de>(Cow<'de, str>);

impl<'de> serde::Deserialize<'de> for Name<'de> {
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

/// A whole number; some gateways write it as text.
struct Code(Option<i64>);

impl<'de> serde::Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CodeVisitor;

        impl Visitor<'_> for CodeVisitor {
            type Value = Code;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("errcode as a whole number")
            }

            fn visit_i64<E>(self, value: i64) -> Result<Code, E> {
                Ok(Code(Some(value)))
            }

            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Code, E> {
                i64::try_from(value).map(|value| Code(Some(value))).map_err(E::custom)
            }

            fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Code, E> {
                // A double without a fraction prints as a whole number.
                value
                    .to_string()
                    .parse()
                    .map(|value| Code(Some(value)))
                    .map_err(E::custom)
            }

            fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Code, E> {
                value.trim().parse().map(|value| Code(Some(value))).map_err(E::custom)
            }

            fn visit_unit<E>(self) -> Result<Code, E> {
                Ok(Code(None))
            }
        }

        deserializer.deserialize_any(CodeVisitor)
    }
}

/// A text; anything else is no message.
struct Text(String);

impl<'de> serde::Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Ok(Self(match value {
            serde_json::Value::String(text) => text,
            serde_json::Value::Null => String::new(),
            other => other.to_string(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(body: &str) -> Option<i64> {
        Envelope::read(body.as_bytes())
            .ok()
            .map(|(envelope, _)| envelope.errcode)
    }

    #[test]
    fn absent_is_zero_and_text_is_taken() {
        assert_eq!(code("{}"), Some(0));
        assert_eq!(code(r#"{"errcode":null}"#), Some(0));
        assert_eq!(code(r#"{"errcode":"40099","card":{}}"#), Some(40099));
        assert_eq!(
            code(r#" {"card":[1,{"errcode":7}],"errcode":-1,"errmsg":"system error"} "#),
            Some(-1)
        );
        assert_eq!(code(r#"{"\u0065rrcode":5}"#), Some(5));
        assert_eq!(code(r#"{"errcode":0.0}"#), Some(0));
        assert_eq!(code(r#"{"errcode":40099.0}"#), Some(40099));
    }

    #[test]
    fn a_code_that_is_not_there_says_nothing() {
        for (body, has_errcode) in [
            ("{}", false),
            (r#"{"errcode":null}"#, false),
            (r#"{"erscode":40122,"card":{"errcode":0}}"#, false),
            (r#"{"errcode":0}"#, true),
            (r#"{"errcode":"0"}"#, true),
            (r#"{"errcode":40099}"#, true),
        ] {
            let (envelope, _) = Envelope::read(body.as_bytes()).unwrap();
            assert_eq!(envelope.has_errcode, has_errcode, "{body}");
        }
    }

    #[test]
    fn of_two_codes_the_refusal_counts() {
        assert_eq!(code(r#"{"errcode":40099,"errcode":0}"#), Some(40099));
        assert_eq!(code(r#"{"errcode":0,"errcode":"40099"}"#), Some(40099));
        for (body, contradicts_itself) in [
            (r#"{"errcode":0,"errcode":40099}"#, true),
            (r#"{"errcode":40099,"errcode":40127}"#, true),
            (r#"{"errcode":40099,"errcode":"40099"}"#, false),
            (r#"{"errcode":0,"errcode":null,"errcode":0}"#, false),
        ] {
            let (envelope, _) = Envelope::read(body.as_bytes()).unwrap();
            assert_eq!(envelope.contradicts_itself, contradicts_itself, "{body}");
        }
    }

    #[test]
    fn what_is_no_object_is_no_answer() {
        for body in [
            "",
            "null",
            "[]",
            "[0,\"ok\"]",
            "0",
            "\"ok\"",
            "<html>",
            "{\"errcode\":0",
            "{\"errcode\":true}",
            "{\"errcode\":40099.5}",
            "{\"errcode\":99999999999999999999}",
        ] {
            assert_eq!(code(body), None, "{body}");
        }
    }

    #[test]
    fn raw_control_characters_and_broken_bytes_are_mended() {
        let (envelope, repaired) = Envelope::read(b"{\"errcode\":0,\"nickname\":\"a\x01\tb\\\"\xff\"}").unwrap();
        assert_eq!(envelope.errcode, 0);
        assert_eq!(
            String::from_utf8(repaired.unwrap()).unwrap(),
            "{\"errcode\":0,\"nickname\":\"a\\u0001\\u0009b\\\"\u{fffd}\"}",
        );
        assert!(Envelope::read("\u{feff}{\"errcode\":0}".as_bytes()).is_ok());
    }

    #[test]
    fn damage_beside_the_envelope_is_mended_for_who_reads_on() {
        for body in [
            &b"{\"errcode\":0,\"nickname\":\"\xc4\xe3\"}"[..],
            br#"{"errcode":0,"nickname":"a\ud83d"}"#,
        ] {
            let (envelope, repaired) = Envelope::read(body).unwrap();
            assert_eq!(envelope.errcode, 0);
            assert!(serde_json::from_slice::<serde_json::Value>(&repaired.unwrap()).is_ok());
        }
        let whole = r#"{"errcode":0,"nickname":"\ud83d\ude00破"}"#;
        assert!(Envelope::read(whole.as_bytes()).unwrap().1.is_none());
    }

    #[test]
    fn half_an_answer_is_not_mended() {
        assert!(Envelope::read(b"{\"errcode\":0,\"nickname\":\"a\x01").is_err());
    }
}
