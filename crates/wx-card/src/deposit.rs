//! Depositing any number of codes, and raising the stock by as many.

use std::error::Error as StdError;
use std::time::Duration;

use futures_util::Stream;
use wx_card_types::{CardCode, CardId, CheckCodes, DepositCodes, DepositCodesResponse, GetDepositCount};
use wx_core::{ErrCode, Error};

use crate::CardClient;
use crate::bulk::{Bulk, BulkKind, BulkLine, BulkOutcome, BulkReport, FailReason, Halt, Record, Session, Task, Work};
use crate::decode::decode;

mod answer;
mod raise;

use answer::{accepts_all, sort};
pub use raise::StockRaise;

/// The deposit of many codes; [`CardClient::deposit`] tells of it.
#[derive(Clone, Debug)]
pub struct Deposit {
    card_id: CardId,
    verifies: bool,
    raises_stock: bool,
}

/// What a deposit came to.
#[derive(Debug)]
#[must_use = "it says whether all codes are deposited, and the stock raised"]
#[non_exhaustive]
pub struct DepositReport {
    /// What became of the lines.
    pub bulk: BulkReport,
    /// How many codes the card had before the first was sent, by `/card/code/getdepositcount`.
    pub deposited_before: Option<u64>,
    /// How many it has now; none if the run ended early.
    pub deposited_after: Option<u64>,
    /// What became of the stock; none if it was not to be raised, or the run ended before.
    pub stock: Option<StockRaise>,
}

impl CardClient {
    /// Begins to deposit any number of codes (导入自定义 code): `POST /card/code/deposit`, 100 at a time.
    ///
    /// The order that the official page demands: create the card with a quantity of 0, have it approved, deposit, and only
    /// then raise the stock, which [`raise_stock`](Bulk::raise_stock) does.
    ///
    /// [`bulk`](crate::bulk) tells what holds for all runs: memory, journal, what stops it.
    ///
    /// ```
    /// # use wx_card::CardClient;
    /// # use wx_core::test_util::{Reply, Script};
    /// # async fn deposit() {
    /// # let replies = [Reply::token("T"), Reply::json(r#"{"errcode":0,"count":0}"#),
    /// #     Reply::json(r#"{"errcode":0,"succ_code":["11111","22222"],"duplicate_code":[],"fail_code":[]}"#),
    /// #     Reply::json(r#"{"errcode":0,"exist_code":["11111","22222"],"not_exist_code":[]}"#),
    /// #     Reply::json(r#"{"errcode":0,"count":2}"#)];
    /// # let client = CardClient::new("wx0000000000000001", "secret", Script::new(replies));
    /// use futures_util::stream;
    /// use wx_card::bulk::{BulkLine, MemoryJournal};
    ///
    /// let lines = ["11111", "22222", "", " 11111"];
    /// let lines = lines.into_iter().zip(1..).map(|(text, number)| Ok::<_, std::io::Error>(BulkLine::new(number, text)));
    /// let report = client
    ///     .deposit("pDF3iY0_dVjb_Pua96MMewA96qvA")
    ///     .journal(MemoryJournal::default())
    ///     .on_line(|line| println!("{line:?}"))
    ///     .run(stream::iter(lines))
    ///     .await;
    /// assert!(report.bulk.is_complete());
    /// assert_eq!((report.bulk.counts.done, report.bulk.counts.empty, report.bulk.counts.repeated), (2, 1, 1));
    /// # }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(deposit());
    /// ```
    #[doc(alias = "card/code/deposit")]
    #[doc(alias = "cardCodeDeposit")]
    #[doc(alias = "导入code")]
    #[doc(alias = "批量导入")]
    pub fn deposit(&self, card_id: impl Into<CardId>) -> Bulk<Deposit> {
        let task = Deposit {
            card_id: card_id.into(),
            verifies: true,
            raises_stock: false,
        };
        Bulk::new(self, task)
    }
}

impl Bulk<Deposit> {
    /// Whether each batch is looked up by `/card/code/checkcode` after it was sent, which doubles the calls; it is unless
    /// told otherwise. What the answer to a deposit leaves open is looked up in any case.
    pub fn verify(mut self, verifies: bool) -> Self {
        self.task.verifies = verifies;
        self
    }

    /// Whether the stock is raised in the end by the number of codes that this run, and those before that it goes on
    /// with, have deposited; it is not unless told otherwise.
    ///
    /// Take a [`journal`](Self::journal) with it: by that the stock is raised once, whatever happens in between.
    pub fn raise_stock(mut self, raises_stock: bool) -> Self {
        self.task.raises_stock = raises_stock;
        self
    }

