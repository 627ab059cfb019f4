//! How processes share what is in a token store.

use std::time::Duration;

/// How a process shares tokens with the others that use the same store.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub struct SharingPolicy {
    pub(crate) lease: Duration,
    pub(crate) poll: Duration,
    pub(crate) without_store: WithoutStore,
}

/// What a process does that has no token left while the store fails.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum WithoutStore {
    /// It fetches one for itself, once however many of its callers wait.
    ///
    /// With the stable endpoint all processes then get the same token. With the classic one each kills that of the
    /// others, and calls are refused and repeated until the store is back: choose [`Fail`](Self::Fail) there.
    #[default]
    Fetch,
    /// The call fails with [`TokenStore`](crate::ErrorKind::TokenStore); nothing was sent.
    Fail,
}

/// Without any wait a process would do nothing but look.
const SHORTEST: Duration = Duration::from_millis(1);

impl Default for SharingPolicy {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(10),
            poll: Duration::from_millis(50),
            without_store: WithoutStore::default(),
        }
    }
}

impl SharingPolicy {
    /// How long a process that fetches keeps the others waiting: if it dies in the middle, the next one fetches after
    /// that. 10 seconds unless told otherwise.
    ///
    /// Give it a little more than a fetch takes at its slowest. A fetch that takes longer does no harm with the stable
    /// endpoint: two processes then get the same token. A millisecond at least, an hour at most.
    pub fn lease(mut self, ttl: Duration) -> Self {
        self.lease = ttl.clamp(SHORTEST, Duration::from_secs(3600));
        self
    }

    /// How often a process that has no token looks whether the one that fetches is done; about 50 milliseconds unless
    /// told otherwise. A millisecond at least, 10 seconds at most.
    pub fn poll(mut self, interval: Duration) -> Self {
        self.poll = interval.clamp(SHORTEST, Duration::from_secs(10));
        self
    }

    /// What is done when there is no token and the store fails; [`WithoutStore::Fetch`] unless told otherwise.
    pub fn without_store(mut self, what: WithoutStore) -> Self {
        self.without_store = what;
        self
    }
}
