//! Clock and randomness of the machine: the one place that reads them.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use zeroize::{Zeroize as _, Zeroizing};

use crate::{Clock, Entropy};

/// The machine's clock. It waits on a timer thread of its own, so it works in any async runtime.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct SystemClock;

impl SystemClock {
    /// The machine's clock.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    async fn sleep(&self, duration: Duration) {
        futures_timer::Delay::new(duration).await;
    }
}

/// The operating system's random numbers, fit for secrets.
///
/// They are fetched half a kilobyte at a time, so that a nonce costs no system call of its own; what was handed out is
/// wiped. Clones share what was fetched. A process that forks goes on with the same numbers in both halves: make a new
/// one after a fork.
#[derive(Clone, Default)]
pub struct OsEntropy {
    pool: Arc<Mutex<Pool>>,
}

/// Numbers that were fetched and not yet handed out.
#[derive(Default)]
struct Pool {
    bytes: Zeroizing<Vec<u8>>,
}

/// How many bytes are fetched at a time.
const POOL: usize = 512;

impl OsEntropy {
    /// The operating system's random numbers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        if bytes.len() > POOL / 4 {
            return fetch(bytes);
        }
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        if pool.bytes.len() < bytes.len() {
            pool.bytes.resize(POOL, 0);
            fetch(&mut pool.bytes);
        }
        let rest = pool.bytes.len() - bytes.len();
        if let Some(taken) = pool.bytes.get_mut(rest..) {
            bytes.copy_from_slice(taken);
            taken.zeroize();
        }
        pool.bytes.truncate(rest);
    }
}

impl fmt::Debug for OsEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OsEntropy(..)")
    }
}

#[expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "the one place that reads randomness; a system without any cannot make a nonce, \
              and a guessable one must not pass for random"
)]
fn fetch(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system has no random numbers");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_numbers_are_handed_out_twice() {
        let entropy = OsEntropy::new();
        let (mut seen, mut drawn) = (BTreeSet::new(), 0);
        for length in (8..=POOL).cycle().take(3000) {
            let mut bytes = vec![0; length];
            entropy.clone().fill(&mut bytes);
            // By the birthday's bound two words of 8 bytes are the same in one of a billion runs.
            drawn += length / 8;
            seen.extend(bytes.chunks_exact(8).map(<[u8]>::to_vec));
        }
        assert_eq!(seen.len(), drawn);
    }

    #[test]
    fn a_nonce_comes_from_what_was_fetched_before() {
        let entropy = OsEntropy::new();
        entropy.fill(&mut [0; 16]);
        let pool = entropy.pool.lock().unwrap();
        assert_eq!(pool.bytes.len(), POOL - 16);
    }
}
