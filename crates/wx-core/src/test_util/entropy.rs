//! Randomness that is the same every time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::Entropy;

/// Counts up from 0, byte by byte. Clones share the count.
#[derive(Clone, Debug, Default)]
pub struct FixedEntropy(Arc<AtomicU8>);

impl FixedEntropy {
    /// Begins at 0.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Entropy for FixedEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}
