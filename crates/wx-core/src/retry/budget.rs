//! What all calls of a client may spend on repeats.

use std::sync::atomic::{AtomicU32, Ordering};

/// Counted in tenths, of which a repeat costs ten and a success gives back one.
const REPEAT: u32 = 10;
const SUCCESS: u32 = 1;

/// A bucket that repeats empty and successes fill.
#[derive(Debug)]
pub(crate) struct Budget {
    left: AtomicU32,
    full: u32,
}

impl Budget {
    /// A full budget of so many repeats.
    pub(crate) fn new(repeats: u32) -> Self {
        let full = repeats.saturating_mul(REPEAT);
        Self {
            left: AtomicU32::new(full),
            full,
        }
    }

    /// Takes one repeat, if there is one.
    pub(crate) fn take(&self) -> bool {
        self.change(|left| left.checked_sub(REPEAT))
    }

    /// Gives back the share of a successful call.
    pub(crate) fn earn(&self) {
        // Whoever is never refused finds it full, and writes nothing that another core has to fetch.
        self.change(|left| (left < self.full).then(|| left.saturating_add(SUCCESS).min(self.full)));
    }

    fn change(&self, change: impl FnMut(u32) -> Option<u32>) -> bool {
        let changed = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change);
        changed.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_empty_it_and_ten_successes_give_one_back() {
        let budget = Budget::new(2);
        assert!(budget.take() && budget.take() && !budget.take());
        for _ in 0..9 {
            budget.earn();
            assert!(!budget.take());
        }
        budget.earn();
        assert!(budget.take() && !budget.take());
    }

    #[test]
    fn it_holds_no_more_than_the_full_and_none_is_none() {
        let budget = Budget::new(1);
        for _ in 0..100 {
            budget.earn();
        }
        assert!(budget.take() && !budget.take());
        let none = Budget::new(0);
        none.earn();
        assert!(!none.take());
    }
}
