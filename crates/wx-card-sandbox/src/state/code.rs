//! One code in a user's hands.

use serde::{Deserialize, Serialize};
use serde_json::json;
use wx_card_types::UserCardStatus;

use super::DAY;
use crate::reason::{CODE_CONSUMED, CODE_UNUSABLE};
use crate::refusal::Refusal;

/// What became of a code; expiry is not here, since the clock decides it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum CodeStatus {
    Consumed,
    Deleted,
    /// The friend took it and got another code.
    Given,
    Gifting,
    Normal,
    Unavailable,
}

/// A gift on its way.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Gift {
    pub(crate) to: String,
    pub(crate) sent_at: i64,
}

/// A claim on a code by a page that is about to redeem it.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Mark {
    pub(crate) openid: String,
    pub(crate) until: i64,
}

/// One code that somebody took.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Code {
    /// Redeem calls that were accepted; more than one would be a fault.
    pub(crate) accepted: u64,
    /// Those of them that the client gave a name, by that name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) accepted_by: Vec<String>,
    pub(crate) begin_time: i64,
    pub(crate) encrypted: String,
    /// Last moment at which it is valid; a far one for cards that never expire.
    pub(crate) end_time: i64,
    pub(crate) gift: Option<Gift>,
    pub(crate) mark: Option<Mark>,
    pub(crate) openid: String,
    pub(crate) outer_str: Option<String>,
    pub(crate) reason: Option<String>,
    /// Redeem calls that were refused.
    pub(crate) refused: u64,
    pub(crate) status: CodeStatus,
}

impl Code {
    /// The state of the code at `now`, in the words of the service.
    pub(crate) fn status_at(&self, now: i64) -> UserCardStatus {
        match self.status {
            CodeStatus::Consumed => UserCardStatus::Consumed,
            CodeStatus::Deleted => UserCardStatus::Delete,
            CodeStatus::Given => UserCardStatus::GiftSucc,
            CodeStatus::Unavailable => UserCardStatus::Unavailable,
            CodeStatus::Normal | CodeStatus::Gifting if self.is_over_at(now) => UserCardStatus::Expire,
            CodeStatus::Normal => UserCardStatus::Normal,
            CodeStatus::Gifting => match &self.gift {
                Some(gift) if gift.sent_at + DAY < now => UserCardStatus::GiftTimeout,
                _ => UserCardStatus::Gifting,
            },
        }
    }

    /// Whether the code can be used at `now`, but for the first day of its validity.
    ///
    /// The refusal of a redeemed code has the two members that the service adds.
    pub(crate) fn usable_at(&self, now: i64, card_id: &str, code: &str) -> Result<(), Refusal> {
        match self.status_at(now) {
            UserCardStatus::Normal => Ok(()),
            UserCardStatus::Consumed => {
                let card = json!({"card_id": card_id, "begin_time": self.begin_time, "end_time": self.end_time});
                Err(CODE_CONSUMED.refusal().with("_card", card).with("_code", code))
            }
            _ => Err(CODE_UNUSABLE.into()),
        }
    }

    /// Whether the first day of its validity has come.
    pub(crate) const fn has_begun_at(&self, now: i64) -> bool {
        self.begin_time <= now
    }

    /// Who has a claim on the code at `now`.
    pub(crate) fn marked_by_at(&self, now: i64) -> Option<&str> {
        let mark = self.mark.as_ref().filter(|mark| now < mark.until);
        mark.map(|mark| mark.openid.as_str())
    }

    const fn is_over_at(&self, now: i64) -> bool {
        self.end_time < now
    }
}
