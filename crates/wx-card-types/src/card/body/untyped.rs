//! Bodies that have no type here, or do not fit theirs.

use serde_json::Value;

use super::CardType;

/// A card whose body is kept as it stood: of a kind that has no type here, or with a body that does not fit its type.
///
/// Only a member that is `null` is not kept: everywhere in this crate that is as good as absent.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct UntypedCard {
    /// The kind.
    pub card_type: CardType,
    /// What stands under the kind's [key](CardType::body_key), if anything does.
    pub body: Option<Value>,
    misfit: Option<String>,
}

impl UntypedCard {
    /// A card of any kind with any body.
    ///
    /// ```
    /// use serde_json::json;
    /// use wx_card_types::{CreateCard, UntypedCard};
    ///
    /// let request = CreateCard::new(UntypedCard::new("BIKE_RIDE", json!({"base_info": {"title": "单车券"}})));
    /// assert_eq!(
    ///     serde_json::to_string(&request)?,
    ///     r#"{"card":{"card_type":"BIKE_RIDE","bike_ride":{"base_info":{"title":"单车券"}}}}"#,
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn new(card_type: impl Into<CardType>, body: impl Into<Value>) -> Self {
        Self::read(card_type.into(), Some(body.into()), None)
    }

    pub(super) fn read(card_type: CardType, body: Option<Value>, misfit: Option<String>) -> Self {
        let body = body.map(without_nulls).filter(|body| !body.is_null());
        Self {
            card_type,
            body,
            misfit,
        }
    }

    /// Why the body does not fit the type of its kind; nothing where the kind has no type here.
    #[must_use]
    pub fn misfit(&self) -> Option<&str> {
        self.misfit.as_deref()
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}
