//! Setting the stock of a card, whatever goes wrong.

use std::time::Duration;

use serde_json::json;
use wx_card::types::{CardId, Endpoint as _, GetCard, ModifyStock};
use wx_card::{ConfirmedBy, StockOutcome};
use wx_core::test_util::Reply;
use wx_core::{Error, ErrorKind};

use crate::client_over;
use crate::disturbed::{Answers, Disturbed, Fault, Fine, Garbled, Hangs, Late, Lost, Swallowed, Unsent};

const GET: &str = GetCard::PATH;
const MODIFY: &str = ModifyStock::PATH;

const BUSY: &str = r#"{"errcode":-1,"errmsg":"system error"}"#;

/// What an outcome says in a line.
fn told(outcome: &Result<StockOutcome, Error>) -> String {
    match outcome {
        Ok(StockOutcome::Unchanged { quantity, .. }) => format!("unchanged {quantity}"),
        Ok(StockOutcome::Changed {
            from, to, confirmed_by, ..
        }) => format!("{from} to {to} by {}", confirmed_by.name()),
        Ok(StockOutcome::Unknown { from, last_read, .. }) => format!("unknown from {from}, read {last_read:?}"),
        Ok(other) => format!("{other:?}"),
        Err(error) => format!("error {:?}, may have run: {}", error.errcode(), error.may_have_run()),
    }
}

/// How many coupons there are left to take.
async fn left(world: &Disturbed, card_id: &CardId) -> i64 {
    let card = world.client().get_card(&GetCard::new(card_id)).await.unwrap().card;
    card.base_info().unwrap().sku.clone().unwrap().quantity.unwrap()
}

