//! From lines to batches.

use std::error::Error as StdError;
use std::pin::Pin;

use futures_util::{Stream, StreamExt as _};
use wx_card_types::CardCode;

use super::hash::Key;
use super::line::{BulkLine, LineProblem};
use super::seen::Seen;

/// Codes that are sent together.
pub(super) struct Batch {
    pub(super) index: u64,
    pub(super) lines: Vec<u64>,
    pub(super) codes: Vec<CardCode>,
}

/// What came out of the input next.
pub(super) enum Next {
    Batch(Batch),
    /// A line that is not sent.
    Problem {
        line: u64,
        text: String,
        problem: LineProblem,
    },
    /// A line with a code that an earlier line has.
    Repeated {
        line: u64,
        code: CardCode,
    },
    End,
    Failed(Box<dyn StdError + Send + Sync>),
}

/// The lines of an input, put into batches. The same lines always make the same batches.
pub(super) struct Input<S> {
    lines: Pin<Box<S>>,
    key: Key,
    seen: Seen,
    open: Batch,
    batch_size: usize,
    max_bytes: usize,
    last_line: u64,
    is_over: bool,
}

impl<S, E> Input<S>
where
    S: Stream<Item = Result<BulkLine, E>>,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    pub(super) fn new(lines: S, key: Key, batch_size: usize, max_bytes: usize) -> Self {
        Self {
            lines: Box::pin(lines),
            key,
            seen: Seen::new(),
            open: Batch::empty(0, batch_size),
            batch_size,
            max_bytes,
            last_line: 0,
            is_over: false,
        }
    }

    pub(super) async fn next(&mut self) -> Next {
        while !self.is_over {
            let line = match self.lines.next().await {
                Some(Ok(line)) => line,
                Some(Err(error)) => return Next::Failed(error.into()),
                None => {
                    self.is_over = true;
                    break;
                }
            };
            let number = line.number();
            self.last_line = number;
            let code = match line.into_code(self.max_bytes) {
                Ok(code) => code,
                Err((text, problem)) => {
                    return Next::Problem {
                        line: number,
                        text,
                        problem,
                    };
                }
            };
            if !self.seen.insert(self.key.fingerprint(code.as_str().as_bytes())) {
                return Next::Repeated { line: number, code };
            }
            self.open.lines.push(number);
            self.open.codes.push(code);
            if self.batch_size <= self.open.codes.len() {
                return Next::Batch(self.cut());
            }
        }
        if self.open.codes.is_empty() {
            Next::End
        } else {
            Next::Batch(self.cut())
        }
    }

    /// How many batches there have been.
    pub(super) fn batches(&self) -> u64 {
        self.open.index
    }

    /// The number of the last line that was read.
    pub(super) fn last_line(&self) -> u64 {
        self.last_line
    }

    fn cut(&mut self) -> Batch {
        let next = Batch::empty(self.open.index + 1, self.batch_size);
        std::mem::replace(&mut self.open, next)
    }
}

impl Batch {
    fn empty(index: u64, size: usize) -> Self {
        Self {
            index,
            lines: Vec::with_capacity(size),
            codes: Vec::with_capacity(size),
        }
    }

    /// What tells it from another batch: its codes and where they stand.
    pub(super) fn fingerprint(&self, key: Key) -> u128 {
        let mut text = Vec::with_capacity(self.codes.len() * 32);
        for (line, code) in self.lines.iter().zip(&self.codes) {
            text.extend(line.to_le_bytes());
            // No code has a byte of zero.
            text.extend(code.as_str().as_bytes());
            text.push(0);
        }
        key.fingerprint(&text)
    }

    /// The first line of it.
    pub(super) fn line(&self) -> u64 {
        self.lines.first().copied().unwrap_or_default()
    }
}
