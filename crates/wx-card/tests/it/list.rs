//! All cards of an account, page after page.

use std::collections::BTreeSet;

use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use wx_card::CardClient;
use wx_card::types::{CardId, CardStatus, Cash, CreateCard, DeleteCard, Fen};
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};
use wx_core::test_util::{Reply, Script};
use wx_core::{Error, ErrorKind};

use crate::{base_info, client_over};

/// A page with these cards, of so many in all.
fn page(cards: impl IntoIterator<Item = u32>, total: Option<u64>) -> Reply {
    let ids: Vec<String> = cards.into_iter().map(|card| format!(r#""p{card}""#)).collect();
    let total = total
        .map(|total| format!(r#","total_num":{total}"#))
        .unwrap_or_default();
    Reply::json(format!(r#"{{"errcode":0,"card_id_list":[{}]{total}}}"#, ids.join(",")))
}

fn ids(cards: impl IntoIterator<Item = u32>) -> Vec<CardId> {
    cards.into_iter().map(|card| CardId::from(format!("p{card}"))).collect()
}

/// What the bodies of the requests after the token were.
fn bodies(script: &Script) -> Vec<String> {
    script.sent().into_iter().skip(1).map(|sent| sent.body).collect()
}

async fn all(cards: impl Stream<Item = Result<CardId, Error>>) -> Result<Vec<CardId>, Error> {
    cards.try_collect().await
}

#[tokio::test]
async fn every_page_is_fetched_and_no_more() {
    let (client, script) = client_over([Reply::token("T"), page(0..50, Some(53)), page(50..53, Some(53))]);
    assert_eq!(all(client.list_cards(&[])).await.unwrap(), ids(0..53));
    assert_eq!(
        bodies(&script),
        [r#"{"offset":0,"count":50}"#, r#"{"offset":50,"count":50}"#]
    );
    assert_eq!(script.left(), 0);
}

#[tokio::test]
async fn nothing_is_sent_before_the_stream_is_read() {
    let (client, script) = client_over([Reply::token("T"), page(0..2, Some(4)), page(2..4, Some(4))]);
    let mut cards = client.list_cards(&[CardStatus::VerifyOk, CardStatus::from("CARD_STATUS_LATER")]);
    // The stream lives on without the client.
    drop(client);
    assert!(script.sent().is_empty());
    let first = [cards.try_next().await.unwrap(), cards.try_next().await.unwrap()];
    assert_eq!(first, [Some("p0".into()), Some("p1".into())]);
    let states = r#""status_list":["CARD_STATUS_VERIFY_OK","CARD_STATUS_LATER"]"#;
    assert_eq!(bodies(&script), [format!(r#"{{"offset":0,"count":50,{states}}}"#)]);
    assert_eq!(cards.try_next().await.unwrap(), Some("p2".into()));
    assert_eq!(bodies(&script)[1], format!(r#"{{"offset":2,"count":50,{states}}}"#));
}

#[tokio::test]
async fn an_account_without_cards_has_an_empty_list() {
    for reply in [page([], Some(0)), page([], None), page([], Some(7))] {
        let (client, script) = client_over([Reply::token("T"), reply]);
        assert_eq!(all(client.list_cards(&[])).await.unwrap(), ids([]));
        assert_eq!(script.left(), 0);
    }
}

#[tokio::test]
async fn an_empty_page_ends_the_list_whatever_the_total_says() {
    let (client, script) = client_over([Reply::token("T"), page(0..3, None), page([], None)]);
    assert_eq!(all(client.list_cards(&[])).await.unwrap(), ids(0..3));
    assert_eq!(script.left(), 0);
}

#[tokio::test]
async fn a_card_that_a_new_one_pushed_to_the_next_page_is_listed_once() {
    let (client, _) = client_over([Reply::token("T"), page(0..3, Some(5)), page(2..5, Some(6))]);
    assert_eq!(all(client.list_cards(&[])).await.unwrap(), ids(0..5));
}

#[tokio::test]
async fn a_page_that_fails_is_the_last_item() {
    let refusal = Reply::json(r#"{"errcode":45011,"errmsg":"api minute-quota reach limit"}"#);
    let cut_off = Reply::json(r#"{"errcode":0,"card_id_list":["p2"#);
    for (reply, kind) in [
        (
            Reply::json(r#"{"errcode":48001,"errmsg":"api unauthorized"}"#),
            ErrorKind::Refused,
        ),
        (cut_off, ErrorKind::Protocol),
    ] {
        // As often as it is asked for again.
        let replies = [
            page(0..2, Some(9)),
            reply.clone(),
            reply.clone(),
            reply,
            refusal.clone(),
        ];
        let (client, _) = client_over([Reply::token("T")].into_iter().chain(replies));
        let items: Vec<_> = client.list_cards(&[]).collect().await;
        assert_eq!(items.len(), 3, "{items:?}");
        assert!(items[..2].iter().all(Result::is_ok));
        let error = items[2].as_ref().unwrap_err();
        assert_eq!((error.kind(), error.path()), (kind, "/card/batchget"));
    }
}

#[tokio::test]
async fn a_service_that_answers_one_page_for_ever_is_found_out() {
    for total in [None, Some(u64::MAX)] {
        let (client, script) = client_over([
            Reply::token("T"),
            page(0..2, total),
            page(0..2, total),
            page(0..2, total),
        ]);
        let mut cards = client.list_cards(&[]);
        for card in ids(0..2) {
            assert_eq!(cards.try_next().await.unwrap(), Some(card));
        }
        let error = cards.try_next().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Protocol, Some("card_id_list"))
        );
        assert!(cards.next().await.is_none());
        assert_eq!(script.left(), 1);
    }
}

#[tokio::test]
async fn all_cards_of_an_account_are_listed_once_by_state() {
    let sandbox = Sandbox::new();
    let client = CardClient::new(DEFAULT_APP_ID, DEFAULT_APP_SECRET, sandbox.clone());
    let mut created = BTreeSet::new();
    for _ in 0..103 {
        let base_info = base_info(1);
        let request = CreateCard::new(Cash::new(base_info, Fen::from_yuan(10)));
        created.insert(client.create_card(&request).await.unwrap().card_id);
    }
    let listed = all(client.list_cards(&[])).await.unwrap();
    assert_eq!(listed.len(), 103);
    assert_eq!(BTreeSet::from_iter(listed), created);
    let deleted = created.pop_first().unwrap();
    client.delete_card(&DeleteCard::new(&deleted)).await.unwrap();
    let left = all(client.list_cards(&[CardStatus::VerifyOk])).await.unwrap();
    assert_eq!(BTreeSet::from_iter(left), created);
    let gone = all(client.list_cards(&[CardStatus::Delete])).await.unwrap();
    assert_eq!(gone, [deleted]);
}
