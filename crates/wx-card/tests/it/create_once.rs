//! Creating a card once, whatever goes wrong.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use wx_card::types::{BatchGetCards, CardId, Cash, CreateCard, Endpoint as _, Fen, GetCard, Gift};
use wx_card::{CardClient, CreateOutcome};
use wx_core::{Error, ErrorKind};

use crate::base_info;
use crate::disturbed::{Answers, Disturbed, Fault, Fine, Garbled, Late, Lost, Swallowed, Unsent};

const CREATE: &str = CreateCard::PATH;
const LIST: &str = BatchGetCards::PATH;
const GET: &str = GetCard::PATH;

const BUSY: &str = r#"{"errcode":-1,"errmsg":"system error"}"#;

fn request() -> CreateCard {
    CreateCard::new(Cash::new(base_info(10), Fen::from_yuan(10)))
}

async fn cards(client: &CardClient) -> Vec<CardId> {
    client.list_cards(&[]).try_collect().await.unwrap()
}

/// What an outcome says in a line.
fn told(outcome: &Result<CreateOutcome, Error>) -> String {
    match outcome {
        Ok(CreateOutcome::Created { .. }) => "created".to_owned(),
        Ok(CreateOutcome::FoundLikely { card_ids, .. }) => format!("found {}", card_ids.len()),
        Ok(CreateOutcome::Unknown { .. }) => "unknown".to_owned(),
        Ok(other) => format!("{other:?}"),
        Err(error) => format!("error {:?}, may have run: {}", error.kind(), error.may_have_run()),
    }
}

