//! What is tried, each case with its own servers and transports.

mod answers;
mod bounds;
mod breaks;
mod requests;
mod reuse;

use std::io;

use super::bench::Bench;
use super::report::{Broken, LeftOut};
use super::rules::Rule;
use super::time::Running;

/// One thing to try.
pub(super) struct Case {
    rule: &'static Rule,
    what: &'static str,
    /// Why it cannot be tried where HTTP/2 is spoken.
    pub(super) http1_only: Option<&'static str>,
    run: for<'a> fn(&'a Bench) -> Running<'a, io::Result<()>>,
}

impl Case {
    /// A case that is mostly about `rule`; what holds for every call is checked in each.
    fn new(rule: &'static Rule, what: &'static str, run: for<'a> fn(&'a Bench) -> Running<'a, io::Result<()>>) -> Self {
        Self {
            rule,
            what,
            http1_only: None,
            run,
        }
    }

    fn http1_only(mut self, why: &'static str) -> Self {
        self.http1_only = Some(why);
        self
    }

    pub(super) fn left_out(&self, why: &'static str) -> LeftOut {
        LeftOut {
            rule: self.rule,
            what: self.what,
            why,
        }
    }

    /// Tries it, and gives everything that was done against any rule.
    pub(super) fn run(self, bench: Bench) -> Running<'static, Vec<Broken>> {
        Box::pin(async move {
            if let Err(error) = (self.run)(&bench).await {
                let seen = format!("the suite's own server failed: {error}");
                bench.report(Broken::new(self.rule, self.what, "a server on loopback", seen));
            }
            bench.into_broken()
        })
    }
}

/// Every case, in the order of the rules.
pub(super) fn all() -> Vec<Case> {
    [
        requests::cases(),
        answers::cases(),
        breaks::cases(),
        bounds::cases(),
        reuse::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
