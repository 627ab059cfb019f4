//! Which of two saves stands.

use std::time::Duration;

use super::super::bench::{Bench, Outcome, Stopped, secret, token};
use super::super::rules;
use super::Case;
use crate::StoredToken;
use crate::conformance::time::{Running, join_all};

/// How often what happens at the same time is tried, by how many, over how many handles.
const ROUNDS: u64 = 8;
const HANDLES: usize = 3;
/// The order in which the writers of a round come.
const WRITERS: [u64; 8] = [3, 7, 1, 5, 8, 2, 6, 4];
const NEWEST: u64 = 8;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(&rules::NEWER_WINS, "saves in order", |bench| Box::pin(newer(bench))),
        Case::new(&rules::OLDER_LOSES, "saves out of order", |bench| {
            Box::pin(older(bench))
        }),
        Case::new(&rules::WRITERS, "eight writers", |bench| Box::pin(writers(bench))),
    ]
}

/// A token that is due after nine tenths of its life.
fn lasting(name: &str, version: u64, minutes: u64) -> StoredToken {
    let life = Duration::from_secs(60 * minutes);
    StoredToken::new(secret(name), version, life / 10 * 9, life)
}

async fn newer(bench: &Bench) -> Outcome {
    let (store, key) = (bench.handle(), bench.key());
    for (name, version, minutes, situation) in [
        ("A", 10, 60, "the first version"),
        ("B", 11, 90, "the next version, with a longer life"),
        ("C", 20, 10, "a later version, with a shorter life"),
        ("C", 21, 10, "a later version of the same token"),
    ] {
        store
            .must_save(&key, &lasting(name, version, minutes), situation)
            .await?;
        store.must_hold(&key, version, name, situation).await?;
    }
    Ok(())
}

async fn older(bench: &Bench) -> Outcome {
    let (store, late, key) = (bench.handle(), bench.handle(), bench.key());
    store
        .must_save(&key, &lasting("A", 10, 10), "the first version")
        .await?;
    for (version, minutes, situation) in [
        (9, 10, "an older version"),
        (9, 120, "an older version, with a longer life"),
        (10, 120, "the same version, with a longer life"),
        (1, 10, "a much older version"),
    ] {
        let stored = late.save(&key, &lasting("B", version, minutes)).await?;
        bench.check(!stored, situation, "`save_if_newer` says no", &stored);
        store.must_hold(&key, 10, "A", situation).await?;
    }
    Ok(())
}

async fn writers(bench: &Bench) -> Outcome {
    let (handles, key) = ([(); HANDLES].map(|()| bench.handle()), bench.key());
    let (handles, key) = (&handles, &key);
    for round in 0..ROUNDS {
        let writers = WRITERS.into_iter().zip(handles.iter().cycle()).map(|(order, handle)| {
            let version = 100 * (round + 1) + order;
            Box::pin(async move {
                let stored = handle.save(key, &token(&version.to_string(), version)).await;
                (order, stored)
            }) as Running<'_, (u64, Result<bool, Stopped>)>
        });
        let stored = join_all(writers).await;
        let newest = 100 * (round + 1) + NEWEST;
        let situation = format!("versions up to {newest} at the same time");
        for (order, stored) in stored {
            let stored = stored?;
            bench.check(stored || order != NEWEST, &situation, "the newest is stored", &stored);
        }
        let (first, name) = (bench.handle(), newest.to_string());
        first.must_hold(key, newest, &name, &situation).await?;
    }
    Ok(())
}
