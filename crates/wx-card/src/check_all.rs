//! Asking for any number of codes.

use std::error::Error as StdError;

use futures_util::Stream;
use wx_card_types::{CardCode, CardId, CheckCodes};

use crate::CardClient;
use crate::bulk::{Bulk, BulkKind, BulkLine, BulkOutcome, BulkReport, FailReason, Halt, Session, Task, Work};

/// Asking for many codes; [`CardClient::check_all_codes`] tells of it.
#[derive(Clone, Debug)]
pub struct CheckAllCodes {
    card_id: CardId,
}

impl CardClient {
    /// Begins to ask which of any number of codes are deposited (核查 code): `POST /card/code/checkcode`, 100 at a time.
    ///
    /// A line whose code is deposited is [`Done`](BulkOutcome::Done), one whose code is not
    /// [`Failed`](BulkOutcome::Failed) with [`NotFound`](FailReason::NotFound).
    ///
    /// [`bulk`](crate::bulk) tells what holds for all runs.
    #[doc(alias = "card/code/checkcode")]
    #[doc(alias = "cardCodeCheckcode")]
    #[doc(alias = "核查code")]
    #[doc(alias = "批量核查")]
    pub fn check_all_codes(&self, card_id: impl Into<CardId>) -> Bulk<CheckAllCodes> {
        let task = CheckAllCodes {
            card_id: card_id.into(),
        };
        Bulk::new(self, task)
    }
}

impl Bulk<CheckAllCodes> {
    /// Asks for the codes of all `lines`.
    ///
    /// Nothing is an error here: the report says how far it came and why not further.
    pub async fn run<S, E>(self, lines: S) -> BulkReport
    where
        S: Stream<Item = Result<BulkLine, E>> + Send,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let task = self.task;
        let card_id = task.card_id.as_str();
        let session = Session::open::<CheckAllCodes>(&self.client, self.setup, card_id).await;
        if !session.is_stopped() {
            session.run(&task, lines).await;
        }
        session.report()
    }
}

impl Task for CheckAllCodes {
    const KIND: BulkKind = BulkKind::Check;
    const BATCH: usize = CheckCodes::MAX_CODES;

    async fn settle(&self, session: &Session<'_>, work: &mut Work) -> Result<(), Halt> {
        session.begin().await?;
        let codes = work.codes.iter();
        let request = CheckCodes::new(&self.card_id, codes);
        let answer = session.call(session.client, &request).await?;
        let there: std::collections::BTreeSet<CardCode> = answer.exist_code.into_iter().collect();
        for place in work.open() {
            let is_there = work.codes.get(place).is_some_and(|code| there.contains(code));
            let missing = BulkOutcome::Failed(FailReason::NotFound);
            work.set(place, if is_there { BulkOutcome::Done } else { missing });
        }
        Ok(())
    }
}
