//! The locks of the cache; those whose every interleaving can be tried stand in for them where that is done.

#[cfg(not(all(test, interleave)))]
pub(crate) use std::sync::{
    PoisonError, RwLock, RwLockWriteGuard,
    atomic::{AtomicU64, Ordering},
};

#[cfg(all(test, interleave))]
pub(crate) use shuttle::sync::{
    PoisonError, RwLock, RwLockWriteGuard,
    atomic::{AtomicU64, Ordering},
};
