//! Proves that a [`TokenStore`] keeps its contract.
//!
//! ```
//! use std::sync::Arc;
//!
//! use wx_core::conformance::token_store::Suite;
//! use wx_core::test_util::ManualClock;
//! # use wx_core::{Clock, MemoryTokenStore};
//!
//! // #[tokio::test], or within whatever runtime the store needs: the suite itself needs none.
//! async fn my_store_keeps_the_contract() {
//!     let clock = Arc::new(ManualClock::at(1_700_000_000)); // `SystemClock` where the store measures by its own.
//! #   let (time, kept) = (Arc::clone(&clock) as Arc<dyn Clock>, MemoryTokenStore::new(clock.clone()));
//! #   let my_store = move || { let _ = &time; kept.clone() };
//!     let report = Suite::new(clock, my_store).run().await; // `my_store()` is a new handle of the same store.
//!     report.assert(); // Panics with every broken rule: what was done, what was expected, what was seen.
//! }
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(my_store_keeps_the_contract());
//! ```
//!
//! The store must be empty of accounts whose id has `conformance` in it; it may hold others, which are left alone.
//! The cases run one after the other, each with a key of its own, and take half a second where time is real.
//! A test that can reach the stored bytes says how to [damage](Suite::damaged_by) them; without that, the rule
//! `damage-is-nothing` is [left out](Report::left_out).
//!
//! # Rules
//!
//! Clauses 1 to 5 are those of the trait's page, 6 is what its methods say.
//!
//! | rule | clause | what is tried |
//! | --- | --- | --- |
//! | `newer-wins` | 1 | a newer version with a longer and with a shorter life |
//! | `older-loses` | 1 | an older version, and the same again, with a longer life: clocks that disagree do not matter |
//! | `writers-at-once` | 1 | eight writers at the same time over several handles, again and again |
//! | `one-lease` | 1 | eight who ask at the same time over several handles, again and again |
//! | `life-ends` | 2 | a life of milliseconds; what is saved after its end |
//! | `time-left` | 2 | lives of minutes and hours, loaded at once and later |
//! | `refresh-left` | 2 | the same until the refresh, and after it |
//! | `lease-ends` | 2 | an owner who died with the lease, and with a token half fetched |
//! | `damage-is-nothing` | 3 | values that are emptied, cut off at four places, and overwritten |
//! | `bounds-its-time` | 4 | every call; three seconds are allowed, and the run is over when one takes longer |
//! | `shows-nothing` | 5 | the handle after every call, and every error |
//! | `nothing-is-none` | 6 | a new key; one whose lease was taken and given back |
//! | `kept-whole` | 6 | texts of 1 character to 2 KiB, every visible one, escapes, other scripts |
//! | `keys-apart` | 6 | accounts whose ids look alike, differ in case or would collide when joined; every kind |
//! | `handles-share` | 6 | each step on another handle |
//! | `release-frees` | 6 | a lease of a minute that is given back at once |
//! | `release-own` | 6 | leases that are over, that never were, and of another key |
//! | `versions-rise` | 6 | after release, after the lease's end, after saves of high versions |
//! | `late-save` | 6 | the owner of a lease that is over, before and after the next one saves |
//! | `no-panic` | 6 | every call |
//!
//! What happens when the store cannot be reached is not tried here, because only its own test can cut the way to it.

mod bench;
mod cases;
mod damage;
mod rules;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

pub use self::damage::Damage;
pub use super::report::{Broken, LeftOut, Report};
pub use super::rule::Rule;
use super::time::Running;
use crate::{Clock, TokenKey, TokenStore};

type Make = dyn Fn() -> Arc<dyn TokenStore> + Send + Sync;
type Damages = dyn Fn(TokenKey, Damage) -> Running<'static, ()> + Send + Sync;

/// The store under test, and what is known of it.
struct Setup {
    make: Box<Make>,
    clock: Arc<dyn Clock>,
    resolution: Duration,
    damages: Option<Box<Damages>>,
    derives_refresh: Option<&'static str>,
}

/// The suite for one store; the module's page shows its use.
#[must_use = "it does nothing until it is run"]
pub struct Suite {
    setup: Setup,
}

impl Suite {
    /// A suite for the store of which `make` makes handles: all of the same store, each as another process would.
    ///
    /// `clock` is what the suite waits with. A store that is given a clock gets the same one; if that is a
    /// [`ManualClock`](crate::test_util::ManualClock), nothing waits. A store that measures by a clock of its own,
    /// as a server does, needs the machine's here.
    pub fn new<S: TokenStore>(clock: Arc<dyn Clock>, make: impl Fn() -> S + Send + Sync + 'static) -> Self {
        Self {
            setup: Setup {
                make: Box::new(move || Arc::new(make())),
                clock,
                resolution: Duration::from_millis(5),
                damages: None,
                derives_refresh: None,
            },
        }
    }

    /// Every rule that it tries, in the order of the contract.
    #[must_use]
    pub fn rules() -> &'static [&'static Rule] {
        rules::ALL
    }

    /// How exactly the store measures time; 5 milliseconds unless told otherwise.
    ///
    /// The suite waits for a few dozen times as long in all, and does not mind if a span is off by it.
    pub fn resolution(mut self, resolution: Duration) -> Self {
        self.setup.resolution = resolution;
        self
    }

    /// Tells how to damage what the store keeps under a key, past the store: `hook` reads the bytes that hold the
    /// token, and puts what [`Damage::of`] makes of them in their place.
    pub fn damaged_by<F: Future<Output = ()> + Send + 'static>(
        mut self,
        hook: impl Fn(TokenKey, Damage) -> F + Send + Sync + 'static,
    ) -> Self {
        self.setup.damages = Some(Box::new(move |key, damage| Box::pin(hook(key, damage))));
        self
    }

    /// Says that the store keeps no refresh time but works it out from the end of life, and why.
    ///
    /// The rule `refresh-left` is then [left out](Report::left_out).
    pub fn derives_refresh(mut self, why: &'static str) -> Self {
        self.setup.derives_refresh = Some(why);
        self
    }

    /// Tries everything, which takes half a second by the machine's clock, and no time by a manual one.
    pub async fn run(self) -> Report {
        let setup = Arc::new(self.setup);
        let (mut broken, mut left_out) = (Vec::new(), Vec::new());
        for (number, case) in cases::all().into_iter().enumerate() {
            match case.why_left_out(&setup) {
                Some(why) => left_out.push(why),
                None => broken.extend(case.run(&setup, number).await),
            }
            // The other cases would wait as long.
            if broken.iter().any(|broken: &Broken| *broken.rule() == rules::TIME) {
                break;
            }
        }
        Report {
            rules: rules::ALL,
            broken,
            left_out,
        }
    }
}

impl fmt::Debug for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Suite")
            .field("resolution", &self.setup.resolution)
            .finish_non_exhaustive()
    }
}
