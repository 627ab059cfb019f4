//! Time, as the caller hands it in.

use std::fmt;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;

/// Tells the time and waits.
///
/// Nothing in this crate reads a clock by itself. `wx_core::system::SystemClock` (feature `system`)
/// is the machine's; tests use `wx_core::test_util::ManualClock` (feature `test-util`).
#[async_trait]
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> SystemTime;

    /// Returns after `duration`.
    async fn sleep(&self, duration: Duration);
}
