//! Addresses in answers.

use std::fmt;

use serde_core::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::{Read, Reading, Wire};

/// An address on the web, as an answer has it.
///
/// White space is taken out on reading, wherever it stands: official answers have some within addresses.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct WebUrl(String);

impl WebUrl {
    /// Takes `value` without its white space.
    #[must_use]
    pub fn new(value: impl AsRef<str>) -> Self {
        Self(value.as_ref().split_whitespace().collect())
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
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for WebUrl {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for WebUrl {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

impl From<String> for WebUrl {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

impl From<WebUrl> for String {
    fn from(value: WebUrl) -> Self {
        value.0
    }
}

impl PartialEq<str> for WebUrl {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for WebUrl {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl Serialize for WebUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Wire for WebUrl {
    const EXPECTED: &'static str = "an address";

    fn from_str(value: &str) -> Reading<Self> {
        let url = Self::new(value);
        if url.0.is_empty() {
            Reading::Absent
        } else {
            Reading::Value(url)
        }
    }
}

impl<'de> Deserialize<'de> for WebUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Read::<Self>::required(deserializer)
    }
}
