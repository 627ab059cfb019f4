//! When the service is asked for another stable token than the one that it keeps giving.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::Secret;

/// The service forces a refresh at most so often a day, and not more often than every half minute.
const A_DAY: usize = 20;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const APART: Duration = Duration::from_secs(30);

/// Two refusals that lie further apart have nothing to do with each other.
const TOGETHER: Duration = Duration::from_secs(60);

/// Counts how often the present token was refused, and how often a refresh was forced.
///
/// The stable endpoint gives the same token to whoever asks, also one that other calls refuse. When it was refused,
/// fetched again and refused once more, only `force_refresh` gets another, which also kills it for everybody else.
#[derive(Debug, Default)]
pub(crate) struct Forced(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    refused: Option<Refused>,
    forced_at: VecDeque<SystemTime>,
}

#[derive(Debug)]
struct Refused {
    token: Secret,
    times: u32,
    last: SystemTime,
}

impl Forced {
    /// Notes that `token` was refused.
    pub(crate) fn note_at(&self, token: &Secret, now: SystemTime) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let times = match &state.refused {
            Some(known) if known.token == *token && since(known.last, now) < TOGETHER => known.times.saturating_add(1),
            _ => 1,
        };
        state.refused = Some(Refused {
            token: token.clone(),
            times,
            last: now,
        });
    }

    /// Whether the next fetch would be forced.
    pub(crate) fn is_due_at(&self, now: SystemTime) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_due_at(now)
    }

    /// Whether this fetch is to be forced; it counts then.
    pub(crate) fn take_at(&self, now: SystemTime) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = state.is_due_at(now);
        if is_due {
            if state.forced_at.len() >= A_DAY {
                state.forced_at.pop_front();
            }
            state.forced_at.push_back(now);
            state.refused = None;
        }
        is_due
    }
}

impl State {
    fn is_due_at(&self, now: SystemTime) -> bool {
        // What was refused long ago has been replaced since, be it by another process.
        let refused_again = self
            .refused
            .as_ref()
            .is_some_and(|refused| refused.times >= 2 && since(refused.last, now) < TOGETHER);
        let rested = self.forced_at.back().is_none_or(|last| since(*last, now) >= APART);
        let today = self
            .forced_at
            .iter()
            .filter(|moment| since(**moment, now) < DAY)
            .count();
        refused_again && rested && today < A_DAY
    }
}

/// How long ago `moment` is; one that a clock set back has made one to come is just now.
fn since(moment: SystemTime, now: SystemTime) -> Duration {
    now.duration_since(moment).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(second)
    }

    fn refused_twice(forced: &Forced, moment: SystemTime) {
        forced.note_at(&Secret::new("A"), moment);
        forced.note_at(&Secret::new("A"), moment);
    }

    #[test]
    fn a_refusal_of_long_ago_forces_nothing() {
        let forced = Forced::default();
        refused_twice(&forced, at(0));
        assert!(forced.is_due_at(at(59)));
        assert!(!forced.is_due_at(at(60)) && !forced.take_at(at(7_200)));
    }

    #[test]
    fn two_refusals_far_apart_force_nothing() {
        let forced = Forced::default();
        for second in [0, 60, 5_000] {
            forced.note_at(&Secret::new("A"), at(second));
            assert!(!forced.is_due_at(at(second)), "{second}");
        }
        forced.note_at(&Secret::new("A"), at(5_059));
        assert!(forced.is_due_at(at(5_059)));
    }

    #[test]
    fn one_refusal_or_two_of_different_tokens_force_nothing() {
        let forced = Forced::default();
        for token in ["A", "B", "A"] {
            forced.note_at(&Secret::new(token), at(0));
            assert!(!forced.take_at(at(0)), "{token}");
        }
        forced.note_at(&Secret::new("A"), at(0));
        assert!(forced.is_due_at(at(0)) && forced.take_at(at(0)));
        assert!(!forced.take_at(at(100)), "it starts anew");
    }

    #[test]
    fn it_keeps_half_a_minute_apart() {
        let forced = Forced::default();
        refused_twice(&forced, at(100));
        assert!(forced.take_at(at(100)));
        refused_twice(&forced, at(100));
        for (second, is_due) in [(100, false), (129, false), (50, false), (130, true)] {
            assert_eq!(forced.is_due_at(at(second)), is_due, "{second}");
        }
    }

    #[test]
    fn it_is_done_twenty_times_a_day_at_most() {
        let forced = Forced::default();
        let is_taken_at = |moment| {
            refused_twice(&forced, moment);
            forced.take_at(moment)
        };
        for time in 0..20 {
            assert!(is_taken_at(at(time * 60)));
        }
        assert!(!is_taken_at(at(20 * 60)));
        assert!(!is_taken_at(at(86_399)));
        assert!(is_taken_at(at(86_400)), "the first is a day old");
        assert!(!is_taken_at(at(86_430)));
    }
}
