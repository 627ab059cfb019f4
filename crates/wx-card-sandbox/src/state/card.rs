//! One kind of card.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wx_card_types::Color;

use super::{Code, Validity};
use crate::fields::{integer, text, truth};
use crate::reason::{CODE_UNKNOWN, FUNCTION_UNSUPPORTED};
use crate::refusal::Refusal;

/// How often one user may take or redeem a card that does not say so.
const DEFAULT_LIMIT: i64 = 50;

/// Members of the button in the centre.
pub(crate) const CENTER_BUTTON: [&str; 3] = ["center_title", "center_sub_title", "center_url"];

/// Where a card stands between review and deletion.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum CardStatus {
    Approved,
    Deleted,
    InReview,
    Rejected,
}

impl CardStatus {
    /// The word of the service.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "CARD_STATUS_VERIFY_OK",
            Self::Deleted => "CARD_STATUS_DELETE",
            Self::InReview => "CARD_STATUS_NOT_VERIFY",
            Self::Rejected => "CARD_STATUS_VERIFY_FAIL",
        }
    }
}

/// One kind of card, with its stock and its codes.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Card {
    /// The object below the card type, as it was created.
    pub(crate) body: Value,
    pub(crate) card_type: String,
    pub(crate) codes: BTreeMap<String, Code>,
    pub(crate) create_time: i64,
    pub(crate) deposit: Deposit,
    pub(crate) has_pay_cell: bool,
    pub(crate) has_self_consume_cell: bool,
    /// How many cards the account had before this one; none in state files of old.
    #[serde(default)]
    pub(crate) number: usize,
    /// Why it was rejected.
    pub(crate) reason: Option<String>,
    pub(crate) status: CardStatus,
    pub(crate) stock: Stock,
    /// How many each user took.
    pub(crate) taken: BTreeMap<String, i64>,
    pub(crate) update_time: i64,
    /// How many each user redeemed.
    pub(crate) used: BTreeMap<String, i64>,
}

/// How many can still be taken, and how many were ever there.
#[derive(Clone, Copy, Deserialize, Serialize)]
pub(crate) struct Stock {
    pub(crate) quantity: i64,
    pub(crate) total: i64,
}

/// The codes that the merchant deposited.
#[derive(Clone, Default, Deserialize, Serialize)]
pub(crate) struct Deposit {
    /// Every code ever deposited, and whether it was handed out.
    pub(crate) codes: BTreeMap<String, bool>,
    /// The codes in the order in which they came; those handed out drop out.
    queue: VecDeque<String>,
}

impl Deposit {
    /// Adds a code; `false` if it is there already.
    pub(crate) fn add(&mut self, code: &str) -> bool {
        if self.codes.contains_key(code) {
            return false;
        }
        self.codes.insert(code.to_owned(), false);
        self.queue.push_back(code.to_owned());
        true
    }

    /// How many are left.
    pub(crate) fn left(&self) -> i64 {
        i64::try_from(self.queue.len()).unwrap_or(i64::MAX)
    }

    /// Hands out the code that was asked for, else the next one.
    pub(crate) fn draw(&mut self, code: Option<&str>) -> Option<String> {
        let drawn = match code {
            None => self.queue.pop_front()?,
            Some(code) => {
                let place = self.queue.iter().position(|queued| queued == code)?;
                self.queue.remove(place)?
            }
        };
        self.codes.insert(drawn.clone(), true);
        Some(drawn)
    }
}

impl Card {
    pub(super) fn base_info(&self) -> &Value {
        self.body.get("base_info").unwrap_or(&Value::Null)
    }

    /// Whether the merchant chooses the codes.
    pub(crate) fn has_custom_codes(&self) -> bool {
        truth(self.base_info(), "use_custom_code").unwrap_or(false)
    }

    /// Whether the merchant deposits the codes beforehand.
    pub(crate) fn has_deposit(&self) -> bool {
        text(self.base_info(), "get_custom_code_mode").as_deref() == Some("GET_CUSTOM_CODE_MODE_DEPOSIT")
    }

    /// Whether whoever takes a card must bring its code.
    pub(crate) fn needs_code(&self) -> bool {
        self.has_custom_codes() && !self.has_deposit()
    }

