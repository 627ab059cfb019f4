//! What is kept, where, and for whom.

use super::super::bench::{Bench, EXPIRES_IN, LONG, Outcome, REFRESH_IN, secret, token};
use super::super::rules;
use super::Case;
use crate::{StoredToken, TokenKey, TokenKind};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(&rules::NOTHING, "a key that is new", |bench| Box::pin(nothing(bench))),
        Case::new(&rules::WHOLE, "tokens of every sort", |bench| Box::pin(whole(bench))),
        Case::new(&rules::APART, "keys that look alike", |bench| Box::pin(apart(bench))),
        Case::new(&rules::SHARED, "three handles of one store", |bench| {
            Box::pin(shared(bench))
        }),
    ]
}

async fn nothing(bench: &Bench) -> Outcome {
    let (store, key) = (bench.handle(), bench.key());
    let found = store.load(&key).await?;
    bench.check(found.is_none(), "`load` of a new key", "None", &found);
    let lease = store.must_lease(&key, LONG, "the first `lease`").await?;
    let found = store.load(&key).await?;
    bench.check(found.is_none(), "`load` while somebody fetches", "None", &found);
    store.release(&key, &lease).await?;
    let found = store.load(&key).await?;
    bench.check(
        found.is_none(),
        "`load` after a fetch that came to nothing",
        "None",
        &found,
    );
    Ok(())
}

/// Tokens that a store might not give back as they were.
fn texts() -> Vec<String> {
    let visible: String = (' '..='~').collect();
    let long = |length: usize| visible.chars().filter(|c| *c != ' ').cycle().take(length).collect();
    vec![
        String::from("x"),
        long(512),
        long(2048),
        visible.clone(),
        String::from("\"quoted\" 'too' \\ \\u0041 \\n \t\n\r\u{7f}"),
        String::from("微信卡券 🎫 e\u{301}"),
        String::from(" a space before and after "),
        // Stores that guess at types take these for something else.
        String::from("null"),
        String::from("0123"),
        String::from("1e5"),
        String::from("{\"a\":1}"),
    ]
}

async fn whole(bench: &Bench) -> Outcome {
    let (store, key) = (bench.handle(), bench.key());
    for (text, version) in texts().into_iter().zip(1..) {
        let name = text.chars().take(12).collect::<String>();
        let situation = format!("a token of {} bytes that begins with {name:?}", text.len());
        let saved = StoredToken::new(text.into(), version, REFRESH_IN, EXPIRES_IN);
        store.must_save(&key, &saved, &situation).await?;
        let found = store.load(&key).await?;
        let found = bench.some(found, &situation, "the token")?;
        bench.check(
            found.secret == saved.secret,
            &situation,
            "the same text",
            &"another text",
        );
        bench.check(found.version == version, &situation, "its version", &found.version);
    }
    Ok(())
}

/// Accounts whose keys come to the same in a store that joins, folds, trims or cleans them.
fn accounts(app_id: &str) -> Vec<String> {
    let upper = app_id.to_uppercase();
    vec![
        app_id.to_owned(),
        upper,
        format!("{app_id} "),
        format!(" {app_id}"),
        format!("{app_id}\n"),
        format!("{app_id}_"),
        format!("{app_id}*"),
        format!("{app_id}:access_token"),
        format!("{app_id}:card_ticket"),
        format!("{app_id}_access_token"),
        format!("{app_id}.access_token"),
        format!("{app_id}/access_token"),
        format!("{app_id}%3Aaccess_token"),
        format!("{app_id}/../{app_id}"),
        format!("../{app_id}"),
        format!("{{{app_id}}}"),
        format!("{app_id}é"),
    ]
}

async fn apart(bench: &Bench) -> Outcome {
    let store = bench.handle();
    let mut keys = Vec::new();
    for account in accounts(&bench.key().app_id) {
        keys.extend(TokenKind::ALL.map(|kind| TokenKey::new(account.clone(), kind)));
    }
    let named = |number: usize, key: &TokenKey| (format!("{number}"), format!("{:?} of {:?}", key.kind, key.app_id));
    for (number, key) in keys.iter().enumerate() {
        let (name, situation) = named(number, key);
        store.must_save(key, &token(&name, 1), &situation).await?;
    }
    for (number, key) in keys.iter().enumerate() {
        let (name, situation) = named(number, key);
        store.must_hold(key, 1, &name, &situation).await?;
        let situation = format!("the lease of {situation}, while others' are taken");
        store.must_lease(key, LONG, &situation).await?;
    }
    Ok(())
}

async fn shared(bench: &Bench) -> Outcome {
    let (first, second, third) = (bench.handle(), bench.handle(), bench.handle());
    let key = bench.key();
    let lease = first.must_lease(&key, LONG, "the first handle's `lease`").await?;
    let taken = second.lease(&key, LONG).await?;
    bench.check(
        taken.is_none(),
        "the second handle asks for the lease that the first has",
        "None",
        &taken,
    );
    let version = lease.version();
    first
        .must_save(&key, &token("A", version), "the first handle saves")
        .await?;
    second.must_hold(&key, version, "A", "the second handle loads").await?;
    // A process whose fetch was cancelled leaves the lease to its next one, by its version alone.
    third.release(&key, &lease).await?;
    let lease = second
        .must_lease(&key, LONG, "the third handle gave back the first one's lease")
        .await?;
    let version = lease.version();
    second
        .must_save(&key, &token("B", version), "the second handle saves")
        .await?;
    let found = first.load(&key).await?;
    let newer = found.is_some_and(|found| found.secret == secret("B"));
    bench.check(newer, "the first handle loads", "what the second saved", &newer);
    Ok(())
}
