//! Soaks in process, by a clock that moves itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod in_process;
mod liars;
mod world;
