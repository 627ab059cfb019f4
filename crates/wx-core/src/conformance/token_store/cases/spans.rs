//! What time does to what is stored.

use std::time::{Duration, SystemTime};

use super::super::bench::{Bench, EXPIRES_IN, Outcome, REFRESH_IN, Stopped, secret, token};
use super::super::rules;
use super::Case;
use crate::{StoredToken, TokenKey, TokenKind};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(&rules::LIFE_ENDS, "a short life and long ones", |bench| {
            Box::pin(life_ends(bench))
        }),
        Case::new(&rules::TIME_LEFT, "what is left of a life", |bench| {
            Box::pin(time_left(bench))
        }),
        Case::new(&rules::REFRESH_LEFT, "what is left until the refresh", |bench| {
            Box::pin(refresh_left(bench))
        }),
    ]
}

async fn life_ends(bench: &Bench) -> Outcome {
    let (store, key, life) = (bench.handle(), bench.key(), bench.short());
    let brief = StoredToken::new(secret("brief"), 1, life / 10 * 9, life);
    store.must_save(&key, &brief, "a life that is short").await?;
    bench.wait(life).await;
    let found = store.load(&key).await?;
    bench.check(
        found.is_none(),
        &format!("a life of {life:?}, after that time"),
        "None",
        &found,
    );
    // Its refresh is due long before its end.
    let due = StoredToken::new(secret("due"), 2, life, EXPIRES_IN);
    store
        .must_save(&key, &due, "a newer version after the end of the old one")
        .await?;
    bench.wait(life).await;
    store.must_hold(&key, 2, "due", "after its refresh was due").await
}

/// When a call began and ended: the store's own moment is between the two.
struct Call {
    began: SystemTime,
    ended: SystemTime,
}

/// The time between two moments; clocks may stand still, and the machine's may be set.
fn between(earlier: SystemTime, later: SystemTime) -> Duration {
    later.duration_since(earlier).unwrap_or_default()
}

impl Call {
    /// What may be left at this call of `span` that began at `saved`, from the least to the most.
    fn left_of(&self, span: Duration, saved: &Self, resolution: Duration) -> (Duration, Duration) {
        let longest = between(saved.began, self.ended) + resolution;
        let shortest = between(saved.ended, self.began).saturating_sub(resolution);
        (span.saturating_sub(longest), span.saturating_sub(shortest))
    }
}

/// A token that was saved and loaded again at two moments, with what may be left of a span at each.
struct Watched<'a> {
    bench: &'a Bench,
    key: TokenKey,
    saved: Call,
    token: StoredToken,
}

impl<'a> Watched<'a> {
    async fn new(bench: &'a Bench, kind: TokenKind, token: StoredToken) -> Result<Self, Stopped> {
        let key = TokenKey::new(bench.key().app_id, kind);
        let began = bench.now();
        bench.handle().must_save(&key, &token, "the first version").await?;
        let ended = bench.now();
        Ok(Self {
            bench,
            key,
            saved: Call { began, ended },
            token,
        })
    }

    /// Loads it, and checks the span that `part` takes out of it.
    async fn check(&self, situation: &str, part: fn(&StoredToken) -> Duration) -> Outcome {
        let (bench, began) = (self.bench, self.bench.now());
        let found = bench.handle().load(&self.key).await?;
        let ended = bench.now();
        let found = bench.some(found, situation, "the token")?;
        let (least, most) = Call { began, ended }.left_of(part(&self.token), &self.saved, bench.resolution());
        let left = part(&found);
        let expected = format!("{least:?} to {most:?}");
        bench.check(least <= left && left <= most, situation, &expected, &left);
        Ok(())
    }
}

/// The lives of a usual token, and of one that was fetched near its end.
fn lives() -> [StoredToken; 2] {
    let (refresh_in, expires_in) = (Duration::from_secs(540), Duration::from_secs(600));
    [token("A", 1), StoredToken::new(secret("B"), 1, refresh_in, expires_in)]
}

async fn time_left(bench: &Bench) -> Outcome {
    for (kind, token) in TokenKind::ALL.into_iter().zip(lives()) {
        let watched = Watched::new(bench, kind, token).await?;
        let situation = format!("a life of {:?}", watched.token.expires_in);
        watched
            .check(&format!("{situation}, at once"), |token| token.expires_in)
            .await?;
        bench.wait(bench.short()).await;
        watched
            .check(&format!("{situation}, later"), |token| token.expires_in)
            .await?;
    }
    Ok(())
}

async fn refresh_left(bench: &Bench) -> Outcome {
    // The last one was fetched again without anything new, and is to be looked at again soon.
    let soon = StoredToken::new(secret("C"), 1, bench.short(), REFRESH_IN);
    for (kind, token) in TokenKind::ALL.into_iter().zip(lives().into_iter().chain([soon])) {
        let watched = Watched::new(bench, kind, token).await?;
        let situation = format!("due after {:?}", watched.token.refresh_in);
        watched
            .check(&format!("{situation}, at once"), |token| token.refresh_in)
            .await?;
        bench.wait(bench.short()).await;
        watched
            .check(&format!("{situation}, later"), |token| token.refresh_in)
            .await?;
    }
    Ok(())
}