    /// Deposits the codes of all `lines`.
    ///
    /// Nothing is an error here: the report says how far it came and why not further.
    pub async fn run<S, E>(self, lines: S) -> DepositReport
    where
        S: Stream<Item = Result<BulkLine, E>> + Send,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let task = self.task;
        let card_id = task.card_id.as_str();
        let session = Session::open::<Deposit>(&self.client, self.setup, card_id).await;
        let deposited_before = task.count_before(&session).await;
        if !session.is_stopped() {
            session.run(&task, lines).await;
        }
        let (mut deposited_after, mut stock) = (None, None);
        if !session.is_stopped() {
            deposited_after = task.count_after(&session, deposited_before).await;
        }
        if task.raises_stock && !session.is_stopped() {
            let by = newly_deposited(&session, deposited_before, deposited_after);
            stock = raise::raise(&session, &task.card_id, by).await;
        }
        DepositReport {
            bulk: session.report(),
            deposited_before,
            deposited_after,
            stock,
        }
    }
}

impl DepositReport {
    /// Whether all lines came to something, and the stock is raised if it was to be.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let is_open = |raise: &StockRaise| matches!(raise, StockRaise::Refused { .. } | StockRaise::Unknown { .. });
        self.bulk.is_complete() && !self.stock.as_ref().is_some_and(is_open)
    }

    /// How many codes the service counts that this import does not account for: below zero, so many fewer than it
    /// accepted; above, so many more than came from here, which somebody else deposited. 0 where it fits; none where
    /// the counts are not known.
    #[must_use]
    pub fn unexplained(&self) -> Option<i64> {
        let counts = &self.bulk.counts;
        let more = self.deposited_after?.checked_signed_diff(self.deposited_before?)?;
        let least = i64::try_from(counts.done).ok()?;
        let most = i64::try_from(counts.done + counts.present).ok()?;
        Some(more - more.clamp(least, most))
    }
}

/// How many codes are new: those that the service accepted, and of those whose doing it was is not known, as many as it
/// counts more than before.
fn newly_deposited(session: &Session<'_>, before: Option<u64>, after: Option<u64>) -> u64 {
    let counts = session.counts();
    let more = before
        .zip(after)
        .map_or(0, |(before, after)| after.saturating_sub(before));
    more.clamp(counts.done, counts.done + counts.present)
}

/// The pauses before a code that is not found is looked up again, and before codes are counted again: the service may
/// need a moment until it finds what it has just taken.
const LOOK_AGAIN: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

impl Deposit {
    /// How many codes the card had before the first was sent, now or as the journal knows it.
    async fn count_before(&self, session: &Session<'_>) -> Option<u64> {
        if session.is_stopped() || session.deposited_before.is_some() {
            return session.deposited_before;
        }
        let count = session.steadily(|| self.count(session)).await?;
        session
            .save(vec![Record::DepositedBefore { count }])
            .await
            .then_some(count)
    }

    /// How many it has after the last was sent. As long as that is less than it may be, the service may just not have
    /// counted yet.
    async fn count_after(&self, session: &Session<'_>, before: Option<u64>) -> Option<u64> {
        let counts = session.counts();
        let most = before.unwrap_or_default() + counts.done + counts.present;
        let mut count = session.steadily(|| self.count(session)).await?;
        for pause in LOOK_AGAIN {
            if most <= count {
                break;
            }
            session.pause(pause).await;
            count = session.steadily(|| self.count(session)).await?;
        }
        Some(count)
    }

    async fn count(&self, session: &Session<'_>) -> Result<u64, Error> {
        let request = GetDepositCount::new(&self.card_id);
        Ok(session.call(session.client, &request).await?.count)
    }

    /// Sends the codes at `places`, and takes in what the answer says of them.
    async fn send(&self, session: &Session<'_>, work: &mut Work, places: &[usize]) -> Result<(), Halt> {
        session.begin().await?;
        let request = DepositCodes::new(&self.card_id, work.lend(places));
        let sent = session.unchecked.answer(&request).await;
        work.give_back(request.code);
        let answer = sent.inspect_err(|error| work.was_sent |= error.may_have_run())?;
        let was_sent = work.was_sent || 1 < answer.attempts();
        let codes: Vec<&str> = places
            .iter()
            .filter_map(|place| work.codes.get(*place))
            .map(CardCode::as_str)
            .collect();
        let outcomes = if accepts_all(answer.body(), &codes) {
            vec![Some(BulkOutcome::Done); codes.len()]
        } else {
            let response: DepositCodesResponse =
                decode(&answer).inspect_err(|error| work.was_sent |= error.may_have_run())?;
            sort(&response, &codes, was_sent)
        };
        session.attempted(answer.attempts());
        for (place, outcome) in places.iter().zip(outcomes) {
            if let Some(outcome) = outcome {
                work.set(*place, outcome);
            }
        }
        Ok(())
    }

