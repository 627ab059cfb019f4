//! Randomness, as the caller hands it in.

use std::fmt;

/// Fills bytes with randomness: nonces and jitter.
///
/// Nothing in this crate reads randomness by itself. `wx_core::system::OsEntropy` (feature `system`)
/// is the operating system's; tests use `wx_core::test_util::FixedEntropy` (feature `test-util`).
pub trait Entropy: fmt::Debug + Send + Sync + 'static {
    /// Fills `bytes`, every one of them.
    fn fill(&self, bytes: &mut [u8]);
}
