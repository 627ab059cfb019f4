//! The state of a code, whichever way the service tells it.

use serde_json::Value;
use wx_card_types::{CardCode, CardId, CodeCard, GetCode, GetCodeResponse, OpenId, UserCardStatus};
use wx_core::{ErrCode, Error};

use crate::CardClient;

/// The state of a code (卡券状态), whichever way the service told it.
///
/// The service has two ways. With `check_consume(false)` the state is a word in the answer. With `check_consume` absent
/// or `true` a code that cannot be redeemed is refused: 40099 redeemed, 40127 not usable, 40056 held by nobody. Both
/// end here; only with `false` does the service tell *why* a code is not usable.
///
/// The word `user_card_status` decides, and not `can_consume`: of redeemed codes answers have been seen with
/// `can_consume` true and with false, and of a code in order it is false before the first day of its validity.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CodeState {
    /// Deleted by the user (`DELETE`).
    Deleted(CodeDetails),
    /// Past its time (`EXPIRE`).
    Expired(CodeDetails),
    /// Given to a friend, who did not take it in time (`GIFT_TIMEOUT`).
    GiftTimeout(CodeDetails),
    /// On its way to a friend (`GIFTING`).
    Gifting(CodeDetails),
    /// Given to a friend, who took it (`GIFT_SUCC`).
    GivenAway(CodeDetails),
    /// Never issued, or in nobody's hands (40056); also a code of the merchant's own that was asked for without its
    /// card.
    NotHeld(CodeDetails),
    /// Deleted, expired, on its way to a friend or void; the service did not say which (40127).
    NotUsable(CodeDetails),
    /// In a state that has no name here; [`CodeDetails::status`] has the word, if there was any.
    Other(CodeDetails),
    /// In the user's hands and not redeemed (`NORMAL`). The service may still refuse to redeem it now, as outside the
    /// card's hours (40147).
    Redeemable(CodeDetails),
    /// Redeemed (`CONSUMED`, 40099).
    Redeemed(CodeDetails),
    /// Made void by the merchant (`UNAVAILABLE`).
    Unavailable(CodeDetails),
}

/// What the service told beside the state of a code. A refusal tells little or nothing of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CodeDetails {
    /// The code, as answered or else as asked for.
    pub code: CardCode,
    /// The card that the code belongs to.
    pub card_id: Option<CardId>,
    /// The user who holds the code.
    pub openid: Option<OpenId>,
    /// When the coupon begins to be valid, in Unix seconds.
    pub begin_time: Option<i64>,
    /// When the coupon ceases to be valid, in Unix seconds.
    pub end_time: Option<i64>,
    /// Whether the code can be redeemed now, by the service's word, which is not to be relied upon.
    pub can_consume: Option<bool>,
    /// The service's word for the state.
    pub status: Option<UserCardStatus>,
    /// The whole answer, where it was one.
    pub answer: Option<Box<GetCodeResponse>>,
    /// The refusal, where it was one.
    pub error: Option<Error>,
}

impl CardClient {
    /// Asks for the state of a code (查询 Code): `POST /card/code/get`, with both of its ways to answer made one.
    ///
    /// ```
    /// # use wx_card::CardClient;
    /// # use wx_core::{Error, test_util::{Reply, Script}};
    /// # async fn look() -> Result<(), Error> {
    /// # let answer = r#"{"errcode":0,"card":{"card_id":"p1"},"openid":"o1","user_card_status":"EXPIRE"}"#;
    /// # let client = CardClient::new("wx0000000000000001", "secret", Script::new([Reply::token("T"), Reply::json(answer)]));
    /// use wx_card::CodeState;
    /// use wx_card::types::GetCode;
    ///
    /// let shown = match client.code_state(&GetCode::new("110201201245").check_consume(false)).await? {
    ///     CodeState::Redeemable(_) => "not used yet".to_owned(),
    ///     CodeState::Redeemed(details) => format!("used by {:?}", details.openid),
    ///     other => other.name().to_owned(),
    /// };
    /// assert_eq!(shown, "expired");
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(look()).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`get_code`](Self::get_code), save 40099, 40127 and 40056, which are states.
    #[doc(alias = "card/code/get")]
    #[doc(alias = "查询Code")]
    #[doc(alias = "卡券状态")]
    pub async fn code_state(&self, request: &GetCode) -> Result<CodeState, Error> {
        CodeState::of(request, self.get_code(request).await)
    }
}

impl CodeState {
    /// Reads the state out of what `request` brought.
    ///
    /// # Errors
    ///
    /// The error in `result`, unless it is the refusal 40099, 40127 or 40056.
    pub fn of(request: &GetCode, result: Result<GetCodeResponse, Error>) -> Result<Self, Error> {
        match result {
            Ok(answer) => Ok(Self::answered(request, answer)),
            Err(error) => Self::refused(request, error),
        }
    }

    fn answered(request: &GetCode, answer: GetCodeResponse) -> Self {
        let details = CodeDetails::answered(request, answer);
        match &details.status {
            Some(status) => Self::by_status(status)(details),
            // Answers of old have no word; where redeeming was checked, success alone says that it is possible.
            None if request.check_consume != Some(false) && details.can_consume != Some(false) => {
                Self::Redeemable(details)
            }
            None => Self::Other(details),
        }
    }

