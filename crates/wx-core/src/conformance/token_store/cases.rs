//! What is tried, each case with a key of its own.

mod damages;
mod keeping;
mod leases;
mod spans;
mod versions;

use std::sync::Arc;

use super::Setup;
use super::bench::{Bench, Outcome};
use super::rules::{self, Rule};
use crate::conformance::report::{Broken, LeftOut};
use crate::conformance::time::Running;

/// One thing to try.
pub(super) struct Case {
    rule: &'static Rule,
    what: &'static str,
    run: for<'a> fn(&'a Bench) -> Running<'a, Outcome>,
}

impl Case {
    /// A case about `rule`; what holds for every call is checked in each.
    const fn new(rule: &'static Rule, what: &'static str, run: for<'a> fn(&'a Bench) -> Running<'a, Outcome>) -> Self {
        Self { rule, what, run }
    }

    /// Why it cannot be tried on this store.
    pub(super) fn why_left_out(&self, setup: &Setup) -> Option<LeftOut> {
        let why = match self.rule {
            rule if *rule == rules::DAMAGED && setup.damages.is_none() => "nobody said how to damage what is stored",
            rule if *rule == rules::REFRESH_LEFT => setup.derives_refresh?,
            _ => return None,
        };
        Some(LeftOut {
            rule: self.rule,
            what: self.what,
            why,
        })
    }

    /// Tries it as the case of this number, and gives everything that was done against any rule.
    pub(super) async fn run(self, setup: &Arc<Setup>, number: usize) -> Vec<Broken> {
        let app_id = format!("wxconformance{number:02}");
        let bench = Bench::new(Arc::clone(setup), self.rule, self.what, app_id);
        // A case that stopped has reported why.
        (self.run)(&bench).await.ok();
        bench.into_broken()
    }
}

/// Every case.
pub(super) fn all() -> Vec<Case> {
    [
        keeping::cases(),
        versions::cases(),
        leases::cases(),
        spans::cases(),
        damages::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
