//! The locks of the cache. Where every interleaving is tried, others stand in for them that let any other thread run
//! before each step; what the cache shared in another way would not be tried.

#[cfg(not(all(test, interleave)))]
pub(crate) use {
    std::sync::{PoisonError, RwLock, RwLockWriteGuard, atomic::AtomicU64, atomic::Ordering},
    tokio::sync::{Mutex, MutexGuard},
};

#[cfg(all(test, interleave))]
pub(crate) use interleaved::{AtomicU64, Mutex, MutexGuard, Ordering, PoisonError, RwLock, RwLockWriteGuard};

#[cfg(test)]
#[cfg(interleave)]
pub(crate) mod interleaved;