    fn refused(request: &GetCode, error: Error) -> Result<Self, Error> {
        let named = match error.errcode() {
            Some(ErrCode::CODE_CONSUMED) => Self::Redeemed,
            Some(ErrCode::CODE_NOT_USABLE) => Self::NotUsable,
            Some(ErrCode::INVALID_SERIAL_CODE) => Self::NotHeld,
            _ => return Err(error),
        };
        let is_redeemed = error.errcode() == Some(ErrCode::CODE_CONSUMED);
        let details = CodeDetails::refused(request, error);
        Ok(match &details.status {
            // A word beside it says nothing against it.
            _ if is_redeemed => Self::Redeemed(details),
            // The number says less than the word, unless the word denies that there was a reason to refuse.
            Some(status) if *status != UserCardStatus::Normal && status.is_known() => Self::by_status(status)(details),
            _ => named(details),
        })
    }

    fn by_status(status: &UserCardStatus) -> fn(CodeDetails) -> Self {
        match status {
            UserCardStatus::Consumed => Self::Redeemed,
            UserCardStatus::Delete => Self::Deleted,
            UserCardStatus::Expire => Self::Expired,
            UserCardStatus::GiftSucc => Self::GivenAway,
            UserCardStatus::GiftTimeout => Self::GiftTimeout,
            UserCardStatus::Gifting => Self::Gifting,
            UserCardStatus::Normal => Self::Redeemable,
            UserCardStatus::Unavailable => Self::Unavailable,
            _ => Self::Other,
        }
    }

    /// What the service told beside the state.
    #[must_use]
    pub fn details(&self) -> &CodeDetails {
        match self {
            Self::Deleted(details)
            | Self::Expired(details)
            | Self::GiftTimeout(details)
            | Self::Gifting(details)
            | Self::GivenAway(details)
            | Self::NotHeld(details)
            | Self::NotUsable(details)
            | Self::Other(details)
            | Self::Redeemable(details)
            | Self::Redeemed(details)
            | Self::Unavailable(details) => details,
        }
    }

    /// The name of the state in snake case, such as `gift_timeout`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Deleted(_) => "deleted",
            Self::Expired(_) => "expired",
            Self::GiftTimeout(_) => "gift_timeout",
            Self::Gifting(_) => "gifting",
            Self::GivenAway(_) => "given_away",
            Self::NotHeld(_) => "not_held",
            Self::NotUsable(_) => "not_usable",
            Self::Other(_) => "other",
            Self::Redeemable(_) => "redeemable",
            Self::Redeemed(_) => "redeemed",
            Self::Unavailable(_) => "unavailable",
        }
    }
}

impl CodeDetails {
    fn asked(request: &GetCode) -> Self {
        Self {
            code: request.code.clone(),
            card_id: request.card_id.clone(),
            openid: None,
            begin_time: None,
            end_time: None,
            can_consume: None,
            status: None,
            answer: None,
            error: None,
        }
    }

    fn answered(request: &GetCode, answer: GetCodeResponse) -> Self {
        Self {
            openid: answer.openid.clone(),
            can_consume: answer.can_consume.or(answer.card.can_consume),
            status: answer.status().cloned(),
            ..Self::asked(request)
        }
        .with_card(&answer.card)
        .with_answer(answer)
    }

    /// A refusal may have the members `_card` and `_code` beside its number.
    fn refused(request: &GetCode, error: Error) -> Self {
        let body = error.body().and_then(|body| serde_json::from_slice::<Value>(body).ok());
        let member = |name: &str| body.as_ref()?.get(name).cloned();
        let word = |name: &str| member(name)?.as_str().map(str::to_owned);
        let card = member("_card").and_then(|card| serde_json::from_value::<CodeCard>(card).ok());
        let mut details = Self::asked(request);
        if let Some(card) = &card {
            details = details.with_card(card);
        }
        if let Some(code) = member("_code").and_then(|code| serde_json::from_value::<CardCode>(code).ok()) {
            details.code = code;
        }
        details.openid = word("openid").map(OpenId::from);
        details.status = word("user_card_status")
            .map(UserCardStatus::from)
            .or(card.and_then(|card| card.user_card_status));
        details.error = Some(error);
        details
    }

    fn with_card(mut self, card: &CodeCard) -> Self {
        if let Some(code) = card.code.as_ref().filter(|code| !code.is_empty()) {
            self.code = code.clone();
        }
        self.card_id = Some(card.card_id.clone());
        (self.begin_time, self.end_time) = (card.begin_time, card.end_time);
        self
    }

    fn with_answer(mut self, answer: GetCodeResponse) -> Self {
        self.answer = Some(Box::new(answer));
        self
    }

    /// Whether `other` is of the same card in the same hands, as far as both tell.
    pub(crate) fn is_of_same_holder(&self, other: &Self) -> bool {
        fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
            one.is_none() || other.is_none() || one == other
        }
        agree(self.card_id.as_ref(), other.card_id.as_ref()) && agree(self.openid.as_ref(), other.openid.as_ref())
    }
}
