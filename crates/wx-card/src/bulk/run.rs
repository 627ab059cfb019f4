//! The run itself: batches out of the input, announced, settled, saved.

use std::error::Error as StdError;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use futures_util::future::{Either, select};
use futures_util::stream::{self, Stream, StreamExt as _};

use super::input::{Batch, Input, Next};
use super::journal::Record;
use super::line::BulkLine;
use super::outcome::{BulkOutcome, BulkStop};
use super::pace::Troubles;
use super::session::Session;
use super::work::{Task, Work};

/// Batches that are announced in the journal together.
const WINDOW: usize = 128;

/// Lines that are gone through without a pause for others.
const MOST_LINES: usize = 100_000;

/// Batches that are announced together, as they come out of the input.
#[derive(Default)]
struct Window {
    works: Vec<Work>,
    /// The number of the first batch that the journal does not know, and the fingerprints from there on.
    first_new: u64,
    new: Vec<u128>,
    is_last: bool,
}

impl Session<'_> {
    /// Does what `task` says with the codes of all lines, until they are done or the run is to stop.
    pub(crate) async fn run<T, S, E>(&self, task: &T, lines: S)
    where
        T: Task,
        S: Stream<Item = Result<BulkLine, E>> + Send,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let input = Input::new(lines, self.key, T::BATCH, self.max_bytes);
        let windows = stream::unfold(Some(input), |input| async move {
            let mut input = input?;
            let window = self.window(&mut input).await?;
            let rest = (!window.is_last).then_some(input);
            Some((stream::iter(window.works), rest))
        });
        // The next window is read and announced while this one is sent.
        let works = windows.flatten_unordered(2);
        let in_flight = AtomicUsize::new(0);
        let settled = works.map(|work| {
            in_flight.fetch_add(1, Ordering::Relaxed);
            let in_flight = &in_flight;
            async move {
                let settled = self.settle(task, work).await;
                in_flight.fetch_sub(1, Ordering::Relaxed);
                settled
            }
        });
        let settled = settled.buffer_unordered(self.in_flight);
        self.collect(settled, &in_flight).await;
        self.save(Vec::new()).await;
    }

    /// Takes in what is settled, until there is no more or the run is to stop and nothing is in flight.
    async fn collect(&self, settled: impl Stream<Item = Option<Work>> + Send, in_flight: &AtomicUsize) {
        let mut settled = pin!(settled);
        let mut is_asked = false;
        // An input that has no line for now, such as a pipe, must not keep a run that is to stop.
        while !(self.is_stopped() && in_flight.load(Ordering::Relaxed) == 0 && self.is_at_rest()) {
            let next = if is_asked {
                settled.next().await
            } else {
                // Asked for first: what settles may come without end.
                match select(self.until.clone(), settled.next()).await {
                    Either::Left(_) => {
                        // What is in flight is finished; nothing else is begun.
                        is_asked = true;
                        self.halt(BulkStop::Asked);
                        continue;
                    }
                    Either::Right((next, _)) => next,
                }
            };
            match next {
                Some(Some(work)) => self.take_in(work).await,
                Some(None) => {}
                None => break,
            }
        }
    }

    /// Settles a batch, however long it takes; none if the run is to stop before.
    async fn settle<T: Task>(&self, task: &T, mut work: Work) -> Option<Work> {
        let mut troubles = Troubles::default();
        while !self.is_stopped() {
            match task.settle(self, &mut work).await {
                Ok(()) => return Some(work),
                Err(halt) => self.overcome(halt, &mut troubles, work.index).await,
            }
        }
        None
    }

    /// The next batches, announced; none if there are none or the run is to stop.
    async fn window<S, E>(&self, input: &mut Input<S>) -> Option<Window>
    where
        S: Stream<Item = Result<BulkLine, E>>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let mut window = Window::default();
        let mut lines = 0;
        while window.works.len() < WINDOW && lines < MOST_LINES && !window.is_last && !self.is_stopped() {
            match input.next().await {
                Next::Batch(batch) => {
                    lines += batch.codes.len();
                    self.sort_in(batch, &mut window);
                    // An input that is always ready would keep the answers waiting.
                    yield_now().await;
                }
                Next::Problem { line, text, problem } => {
                    lines += 1;
                    self.tell(line, &text, BulkOutcome::Refused(problem));
                }
                Next::Repeated { line, code } => {
                    lines += 1;
                    self.tell(line, code.as_str(), BulkOutcome::Repeated);
                }
                Next::End => window.is_last = true,
                Next::Failed(error) => self.halt(BulkStop::Input(error)),
            }
        }
        if window.is_last && input.batches() < self.past.len() as u64 {
            // It ends where the journal has more.
            let line = input.last_line() + 1;
            self.halt(BulkStop::OtherInput { line });
        }
        if self.is_stopped() {
            return None;
        }
        self.announce(&mut window, input.batches()).await.then_some(window)
    }

    /// Sorts a batch by what the journal knows of it.
    fn sort_in(&self, batch: Batch, window: &mut Window) {
        let fingerprint = batch.fingerprint(self.key);
        let line = batch.line();
        let past = usize::try_from(batch.index).ok().and_then(|index| self.past.get(index));
        let Some(past) = past else {
            if self.input_end.is_some() {
                return self.halt(BulkStop::OtherInput { line });
            }
            if window.new.is_empty() {
                window.first_new = batch.index;
            }
            window.new.push(fingerprint);
            return window.works.push(Work::new(batch, self.may_know_too_little));
        };
        if past.fingerprint != fingerprint {
            return self.halt(BulkStop::OtherInput { line });
        }
        match past
            .outcomes
            .as_ref()
            .and_then(|outcomes| outcomes.of(batch.codes.len()))
        {
            None => window.works.push(Work::new(batch, true)),
            Some(outcomes) => {
                for ((line, code), outcome) in batch.lines.iter().zip(&batch.codes).zip(outcomes) {
                    self.tell(*line, code.as_str(), outcome);
                }
            }
        }
    }

    /// Makes known what may be sent from now on; whether that is durable.
    async fn announce(&self, window: &mut Window, batches: u64) -> bool {
        let mut records = Vec::new();
        if !window.new.is_empty() {
            records.push(Record::Intent {
                first: window.first_new,
                fingerprints: std::mem::take(&mut window.new),
            });
        }
        if window.is_last && self.input_end.is_none() {
            records.push(Record::InputEnd { batches });
        }
        records.is_empty() || self.save(records).await
    }
}

impl Work {
    fn new(batch: Batch, was_sent: bool) -> Self {
        Self {
            index: batch.index,
            outcomes: vec![None; batch.codes.len()],
            lines: batch.lines,
            codes: batch.codes,
            was_sent,
        }
    }
}

/// Lets others have their turn once.
async fn yield_now() {
    let mut has_yielded = false;
    poll_fn(|context| {
        if has_yielded {
            return Poll::Ready(());
        }
        has_yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
