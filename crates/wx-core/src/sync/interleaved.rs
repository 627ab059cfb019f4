//! Locks before each of whose steps any other thread may run, and the search through all orders of those steps.
//!
//! They are the real ones; what is added is a moment before each step at which shuttle may go on with another thread.
//! A `std` lock is one step from its taking to its giving back, because nothing of what happens in between is a step:
//! every order of finer steps comes to the same as one of these. Taking and giving back the lock that is held while
//! fetching are two.
//!
//! Steps are tried in sequence, hence memory orderings weaker than that are not: whatever the cache reads is behind one
//! of its two locks, or counts only together with what is.

mod explore;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::mem;
use std::ops::{Deref, DerefMut};
use std::pin::pin;
use std::sync;
pub(crate) use std::sync::atomic::Ordering;
pub(crate) use std::sync::{LockResult, PoisonError, RwLockReadGuard, RwLockWriteGuard};

use shuttle::sync::atomic::AtomicBool;

pub(crate) use explore::explore;

/// What a thread is about to do, and to which lock or number.
#[derive(Clone, Copy, Debug)]
struct Step {
    object: usize,
    changes: bool,
}

impl Step {
    /// Whether it makes no difference which of the two comes first.
    fn commutes_with(self, other: Self) -> bool {
        self.object != other.object || !(self.changes || other.changes)
    }
}

#[derive(Debug, Default)]
struct Board {
    objects: usize,
    /// What each thread does when it goes on. One that is not here does nothing that others could see.
    next: BTreeMap<usize, Step>,
}

thread_local! {
    /// Shuttle runs all threads of a test on one.
    static BOARD: RefCell<Board> = RefCell::default();
}

/// The name of a lock or number, the same in every run of a test.
#[derive(Debug)]
struct Object(usize);

impl Default for Object {
    fn default() -> Self {
        BOARD.with_borrow_mut(|board| {
            board.objects += 1;
            Self(board.objects)
        })
    }
}

impl Object {
    fn read(&self) {
        self.step(false);
    }

    fn change(&self) {
        self.step(true);
    }

    /// Lets any other thread run before this one goes on.
    fn step(&self, changes: bool) {
        let me = usize::from(shuttle::current::me());
        let step = Step {
            object: self.0,
            changes,
        };
        BOARD.with_borrow_mut(|board| board.next.insert(me, step));
        // Each look at one of its own numbers is a moment at which shuttle may go on with another thread.
        AtomicBool::new(false).load(Ordering::SeqCst);
        BOARD.with_borrow_mut(|board| board.next.remove(&me));
    }
}

#[derive(Debug, Default)]
pub(crate) struct RwLock<T> {
    object: Object,
    lock: sync::RwLock<T>,
}

impl<T> RwLock<T> {
    pub(crate) fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        self.object.read();
        self.lock.read()
    }

    pub(crate) fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        self.object.change();
        self.lock.write()
    }
}

#[derive(Debug, Default)]
pub(crate) struct AtomicU64 {
    object: Object,
    number: sync::atomic::AtomicU64,
}

impl AtomicU64 {
    pub(crate) fn load(&self, order: Ordering) -> u64 {
        self.object.read();
        self.number.load(order)
    }

    pub(crate) fn fetch_add(&self, more: u64, order: Ordering) -> u64 {
        self.object.change();
        self.number.fetch_add(more, order)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Mutex<T> {
    object: Object,
    lock: tokio::sync::Mutex<T>,
}

impl<T> Mutex<T> {
    pub(crate) async fn lock(&self) -> MutexGuard<'_, T> {
        /// A caller that no longer waits gives up its place in the line, and what it was given in the meantime.
        struct Waits<'a>(&'a Object);

        impl Drop for Waits<'_> {
            fn drop(&mut self) {
                self.0.change();
            }
        }

        self.object.change();
        let lock = pin!(self.lock.lock());
        let waits = Waits(&self.object);
        let guard = lock.await;
        mem::forget(waits);
        MutexGuard {
            object: &self.object,
            guard,
        }
    }

    pub(crate) fn try_lock(&self) -> Result<MutexGuard<'_, T>, tokio::sync::TryLockError> {
        self.object.change();
        self.lock.try_lock().map(|guard| MutexGuard {
            object: &self.object,
            guard,
        })
    }
}

#[derive(Debug)]
pub(crate) struct MutexGuard<'a, T> {
    object: &'a Object,
    guard: tokio::sync::MutexGuard<'a, T>,
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        // The real guard is dropped after this.
        self.object.change();
    }
}
