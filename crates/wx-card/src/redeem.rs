//! Redeeming at a till: at most once, with an answer.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use wx_card_types::{ConsumeCode, ConsumeCodeResponse};
use wx_core::{ErrClass, Error};

use crate::decode::decode;
use crate::patience::{DEFAULT_PATIENCE, Patience, is_hopeless};
use crate::{CardClient, CodeState};

mod outcome;
mod reason;

pub use outcome::{ByThisCall, Redemption};
use outcome::{Unclear, query};
pub use reason::RefusalReason;

impl CardClient {
    /// Redeems a code at a till (核销流程): at most once, with an answer.
    ///
    /// [`consume_code`](Self::consume_code) sends one request, and where its answer is lost the caller is left to find
    /// out what became of it. This does the finding out, by three kinds of call:
    ///
    /// 1. It asks for the state of the code (`/card/code/get`). A code that is redeemed, expired, deleted, void or
    ///    with a friend ends here, with the reason. What is more, only this tells later *when* a code became redeemed:
    ///    [`query_first(false)`](Redeem::query_first) saves the call and loses that.
    /// 2. It redeems the code (`/card/code/consume`). The request is delivered at most once.
    /// 3. Where the outcome is unclear (no answer, half an answer, the service is busy) it asks for the state until the
    ///    code is redeemed or [`patience`](Redeem::patience) ends.
    ///
    /// | outcome | the till shows | and does |
    /// | --- | --- | --- |
    /// | [`Redeemed`](Redemption::Redeemed) | redeemed | hands out the goods |
    /// | [`AlreadyRedeemed`](Redemption::AlreadyRedeemed), [`No`](ByThisCall::No) | used before | hands out nothing; after an earlier try of its own for this code that ended `Unknown`, asks a person |
    /// | `AlreadyRedeemed`, [`Likely`](ByThisCall::Likely) | redeemed just now, most likely here | hands out the goods if no other till can have had the code at that moment; no proof |
    /// | `AlreadyRedeemed`, [`Unknown`](ByThisCall::Unknown) | used | hands out nothing; where [`may_have_run`](Redemption::may_have_run), asks a person |
    /// | [`Refused`](Redemption::Refused) | the reason | hands out nothing; the code was not redeemed |
    /// | [`Unknown`](Redemption::Unknown) | not known yet | hands out nothing yet; redeems the same code again, which is safe |
    /// | `Err` | no connection, or what the error says | hands out nothing; this call has redeemed nothing and will not; tries again |
    ///
    /// ```
    /// # use wx_card::types::{BaseInfo, Cash, CodeType, Color, CreateCard, DateInfo, Fen, Sku};
    /// # use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};
    /// use wx_card::types::ConsumeCode;
    /// use wx_card::{ByThisCall, CardClient, Redemption};
    /// # use wx_card::core::Error;
    ///
    /// /// What the till shows, and whether the goods are handed out.
    /// async fn at_the_till(client: &CardClient, code: &str) -> (String, bool) {
    ///     match client.redeem(&ConsumeCode::new(code)).await {
    ///         Ok(Redemption::Redeemed { .. }) => ("redeemed".to_owned(), true),
    ///         // Likely is no proof: here a person decides.
    ///         Ok(Redemption::AlreadyRedeemed { by_this_call: ByThisCall::Likely, .. }) => ("ask the manager".to_owned(), false),
    ///         Ok(Redemption::AlreadyRedeemed { .. }) => ("used before".to_owned(), false),
    ///         Ok(Redemption::Refused { reason, .. }) => (reason.to_string(), false),
    ///         // Unknown: try the same code again.
    ///         Ok(outcome) => (outcome.advice().to_owned(), false),
    ///         Err(error) => (format!("nothing was redeemed: {error}"), false),
    ///     }
    /// }
    ///
    /// # async fn play() -> Result<(), Error> {
    /// # let sandbox = Sandbox::new();
    /// # let client = CardClient::new(DEFAULT_APP_ID, DEFAULT_APP_SECRET, sandbox.clone());
    /// # let base_info = BaseInfo::new("http://mmbiz.qpic.cn/logo", "微信餐厅", CodeType::Qrcode, "十元代金券",
    /// #     Color::Color010, "使用时出示此券", "每桌限用一张", Sku::new(1), DateInfo::days(30));
    /// # let card = client.create_card(&CreateCard::new(Cash::new(base_info, Fen::from_yuan(10)))).await?;
    /// # let taken = serde_json::json!({"card_id": card.card_id, "openid": "oUser"});
    /// # let taken = sandbox.control("take", &taken).unwrap();
    /// # let code = taken["code"].as_str().unwrap();
    /// assert_eq!(at_the_till(&client, code).await, ("redeemed".to_owned(), true));
    /// assert_eq!(at_the_till(&client, code).await, ("used before".to_owned(), false));
    /// assert_eq!(at_the_till(&client, "000000000000").await, ("nobody holds this code".to_owned(), false));
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(play()).unwrap();
    /// ```
    ///
    /// # What is proven
    ///
    /// - [`Redeemed`](Redemption::Redeemed): the service answered this call's request that it was done. However many
    ///   tills redeem one code, at most one of them gets it.
    /// - A redeemed code after an unclear outcome is never called `Redeemed`: another till may have redeemed it in
    ///   between.
    /// - A code that still looks good after an unclear outcome is never called `Refused`: the request may be on its way.
    /// - The future may be dropped at any point. What was sent may then have run; redeem the same code again to find out.
    ///
    /// A deadline of the client ([`with_deadline`](Self::with_deadline)) holds for each of the calls, not for all of them
    /// together.
    ///
    /// The code of a friends card (朋友的券) must be marked before, with [`mark_code`](Self::mark_code); that is left
    /// to the caller, who knows the user.
    ///
    /// # Errors
    ///
    /// What says nothing about the code, and left it alone: a request that breaks a rule
    /// ([`Invalid`](wx_core::ErrorKind::Invalid)), no way to the service, wrong credentials, a quota that is used up,
    /// a first question without an answer. [`Error::may_have_run`] is false for each of them.
    #[doc(alias = "核销流程")]
    #[doc(alias = "核销")]
    #[doc(alias = "核销卡券")]
    #[doc(alias = "consume")]
    pub fn redeem(&self, request: &ConsumeCode) -> Redeem {
        Redeem {
            client: self.clone(),
            request: request.clone(),
            query_first: true,
            patience: self
                .core()
                .deadline()
                .map_or(DEFAULT_PATIENCE, |limit| limit.min(DEFAULT_PATIENCE)),
        }
    }
}

