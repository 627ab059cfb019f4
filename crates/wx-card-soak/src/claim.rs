//! What a caller was told, and what that claims about the service.

use wx_card::{ByThisCall, ConfirmedBy, CreateOutcome, Redemption, StockOutcome};
use wx_core::{ErrCode, Error};

/// What the end of a call claims.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Claim {
    /// The service did it for this call.
    Done,
    /// It is done, likely for this call.
    Likely,
    /// It is done, for whomever; perhaps for this call.
    PerhapsMine,
    /// It is done, and not for this call.
    NotMine,
    /// It was certainly not done for this call.
    NotRun,
    /// It may have been done for this call, and may yet be.
    Unclear,
    /// A flow failed and left open whether it ran, which it promises never to do.
    Broken,
}

/// All that a call was told in the end.
#[derive(Clone, Debug)]
#[must_use]
pub struct Told {
    pub(crate) claim: Claim,
    /// In the words of the client itself, which the claim does not rest on.
    pub(crate) may_have_run: bool,
    pub(crate) stock: Option<Stock>,
    /// Ids of the cards that are called new.
    pub(crate) cards: Vec<String>,
}

/// What was told about the stock of a card.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Stock {
    /// What was read before.
    pub(crate) from: i64,
    /// What there is now, if that is told.
    pub(crate) now: Option<i64>,
}

impl Claim {
    /// Whether it must be done if this is true.
    pub(crate) const fn says_done(self) -> bool {
        matches!(self, Self::Done | Self::Likely | Self::PerhapsMine | Self::NotMine)
    }

    /// Whether this call did not do it if this is true.
    pub(crate) const fn says_not_mine(self) -> bool {
        matches!(self, Self::NotMine | Self::NotRun)
    }
}

impl Told {
    pub(crate) const fn new(claim: Claim, may_have_run: bool) -> Self {
        Self {
            claim,
            may_have_run,
            stock: None,
            cards: Vec::new(),
        }
    }

    /// Nothing: the caller went away before the end.
    pub const fn nothing() -> Self {
        Self::new(Claim::Unclear, true)
    }

    /// The outcome of a call that is one request.
    pub fn of_call<T>(result: &Result<T, Error>) -> Self {
        match result {
            Ok(_) => Self::new(Claim::Done, true),
            Err(error) if error.may_have_run() => Self::new(Claim::Unclear, true),
            Err(error) => Self::of_refusal(error),
        }
    }

    /// The outcome of a `redeem`.
    pub fn of_redeem(result: &Result<Redemption, Error>) -> Self {
        let redemption = match result {
            Ok(redemption) => redemption,
            Err(error) => return Self::of_failed_flow(error),
        };
        let claim = match redemption {
            Redemption::Redeemed { .. } => Claim::Done,
            Redemption::AlreadyRedeemed {
                by_this_call: ByThisCall::Likely,
                ..
            } => Claim::Likely,
            Redemption::AlreadyRedeemed { .. } if redemption.may_have_run() => Claim::PerhapsMine,
            Redemption::AlreadyRedeemed { .. } => Claim::NotMine,
            Redemption::Refused { .. } => Claim::NotRun,
            // An outcome that has no name here promises nothing.
            _ => Claim::Unclear,
        };
        Self::new(claim, redemption.may_have_run())
    }

    /// The outcome of a `modify_stock_to`.
    pub fn of_stock(result: &Result<StockOutcome, Error>) -> Self {
        let (claim, may_have_run, from, now) = match result {
            Err(error) => return Self::of_failed_flow(error),
            Ok(StockOutcome::Unchanged { quantity, .. }) => (Claim::NotRun, false, *quantity, Some(*quantity)),
            Ok(StockOutcome::Changed {
                from, to, confirmed_by, ..
            }) => {
                let by_answer = *confirmed_by == ConfirmedBy::Answer;
                let claim = if by_answer { Claim::Done } else { Claim::Likely };
                (claim, true, *from, Some(*to))
            }
            Ok(StockOutcome::Unknown {
                from, last_read, error, ..
            }) => (Claim::Unclear, error.may_have_run(), *from, *last_read),
            Ok(_) => return Self::nothing(),
        };
        let stock = Some(Stock { from, now });
        let told = Self::new(claim, may_have_run);
        Self { stock, ..told }
    }

    /// The outcome of a `create_card_once`.
    pub fn of_creation(result: &Result<CreateOutcome, Error>) -> Self {
        let (told, cards) = match result {
            Err(error) => return Self::of_failed_flow(error),
            Ok(CreateOutcome::Created { card_id, .. }) => (Self::new(Claim::Done, true), std::slice::from_ref(card_id)),
            Ok(CreateOutcome::FoundLikely { card_ids, error, .. }) => {
                (Self::new(Claim::Likely, error.may_have_run()), &**card_ids)
            }
            Ok(CreateOutcome::Unknown { error, .. }) => (Self::new(Claim::Unclear, error.may_have_run()), &[][..]),
            Ok(_) => return Self::nothing(),
        };
        let cards = cards.iter().map(ToString::to_string).collect();
        Self { cards, ..told }
    }

    /// A flow that fails has done nothing.
    fn of_failed_flow(error: &Error) -> Self {
        if error.may_have_run() {
            Self::new(Claim::Broken, true)
        } else {
            Self::of_refusal(error)
        }
    }

    fn of_refusal(error: &Error) -> Self {
        let is_consumed = error.errcode() == Some(ErrCode::CODE_CONSUMED);
        let claim = if is_consumed { Claim::NotMine } else { Claim::NotRun };
        Self::new(claim, false)
    }
}
