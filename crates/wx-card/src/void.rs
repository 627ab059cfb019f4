//! Making any number of codes void.

use std::error::Error as StdError;

use futures_util::Stream;
use wx_card_types::{CardCode, CardId, GetCode, MakeCodeUnavailable};
use wx_core::{ErrCode, Error};

use crate::bulk::{Bulk, BulkKind, BulkLine, BulkOutcome, BulkReport, FailReason, Halt, Session, Task, Work};
use crate::{CardClient, CodeState};

/// Making many codes void; [`CardClient::void_codes`] tells of it.
#[derive(Clone, Debug, Default)]
pub struct VoidCodes {
    card_id: Option<CardId>,
    reason: Option<String>,
}

impl CardClient {
    /// Begins to make any number of codes void (设置卡券失效): `POST /card/code/unavailable`, one by one. It cannot be taken
    /// back.
    ///
    /// After a refusal or an unclear outcome the state of the code is asked for (`/card/code/get`), so that each line has
    /// one of three outcomes: void now, void before, or failed with the state that did not allow it. A code that is
    /// still good after an unclear outcome is sent again, which does no harm.
    ///
    /// [`bulk`](crate::bulk) tells what holds for all runs: memory, journal, what stops it.
    #[doc(alias = "card/code/unavailable")]
    #[doc(alias = "unavailableCardCode")]
    #[doc(alias = "设置卡券失效")]
    #[doc(alias = "批量设置失效")]
    pub fn void_codes(&self) -> Bulk<VoidCodes> {
        Bulk::new(self, VoidCodes::default())
    }
}

impl Bulk<VoidCodes> {
    /// The card that the codes belong to; required where the merchant chose the codes (`use_custom_code`).
    pub fn card_id(mut self, card_id: impl Into<CardId>) -> Self {
        self.task.card_id = Some(card_id.into());
        self
    }

    /// Why, such as 退款.
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.task.reason = Some(reason.into());
        self
    }

    /// Makes the codes of all `lines` void.
    ///
    /// Nothing is an error here: the report says how far it came and why not further.
    pub async fn run<S, E>(self, lines: S) -> BulkReport
    where
        S: Stream<Item = Result<BulkLine, E>> + Send,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let task = self.task;
        let subject = task.card_id.as_ref().map_or("", CardId::as_str);
        let session = Session::open::<VoidCodes>(&self.client, self.setup, subject).await;
        if !session.is_stopped() {
            session.run(&task, lines).await;
        }
        session.report()
    }
}

impl VoidCodes {
    /// Makes one code void, or finds out why it cannot be.
    async fn void(&self, session: &Session<'_>, code: &CardCode, work: &mut Work) -> Result<BulkOutcome, Halt> {
        session.begin().await?;
        let mut request = MakeCodeUnavailable::new(code);
        (request.card_id, request.reason) = (self.card_id.clone(), self.reason.clone());
        let Err(error) = session.call(session.client, &request).await else {
            return Ok(BulkOutcome::Done);
        };
        let is_unclear = error.may_have_run();
        if !is_unclear && !is_of_state(&error) {
            return Err(error.into());
        }
        session.attempted(error.attempts());
        work.was_sent |= is_unclear;
        let state = self.state(session, code).await?;
        Ok(match state {
            CodeState::Unavailable(_) => work.found_done(),
            // It may still run, and running twice does no harm.
            CodeState::Redeemable(_) if is_unclear => return Err(Halt::Again(error)),
            CodeState::Redeemable(_) | CodeState::Other(_) => {
                BulkOutcome::Failed(error.errcode().map_or(FailReason::state(&state), FailReason::Errcode))
            }
            _ => BulkOutcome::Failed(FailReason::state(&state)),
        })
    }

    async fn state(&self, session: &Session<'_>, code: &CardCode) -> Result<CodeState, Halt> {
        session.acquire().await?;
        let mut request = GetCode::new(code).check_consume(false);
        request.card_id.clone_from(&self.card_id);
        let answer = session.call(session.client, &request).await;
        Ok(CodeState::of(&request, answer).map_err(Error::of_preparation)?)
    }
}

/// Whether the refusal is for the state of the code.
fn is_of_state(error: &Error) -> bool {
    let of_state = [
        ErrCode::CODE_CONSUMED,
        ErrCode::CODE_NOT_USABLE,
        ErrCode::INVALID_SERIAL_CODE,
    ];
    error.errcode().is_some_and(|errcode| of_state.contains(&errcode))
}

impl Task for VoidCodes {
    const KIND: BulkKind = BulkKind::Void;
    // They are sent one after the other, so this is what a killed run may have to do again.
    const BATCH: usize = 20;

    async fn settle(&self, session: &Session<'_>, work: &mut Work) -> Result<(), Halt> {
        for place in work.open() {
            let Some(code) = work.codes.get(place).cloned() else {
                continue;
            };
            let outcome = self.void(session, &code, work).await?;
            work.set(place, outcome);
        }
        Ok(())
    }
}