/// A redeem that begins when it is awaited; [`CardClient::redeem`] tells of it.
#[must_use = "nothing is redeemed before it is awaited"]
pub struct Redeem {
    client: CardClient,
    request: ConsumeCode,
    query_first: bool,
    patience: Duration,
}

impl Redeem {
    /// Whether to ask for the state of the code before redeeming it; on unless told otherwise.
    ///
    /// Without it a redeem is one call shorter. Then a code that was used before is told by 40099 alone, a code that
    /// cannot be used mostly by [`NotUsable`](RefusalReason::NotUsable), and a code that is found redeemed after an
    /// unclear outcome is never [`Likely`](ByThisCall::Likely) this call's.
    pub fn query_first(mut self, query_first: bool) -> Self {
        self.query_first = query_first;
        self
    }

    /// How long to ask what became of an unclear outcome; 5 seconds unless told otherwise, and no longer than a call of
    /// a client with a deadline has.
    ///
    /// It is asked at once and then again after pauses that grow from a quarter of a second to a second. No question
    /// begins after this time, and none goes on for more than two seconds after it; zero asks once.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    async fn run(self) -> Result<Redemption, Error> {
        let before = if self.query_first {
            match self.state_before().await? {
                Ok(state) => Some(state),
                Err(outcome) => return Ok(outcome),
            }
        } else {
            None
        };
        let unclear = match self.client.answer(&self.request).await {
            Ok(answer) => match decode::<ConsumeCodeResponse>(&answer) {
                Ok(answer) => return Ok(Redemption::answered(answer)),
                Err(error) => Unclear {
                    error,
                    is_done: answer.says_done(),
                },
            },
            Err(error) if error.may_have_run() => Unclear { error, is_done: false },
            Err(error) => return Redemption::refused(&self.request, before, error),
        };
        Ok(self.find_out(before, unclear).await)
    }

    /// The state of the code, or the outcome where there is nothing to send any more.
    async fn state_before(&self) -> Result<Result<CodeState, Redemption>, Error> {
        match self.client.code_state(&query(&self.request)).await {
            Ok(state) => Ok(match Redemption::ruled_out_by(&state) {
                Some(outcome) => Err(outcome),
                None => Ok(state),
            }),
            Err(error) => {
                // Whatever became of the question, nothing was sent to redeem the code.
                let error = error.of_preparation();
                if error.class() == Some(ErrClass::Refused) {
                    Redemption::refused(&self.request, None, error).map(Err)
                } else {
                    Err(error)
                }
            }
        }
    }

    /// Asks what became of the request until it is known or patience ends.
    async fn find_out(&self, before: Option<CodeState>, unclear: Unclear) -> Redemption {
        let mut patience = Patience::new(self.client.core(), self.patience);
        let mut last = None;
        loop {
            match patience.ask(self.client.code_state(&query(&self.request))).await {
                Some(Ok(CodeState::Redeemed(details))) => {
                    return Redemption::found_redeemed(before.as_ref(), details, unclear);
                }
                Some(Ok(state)) => last = Some(state),
                Some(Err(error)) if is_hopeless(&error) => break,
                Some(Err(_)) | None => {}
            }
            if !patience.wait().await {
                break;
            }
        }
        Redemption::Unknown {
            error: unclear.error,
            state: last,
        }
    }
}

impl IntoFuture for Redeem {
    type Output = Result<Redemption, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Redeem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redeem")
            .field("request", &self.request)
            .field("query_first", &self.query_first)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}
