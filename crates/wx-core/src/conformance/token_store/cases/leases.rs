//! Who may fetch.

use super::super::bench::{Bench, LONG, Outcome, Stopped, token};
use super::super::rules;
use super::Case;
use crate::conformance::time::{Running, join_all};
use crate::{StoreLease, StoredToken, TokenKey, TokenKind};

/// How often what happens at the same time is tried, by how many, over how many handles.
const ROUNDS: usize = 8;
const CONTENDERS: usize = 8;
const HANDLES: usize = 3;

/// Far above what a lease has by itself.
const AHEAD: u64 = 1_000_000;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(&rules::ONE_LEASE, "eight who ask for the lease", |bench| {
            Box::pin(one(bench))
        }),
        Case::new(&rules::LEASE_ENDS, "an owner who died", |bench| Box::pin(ends(bench))),
        Case::new(&rules::RELEASE, "an owner who is done", |bench| Box::pin(frees(bench))),
        Case::new(&rules::OWN_LEASE, "an owner who is late", |bench| {
            Box::pin(releases_own(bench))
        }),
        Case::new(&rules::RISING, "one lease after the other", |bench| {
            Box::pin(rising(bench))
        }),
        Case::new(&rules::LATE, "an owner who fetched for too long", |bench| {
            Box::pin(late(bench))
        }),
    ]
}

