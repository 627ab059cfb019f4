//! What is wrong with a request, found before it is sent.

use std::error::Error as StdError;
use std::fmt;

/// A request that the service would certainly refuse: all of its violations.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Invalid {
    first: Violation,
    rest: Vec<Violation>,
}

impl Invalid {
    /// One violation.
    #[must_use]
    pub fn new(field: impl Into<String>, rule: Rule) -> Self {
        let first = Violation {
            field: field.into(),
            rule,
        };
        Self {
            first,
            rest: Vec::new(),
        }
    }

    /// Every violation, in the order of the request; there is at least one.
    pub fn violations(&self) -> impl Iterator<Item = &Violation> {
        std::iter::once(&self.first).chain(&self.rest)
    }

    /// The field of the first violation, as a path such as `card.cash.base_info.title`.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.first.field
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        self.rest.iter().try_for_each(|violation| write!(f, "; {violation}"))
    }
}

impl StdError for Invalid {}

/// One field that breaks one rule.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Violation {
    /// Path of the field in the request, such as `code[3]`.
    pub field: String,
    /// The rule that it breaks.
    pub rule: Rule,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.rule)
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
    /// More bytes of UTF-8 than the service takes; a Chinese character has three.
    TooLong {
        /// Bytes found.
        bytes: usize,
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
            Self::Range { value, min, max } => write!(f, "is {value}, must be {min} to {max}"),
            Self::Repeated { first } => write!(f, "repeats item {first}"),
            Self::TooLong { bytes, max } => {
                write!(
                    f,
                    "has {bytes} bytes, must have at most {max} (a Chinese character has 3)"
                )
            }
        }
    }
}

/// Collects violations, each under the path of its field.
///
/// ```
/// use wx_card_types::Check;
///
/// let mut check = Check::new();
/// check.filled("card_id", "");
/// check.within("base_info", |check| check.max_bytes("title", "双人火锅套餐代金券", 24));
/// let invalid = check.finish().unwrap_err();
/// assert_eq!(
///     invalid.to_string(),
///     "card_id: must not be empty; \
///      base_info.title: has 27 bytes, must have at most 24 (a Chinese character has 3)",
/// );
/// ```
#[derive(Debug, Default)]
pub struct Check {
    prefix: String,
    violations: Vec<Violation>,
}

impl Check {
    /// Nothing found yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything found.
    ///
    /// # Errors
    ///
    /// [`Invalid`] if anything was.
    pub fn finish(self) -> Result<(), Invalid> {
        let mut violations = self.violations.into_iter();
        match violations.next() {
            None => Ok(()),
            Some(first) => Err(Invalid {
                first,
                rest: violations.collect(),
            }),
        }
    }

    /// Notes that `field` breaks `rule`.
    pub fn violation(&mut self, field: &str, rule: Rule) {
        let field = format!("{}{field}", self.prefix);
        self.violations.push(Violation { field, rule });
    }

    /// Checks the members of `object`.
    pub fn within(&mut self, object: &str, check: impl FnOnce(&mut Self)) {
        let length = self.prefix.len();
        self.prefix.push_str(object);
        self.prefix.push('.');
        check(self);
        self.prefix.truncate(length);
    }

    /// `value` must not be empty.
    pub fn filled(&mut self, field: &str, value: impl AsRef<str>) {
        if value.as_ref().trim().is_empty() {
            self.violation(field, Rule::Empty);
        }
    }

    /// `value` must not be empty where it is given.
    pub fn filled_if_given(&mut self, field: &str, value: Option<&(impl AsRef<str> + ?Sized)>) {
        if let Some(value) = value {
            self.filled(field, value);
        }
    }

    /// `value` must have at most `max` bytes of UTF-8.
    pub fn max_bytes(&mut self, field: &str, value: impl AsRef<str>, max: usize) {
        let bytes = value.as_ref().len();
        if bytes > max {
            self.violation(field, Rule::TooLong { bytes, max });
        }
    }

    /// `value` must lie between `min` and `max`, both included.
    pub fn range(&mut self, field: &str, value: i64, min: i64, max: i64) {
        if value < min || max < value {
            self.violation(field, Rule::Range { value, min, max });
        }
    }

    /// There must be `min` to `max` items.
    pub fn count(&mut self, field: &str, count: usize, min: usize, max: usize) {
        if count < min || max < count {
            self.violation(field, Rule::Count { count, min, max });
        }
    }

    /// No item may be empty, none may stand twice.
    pub fn distinct<T: AsRef<str>>(&mut self, field: &str, items: &[T]) {
        let mut seen = std::collections::BTreeMap::new();
        for (index, item) in items.iter().enumerate() {
            self.filled(&format!("{field}[{index}]"), item);
            if let Some(first) = seen.insert(item.as_ref(), index) {
                self.violation(&format!("{field}[{index}]"), Rule::Repeated { first });
                seen.insert(item.as_ref(), first);
            }
        }
    }
}
