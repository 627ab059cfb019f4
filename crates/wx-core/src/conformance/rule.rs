//! A rule of a contract.

use std::fmt;

/// One rule that an implementation must keep.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Rule {
    pub(super) name: &'static str,
    pub(super) clause: u8,
    pub(super) says: &'static str,
}

impl Rule {
    /// Its name, such as `sends-once`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Which clause of the trait's contract it belongs to.
    #[must_use]
    pub const fn clause(&self) -> u8 {
        self.clause
    }

    /// What it asks for.
    #[must_use]
    pub const fn says(&self) -> &'static str {
        self.says
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (clause {}): {}", self.name, self.clause, self.says)
    }
}

/// Declares the rules of a suite, and the list of all of them in the same order.
macro_rules! rules {
    ($($constant:ident, $name:literal, $clause:literal, $says:literal;)*) => {
        $(pub(super) static $constant: Rule = Rule { name: $name, clause: $clause, says: $says };)*

        /// Every rule, in the order of the contract.
        pub(super) static ALL: &[&Rule] = &[$(&$constant),*];
    };
}

pub(super) use rules;