async fn one(bench: &Bench) -> Outcome {
    let (handles, key) = ([(); HANDLES].map(|()| bench.handle()), bench.key());
    let key = &key;
    for _ in 0..ROUNDS {
        let contenders = handles
            .iter()
            .cycle()
            .take(CONTENDERS)
            .map(|handle| Box::pin(handle.lease(key, LONG)) as Running<'_, Result<Option<StoreLease>, Stopped>>);
        let mut leases = Vec::new();
        for lease in join_all(contenders).await {
            leases.extend(lease?);
        }
        let [lease] = leases.as_slice() else {
            bench.broken("all ask at the same time", "one lease", format!("{leases:?}"));
            return Ok(());
        };
        let (owner, other) = (bench.handle(), bench.handle());
        let taken = other.lease(key, LONG).await?;
        bench.check(taken.is_none(), "another asks a little later", "None", &taken);
        let saved = token("A", lease.version());
        owner.must_save(key, &saved, "the owner saves").await?;
        let taken = other.lease(key, LONG).await?;
        bench.check(taken.is_none(), "another asks before it is given back", "None", &taken);
        owner.release(key, lease).await?;
    }
    Ok(())
}

async fn ends(bench: &Bench) -> Outcome {
    let (dead, next, key) = (bench.handle(), bench.handle(), bench.key());
    let other = TokenKey::new(key.app_id.clone(), TokenKind::JsapiTicket);
    dead.must_lease(&key, bench.short(), "the first `lease`").await?;
    dead.must_lease(&other, LONG, "another kind's `lease`, for longer")
        .await?;
    drop(dead);
    bench.wait(bench.short()).await;
    let situation = format!("a lease of {:?} whose owner is silent, after that time", bench.short());
    next.must_lease(&key, LONG, &situation).await?;
    let situation = format!("a lease of {LONG:?}, after {:?}", bench.short());
    let taken = next.lease(&other, LONG).await?;
    bench.check(taken.is_none(), &situation, "None", &taken);
    Ok(())
}

async fn frees(bench: &Bench) -> Outcome {
    let (store, next, key) = (bench.handle(), bench.handle(), bench.key());
    let lease = store.must_lease(&key, LONG, "the first `lease`").await?;
    store.release(&key, &lease).await?;
    let lease = next.must_lease(&key, LONG, "after a fetch that failed").await?;
    let saved = token("A", lease.version());
    next.must_save(&key, &saved, "the owner saves").await?;
    next.release(&key, &lease).await?;
    store.must_lease(&key, LONG, "after a fetch that was saved").await?;
    store
        .must_hold(&key, lease.version(), "A", "after its lease was given back")
        .await
}

async fn releases_own(bench: &Bench) -> Outcome {
    let (late, owner, key) = (bench.handle(), bench.handle(), bench.key());
    let made_up = StoreLease::new(7);
    late.release(&key, &made_up).await?;
    let over = late.must_lease(&key, bench.short(), "the first `lease`").await?;
    bench.wait(bench.short()).await;
    let lease = owner.must_lease(&key, LONG, "the next `lease`").await?;
    let beyond = StoreLease::new(lease.version() + AHEAD);
    let other = TokenKey::new(key.app_id.clone(), TokenKind::CardTicket);
    for (key_given, given_back, situation) in [
        (&key, over, "a lease that is over is given back"),
        (&key, made_up, "a lease that never was is given back"),
        (&key, beyond, "a lease that is yet to come is given back"),
        (&other, lease, "a lease is given back under another key"),
    ] {
        late.release(key_given, &given_back).await?;
        let taken = late.lease(&key, LONG).await?;
        bench.check(taken.is_none(), situation, "the lease is still another's", &taken);
    }
    Ok(())
}

async fn rising(bench: &Bench) -> Outcome {
    let (store, other, key) = (bench.handle(), bench.handle(), bench.key());
    let mut highest = 0;
    let mut rises = |lease: StoreLease, situation: &str| {
        let expected = format!("a version above {highest}");
        let risen = highest < lease.version();
        bench.check(risen, situation, &expected, &lease.version());
        highest = lease.version();
    };
    let first = store.must_lease(&key, LONG, "the first `lease`").await?;
    rises(first, "the first `lease`");
    store.release(&key, &first).await?;
    let second = other.must_lease(&key, LONG, "`lease` after a release").await?;
    rises(second, "`lease` after a release");
    let ahead = token("A", second.version() + AHEAD);
    other.must_save(&key, &ahead, "a version that is far ahead").await?;
    other.release(&key, &second).await?;
    rises(StoreLease::new(ahead.version), "a version that is far ahead");
    let situation = "`lease` after a save that was far ahead";
    let third = store.must_lease(&key, bench.short(), situation).await?;
    rises(third, situation);
    bench.wait(bench.short()).await;
    let situation = "`lease` after one that was not given back";
    rises(other.must_lease(&key, LONG, situation).await?, situation);
    let other_key = TokenKey::new(key.app_id.clone(), TokenKind::CardTicket);
    rising_beyond_the_dead(bench, &other_key).await
}

async fn rising_beyond_the_dead(bench: &Bench, key: &TokenKey) -> Outcome {
    let (store, life) = (bench.handle(), bench.short());
    let first = store.must_lease(key, life, "another key's first `lease`").await?;
    let dead = StoredToken::new(token("B", 0).secret, first.version() + AHEAD, life / 10 * 9, life);
    store
        .must_save(key, &dead, "a version that is far ahead, with a short life")
        .await?;
    bench.wait(life).await;
    let situation = "`lease` after the end of a token that was far ahead";
    let next = store.must_lease(key, LONG, situation).await?;
    let expected = format!("a version above {}", dead.version);
    bench.check(dead.version < next.version(), situation, &expected, &next.version());
    Ok(())
}

async fn late(bench: &Bench) -> Outcome {
    let (slow, next, key) = (bench.handle(), bench.handle(), bench.key());
    let over = slow.must_lease(&key, bench.short(), "the first `lease`").await?;
    bench.wait(bench.short()).await;
    let saved = token("slow", over.version());
    slow.must_save(&key, &saved, "it saves, and nobody else has").await?;
    slow.must_hold(&key, over.version(), "slow", "it saved, and nobody else has")
        .await?;
    let over = slow.must_lease(&key, bench.short(), "its next `lease`").await?;
    bench.wait(bench.short()).await;
    let lease = next.must_lease(&key, LONG, "another's `lease` after that").await?;
    let saved = token("next", lease.version());
    next.must_save(&key, &saved, "the other saves").await?;
    let stored = slow.save(&key, &token("late", over.version())).await?;
    bench.check(
        !stored,
        "it saves after another has",
        "`save_if_newer` says no",
        &stored,
    );
    next.must_hold(&key, lease.version(), "next", "both have saved").await
}
