//! Enums of the wire that keep words which have no name here.

/// Declares an enum over words of the wire. An unknown word is kept as it stands and round-trips.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $($(#[$vm:meta])* $variant:ident = $word:literal $(| $other:literal)*),* $(,)? }
    ) => {
        $(#[$meta])*
        ///
        /// A word that has no name here is kept, compares by its text and is written back as it is.
        #[non_exhaustive]
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum $name {
            $($(#[$vm])* #[doc = concat!("\n\nOn the wire: `", $word, "`.")] $variant,)*
            #[doc(hidden)]
            _Other($crate::open_enum::Word),
        }

        impl $name {
            /// The words that have a name here.
            pub const KNOWN: &'static [&'static str] = &[$($word),*];

            /// The word on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::_Other(word) => word.as_str(),
                }
            }

            /// Whether the word has a name here.
            #[must_use]
            pub const fn is_known(&self) -> bool {
                !matches!(self, Self::_Other(_))
            }
        }

        impl $crate::open_enum::Words for $name {
            const ONE_OF: &'static str = concat!("one of", $(" ", $word),*);

            fn is_known(&self) -> bool {
                !matches!(self, Self::_Other(_))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word $(| $other)* => Self::$variant,)*
                    _ => Self::_Other($crate::open_enum::Word::new(word)),
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                Self::from(word.as_str())
            }
        }

        impl serde_core::Serialize for $name {
            fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl $crate::wire::Wire for $name {
            const EXPECTED: &'static str = "a word";

            // Old answers carry numbers in the place of words; they are kept like unknown words.
            fn from_i64(value: i64) -> $crate::wire::Reading<Self> {
                $crate::wire::Reading::Value(Self::from(value.to_string()))
            }

            fn from_u64(value: u64) -> $crate::wire::Reading<Self> {
                $crate::wire::Reading::Value(Self::from(value.to_string()))
            }

            fn from_str(value: &str) -> $crate::wire::Reading<Self> {
                match value.trim() {
                    "" => $crate::wire::Reading::Absent,
                    word => $crate::wire::Reading::Value(Self::from(word)),
                }
            }
        }

        impl<'de> serde_core::Deserialize<'de> for $name {
            fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::Read::<Self>::required(deserializer)
            }
        }
    };
}

pub(crate) use open_enum;

/// An enum over words.
pub(crate) trait Words {
    /// The words that have a name here, in a sentence about what must be.
    const ONE_OF: &'static str;

    /// Whether the word has a name here.
    fn is_known(&self) -> bool;
}

/// A word without a name; private, so that naming it later breaks nobody.
#[doc(hidden)]
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Word(Box<str>);

impl Word {
    pub(crate) fn new(word: &str) -> Self {
        Self(word.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
