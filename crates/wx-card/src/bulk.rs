//! Many codes at once, from a stream of lines: deposit them, make them void, or ask for them.
//!
//! [`CardClient::deposit`](crate::CardClient::deposit), [`CardClient::void_codes`](crate::CardClient::void_codes) and
//! [`CardClient::check_all_codes`](crate::CardClient::check_all_codes) begin one. All three read lines as they come,
//! trim them, refuse what cannot be a code, pass over what stands there twice, keep a number of requests in flight, and
//! tell of each line what became of it.
//!
//! # Memory
//!
//! It does not grow with the input but for 16 to 24 bytes for each code, by which repeated ones are found: up to 24 MB for a
//! million, and 240 MB for ten million. Fingerprints of 96 bits stand for the codes; that two different codes
//! have the same, so that one would be passed over as repeated, happens with one of 10¹⁴ inputs of ten million.
//! The journal of an earlier run takes some 100 bytes for each 100 codes.
//!
//! # Going on after an interruption
//!
//! With a [`BulkJournal`] a run goes on where one before ended, however that was: stopped, dropped, killed, without
//! power. Give the same input again from its beginning. What was done is not sent again; what may have been sent is, which
//! is harmless. Before the first of 128 batches is sent, the journal knows all of them, so that a journal with another
//! input is found out. The outcome of a line is told only when the journal has it.
//!
//! | interrupted | what the next run does |
//! | --- | --- |
//! | before a batch was announced | sends it |
//! | after that, before its answer was journaled | sends it again; what the service then calls a duplicate is [`Present`](BulkOutcome::Present) |
//! | after its answer was journaled | tells what it was |
//! | while raising the stock | asks whether it is raised; only when it certainly is not, raises it |
//!
//! # What stops a run
//!
//! Trouble that passes does not: the client's retries come first, then pauses. At the limit of the minute (45011) it goes on
//! in the next one. Without a way to the service, or while that is busy, it tries again for some five minutes. The
//! quota of the day (45009), a refusal that would meet every batch, a journal that fails, and a limit that is used up do:
//! what is in flight is finished, and [`BulkReport::stop`] says why.

mod book;
mod builder;
mod hash;
mod input;
mod journal;
mod limit;
mod line;
mod outcome;
mod pace;
mod run;
mod seen;
mod session;
mod setup;
mod work;

pub use builder::Bulk;
pub use journal::{BulkJournal, JournalError, MemoryJournal};
pub use limit::LocalRateLimit;
pub use line::{BulkLine, LineProblem};
pub use outcome::{BulkCounts, BulkKind, BulkOutcome, BulkReport, BulkStop, FailReason, LineOutcome};
pub use wx_core::{RateLimit, RateLimitError};

pub(crate) use journal::{Raise, Record};
pub(crate) use pace::Halt;
pub(crate) use session::Session;
pub(crate) use work::{Task, Work};
