//! The table of retries, row by row.

use super::*;
use crate::{ErrCode, SendError, SendErrorKind};

const ONCE: bool = false;
const REPEATABLE: bool = true;

fn refused(errcode: i64, idempotent: bool) -> Error {
    let path = "/card/code/consume".into();
    Error::refused(path, idempotent, ErrCode::new(errcode), String::new(), None)
}

fn broken(kind: SendErrorKind, idempotent: bool) -> Error {
    Error::transport("/a".into(), idempotent, SendError::new(kind))
}

fn unreadable(idempotent: bool) -> Error {
    Error::protocol("/a".into(), idempotent, "not JSON")
}

fn first() -> Progress {
    Progress {
        attempts: 1,
        reached: false,
        refreshed: false,
        waited: Duration::ZERO,
        left: Duration::from_secs(30),
        next_minute: Duration::from_secs(7),
        jitter: 0,
    }
}

fn policy() -> RetryPolicy {
    RetryPolicy::default()
}

#[test]
fn what_follows_which_outcome() {
    use RetryReason::{Busy, MinuteLimit, NotSent, Unclear};
    use SendErrorKind::{Connect, Interrupted, Request, Response, Timeout};
    let base = Duration::from_millis(100);
    let again = |reason| Next::Wait(reason, base);
    let minute = Next::Wait(MinuteLimit, Duration::from_secs(7));
    let invalid = Error::invalid("/a", "code", "must not be empty");
    for (error, expected) in [
        (broken(Connect, ONCE), again(NotSent)),
        (broken(Request, ONCE), again(NotSent)),
        (broken(Connect, REPEATABLE), again(NotSent)),
        (broken(Request, REPEATABLE), again(NotSent)),
        (broken(Timeout, ONCE), Next::GiveUp),
        (broken(Interrupted, ONCE), Next::GiveUp),
        (broken(Response, ONCE), Next::GiveUp),
        (broken(Timeout, REPEATABLE), again(Unclear)),
        (broken(Interrupted, REPEATABLE), again(Unclear)),
        (broken(Response, REPEATABLE), again(Unclear)),
        (unreadable(ONCE), Next::GiveUp),
        (unreadable(REPEATABLE), again(Unclear)),
        (refused(-1, ONCE), Next::GiveUp),
        (refused(-1, REPEATABLE), again(Busy)),
        (refused(45011, ONCE), minute),
        (refused(45011, REPEATABLE), minute),
        (refused(40001, ONCE), Next::RefreshToken),
        (refused(40014, ONCE), Next::RefreshToken),
        (refused(42001, REPEATABLE), Next::RefreshToken),
        (refused(48012, REPEATABLE), Next::RefreshToken),
        (refused(40001, REPEATABLE).of_token_call(), Next::GiveUp),
        (refused(-1, REPEATABLE).of_token_call(), again(Busy)),
        (refused(45009, REPEATABLE), Next::GiveUp),
        (refused(40093, REPEATABLE), Next::GiveUp),
        (refused(40099, REPEATABLE), Next::GiveUp),
        (refused(40164, REPEATABLE).of_token_call(), Next::GiveUp),
        (invalid, Next::GiveUp),
        (Error::deadline("/a".into(), REPEATABLE, None, true), Next::GiveUp),
    ] {
        let progress = Progress {
            reached: error.may_have_run(),
            ..first()
        };
        assert_eq!(next(&policy(), &error, progress), expected, "{error}");
    }
}

#[test]
fn a_second_refusal_of_the_token_is_the_error() {
    let progress = Progress {
        refreshed: true,
        ..first()
    };
    assert_eq!(next(&policy(), &refused(42001, REPEATABLE), progress), Next::GiveUp);
}

#[test]
fn attempts_are_bounded_and_off_is_off() {
    let error = broken(SendErrorKind::Connect, REPEATABLE);
    let after = |attempts| Progress { attempts, ..first() };
    assert!(matches!(next(&policy(), &error, after(2)), Next::Wait(..)));
    assert_eq!(next(&policy(), &error, after(3)), Next::GiveUp);
    for error in [
        error,
        refused(42001, REPEATABLE),
        refused(-1, REPEATABLE),
        refused(45011, ONCE),
    ] {
        assert_eq!(next(&RetryPolicy::off(), &error, first()), Next::GiveUp, "{error}");
    }
}

#[test]
fn nothing_is_waited_for_that_does_not_fit_into_what_is_left() {
    let left = |left| Progress { left, ..first() };
    let (busy, minute) = (refused(-1, REPEATABLE), refused(45011, ONCE));
    let hundred = Duration::from_millis(100);
    assert_eq!(next(&policy(), &busy, left(hundred)), Next::GiveUp);
    assert_eq!(
        next(&policy(), &busy, left(Duration::from_millis(101))),
        Next::Wait(RetryReason::Busy, hundred),
    );
    assert_eq!(next(&policy(), &minute, left(Duration::from_secs(7))), Next::GiveUp);
    assert!(matches!(
        next(&policy(), &minute, left(Duration::from_secs(8))),
        Next::Wait(..)
    ));
}

#[test]
fn waits_grow_by_up_to_three_and_stay_below_the_longest() {
    let millis = Duration::from_millis;
    for (waited, jitter, expected) in [
        (0, 0, 100),
        (0, 255, 300),
        (300, 0, 100),
        (300, 255, 900),
        (4_000, 255, 5_000),
        (4_000, 0, 100),
    ] {
        let progress = Progress {
            waited: millis(waited),
            jitter,
            ..first()
        };
        let Next::Wait(_, wait) = next(&policy(), &refused(-1, REPEATABLE), progress) else {
            panic!("nothing is waited for");
        };
        // The parts of a span are whole nanoseconds.
        assert!(
            millis(expected).abs_diff(wait) < Duration::from_micros(1),
            "{waited} {jitter}: {wait:?}"
        );
    }
    let upside_down = policy().base(millis(500)).longest(millis(200));
    assert_eq!(
        next(&upside_down, &refused(-1, REPEATABLE), first()),
        Next::Wait(RetryReason::Busy, millis(200)),
    );
}
