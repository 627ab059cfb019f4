//! One call from its begin to its end: token, attempts, waits.

use std::pin::pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::DeserializeOwned;
use tracing::Instrument as _;

use super::exchange::{Decode, Read, unsendable};
use super::{Core, between};
use crate::Error;
use crate::answer::typed;
use crate::call::{Answer, Call};
use crate::deadline::within;
use crate::observe::Event;
use crate::retry::{self, Next, Progress, RetryReason};
use crate::timed_secret::TimedSecret;

/// How far a call has come. It outlives the call that is ended by its deadline.
#[derive(Debug, Default)]
struct Course {
    attempts: u32,
    /// Whether a request is under way.
    sending: bool,
    /// Whether an earlier attempt may have run.
    may_have_run: bool,
    refreshed: bool,
    waited: Duration,
    /// When the last attempt came to its end.
    ended: Option<SystemTime>,
    last: Option<Error>,
}

impl Core {
    /// Sends `call` with the account's token.
    ///
    /// What failed is sent again as the [`RetryPolicy`](crate::RetryPolicy) says: a call that must not run twice only
    /// when it certainly did not run. Dropping the future ends the call and leaves token and tickets sound; the service
    /// may have the request by then.
    ///
    /// # Errors
    ///
    /// Every [`ErrorKind`](crate::ErrorKind), of the last attempt; [`Error::may_have_run`] tells whether the service may
    /// have acted in this or an earlier one.
    pub async fn call(&self, call: &Call) -> Result<Answer, Error> {
        self.call_within(call, call.deadline().or(self.deadline), &mut |_| None)
            .await
    }

    /// Sends `call` as [`call`](Self::call) does, and reads the answer into a `T` in the same pass.
    ///
    /// `None` beside an answer that is a success but no `T`: [`Answer::body`] has it as it stands.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call).
    pub async fn call_for<T: DeserializeOwned + Send>(&self, call: &Call) -> Result<(Answer, Option<T>), Error> {
        let mut value = None;
        let answer = self
            .call_within(call, call.deadline().or(self.deadline), &mut |body| {
                typed::read(body, &mut value)
            })
            .await?;
        Ok((answer, value))
    }

    /// Sends a call that brings a token or ticket. It has no deadline: that of the one who leads is not everybody's.
    pub(crate) async fn prepare(&self, call: &Call) -> Result<Answer, Error> {
        // Boxed because a call may need a token, whose fetch is a call.
        Box::pin(self.call_within(call, None, &mut |_| None)).await
    }

    /// Sends `call`, which has so much time, whatever this core's calls have.
    async fn call_within(&self, call: &Call, limit: Option<Duration>, decode: Decode<'_>) -> Result<Answer, Error> {
        let span = tracing::debug_span!("wx_call", operation = call.name(), path = &**call.path());
        self.observed(call, limit, decode).instrument(span).await
    }

    async fn observed(&self, call: &Call, limit: Option<Duration>, decode: Decode<'_>) -> Result<Answer, Error> {
        let started = self.now();
        let mut course = Course::default();
        let ended = {
            let running = pin!(self.run(call, limit, started, &mut course, decode));
            within(&*self.shared.clock, limit, running).await
        };
        // A call ends with its last attempt, if it has not come to its end while it waited.
        let at = course.ended.filter(|_| matches!(ended, Some(Ok(_))));
        let elapsed = between(started, at.unwrap_or_else(|| self.now()));
        let result = match ended {
            Some(Ok(Read { body, says_done })) => {
                self.shared.budget.earn();
                Ok(Answer {
                    path: call.path().clone(),
                    idempotent: call.is_idempotent(),
                    body,
                    says_done,
                    attempts: course.attempts,
                    elapsed,
                })
            }
            Some(Err(error)) => Err(error.with_elapsed(elapsed)),
            None => Err(Self::over(call, &mut course).with_attempts(course.attempts, elapsed)),
        };
        self.report(&Event::Call {
            operation: call.name(),
            path: call.path(),
            attempts: course.attempts,
            elapsed,
            error: result.as_ref().err(),
        });
        result
    }

    /// The error of a call whose time was over.
    fn over(call: &Call, course: &mut Course) -> Error {
        let may_have_run = course.may_have_run || course.sending;
        let error = Error::deadline(
            call.path().clone(),
            call.is_idempotent(),
            course.last.take(),
            may_have_run,
        );
        call.failure(error)
    }