    /// Whether each card is for one user, named beforehand.
    pub(crate) fn is_bound(&self) -> bool {
        truth(self.base_info(), "bind_openid").unwrap_or(false)
    }

    /// Whether users share it with their friends (朋友的券).
    pub(crate) fn is_friends_card(&self) -> bool {
        let advanced_info = self.body.get("advanced_info").unwrap_or(&Value::Null);
        truth(advanced_info, "share_friends").unwrap_or(false)
    }

    /// Whether users may give it to friends; they may unless the merchant forbade it.
    pub(crate) fn is_giftable(&self) -> bool {
        truth(self.base_info(), "can_give_friend").unwrap_or(true)
    }

    /// Whether the card has a button of its own in the centre.
    pub(crate) fn has_center_button(&self) -> bool {
        CENTER_BUTTON.iter().any(|name| text(self.base_info(), name).is_some())
    }

    /// How many one user may take.
    pub(crate) fn get_limit(&self) -> i64 {
        self.limit("get_limit")
    }

    /// How many one user may redeem.
    pub(crate) fn use_limit(&self) -> i64 {
        self.limit("use_limit")
    }

    fn limit(&self, name: &str) -> i64 {
        // Zero is how clients with unset numbers say that they set none.
        let limit = integer(self.base_info(), name).filter(|limit| 0 < *limit);
        limit.unwrap_or(DEFAULT_LIMIT)
    }

    /// When its codes are valid.
    pub(crate) fn validity(&self) -> Validity {
        let date_info = self.base_info().get("date_info").and_then(Validity::read);
        // `create` refuses a card whose date_info cannot be read.
        date_info.unwrap_or(Validity::Permanent)
    }

    /// Refuses what only cards with deposited codes can do.
    pub(crate) fn require_deposit(&self) -> Result<(), Refusal> {
        if self.has_deposit() {
            Ok(())
        } else {
            Err(FUNCTION_UNSUPPORTED.into())
        }
    }

    /// The code that somebody holds.
    pub(crate) fn held(&mut self, code: &str) -> Result<&mut Code, Refusal> {
        self.codes.get_mut(code).ok_or_else(|| CODE_UNKNOWN.into())
    }

    /// The card as `/card/get` shows it.
    pub(crate) fn detail(&self, card_id: &str, app_id: &str) -> Value {
        let mut body = self.body.clone();
        if let Some(base_info) = body.get_mut("base_info").and_then(Value::as_object_mut) {
            base_info.insert("id".to_owned(), card_id.into());
            base_info.insert("appid".to_owned(), app_id.into());
            base_info.insert("status".to_owned(), self.status.as_str().into());
            base_info.insert("create_time".to_owned(), self.create_time.into());
            base_info.insert("update_time".to_owned(), self.update_time.into());
            let sku = json!({"quantity": self.stock.quantity, "total_quantity": self.stock.total});
            base_info.insert("sku".to_owned(), sku);
            if let Some(hex) = text(self.base_info(), "color").and_then(|color| Color::from(color).hex()) {
                base_info.insert("color".to_owned(), hex.into());
            }
        }
        fill(&mut body, "base_info", &base_info_defaults());
        fill(&mut body, "advanced_info", &advanced_info_defaults());
        let key = self.card_type.to_lowercase();
        json!({"card_type": self.card_type, key: body})
    }
}

/// What `base_info` has where the merchant left it out.
fn base_info_defaults() -> Value {
    json!({"can_give_friend": true, "can_share": true, "get_limit": DEFAULT_LIMIT, "location_id_list": []})
}

/// What `advanced_info` has where the merchant left it out.
fn advanced_info_defaults() -> Value {
    json!({
        "business_service": [],
        "consume_share_card_list": [],
        "share_friends": false,
        "text_image_list": [],
        "time_limit": [],
    })
}

/// Adds the members of `defaults` that the object `name` of `body` lacks, and the object if there is none.
fn fill(body: &mut Value, name: &str, defaults: &Value) {
    let Some(body) = body.as_object_mut() else { return };
    let object = body.entry(name).or_insert(Value::Null);
    if !object.is_object() {
        // Some clients write an empty object as a list.
        *object = json!({});
    }
    let Some(members) = object.as_object_mut() else { return };
    for (name, value) in defaults.as_object().into_iter().flatten() {
        members.entry(name).or_insert_with(|| value.clone());
    }
}
