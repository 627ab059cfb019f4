//! The macros that declare the kinds of cards, each from one row.

/// Declares for each row the body on creation and in answers, and from all rows [`Card`](super::Card) and
/// [`CardDetail`](super::CardDetail).
macro_rules! kinds {
    ($(
        $(#[$meta:meta])*
        $kind:ident, $detail:ident { $($required:tt)* }
        $(optional { $($optional:tt)* })?
        $(also $also:path)?;
    )*) => {
        $(
            checked! {
                $(#[$meta])*
                ///
                /// To create one; [`CreateCard::new`](crate::CreateCard::new) takes it.
                pub struct $kind {
                    /// What the cards of all kinds have in common.
                    base_info: BaseInfo,
                    $($required)*
                } optional {
                    $($($optional)*)?
                    /// Conditions, pictures, hours, services.
                    advanced_info: AdvancedInfo,
                }
                $(also $also)?
            }

            checked! {
                $(#[$meta])*
                ///
                /// As the service answers it; any member may be missing.
                pub answered $detail {
                    /// What the cards of all kinds have in common.
                    base_info: BaseInfoDetail,
                    $($required)*
                    $($($optional)*)?
                    /// Conditions, pictures, hours, services.
                    advanced_info: AdvancedInfo,
                }
            }
        )*

        card! {
            /// A card to be created: the body of one kind, under the name of the kind.
            Card,
            /// The body of a card to be created, by its kind.
            CardBody,
            BaseInfo, |body| Some(&body.base_info);
            { $($kind($kind),)* }
        }

        card! {
            /// A card as the service answers it: the body of one kind, under the name of the kind.
            CardDetail,
            /// The body of a card as the service answers it, by its kind.
            CardDetailBody,
            BaseInfoDetail, |body| body.base_info.as_ref();
            { $($kind($detail),)* }
        }

        /// Checks the body of a card to be created, which stands under `key`.
        ///
        /// Says whether the kind has a type here.
        pub(in crate::card) fn check_body(check: &mut Check, card_type: &CardType, key: &str, body: &Value) -> bool {
            match card_type {
                $(CardType::$kind => $kind::check(check, key, body, Limit::Any),)*
                _ => return false,
            }
            true
        }
    };
}

/// Declares one shape of a card: a struct of body and other members, and the enum of bodies.
macro_rules! card {
    (
        $(#[$card_meta:meta])*
        $card:ident,
        $(#[$body_meta:meta])*
        $body:ident,
        $base_info:ident, |$it:ident| $base_info_of:expr;
        { $($kind:ident($ty:ident),)* }
    ) => {
        $(#[$card_meta])*
        #[non_exhaustive]
        #[derive(Clone, Debug, PartialEq)]
        pub struct $card {
            /// What the card is.
            pub body: $body,
            /// Members beside `card_type` and the body; written back as they are.
            pub extra: Map<String, Value>,
        }

        $(#[$body_meta])*
        #[non_exhaustive]
        #[derive(Clone, Debug, PartialEq)]
        pub enum $body {
            $(
                #[doc = concat!("A card of the kind [`", stringify!($kind), "`](CardType::", stringify!($kind), ").")]
                $kind($ty),
            )*
            /// A card of a kind that has no type here, or with a body that does not fit its type.
            Untyped(UntypedCard),
        }

        impl $card {
            /// The kind of the card.
            #[must_use]
            pub fn card_type(&self) -> CardType {
                match &self.body {
                    $($body::$kind(_) => CardType::$kind,)*
                    $body::Untyped(card) => card.card_type.clone(),
                }
            }

            /// What the cards of all kinds have in common; read anew from the JSON where the body has no type.
            #[must_use]
            pub fn base_info(&self) -> Option<Cow<'_, $base_info>> {
                match &self.body {
                    $($body::$kind($it) => $base_info_of.map(Cow::Borrowed),)*
                    $body::Untyped(card) => {
                        let base_info = card.body.as_ref()?.get("base_info")?;
                        $base_info::deserialize(base_info).ok().map(Cow::Owned)
                    }
                }
            }

            fn from_members(mut members: Map<String, Value>) -> Option<Self> {
                let card_type: CardType = read(members.remove("card_type").as_ref())?;
                let body = members.remove(&card_type.body_key()).filter(|body| !body.is_null());
                let typed = body.as_ref().and_then(|body| match card_type {
                    $(CardType::$kind => Some($ty::deserialize(body).map($body::$kind)),)*
                    _ => None,
                });
                let body = match typed {
                    Some(Ok(body)) => body,
                    Some(Err(misfit)) => $body::Untyped(UntypedCard::read(card_type, body, Some(misfit.to_string()))),
                    None => $body::Untyped(UntypedCard::read(card_type, body, None)),
                };
                Some(Self { body, extra: members })
            }
        }

        $(
            impl From<$ty> for $card {
                fn from(body: $ty) -> Self {
                    Self { body: $body::$kind(body), extra: Map::new() }
                }
            }
        )*

        impl From<UntypedCard> for $card {
            fn from(body: UntypedCard) -> Self {
                Self { body: $body::Untyped(body), extra: Map::new() }
            }
        }

        impl Serialize for $card {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let card_type = self.card_type();
                let key = card_type.body_key();
                let mut map = serializer.serialize_map(None)?;
                map.serialize_entry("card_type", &card_type)?;
                let has_body = match &self.body {
                    $($body::$kind(body) => {
                        map.serialize_entry(&key, body)?;
                        true
                    })*
                    $body::Untyped(UntypedCard { body: Some(body), .. }) => {
                        map.serialize_entry(&key, body)?;
                        true
                    }
                    $body::Untyped(_) => false,
                };
                for (name, value) in &self.extra {
                    // What stands above is written already; null never leaves.
                    if name != "card_type" && !(has_body && *name == key) && !value.is_null() {
                        map.serialize_entry(name, value)?;
                    }
                }
                map.end()
            }
        }

        impl Wire for $card {
            const EXPECTED: &'static str = "an object";

            fn from_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Reading<Self>, A::Error> {
                let mut members = Map::new();
                while let Some(Name(name)) = map.next_key()? {
                    members.insert(name.into_owned(), map.next_value()?);
                }
                let card = Self::from_members(members).ok_or_else(|| A::Error::missing_field("card_type"))?;
                Ok(Reading::Value(card))
            }
        }

        impl<'de> Deserialize<'de> for $card {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Read::<Self>::required(deserializer)
            }
        }
    };
}

pub(super) use {card, kinds};