/// Creates the card in an account that has an old one just like it.
async fn play(list_first: bool, faults: &[(&'static str, &[Fault])]) -> (String, usize, Vec<String>) {
    let world = Disturbed::new();
    let client = world.client();
    client.create_card(&request()).await.unwrap();
    world.clock.advance(Duration::from_secs(3600));
    client.core().forget_tokens();
    world.forget();
    for (path, faults) in faults {
        world.disturb(path, faults);
    }
    let outcome = client.create_card_once(&request()).list_first(list_first).await;
    let paths = world.paths();
    if let Ok(CreateOutcome::FoundLikely { card_ids, error, .. }) = &outcome {
        assert_eq!(card_ids[..], cards(&client).await[1..]);
        assert!(error.may_have_run());
    }
    (told(&outcome), cards(&client).await.len(), paths)
}

#[tokio::test]
async fn a_card_is_created_by_one_request() {
    let (outcome, cards, paths) = play(false, &[]).await;
    assert_eq!((outcome.as_str(), cards), ("created", 2));
    assert_eq!(paths, [CREATE]);
    let (outcome, cards, paths) = play(true, &[]).await;
    assert_eq!((outcome.as_str(), cards), ("created", 2));
    assert_eq!(paths, [LIST, CREATE]);
}

#[tokio::test]
async fn an_unclear_creation_is_sent_once_and_found_out() {
    for (fault, outcome, count) in [
        (Lost, "found 1", 2),
        (Garbled(BUSY), "found 1", 2),
        (Garbled("<html>"), "found 1", 2),
        (Garbled(r#"{"errcode":0,"errmsg":"ok"}"#), "found 1", 2),
        (Late(4), "found 1", 2),
        (Swallowed, "unknown", 1),
        (Answers(BUSY), "unknown", 1),
        (Unsent, "error Transport, may have run: false", 1),
    ] {
        for list_first in [false, true] {
            let (told, cards, paths) = play(list_first, &[(CREATE, &[fault])]).await;
            assert_eq!((told.as_str(), cards), (outcome, count), "{fault:?} {list_first}");
            assert_eq!(paths.iter().filter(|path| *path == CREATE).count(), 1, "{fault:?}");
            // No card is looked at twice.
            let looked_at = paths.iter().filter(|path| *path == GET).count();
            assert!(looked_at <= 2, "{paths:?}");
        }
    }
}

#[tokio::test]
async fn reading_that_fails_does_not_end_the_search() {
    let faults: &[(&'static str, &[Fault])] = &[
        (CREATE, &[Lost]),
        (LIST, &[Swallowed, Fine]),
        (GET, &[Fine, Answers(BUSY)]),
    ];
    let (outcome, cards, _) = play(false, faults).await;
    assert_eq!((outcome.as_str(), cards), ("found 1", 2));
    let denied = Answers(r#"{"errcode":48001,"errmsg":"api unauthorized"}"#);
    let (outcome, cards, paths) = play(false, &[(CREATE, &[Lost]), (LIST, &[denied])]).await;
    assert_eq!((outcome.as_str(), cards), ("unknown", 2));
    assert_eq!(paths, [CREATE, LIST]);
}

#[tokio::test]
async fn a_list_that_cannot_be_had_before_creates_nothing() {
    for fault in [Swallowed, Answers(BUSY), Answers("<html>")] {
        let (outcome, cards, paths) = play(true, &[(LIST, &[fault])]).await;
        assert!(outcome.ends_with("may have run: false"), "{outcome}");
        assert_eq!((cards, paths), (1, vec![LIST.to_owned()]));
    }
}

#[tokio::test]
async fn a_refused_creation_is_the_error() {
    let refused = Answers(r#"{"errcode":45021,"errmsg":"title too long"}"#);
    let (outcome, cards, paths) = play(false, &[(CREATE, &[refused])]).await;
    assert_eq!((outcome.as_str(), cards), ("error Refused, may have run: false", 1));
    assert_eq!(paths, [CREATE]);
    let world = Disturbed::new();
    let invalid = CreateCard::new(Cash::new(base_info(-1), Fen::from_yuan(10)));
    let error = world.client().create_card_once(&invalid).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(world.sent().is_empty());
}

#[tokio::test]
async fn only_a_card_that_says_the_same_is_found() {
    let world = Disturbed::new();
    let client = world.client();
    // New ones, but other ones: another kind, another title.
    client
        .create_card(&CreateCard::new(Gift::new(base_info(10), "一杯咖啡")))
        .await
        .unwrap();
    let mut other = base_info(10);
    other.title = "二十元代金券".to_owned();
    client
        .create_card(&CreateCard::new(Cash::new(other, Fen::from_yuan(20))))
        .await
        .unwrap();
    world.disturb(CREATE, &[Swallowed]);
    assert_eq!(told(&client.create_card_once(&request()).await), "unknown");
    // Somebody else's that says the same cannot be told apart, and is no more than likely.
    let twin = client.create_card(&request()).await.unwrap().card_id;
    world.disturb(CREATE, &[Lost]);
    let outcome = client.create_card_once(&request()).await.unwrap();
    let CreateOutcome::FoundLikely { card_ids, .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!((card_ids.len(), card_ids.contains(&twin)), (2, true));
    // Unless the list from before has it.
    world.disturb(CREATE, &[Lost]);
    let outcome = client.create_card_once(&request()).list_first(true).await;
    assert_eq!(told(&outcome), "found 1");
}

#[tokio::test]
async fn the_new_card_is_found_at_the_end_of_a_long_list_with_bounded_reading() {
    let world = Disturbed::new();
    let client = world.client();
    for _ in 0..160 {
        client.create_card(&request()).await.unwrap();
    }
    world.clock.advance(Duration::from_secs(3600));
    world.forget();
    world.disturb(CREATE, &[Lost]);
    assert_eq!(told(&client.create_card_once(&request()).await), "found 1");
    assert_eq!((world.count(LIST), world.count(GET)), (2, 100));
    world.forget();
    world.disturb(CREATE, &[Swallowed]);
    world.clock.advance(Duration::from_secs(3600));
    assert_eq!(told(&client.create_card_once(&request()).await), "unknown");
    assert_eq!((world.count(LIST), world.count(GET)), (2, 100));
}
