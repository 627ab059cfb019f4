//! The macros that declare the kinds of cards, each from one row.

/// Declares for each row the body on creation, in answers and in updates, and from all rows [`Card`](super::Card),
/// [`CardDetail`](super::CardDetail) and [`CardUpdate`](super::CardUpdate).
///
/// Members of `read` and `update` are those that only an answer and only an update has. What `also` names is asked about the body of a creation,
/// what `also_update` names about that of an update.
macro_rules! kinds {
    ($(
        $(#[$meta:meta])*
        $kind:ident: $create:ident, $detail:ident, $update:ident { $($required:tt)* }
        $(optional { $($optional:tt)* })?
        $(read { $($read_only:tt)* })?
        $(update { $($update_only:tt)* })?
        $(also $also:path)?
        $(, also_update $also_update:path)?;
    )*) => {
        $(
            checked! {
                $(#[$meta])*
                ///
                /// To create one; [`CreateCard::new`](crate::CreateCard::new) takes it.
                pub struct $create {
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
                    $($($read_only)*)?
                    /// Conditions, pictures, hours, services.
                    advanced_info: AdvancedInfo,
                }
            }

            checked! {
                $(#[$meta])*
                ///
                /// To change one; [`UpdateCard::new`](crate::UpdateCard::new) takes it. What is absent stays as it is.
                #[derive(Default)]
                pub struct $update {} optional {
                    /// What the cards of all kinds have in common.
                    base_info: BaseInfoUpdate,
                    $($required)*
                    $($($optional)*)?
                    $($($update_only)*)?
                }
                $(also $also_update)?
            }
        )*

        bodies! {
            /// The body of a card to be created, by its kind.
            CardBody,
            BaseInfo, |body| Some(&body.base_info);
            { $($kind($create),)* }
        }

        card! {
            /// A card to be created: the body of one kind, under the name of the kind.
            Card, CardBody, BaseInfo;
        }

        bodies! {
            /// The body of a card as the service answers it, by its kind.
            CardDetailBody,
            BaseInfoDetail, |body| body.base_info.as_ref();
            { $($kind($detail),)* }
        }

        card! {
            /// A card as the service answers it: the body of one kind, under the name of the kind.
            CardDetail, CardDetailBody, BaseInfoDetail;
        }

        bodies! {
            /// What changes in a card, by its kind.
            CardUpdate,
            BaseInfoUpdate, |body| body.base_info.as_ref();
            { $($kind($update),)* }
        }

        checks! {
            /// Checks the body of a card to be created, which stands under `key`.
            check_body, list_bodies { $($kind($create),)* }
        }

        checks! {
            /// Checks what changes in a card, which stands under `key`.
            check_update, list_updates { $($kind($update),)* }
        }
    };
}

/// Declares the check of the bodies of one shape, and the list of their rules.
macro_rules! checks {
    ($(#[$meta:meta])* $name:ident, $list:ident { $($kind:ident($ty:ident),)* }) => {
        $(#[$meta])*
        ///
        /// Says whether the kind has a type here.
        pub(in crate::card) fn $name(check: &mut Check, card_type: &CardType, key: &str, body: &Value) -> bool {
            match card_type {
                $(CardType::$kind => $ty::check(check, key, body, Limit::Any),)*
                _ => return false,
            }
            true
        }

        /// Adds the rules of all kinds to the table; the paths begin with `prefix`.
        pub(in crate::card) fn $list(rules: &mut Vec<CardRule>, prefix: &str) {
            $($ty::list(rules, &format!("{prefix}{}", CardType::$kind.body_key()));)*
        }
    };
}

/// Declares the bodies of one shape: an enum with a variant a kind.
///
/// The bodies are boxed: they are kilobytes large and differ much, and an enum is as large as the largest.
macro_rules! bodies {
    (
        $(#[$meta:meta])*
        $body:ident,
        $base_info:ident, |$it:ident| $base_info_of:expr;
        { $($kind:ident($ty:ident),)* }
    ) => {
        $(#[$meta])*
        #[non_exhaustive]
        #[derive(Clone, Debug, PartialEq)]
        pub enum $body {
            $(
                #[doc = concat!("A card of the kind [`", stringify!($kind), "`](CardType::", stringify!($kind), ").")]
                $kind(Box<$ty>),
            )*
            /// A card of a kind that has no type here, or with a body that does not fit its type.
            Untyped(UntypedCard),
        }

        impl $body {
            /// The kind of the card.
            #[must_use]
            pub fn card_type(&self) -> CardType {
                match self {
                    $(Self::$kind(_) => CardType::$kind,)*
                    Self::Untyped(card) => card.card_type.clone(),
                }
            }

            /// What the cards of all kinds have in common; read anew from the JSON where the body has no type.
            #[must_use]
            pub fn base_info(&self) -> Option<Cow<'_, $base_info>> {
                match self {
                    $(Self::$kind($it) => $base_info_of.map(Cow::Borrowed),)*
                    Self::Untyped(card) => {
                        let base_info = card.body.as_ref()?.get("base_info")?;
                        $base_info::deserialize(base_info).ok().map(Cow::Owned)
                    }
                }
            }

            /// Reads what stands under the key of `card_type`.
            pub(in crate::card) fn read(card_type: CardType, body: Option<Value>) -> Self {
                let body = body.filter(|body| !body.is_null());
                let typed = body.as_ref().and_then(|body| match card_type {
                    $(CardType::$kind => Some($ty::deserialize(body).map(Self::from)),)*
                    _ => None,
                });
                match typed {
                    Some(Ok(body)) => body,
                    Some(Err(misfit)) => Self::Untyped(UntypedCard::read(card_type, body, Some(misfit.to_string()))),
                    None => Self::Untyped(UntypedCard::read(card_type, body, None)),
                }
            }

            /// Writes the body under `key`; says whether there is one.
            pub(in crate::card) fn write<M: SerializeMap>(&self, map: &mut M, key: &str) -> Result<bool, M::Error> {
                match self {
                    $(Self::$kind(body) => map.serialize_entry(key, &**body)?,)*
                    Self::Untyped(UntypedCard { body: Some(body), .. }) => map.serialize_entry(key, body)?,
                    Self::Untyped(_) => return Ok(false),
                }
                Ok(true)
            }
        }

        $(
            impl From<$ty> for $body {
                fn from(body: $ty) -> Self {
                    Self::$kind(Box::new(body))
                }
            }
        )*

        impl From<UntypedCard> for $body {
            fn from(body: UntypedCard) -> Self {
                Self::Untyped(body)
            }
        }
    };
}

/// Declares one shape of a card: a struct of body and other members.
macro_rules! card {
    (
        $(#[$meta:meta])*
        $card:ident, $body:ident, $base_info:ident;
    ) => {
        $(#[$meta])*
        #[non_exhaustive]
        #[derive(Clone, Debug, PartialEq)]
        pub struct $card {
            /// What the card is.
            pub body: $body,
            /// Members beside `card_type` and the body; written back as they are.
            pub extra: Map<String, Value>,
        }

        impl $card {
            /// The kind of the card.
            #[must_use]
            pub fn card_type(&self) -> CardType {
                self.body.card_type()
            }

            /// What the cards of all kinds have in common; read anew from the JSON where the body has no type.
            #[must_use]
            pub fn base_info(&self) -> Option<Cow<'_, $base_info>> {
                self.body.base_info()
            }

            fn from_members(mut members: Map<String, Value>) -> Option<Self> {
                let card_type: CardType = read(members.remove("card_type").as_ref())?;
                let body = members.remove(&card_type.body_key());
                let body = $body::read(card_type, body);
                Some(Self { body, extra: members })
            }
        }

        impl<B: Into<$body>> From<B> for $card {
            fn from(body: B) -> Self {
                Self { body: body.into(), extra: Map::new() }
            }
        }

        impl Serialize for $card {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let card_type = self.card_type();
                let key = card_type.body_key();
                let mut map = serializer.serialize_map(None)?;
                map.serialize_entry("card_type", &card_type)?;
                let has_body = self.body.write(&mut map, &key)?;
                for (name, value) in &self.extra {
                    // What stands above is written already; null never leaves.
                    if name != "card_type" && !(has_body && *name == key) && !value.is_null() {
                        map.serialize_entry(name, &WithoutNulls(value))?;
                    }
                }
                map.end()
            }
        }

        impl Wire for $card {
            const EXPECTED: &'static str = "an object";

            fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Reading<Self>, A::Error> {
                let members = members(map)?;
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

pub(super) use {bodies, card, checks, kinds};