    /// Sends the open codes; where the service refuses them for one that spoils the others, in parts.
    async fn send_open(&self, session: &Session<'_>, work: &mut Work) -> Result<(), Halt> {
        let mut parts = vec![work.open()];
        let mut last_refusal = None;
        while let Some(part) = parts.pop() {
            if part.is_empty() {
                continue;
            }
            match self.send(session, work, &part).await {
                Err(Halt::Failed(error)) if is_of_codes(&error) => {
                    if let [place] = part.as_slice() {
                        let errcode = error.errcode().unwrap_or(ErrCode::OK);
                        work.set(*place, BulkOutcome::Failed(FailReason::Errcode(errcode)));
                    } else {
                        let (first, second) = part.split_at(part.len() / 2);
                        parts.extend([second.to_vec(), first.to_vec()]);
                    }
                    last_refusal = Some(error);
                }
                sent => sent?,
            }
        }
        match last_refusal {
            // Where every single code is refused, it is not the codes.
            Some(error) if 1 < work.codes.len() && work.outcomes.iter().all(is_refused) => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Looks up codes: which of `places` are not deposited.
    async fn missing(&self, session: &Session<'_>, work: &Work, places: &[usize]) -> Result<Vec<usize>, Halt> {
        session.acquire().await?;
        let request = CheckCodes::new(&self.card_id, work.codes_at(places));
        let response = session.call(&session.unchecked, &request).await?;
        let is_missing = absent(&response.exist_code);
        Ok(places
            .iter()
            .copied()
            .filter(|place| work.codes.get(*place).is_some_and(&is_missing))
            .collect())
    }

    /// Settles the open codes by looking them up, and those that were sent too, if that is wanted.
    async fn look_up(&self, session: &Session<'_>, work: &mut Work) -> Result<(), Halt> {
        let is_failed = |place: &usize| matches!(work.outcomes.get(*place), Some(Some(BulkOutcome::Failed(_))));
        let places: Vec<usize> = if self.verifies {
            (0..work.codes.len()).filter(|place| !is_failed(place)).collect()
        } else {
            work.open()
        };
        if places.is_empty() {
            return Ok(());
        }
        let mut missing = self.missing(session, work, &places).await?;
        for pause in LOOK_AGAIN {
            if missing.is_empty() {
                break;
            }
            session.pause(pause).await;
            missing = self.missing(session, work, &missing).await?;
        }
        for place in work.open() {
            work.set(place, BulkOutcome::Present);
        }
        for place in missing {
            work.set(place, BulkOutcome::Failed(FailReason::NotFound));
        }
        Ok(())
    }
}

impl Task for Deposit {
    const KIND: BulkKind = BulkKind::Deposit;
    const BATCH: usize = DepositCodes::MAX_CODES;

    async fn settle(&self, session: &Session<'_>, work: &mut Work) -> Result<(), Halt> {
        let sent = self.send_open(session, work).await;
        // Whatever is sent once more from here on was sent before.
        work.was_sent |= work.outcomes.iter().any(Option::is_some) || sent.is_ok();
        sent?;
        self.look_up(session, work).await
    }
}

fn is_refused(outcome: &Option<BulkOutcome>) -> bool {
    matches!(outcome, Some(BulkOutcome::Failed(FailReason::Errcode(_))))
}

/// Whether the refusal may be for one of the codes and not for what all batches have in common.
fn is_of_codes(error: &Error) -> bool {
    const OF_CODES: [i64; 5] = [40056, 40097, 40110, 40111, 47001];
    error.errcode().is_some_and(|errcode| OF_CODES.contains(&errcode.get()))
}

/// A test whether a code is not among `there`.
fn absent(there: &[CardCode]) -> impl Fn(&CardCode) -> bool + use<> {
    let there: std::collections::BTreeSet<CardCode> = there.iter().cloned().collect();
    move |code| !there.contains(code)
}
