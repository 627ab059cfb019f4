//! How long a flow goes on asking what became of a call.

use std::future::Future;
use std::pin::pin;
use std::time::{Duration, SystemTime};

use futures_util::future::{Either, select};
use wx_core::{Core, ErrClass, Error, ErrorKind};

/// How long a flow asks unless it is told otherwise.
pub(crate) const DEFAULT_PATIENCE: Duration = Duration::from_secs(5);

/// The pause after the first question; each is twice the one before, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The last question needs time for its answer too.
const SHORTEST_QUESTION: Duration = Duration::from_secs(2);

/// A time in which questions may be asked, with pauses between them.
pub(crate) struct Patience<'a> {
    core: &'a Core,
    total: Duration,
    started: SystemTime,
    waited: Duration,
    pause: Duration,
}

/// Whether asking again brings the same answer. A token that is refused now may be good with the next question.
pub(crate) fn is_hopeless(error: &Error) -> bool {
    let is_of_token = error.class() == Some(ErrClass::Token) || error.kind() == ErrorKind::Credential;
    !error.is_retryable() && !is_of_token
}

impl<'a> Patience<'a> {
    /// Begins now and lasts for `total`.
    pub(crate) fn new(core: &'a Core, total: Duration) -> Self {
        Self {
            core,
            total,
            started: core.now(),
            waited: Duration::ZERO,
            pause: FIRST_PAUSE,
        }
    }

    /// The answer to `question`; none when the time is over first.
    pub(crate) async fn ask<T>(&self, question: impl Future<Output = T>) -> Option<T> {
        let limit = self.left().max(SHORTEST_QUESTION);
        match select(pin!(question), pin!(self.core.sleep(limit))).await {
            Either::Left((answer, _)) => Some(answer),
            Either::Right(_) => None,
        }
    }

    /// Pauses before the next question; `false`, at once, when there shall be none.
    pub(crate) async fn wait(&mut self) -> bool {
        let pause = self.pause.min(self.left());
        if pause.is_zero() {
            return false;
        }
        self.core.sleep(pause).await;
        self.waited = self.waited.saturating_add(pause);
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        true
    }

    /// What is left of the time, questions included.
    fn left(&self) -> Duration {
        let passed = self.core.now().duration_since(self.started).unwrap_or_default();
        // A clock that was set back must not make the time longer than the pauses themselves.
        self.total.saturating_sub(passed.max(self.waited))
    }
}
