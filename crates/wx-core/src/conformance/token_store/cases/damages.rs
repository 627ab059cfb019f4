//! Stored values that something else has written over.

use super::super::bench::{Bench, LONG, Outcome, token};
use super::super::damage::Damage;
use super::super::rules;
use super::Case;

pub(super) fn cases() -> Vec<Case> {
    vec![Case::new(&rules::DAMAGED, "a value that is damaged", |bench| {
        Box::pin(damaged(bench))
    })]
}

async fn damaged(bench: &Bench) -> Outcome {
    let key = bench.key();
    for damage in Damage::ALL {
        let (store, situation) = (bench.handle(), damage.to_string());
        let lease = store.must_lease(&key, LONG, &situation).await?;
        let saved = token("before", lease.version());
        store.must_save(&key, &saved, &situation).await?;
        store.release(&key, &lease).await?;
        bench.damage(&key, damage).await;
        let found = store.load(&key).await?;
        let whole = found.as_ref().is_some_and(|found| found.secret == saved.secret);
        let fine = found.is_none() || (whole && damage.may_be_mended());
        let seen = if whole { "the token" } else { "another text" };
        bench.check(fine, &situation, "nothing there", &seen);
        let lease = store.must_lease(&key, LONG, &situation).await?;
        let saved = token("after", lease.version());
        store.must_save(&key, &saved, &situation).await?;
        store.release(&key, &lease).await?;
        store.must_hold(&key, lease.version(), "after", &situation).await?;
    }
    Ok(())
}
