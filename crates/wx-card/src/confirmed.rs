//! Where a flow has its certainty from.

/// How it is known that something was done.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ConfirmedBy {
    /// The answer to the request itself.
    Answer,
    /// A question that was asked afterwards, because the answer was lost or told too little.
    Query,
}

impl ConfirmedBy {
    /// The name in snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Query => "query",
        }
    }
}
