//! What is wrong with a request, found before it is sent.

use std::error::Error as StdError;
use std::fmt;

/// A request that the service would certainly refuse: all of its errors.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Invalid {
    first: Finding,
    rest: Vec<Finding>,
}

impl Invalid {
    /// One error.
    #[must_use]
    pub fn new(field: impl Into<String>, rule: Rule) -> Self {
        let first = Finding {
            field: field.into(),
            rule,
            level: Level::Error,
            source: None,
        };
        Self {
            first,
            rest: Vec::new(),
        }
    }

    /// The errors among `findings`, if there are any.
    pub(crate) fn of(findings: Vec<Finding>) -> Option<Self> {
        let mut errors = findings.into_iter().filter(|finding| finding.level == Level::Error);
        let first = errors.next()?;
        Some(Self {
            first,
            rest: errors.collect(),
        })
    }

    /// Every error, in the order of the request; there is at least one.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        std::iter::once(&self.first).chain(&self.rest)
    }

    /// The field of the first error, as a path such as `card.cash.base_info.title`.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.first.field
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        self.rest.iter().try_for_each(|finding| write!(f, "; {finding}"))
    }
}

impl StdError for Invalid {}

/// One field that breaks one rule.
///
/// Shown as field and rule, `code[3]: must not be empty`; whoever shows warnings too says the level beside it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// Path of the field in the request, such as `code[3]`.
    pub field: String,
    /// The rule that it breaks.
    pub rule: Rule,
    /// How sure it is that the service refuses the request for it.
    pub level: Level,
    /// Name of the official page that has the rule; nothing for operations that this crate does not have.
    pub source: Option<&'static str>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.rule)
    }
}

/// How sure it is that the service refuses a request for what was found.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Level {
    /// The service refuses it, or takes it for something else: the request is not sent.
    Error,
    /// The documentation is unclear or contradicts what was seen, or the service takes it only at times: the request
    /// is sent.
    Warning,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// A rule, with what was found instead.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// May not stand beside another field; leave one of them out.
    Conflict {
        /// The other field.
        other: &'static str,
    },
    /// The number of items is outside its bounds.
    Count {
        /// Items found.
        count: usize,
        /// Fewest items.
        min: usize,
        /// Most items.
        max: usize,
    },
    /// Must not be empty; leave an optional field out instead.
    Empty,
    /// Not in the form that the service wants.
    Form {
        /// The form that it wants.
        expected: &'static str,
    },
    /// Must be given.
    Missing {
        /// Why it must.
        because: &'static str,
    },
    /// The number is outside its bounds.
    Range {
        /// The number found.
        value: i64,
        /// Smallest number.
        min: i64,
        /// Largest number; [`i64::MAX`] where there is none.
        max: i64,
    },
    /// The same item stands earlier in the list.
    Repeated {
        /// Index of the earlier one.
        first: usize,
    },
    /// A file with more bytes than the service takes.
    TooLarge {
        /// Bytes found.
        bytes: usize,
        /// Most bytes.
        max: usize,
    },
    /// More bytes of UTF-8 than the service takes; a Chinese character has three.
    TooLong {
        /// Bytes found.
        bytes: usize,
        /// Characters found.
        characters: usize,
        /// Most bytes.
        max: usize,
    },
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict { other } => write!(f, "cannot stand beside {other}; leave one of them out"),
            Self::Count { count, min, max } => write!(f, "has {count} items, must have {min} to {max}"),
            Self::Empty => f.write_str("must not be empty"),
            Self::Form { expected } => write!(f, "must be {expected}"),
            Self::Missing { because } => write!(f, "must be given: {because}"),
            Self::Range {
                value,
                min,
                max: i64::MAX,
            } => write!(f, "is {value}, must be at least {min}"),
            // The moments of the service end there.
            Self::Range { value, min, max } if *max == i64::from(i32::MAX) => write!(
                f,
                "is {value}, must be {min} to {max} (Unix seconds, not milliseconds, no later than 2038-01-19)"
            ),
            Self::Range { value, min, max } => write!(f, "is {value}, must be {min} to {max}"),
            Self::Repeated { first } => write!(f, "repeats item {first}"),
            Self::TooLarge { bytes, max } => write!(f, "has {bytes} bytes, must have at most {max}; make it smaller"),
            Self::TooLong { bytes, characters, max } => {
                let plural = if *characters == 1 { "" } else { "s" };
                write!(
                    f,
                    "has {bytes} bytes in {characters} character{plural}, \
                     must have at most {max} bytes (a Chinese character has 3)"
                )
            }
        }
    }
}
