//! `POST /card/update`: change what a card says.

use serde_core::de::{Deserialize, Deserializer, Error as _, MapAccess};
use serde_core::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value};

use super::body::{check_update, members};
use super::checked::object;
use crate::wire::{Read, Reading, Wire, WithoutNulls, wire};
use crate::{CardId, CardType, CardUpdate, Check, Endpoint, Rule};

/// Changes what a card says (更改卡券信息), also for the users who have it; what is absent stays as it is.
///
/// `POST /card/update`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Managing_Coupons_Vouchers_and_Cards.html).
///
/// The logo, the notice, the description, the color and the texts with rules send the card back into review, which
/// [`send_check`](UpdateCardResponse::send_check) tells; the telephone number, the entries, the limits and the dates
/// do not. The stock is for [`ModifyStock`](crate::ModifyStock).
///
/// Of `date_info` the service takes a range with a later end; the type has to be given with it. By the page a
/// `location_id_list` of the id 0 alone leaves the card without stores.
///
/// Refused with 40073 for an unknown card, 40100 for dates that do not widen the range, 47001 with a member that never
/// changes, 40135 for bonus points that shall no longer show.
///
/// ```
/// use wx_card_types::{BaseInfoUpdate, CashUpdate, UpdateCard};
///
/// let changes = CashUpdate::new().base_info(BaseInfoUpdate::new().service_phone("020-88888888"));
/// assert_eq!(
///     serde_json::to_string(&UpdateCard::new("p1", changes))?,
///     r#"{"card_id":"p1","cash":{"base_info":{"service_phone":"020-88888888"}}}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[doc(alias = "card/update")]
#[doc(alias = "updateCardInfo")]
#[doc(alias = "更改卡券信息")]
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateCard {
    /// The card.
    pub card_id: CardId,
    /// What changes, in a card of what kind.
    pub card: CardUpdate,
    /// Members beside the id and the changes; written back as they are.
    pub extra: Map<String, Value>,
}

impl UpdateCard {
    /// Changes `card_id` as `card` says.
    #[must_use]
    pub fn new(card_id: impl Into<CardId>, card: impl Into<CardUpdate>) -> Self {
        Self {
            card_id: card_id.into(),
            card: card.into(),
            extra: Map::new(),
        }
    }

    /// Adds a member that has no field here.
    #[must_use]
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(name.into(), value.into());
        self
    }
}

impl Endpoint for UpdateCard {
    const PATH: &'static str = "/card/update";
    // Every value is absolute: the second delivery writes what the first wrote.
    const IDEMPOTENT: bool = true;
    type Response = UpdateCardResponse;

    fn check(&self, check: &mut Check) {
        check.filled("card_id", &self.card_id);
        let card_type = self.card.card_type();
        let key = card_type.body_key();
        let json = serde_json::to_value(self).unwrap_or_default();
        let body = json.get(&key).unwrap_or(&Value::Null);
        if !check_update(check, &card_type, &key, body) {
            object(check, &key, body, |_, _| {});
        }
        if body.as_object().is_some_and(|body| !body.iter().any(changes)) {
            check.violation(&key, Rule::Empty);
        }
        if body.get("advanced_info").is_some() {
            let expected = "left out: it is not known that the service changes it";
            check.warning(&format!("{key}.advanced_info"), Rule::Form { expected });
        }
        for other in known_keys().filter(|other| *other != key && self.extra.contains_key(other)) {
            let expected = "left out: an update is for one card of one kind";
            check.violation(&other, Rule::Form { expected });
        }
    }
}

/// Whether a member of the body says that something changes.
fn changes((name, value): (&String, &Value)) -> bool {
    name != "base_info" || value.as_object().is_none_or(|base_info| !base_info.is_empty())
}

/// The keys of the kinds that have a name here.
fn known_keys() -> impl Iterator<Item = String> {
    CardType::KNOWN.iter().map(|word| CardType::from(*word).body_key())
}

/// The kind of the card that changes; no member says so but the one with the changes.
///
/// An object under a known key goes first, then any that may be the body of a card.
fn kind_of(members: &Map<String, Value>) -> Option<CardType> {
    let known = |fits: fn(&Value) -> bool| known_keys().find(|key| members.get(key).is_some_and(fits));
    let mut objects = members.iter().filter(|(name, value)| value.is_object() && is_key(name));
    let key = known(Value::is_object)
        .or_else(|| objects.next().map(|(name, _)| name.clone()))
        .or_else(|| known(|body| !body.is_null()))?;
    Some(CardType::from(key.to_ascii_uppercase()))
}

/// Whether the name of a kind in lower case can be this.
fn is_key(name: &str) -> bool {
    !name.is_empty() && !name.bytes().any(|byte| byte.is_ascii_uppercase())
}

impl Serialize for UpdateCard {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let key = self.card.card_type().body_key();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("card_id", &self.card_id)?;
        let has_body = self.card.write(&mut map, &key)?;
        for (name, value) in &self.extra {
            // What stands above is written already; null never leaves.
            if name != "card_id" && !(has_body && *name == key) && !value.is_null() {
                map.serialize_entry(name, &WithoutNulls(value))?;
            }
        }
        map.end()
    }
}

impl Wire for UpdateCard {
    const EXPECTED: &'static str = "an object";

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Reading<Self>, A::Error> {
        let mut members = members(map)?;
        let card_id = members.remove("card_id").filter(|card_id| !card_id.is_null());
        let card_id = card_id.ok_or_else(|| A::Error::missing_field("card_id"))?;
        let card_id = CardId::deserialize(card_id).map_err(A::Error::custom)?;
        let card_type = kind_of(&members).ok_or_else(|| {
            A::Error::custom("no member such as `member_card` says what changes in a card of what kind")
        })?;
        let body = members.remove(&card_type.body_key());
        Ok(Reading::Value(Self {
            card_id,
            card: CardUpdate::read(card_type, body),
            extra: members,
        }))
    }
}

impl<'de> Deserialize<'de> for UpdateCard {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Read::<Self>::required(deserializer)
    }
}

wire! {
    /// The card is changed.
    #[derive(Default)]
    pub answer UpdateCardResponse {} optional {
        /// Whether the card goes back into review; an event tells the outcome.
        send_check: bool,
    }
}

#[cfg(test)]
mod tests;
