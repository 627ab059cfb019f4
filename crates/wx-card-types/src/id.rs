//! Ids and codes: texts that must not be mixed up.

use crate::wire::{Reading, Wire};

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(String);

        impl $name {
            /// Takes `value` as it stands.
            #[must_use]
            pub fn new(value: impl Into<String>) -> Self {
                Self(value.into())
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, owned.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0
            }

            /// Whether the text is empty, which the service never accepts.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self(value)
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self(value.to_owned())
            }
        }

        impl From<&String> for $name {
            fn from(value: &String) -> Self {
                Self(value.clone())
            }
        }

        impl From<&$name> for $name {
            fn from(value: &$name) -> Self {
                value.clone()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }

        impl serde_core::Serialize for $name {
            fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl Wire for $name {
            const EXPECTED: &'static str = "text";

            fn from_i64(value: i64) -> Reading<Self> {
                Reading::Value(Self(value.to_string()))
            }

            fn from_u64(value: u64) -> Reading<Self> {
                Reading::Value(Self(value.to_string()))
            }

            fn from_str(value: &str) -> Reading<Self> {
                // Official samples carry blanks around ids; no id has any.
                Reading::Value(Self(value.trim().to_owned()))
            }
        }

        impl<'de> serde_core::Deserialize<'de> for $name {
            fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::wire::Read::<Self>::required(deserializer)
            }
        }
    )*};
}

ids! {
    /// The id of a public account or mini program (AppID); case matters.
    AppId,
    /// The number that identifies one coupon in one user's hands (卡券 Code 码): at most 20 bytes.
    #[doc(alias = "code")]
    CardCode,
    /// The id of a kind of card (卡券 ID), 32 bytes.
    CardId,
    /// A code as pages and JS-SDK calls hand it over, to be decrypted first; at most 128 bytes.
    ///
    /// It comes percent-encoded in a page's query: decode it exactly once, and mind that `+` must stay `+`.
    #[doc(alias = "encrypt_code")]
    EncryptedCode,
    /// A user of one account (OpenID), 32 bytes.
    OpenId,
    /// The merchant's own word for the scene in which a card was handed out; comes back in events and queries.
    OuterStr,
    /// A user of all accounts of one platform account (UnionID).
    UnionId,
    /// A WeChat id, as a person types it (微信号).
    Username,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_whatever_holds_its_text() {
        let (text, id) = (String::from("p1"), CardId::new("p1"));
        for made in [
            CardId::from("p1"),
            CardId::from(&text),
            CardId::from(&id),
            CardId::from(text),
        ] {
            assert_eq!(made, id);
        }
    }
}