/// Sets the stock of a card with 10 coupons to `target` through `faults`: what it came to, and what is left then.
async fn play(target: u32, faults: &[(&'static str, &[Fault])]) -> (String, i64, Vec<String>) {
    let world = Disturbed::new();
    let card_id = world.card(10).await;
    for (path, faults) in faults {
        world.disturb(path, faults);
    }
    let outcome = world.client().modify_stock_to(&card_id, target).await;
    let paths = world.paths();
    (told(&outcome), left(&world, &card_id).await, paths)
}

#[tokio::test]
async fn the_stock_is_set_by_the_difference() {
    for (target, outcome, paths) in [
        (10, "unchanged 10", vec![GET]),
        (25, "10 to 25 by answer", vec![GET, MODIFY]),
        (4, "10 to 4 by answer", vec![GET, MODIFY]),
        (0, "10 to 0 by answer", vec![GET, MODIFY]),
    ] {
        let (told, left, sent) = play(target, &[]).await;
        assert_eq!((told.as_str(), left), (outcome, i64::from(target)));
        assert_eq!(sent, paths);
    }
    let (client, script) = client_over([
        Reply::token("T"),
        Reply::json(r#"{"errcode":0,"card":{"card_type":"GIFT","gift":{"base_info":{"sku":{"quantity":"7"}}}}}"#),
        Reply::json(r#"{"errcode":0}"#),
    ]);
    assert_eq!(told(&client.modify_stock_to("p1", 5).await), "7 to 5 by answer");
    assert_eq!(script.sent()[2].body, r#"{"card_id":"p1","reduce_stock_value":2}"#);
}

#[tokio::test]
async fn coupons_in_users_hands_do_not_count() {
    let world = Disturbed::new();
    let card_id = world.card(10).await;
    world.take(&card_id, "oUser");
    let outcome = world.client().modify_stock_to(&card_id, 10).await;
    assert_eq!(told(&outcome), "9 to 10 by answer");
    assert_eq!(left(&world, &card_id).await, 10);
}

#[tokio::test]
async fn an_unclear_change_is_sent_once_and_found_out() {
    for (fault, outcome, left) in [
        (Lost, "10 to 25 by query", 25),
        (Garbled(BUSY), "10 to 25 by query", 25),
        (Garbled("<html>"), "10 to 25 by query", 25),
        (Late(3), "10 to 25 by query", 25),
        (Swallowed, "unknown from 10, read Some(10)", 10),
        (Answers(BUSY), "unknown from 10, read Some(10)", 10),
        (Unsent, "error None, may have run: false", 10),
    ] {
        let (told, there, paths) = play(25, &[(MODIFY, &[fault])]).await;
        assert_eq!((told.as_str(), there), (outcome, left), "{fault:?}");
        assert_eq!(paths.iter().filter(|path| *path == MODIFY).count(), 1, "{fault:?}");
    }
    let (told, left, _) = play(4, &[(MODIFY, &[Lost]), (GET, &[Fine, Swallowed, Hangs])]).await;
    assert_eq!((told.as_str(), left), ("unknown from 10, read None", 4));
    let (told, left, _) = play(4, &[(MODIFY, &[Lost]), (GET, &[Fine, Swallowed, Answers(BUSY)])]).await;
    assert_eq!((told.as_str(), left), ("10 to 4 by query", 4));
}

#[tokio::test]
async fn coupons_that_users_take_meanwhile_do_not_hide_the_change() {
    for (before, fault, taken, after, outcome) in [
        // Raised, and then taken from.
        ((40, 100), "raise", 60, (55, 160), "40 to 55 by query"),
        ((40, 100), "raise", 60, (100, 160), "40 to 100 by query"),
        // Nobody lowered it; users took as many as it was to be lowered by.
        ((40, 100), "lower", 30, (30, 100), "unknown from 40, read Some(30)"),
        ((40, 100), "lower", 30, (29, 90), "40 to 29 by query"),
    ] {
        let card = |(quantity, total): (i64, i64)| {
            let sku = json!({"quantity": quantity, "total_quantity": total});
            let card = json!({"card": {"card_type": "GIFT", "gift": {"base_info": {"sku": sku}}}});
            Reply::json(card.to_string())
        };
        let target = if fault == "raise" { 40 + taken } else { taken };
        let mut replies = vec![Reply::token("T"), card(before), Reply::json(BUSY)];
        replies.extend(std::iter::repeat_n(card(after), 20));
        let (client, _) = client_over(replies);
        let outcome_now = client.modify_stock_to("p1", target).await;
        assert_eq!(told(&outcome_now), outcome, "{fault} to {target}");
    }
}

#[tokio::test]
async fn the_asking_ends_after_five_seconds() {
    let world = Disturbed::new();
    let card_id = world.card(10).await;
    world.disturb(MODIFY, &[Swallowed]);
    let outcome = world.client().modify_stock_to(&card_id, 11).await.unwrap();
    assert!(matches!(outcome, StockOutcome::Unknown { error, .. } if error.path() == MODIFY && error.may_have_run()));
    assert_eq!(world.clock.slept().iter().sum::<Duration>(), Duration::from_secs(5));
}

#[tokio::test]
async fn a_refusal_and_a_stock_that_cannot_be_read_change_nothing() {
    let (told_now, left, paths) = play(100_000_001, &[]).await;
    assert!(told_now.ends_with("may have run: false"), "{told_now}");
    assert_eq!((left, paths), (10, vec![GET.to_owned(), MODIFY.to_owned()]));
    for fault in [Swallowed, Lost, Answers(BUSY), Answers("<html>")] {
        let (told, left, paths) = play(25, &[(GET, &[fault])]).await;
        assert!(told.ends_with("may have run: false"), "{fault:?}: {told}");
        assert_eq!((left, paths), (10, vec![GET.to_owned()]), "{fault:?}");
    }
    let without = r#"{"errcode":0,"card":{"card_type":"GIFT","gift":{"base_info":{"sku":{"total_quantity":5}}}}}"#;
    let (client, script) = client_over([Reply::token("T"), Reply::json(without)]);
    let error = client.modify_stock_to("p1", 5).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Protocol, Some("base_info.sku.quantity"))
    );
    assert!(!error.may_have_run());
    assert_eq!(script.left(), 0);
    let (client, script) = client_over([]);
    let error = client.modify_stock_to("", 5).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Invalid, Some("card_id")));
    assert!(script.sent().is_empty());
}

#[tokio::test]
async fn an_unclear_change_that_cannot_be_looked_up_is_not_asked_for_again() {
    let denied = Answers(r#"{"errcode":48001,"errmsg":"api unauthorized"}"#);
    let (told, left, paths) = play(25, &[(MODIFY, &[Lost]), (GET, &[Fine, denied])]).await;
    assert_eq!((told.as_str(), left), ("unknown from 10, read None", 25));
    assert_eq!(paths, [GET, MODIFY, GET]);
    assert_eq!(ConfirmedBy::Query.name(), "query");
}
