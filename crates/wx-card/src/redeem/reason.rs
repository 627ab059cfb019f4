//! Why a code is not redeemed.

use std::fmt;

use wx_core::{ErrCode, Error};

use crate::CodeState;

/// Why a code is not redeemed.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum RefusalReason {
    /// The user has deleted the coupon.
    Deleted,
    /// The coupon is past its time.
    Expired,
    /// The coupon was given to a friend, who did not take it in time.
    GiftTimeout,
    /// The coupon is on its way to a friend.
    Gifting,
    /// The coupon was given to a friend, who has it under another code.
    GivenAway,
    /// Another user has marked the code of a friends card (40146).
    MarkedByAnother,
    /// Nobody holds the code (40056); for a code of the merchant's own, check the card id.
    NotHeld,
    /// The code of a friends card must be marked first (43018), with [`mark_code`](crate::CardClient::mark_code).
    NotMarked,
    /// Deleted, expired, on its way to a friend or void; the service did not say which (40127).
    NotUsable,
    /// Another refusal; the error has the service's words.
    Other,
    /// Not at this time of the day, the week or the year (40147).
    OutsideTime,
    /// The merchant has made the code void.
    Unavailable,
    /// The user has redeemed as many of this card as they may (72020).
    UseLimit,
}

impl RefusalReason {
    pub(super) fn of(error: &Error, told: Option<&CodeState>, before: Option<&CodeState>) -> Self {
        match error.errcode() {
            Some(ErrCode::CODE_NOT_MARKED) => return Self::NotMarked,
            Some(ErrCode::MARKED_BY_ANOTHER) => return Self::MarkedByAnother,
            Some(ErrCode::OUTSIDE_CONSUME_TIME) => return Self::OutsideTime,
            Some(ErrCode::USE_LIMIT) => return Self::UseLimit,
            _ => {}
        }
        let told = told.map_or(Self::Other, Self::of_state);
        let before = before.map_or(Self::Other, Self::of_state);
        // The state before may say which of the four that 40127 stands for it is.
        if told == Self::NotUsable && before != Self::Other {
            before
        } else {
            told
        }
    }

    pub(super) const fn of_state(state: &CodeState) -> Self {
        match state {
            CodeState::Deleted(_) => Self::Deleted,
            CodeState::Expired(_) => Self::Expired,
            CodeState::GiftTimeout(_) => Self::GiftTimeout,
            CodeState::Gifting(_) => Self::Gifting,
            CodeState::GivenAway(_) => Self::GivenAway,
            CodeState::NotHeld(_) => Self::NotHeld,
            CodeState::NotUsable(_) => Self::NotUsable,
            CodeState::Unavailable(_) => Self::Unavailable,
            CodeState::Other(_) | CodeState::Redeemable(_) | CodeState::Redeemed(_) => Self::Other,
        }
    }

    /// The name in snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Expired => "expired",
            Self::GiftTimeout => "gift_timeout",
            Self::Gifting => "gifting",
            Self::GivenAway => "given_away",
            Self::MarkedByAnother => "marked_by_another",
            Self::NotHeld => "not_held",
            Self::NotMarked => "not_marked",
            Self::NotUsable => "not_usable",
            Self::Other => "other",
            Self::OutsideTime => "outside_time",
            Self::Unavailable => "unavailable",
            Self::UseLimit => "use_limit",
        }
    }
}

/// For the display of a till.
impl fmt::Display for RefusalReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Deleted => "the customer has deleted the coupon",
            Self::Expired => "the coupon has expired",
            Self::GiftTimeout => "the coupon was given to a friend, who did not take it",
            Self::Gifting => "the coupon is on its way to a friend",
            Self::GivenAway => "the coupon was given to a friend",
            Self::MarkedByAnother => "somebody else is about to redeem the coupon",
            Self::NotHeld => "nobody holds this code",
            Self::NotMarked => "the code must be marked first",
            Self::NotUsable => "the coupon cannot be used: deleted, expired, on its way to a friend or void",
            Self::Other => "the service refuses it",
            Self::OutsideTime => "the coupon cannot be used at this time",
            Self::Unavailable => "the coupon has been made void",
            Self::UseLimit => "the customer has used as many of these coupons as they may",
        })
    }
}
