//! What a redeem came to.

use wx_card_types::{CardId, ConsumeCode, ConsumeCodeResponse, GetCode, OpenId};
use wx_core::{ErrClass, Error};

use super::RefusalReason;
use crate::{CodeDetails, CodeState, ConfirmedBy};

/// What a [`redeem`](crate::CardClient::redeem) came to.
///
/// Its table says what a till shows and does for each.
#[derive(Clone, Debug)]
#[must_use = "it says whether the coupon was redeemed, which Ok alone does not"]
#[non_exhaustive]
pub enum Redemption {
    /// This call redeemed the code: the service said so.
    #[non_exhaustive]
    Redeemed {
        /// The card that the code belongs to.
        card_id: Option<CardId>,
        /// The user who held it.
        openid: Option<OpenId>,
        /// Where the card and the user are from. [`Query`](ConfirmedBy::Query): the service said that it was done
        /// and nothing else, and then that the code is redeemed.
        confirmed_by: ConfirmedBy,
    },
    /// The code is redeemed, and nothing proves that this call did it.
    #[non_exhaustive]
    AlreadyRedeemed {
        /// Whether it was this call.
        by_this_call: ByThisCall,
        /// What the service told of the code.
        details: CodeDetails,
        /// Why this call's request to redeem has no success: the refusal 40099, or the unclear outcome. None when it
        /// was not sent, because the code was redeemed before.
        error: Option<Error>,
    },
    /// The code was not redeemed, and this call will not do so: nothing of it is under way.
    #[non_exhaustive]
    Refused {
        /// Why.
        reason: RefusalReason,
        /// The state of the code, where the service told it.
        state: Option<CodeState>,
        /// The service's refusal; none when the state alone ruled it out, and nothing was sent to redeem it.
        error: Option<Error>,
    },
    /// The request to redeem the code may have run, and the service did not say so in time.
    ///
    /// It may even run later. Redeeming the same code once more is safe: the service redeems no code twice.
    #[non_exhaustive]
    Unknown {
        /// The unclear outcome.
        error: Error,
        /// The state of the code by the last answer, if there was any. That it is
        /// [`Redeemable`](CodeState::Redeemable) does not mean that it stays so.
        state: Option<CodeState>,
    },
}

/// Whether it was this very call that redeemed the code.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ByThisCall {
    /// The code could be redeemed a moment before, the answer to this call's request was lost or unclear, and now the
    /// code is redeemed, in the hands of the same user. It is no proof: another till may have been as quick.
    Likely,
    /// It was redeemed before this call sent anything to redeem it. An earlier call of yours that ended
    /// [`Unknown`](Redemption::Unknown) may have been the one.
    No,
    /// The service refused this call's request because the code was redeemed already, or nothing tells whether it was
    /// before.
    Unknown,
}

impl Redemption {
    /// Whether this call redeemed the code, by the service's own word. Hand out the goods then, and only then.
    #[must_use]
    pub const fn is_redeemed(&self) -> bool {
        matches!(self, Self::Redeemed { .. })
    }

    /// Whether this call may have redeemed the code: it did, it likely did, or it is not known.
    #[must_use]
    pub fn may_have_run(&self) -> bool {
        match self {
            Self::Redeemed { .. } | Self::Unknown { .. } => true,
            Self::AlreadyRedeemed { error, .. } => error.as_ref().is_some_and(Error::may_have_run),
            Self::Refused { .. } => false,
        }
    }

    /// What to do next, in a sentence for whoever stands at the till.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Redeemed { .. } => "The coupon is redeemed: hand out the goods.",
            Self::AlreadyRedeemed {
                by_this_call: ByThisCall::Likely,
                ..
            } => {
                "The coupon was good a moment ago and is redeemed now, most likely by this till: hand out the goods if \
                 nobody else can have used the code at the same moment."
            }
            Self::AlreadyRedeemed { error: Some(error), .. } if error.may_have_run() => {
                "The coupon is redeemed, and it is not known whether by this till or before: a person decides."
            }
            Self::AlreadyRedeemed { .. } => {
                "The coupon was redeemed before: hand out nothing. If an earlier try of yours for this code had an unknown \
                 outcome, a person decides, since another till may have been first."
            }
            Self::Refused { .. } => "The coupon was not redeemed: hand out nothing, and tell the customer the reason.",
            Self::Unknown { .. } => {
                "It is not known whether the coupon is redeemed: hand out nothing yet and redeem the same code once \
                 more in a moment, which is safe, because no code is redeemed twice."
            }
        }
    }

    /// What the state before says, if it says that there is nothing to send.
    pub(super) fn ruled_out_by(state: &CodeState) -> Option<Self> {
        let reason = match state {
            // The service alone knows what these can still be used for.
            CodeState::Redeemable(_) | CodeState::GiftTimeout(_) | CodeState::Other(_) => return None,
            CodeState::Redeemed(details) => {
                return Some(Self::AlreadyRedeemed {
                    by_this_call: ByThisCall::No,
                    details: details.clone(),
                    error: None,
                });
            }
            state => RefusalReason::of_state(state),
        };
        Some(Self::Refused {
            reason,
            state: Some(state.clone()),
            error: state.details().error.clone(),
        })
    }

    /// The service answered that it was done.
    pub(super) fn answered(answer: ConsumeCodeResponse) -> Self {
        Self::Redeemed {
            card_id: Some(answer.card.card_id),
            openid: Some(answer.openid),
            confirmed_by: ConfirmedBy::Answer,
        }
    }

    /// The service refused, and nothing ran.
    ///
    /// The error itself where it is not about the code: no way to the service, credentials, quotas, rules of ours.
    pub(super) fn refused(request: &ConsumeCode, before: Option<CodeState>, error: Error) -> Result<Self, Error> {
        if error.class() != Some(ErrClass::Refused) {
            return Err(error);
        }
        // The refusals of a code are the same whether it is asked for or redeemed, with what rides along.
        let told = CodeState::of(&query(request), Err(error.clone())).ok();
        Ok(match told {
            Some(CodeState::Redeemed(details)) => Self::AlreadyRedeemed {
                by_this_call: ByThisCall::Unknown,
                details,
                error: Some(error),
            },
            told => {
                let reason = RefusalReason::of(&error, told.as_ref(), before.as_ref());
                Self::Refused {
                    reason,
                    state: told.or(before),
                    error: Some(error),
                }
            }
        })
    }

    /// The outcome was unclear, and now the code is redeemed.
    pub(super) fn found_redeemed(before: Option<&CodeState>, details: CodeDetails, unclear: Unclear) -> Self {
        if unclear.is_done {
            return Self::Redeemed {
                card_id: details.card_id,
                openid: details.openid,
                confirmed_by: ConfirmedBy::Query,
            };
        }
        let was_good = matches!(before, Some(CodeState::Redeemable(before)) if before.is_of_same_holder(&details));
        Self::AlreadyRedeemed {
            by_this_call: if was_good {
                ByThisCall::Likely
            } else {
                ByThisCall::Unknown
            },
            details,
            error: Some(unclear.error),
        }
    }
}

/// A request to redeem that may have run.
pub(super) struct Unclear {
    pub(super) error: Error,
    /// Whether the service did say that it is done, and only failed to say what.
    pub(super) is_done: bool,
}

/// The question after the code of `request` that gets its state as a word.
pub(super) fn query(request: &ConsumeCode) -> GetCode {
    let mut query = GetCode::new(&request.code).check_consume(false);
    query.card_id.clone_from(&request.card_id);
    query
}

impl ByThisCall {
    /// The name in snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Likely => "likely",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}
