//! What a worker can be told.

use serde::Deserialize;

/// One line of stdin.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "do")]
pub(crate) enum Order {
    /// Every caller makes one call, all at the same time; the answer tells what came of them.
    Burst {
        /// How many callers.
        callers: usize,
        /// What each of them wants.
        #[serde(default)]
        what: What,
    },
    /// Moves the worker's clock.
    Clock {
        /// By so many seconds; back, where they are negative.
        forward: i64,
    },
    /// Drops the token and the tickets that the worker holds itself.
    Forget,
    /// Callers begin to call again and again, until they are told to [`Stop`](Self::Stop).
    Load {
        /// How many callers.
        callers: usize,
        /// What each of them wants.
        #[serde(default)]
        what: What,
    },
    /// A page reports that a signature made by now is not taken.
    Report,
    /// Signs a choice of cards; the answer is what a page is handed.
    Sign,
    /// The load ends; the answer tells what came of it.
    Stop,
    /// What has come of the load so far.
    Tally,
}

/// What a caller wants.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum What {
    /// Half of the callers want the one, half the other.
    Both,
    /// A call that needs the token.
    #[default]
    Query,
    /// A signature, which needs the ticket.
    Ticket,
}

impl What {
    /// Whether the caller of this number wants a signature.
    pub(crate) const fn is_ticket(self, caller: usize) -> bool {
        match self {
            Self::Both => caller % 2 == 1,
            Self::Query => false,
            Self::Ticket => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_lines_of_json() {
        let order = serde_json::from_str(r#"{"do":"burst","callers":500,"what":"both"}"#).unwrap();
        let Order::Burst { callers, what } = order else {
            panic!("{order:?}");
        };
        assert_eq!(callers, 500);
        assert_eq!(
            [0, 1, 2, 3].map(|caller| what.is_ticket(caller)),
            [false, true, false, true]
        );
        assert!(matches!(serde_json::from_str(r#"{"do":"stop"}"#), Ok(Order::Stop)));
        assert!(serde_json::from_str::<Order>(r#"{"do":"dance"}"#).is_err());
    }
}
