//! Whether a failed attempt is repeated.

use crate::{ErrClass, Error, ErrorKind};

/// What to do after a failed attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Next {
    /// Hand the error to the caller.
    GiveUp,
    /// Drop the token that was refused and send once more: a refused token means that nothing ran.
    RefreshToken,
}

/// Decides what follows `error`, when the call has or has not yet refreshed its token.
pub(crate) fn next(error: &Error, refreshed: bool) -> Next {
    let token_refused = error.kind() == ErrorKind::Refused && error.class() == Some(ErrClass::Token);
    if token_refused && !refreshed {
        Next::RefreshToken
    } else {
        Next::GiveUp
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrCode, SendError, SendErrorKind};

    fn refused(errcode: i64) -> Error {
        Error::refused(
            "/card/code/consume".into(),
            false,
            ErrCode::new(errcode),
            String::new(),
            None,
        )
    }

    #[test]
    fn only_a_refused_token_is_followed_by_another_attempt() {
        for (error, expected) in [
            (refused(40001), Next::RefreshToken),
            (refused(40014), Next::RefreshToken),
            (refused(42001), Next::RefreshToken),
            (refused(48012), Next::RefreshToken),
            (refused(40001).of_token_call(), Next::GiveUp),
            (refused(-1), Next::GiveUp),
            (refused(40099), Next::GiveUp),
            (refused(45009), Next::GiveUp),
            (refused(45011), Next::GiveUp),
            (
                Error::transport("/a".into(), true, SendError::new(SendErrorKind::Connect)),
                Next::GiveUp,
            ),
            (
                Error::transport("/a".into(), true, SendError::new(SendErrorKind::Timeout)),
                Next::GiveUp,
            ),
            (Error::protocol("/a".into(), true, "not JSON"), Next::GiveUp),
        ] {
            assert_eq!(next(&error, false), expected, "{error}");
        }
    }

    #[test]
    fn a_second_refusal_is_the_error() {
        assert_eq!(next(&refused(42001), true), Next::GiveUp);
    }
}
