//! What the sandbox knows: accounts with their tokens, cards, codes and users.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::fault::Plan;
use crate::ids::Ids;
use crate::ledger::Ledger;
use crate::picture::Pictures;
use crate::reason::{CARD_ID_MISSING, CARD_STATUS_INVALID, CARD_UNKNOWN, CODE_MISSING, CODE_UNKNOWN};
use crate::refusal::Refusal;
use crate::token::Credentials;

mod card;
mod change;
mod code;
pub(crate) mod file;
mod take;
mod validity;

pub(crate) use card::{CENTER_BUTTON, Card, CardStatus, Deposit, Stock};
pub(crate) use change::forget_answered;
pub(crate) use code::{Code, CodeStatus, Gift, Mark};
pub(crate) use take::{CODE_BYTES, Take, take};
pub(crate) use validity::{DAY, Validity};

/// Everything that outlives a request.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct State {
    pub(crate) accounts: BTreeMap<String, Account>,
    /// What goes wrong on purpose. Kept out of the file: whoever starts a service anew means it to be well.
    #[serde(skip)]
    pub(crate) faults: Plan,
    pub(crate) ledger: Ledger,
    /// How many ids were made; part of each, so that none comes twice.
    pub(crate) serial: u64,
    /// Seconds by which control calls moved the clock.
    pub(crate) advanced: u64,
}

/// One WeChat account.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Account {
    pub(crate) cards: BTreeMap<String, Card>,
    pub(crate) credentials: Credentials,
    /// The card and code that an encrypted code stands for.
    pub(crate) encrypted: BTreeMap<String, (String, String)>,
    /// Cards and codes that each user ever took.
    pub(crate) hands: BTreeMap<String, BTreeSet<(String, String)>>,
    pub(crate) pages: u64,
    pub(crate) pictures: Pictures,
    pub(crate) scans: BTreeMap<String, Scan>,
    pub(crate) whitelist: BTreeSet<String>,
}

/// A QR code that was handed out: what a phone that scans it takes.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Scan {
    pub(crate) cards: Vec<ScanCard>,
    pub(crate) expires_at: i64,
}

/// One card behind a QR code.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct ScanCard {
    pub(crate) card_id: String,
    pub(crate) code: Option<String>,
    pub(crate) openid: Option<String>,
    pub(crate) outer_str: Option<String>,
    pub(crate) is_unique_code: bool,
}

/// What a handler works on: one account at one moment.
pub(crate) struct Ctx<'a> {
    pub(crate) account: &'a mut Account,
    pub(crate) app_id: &'a str,
    pub(crate) ids: Ids<'a>,
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) manual_review: bool,
    /// The present moment, in Unix seconds.
    pub(crate) now: i64,
    /// The address of the server that the request came to; none in process, and none for requests without a file.
    pub(crate) origin: Option<String>,
    /// The name that the client gave the request.
    pub(crate) request_id: Option<&'a str>,
}

impl Ctx<'_> {
    /// Where a card stands after it was handed in for review, which it passes at once unless somebody reviews it.
    pub(crate) const fn reviewed(&self) -> CardStatus {
        if self.manual_review {
            CardStatus::InReview
        } else {
            CardStatus::Approved
        }
    }
}

impl Account {
    /// The card with this id, deleted or not.
    pub(crate) fn card(&mut self, card_id: &str) -> Result<&mut Card, Refusal> {
        if card_id.is_empty() {
            return Err(CARD_ID_MISSING.into());
        }
        self.cards.get_mut(card_id).ok_or_else(|| CARD_UNKNOWN.into())
    }

    /// The card with this id, unless the merchant deleted it.
    pub(crate) fn living_card(&mut self, card_id: &str) -> Result<&mut Card, Refusal> {
        let card = self.card(card_id)?;
        match card.status {
            CardStatus::Deleted => Err(CARD_STATUS_INVALID.into()),
            _ => Ok(card),
        }
    }

    /// The card if it may be handed out: approved, or in review while there are test users.
    pub(crate) fn distributable_card(&mut self, card_id: &str) -> Result<&mut Card, Refusal> {
        let has_testers = !self.whitelist.is_empty();
        let card = self.living_card(card_id)?;
        match card.status {
            CardStatus::Approved => Ok(card),
            CardStatus::InReview if has_testers => Ok(card),
            _ => Err(CARD_STATUS_INVALID.into()),
        }
    }

    /// The id of the card that `code` belongs to.
    ///
    /// A code that the merchant chose is found by its card only: two such cards may have the same code.
    pub(crate) fn card_of_code(&self, card_id: Option<&str>, code: &str) -> Result<String, Refusal> {
        if code.is_empty() {
            return Err(CODE_MISSING.into());
        }
        match card_id.filter(|card_id| !card_id.is_empty()) {
            Some(card_id) => match self.cards.get(card_id) {
                Some(card) if card.codes.contains_key(code) => Ok(card_id.to_owned()),
                Some(_) => Err(CODE_UNKNOWN.into()),
                None => Err(CARD_UNKNOWN.into()),
            },
            None => {
                let mut cards = self.cards.iter().filter(|(_, card)| !card.has_custom_codes());
                let found = cards.find(|(_, card)| card.codes.contains_key(code));
                found
                    .map(|(card_id, _)| card_id.clone())
                    .ok_or_else(|| CODE_UNKNOWN.into())
            }
        }
    }

    /// The code and its card.
    pub(crate) fn code(&mut self, card_id: Option<&str>, code: &str) -> Result<(&mut Card, String), Refusal> {
        let card_id = self.card_of_code(card_id, code)?;
        let card = self.card(&card_id)?;
        Ok((card, card_id))
    }

    /// Whether any card that draws its codes itself has `code`.
    pub(crate) fn has_drawn_code(&self, code: &str) -> bool {
        self.card_of_code(None, code).is_ok()
    }
}