    async fn run(
        &self,
        call: &Call,
        limit: Option<Duration>,
        started: SystemTime,
        course: &mut Course,
        decode: Decode<'_>,
    ) -> Result<Read, Error> {
        // Before a token is spent on it.
        if !call.is_sendable() {
            return Err(unsendable(call));
        }
        let limit = limit.unwrap_or(self.shared.retry.total_time());
        let mut now = started;
        loop {
            let token = if !call.needs_token() {
                None
            } else if let Some(fresh) = self.shared.token.cache.fresh_at(now) {
                Some(fresh)
            } else {
                let token = self.token().await.map_err(|error| course.sum_up(error))?;
                now = self.now();
                Some(token)
            };
            let error = match self.attempt(call, token.as_deref(), now, course, &mut *decode).await {
                Ok(read) => return Ok(read),
                Err(error) => error,
            };
            let left = limit.saturating_sub(self.since(started));
            let wait = self.before_next(call, token.as_deref(), left, course, error)?;
            if !wait.is_zero() {
                course.waited = wait;
                self.sleep(wait).await;
            }
            now = self.now();
        }
    }

    /// How long to wait before the next attempt; the error, if there shall be none.
    fn before_next(
        &self,
        call: &Call,
        token: Option<&TimedSecret>,
        left: Duration,
        course: &mut Course,
        error: Error,
    ) -> Result<Duration, Error> {
        let reached = error.may_have_run();
        let error = course
            .sum_up(call.failure(error))
            .with_attempts(course.attempts, Duration::ZERO);
        if let Some(refused) = token.filter(|_| error.is_refused_token()) {
            self.drop_token(refused, course.refreshed);
        }
        let (reason, wait) = match retry::next(&self.shared.retry, &error, self.progress(course, reached, left)) {
            Next::RefreshToken => {
                course.refreshed = true;
                (RetryReason::TokenRefused, Duration::ZERO)
            }
            Next::Wait(reason, wait) if self.shared.budget.take() => (reason, wait),
            Next::GiveUp | Next::Wait(..) => return Err(error),
        };
        self.report(&Event::Retry {
            operation: call.name(),
            path: call.path(),
            attempt: course.attempts,
            reason,
            wait,
        });
        course.last = Some(error);
        Ok(wait)
    }

    fn progress(&self, course: &Course, reached: bool, left: Duration) -> Progress {
        let mut random = [0];
        self.shared.entropy.fill(&mut random);
        Progress {
            attempts: course.attempts,
            reached,
            refreshed: course.refreshed,
            waited: course.waited,
            left,
            next_minute: until_next_minute(self.now()),
            jitter: random[0],
        }
    }

    /// Sends `call` once.
    async fn attempt(
        &self,
        call: &Call,
        token: Option<&TimedSecret>,
        started: SystemTime,
        course: &mut Course,
        decode: Decode<'_>,
    ) -> Result<Read, Error> {
        let request = self.request(call, token)?;
        course.attempts += 1;
        course.sending = true;
        let sent = self.shared.http.send(request).await;
        course.sending = false;
        let result = match sent {
            Ok(response) => self.read(call, token.map(TimedSecret::secret), response, decode),
            Err(error) => Err(Error::transport(call.path().clone(), call.is_idempotent(), error)),
        };
        let ended = self.now();
        course.ended = Some(ended);
        self.report(&Event::Attempt {
            operation: call.name(),
            path: call.path(),
            attempt: course.attempts,
            elapsed: between(started, ended),
            error: result.as_ref().err(),
        });
        result
    }
}

impl Course {
    /// Adds to `error` what earlier attempts may have done.
    fn sum_up(&mut self, error: Error) -> Error {
        self.may_have_run |= error.may_have_run();
        if self.may_have_run {
            error.after_one_that_may_have_run()
        } else {
            error
        }
    }
}

/// How long it is until the service begins to count anew.
fn until_next_minute(now: SystemTime) -> Duration {
    const MINUTE: u128 = 60_000;
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let left = MINUTE - since.as_millis() % MINUTE;
    Duration::from_millis(u64::try_from(left).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_minute_begins_within_one() {
        for (millis, left) in [
            (0, 60_000),
            (1, 59_999),
            (59_999, 1),
            (60_000, 60_000),
            (1_700_000_000_000, 40_000),
        ] {
            let now = UNIX_EPOCH + Duration::from_millis(millis);
            assert_eq!(until_next_minute(now), Duration::from_millis(left), "{millis}");
        }
    }
}
