//! All cards of an account, page after page.

use std::collections::{BTreeSet, VecDeque};
use std::error::Error as StdError;
use std::fmt;

use futures_util::stream::{self, Stream};
use wx_card_types::{BatchGetCards, BatchGetCardsResponse, CardId, CardStatus};
use wx_core::{Answer, Error};

use crate::CardClient;
use crate::decode::decode;

/// More cards than any account has; a service that answers more of them makes them up.
const MAX_CARDS: usize = 1_000_000;

impl CardClient {
    /// Lists the cards of the account on all pages (批量查询卡券列表): `POST /card/batchget`, as often as it takes.
    ///
    /// `status_list` names the states of the cards to list; none means all. Pages of 50 are fetched one by one as the
    /// stream is read, and none before. Every card is listed once. Cards that are created or deleted meanwhile may
    /// shift the pages, so that another card is missing: list again where that matters.
    ///
    /// ```
    /// # use wx_card::{CardClient, types::{CardId, CardStatus}};
    /// # use wx_core::{Error, test_util::{Reply, Script}};
    /// # async fn list() -> Result<(), Error> {
    /// # let page = r#"{"errcode":0,"card_id_list":["p1","p2"],"total_num":2}"#;
    /// # let client = CardClient::new("wx0000000000000001", "secret", Script::new([Reply::token("T"), Reply::json(page)]));
    /// use futures_util::TryStreamExt as _;
    ///
    /// let approved: Vec<CardId> = client.list_cards(&[CardStatus::VerifyOk]).try_collect().await?;
    /// assert_eq!(approved, ["p1", "p2"]);
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(list()).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The stream ends after its first error: one of those of [`send`](Self::send) where a page cannot be had, or
    /// [`Protocol`](wx_core::ErrorKind::Protocol) where the service answers the same cards again and again.
    #[doc(alias = "card/batchget")]
    #[doc(alias = "batchGetCard")]
    #[doc(alias = "批量查询卡券列表")]
    pub fn list_cards(
        &self,
        status_list: &[CardStatus],
    ) -> impl Stream<Item = Result<CardId, Error>> + Send + Unpin + use<> {
        let mut first = BatchGetCards::new(0_u32, BatchGetCards::MAX_COUNT);
        if !status_list.is_empty() {
            first = first.status_list(status_list);
        }
        let pages = Pages {
            client: self.clone(),
            next: Some(first),
            listed: BTreeSet::new(),
            ready: VecDeque::new(),
        };
        // Boxed, so that whoever reads it need not pin it.
        Box::pin(stream::try_unfold(pages, Pages::card))
    }
}

/// What is left to list.
struct Pages {
    client: CardClient,
    /// The page to fetch when the ready cards are used up; none after the last.
    next: Option<BatchGetCards>,
    listed: BTreeSet<CardId>,
    ready: VecDeque<CardId>,
}

impl Pages {
    /// The next card, and what is left after it.
    async fn card(mut self) -> Result<Option<(CardId, Self)>, Error> {
        loop {
            if let Some(card_id) = self.ready.pop_front() {
                return Ok(Some((card_id, self)));
            }
            let Some(request) = self.next.take() else {
                return Ok(None);
            };
            let answer = self.client.answer(&request).await?;
            let page: BatchGetCardsResponse = decode(&answer)?;
            self.next = request.next(&page);
            self.take_in(page, &answer)?;
        }
    }

    /// Makes the cards of a page ready; a page without anything new would be followed by others like it for ever.
    fn take_in(&mut self, page: BatchGetCardsResponse, answer: &Answer) -> Result<(), Error> {
        for card_id in page.card_id_list {
            if self.listed.insert(card_id.clone()) {
                self.ready.push_back(card_id);
            }
        }
        let is_endless = self.ready.is_empty() || self.listed.len() > MAX_CARDS;
        if self.next.is_some() && is_endless {
            return Err(answer.unreadable("card_id_list", Endless));
        }
        Ok(())
    }
}

/// The service answers pages without end.
#[derive(Debug)]
struct Endless;

impl fmt::Display for Endless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("pages follow each other without end")
    }
}

impl StdError for Endless {}
