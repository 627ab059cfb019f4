//! Objects whose members carry their limits: one row gives the field, its documentation and its check.

use serde_core::de::DeserializeSeed as _;
use serde_json::{Map, Value};

use super::limit::Limit;
use super::rules::{CardRule, Demand};
use crate::open_enum::Words;
use crate::wire::{Read, Reading, Wire};
use crate::{
    BusinessService, CardId, Check, CodeType, Color, CustomCodeMode, Discount, Fen, FieldNameType, FlightTime, Rule,
    SubCardType, TimeLimitType, UrlNameType,
};

/// A type whose JSON can be checked.
///
/// What is checked is the JSON that would leave, not the value it came from: a body that did not fit its type,
/// and a member that was added beside the fields, are held to the same rules and named by the same paths.
pub(crate) trait Checked: Wire {
    /// Checks `value`, which is neither `null` nor the empty text, and stands under `field`.
    fn check(check: &mut Check, field: &str, value: &Value, _limit: Limit) {
        fits::<Self>(check, field, value);
    }

    /// Adds the rules of a value under `field` to the table, but for its limit.
    fn list(rules: &mut Vec<CardRule>, field: &str) {
        rules.push(CardRule::new(field, Demand::Form(Self::EXPECTED)));
    }
}

/// Checks that `value` is an object, and then its members.
///
/// An empty list is an empty object of senders whose language has one kind of array; the service takes it for nothing.
pub(crate) fn object(
    check: &mut Check,
    field: &str,
    value: &Value,
    members: impl FnOnce(&mut Check, &Map<String, Value>),
) {
    match value {
        Value::Object(map) => check.within(field, |check| members(check, map)),
        Value::Array(items) if items.is_empty() => {
            check.warning(field, Rule::Form { expected: "an object" });
            check.within(field, |check| members(check, &Map::new()));
        }
        _ => check.violation(field, Rule::Form { expected: "an object" }),
    }
}

/// What `value` says as a `T`, if it is one.
pub(crate) fn read<T: Wire>(value: Option<&Value>) -> Option<T> {
    match Read::<T>::new().deserialize(value?) {
        Ok(Reading::Value(value)) => Some(value),
        _ => None,
    }
}

pub(crate) const MISSING: Rule = Rule::Missing {
    because: "the service makes no card without it",
};

fn fits<T: Wire>(check: &mut Check, field: &str, value: &Value) -> Option<T> {
    let read = read(Some(value));
    if read.is_none() {
        check.violation(field, Rule::Form { expected: T::EXPECTED });
    }
    read
}

impl Checked for String {
    fn check(check: &mut Check, field: &str, value: &Value, limit: Limit) {
        if let Some(text) = fits::<Self>(check, field, value) {
            check_text(check, field, &text, limit);
        }
    }
}

fn check_text(check: &mut Check, field: &str, text: &str, limit: Limit) {
    match limit {
        Limit::Bytes(max) => check.max_bytes(field, text, max),
        Limit::Image => {
            check.as_warnings(|check| check.max_bytes(field, text, 128));
            check.uploaded_image(field, text);
        }
        Limit::Unconfirmed(limit) => check.as_warnings(|check| check_text(check, field, text, *limit)),
        Limit::Any | Limit::Images(_) | Limit::Items(_) | Limit::Range(..) => {}
    }
}

macro_rules! numbers {
    ($($ty:ty, $number:expr;)*) => {$(
        impl Checked for $ty {
            fn check(check: &mut Check, field: &str, value: &Value, limit: Limit) {
                let Some(number) = fits::<Self>(check, field, value).map($number) else {
                    return;
                };
                match limit {
                    Limit::Range(min, max) => check.range(field, number, min, max),
                    Limit::Unconfirmed(&Limit::Range(min, max)) => {
                        check.as_warnings(|check| check.range(field, number, min, max));
                    }
                    _ => {}
                }
            }
        }
    )*};
}

numbers! {
    i64, std::convert::identity;
    Discount, Discount::get;
    Fen, Fen::get;
    FlightTime, FlightTime::seconds;
}

/// Words that have no name here are warnings: more may come any day, but most are misspelt.
macro_rules! words {
    ($($ty:ty),*) => {$(
        impl Checked for $ty {
            fn check(check: &mut Check, field: &str, value: &Value, _: Limit) {
                let word = fits::<Self>(check, field, value);
                check_word(check, field, word.as_ref());
            }

            fn list(rules: &mut Vec<CardRule>, field: &str) {
                rules.push(CardRule::new(field, Demand::Form(Self::EXPECTED)));
                rules.push(CardRule::new(field, Demand::Word(Self::ONE_OF)));
            }
        }
    )*};
}

words! { BusinessService, CodeType, Color, CustomCodeMode, FieldNameType, SubCardType, TimeLimitType, UrlNameType }

pub(crate) fn check_word<T: Words>(check: &mut Check, field: &str, word: Option<&T>) {
    if word.is_some_and(|word| !word.is_known()) {
        check.warning(field, Rule::Form { expected: T::ONE_OF });
    }
}

impl Checked for bool {}
impl Checked for CardId {}

impl<T: Checked> Checked for Vec<T> {
    fn check(check: &mut Check, field: &str, value: &Value, limit: Limit) {
        let Value::Array(items) = value else {
            // One bare item is read as a list of one and written as such, but a body that stays untyped is not.
            return check.violation(
                field,
                Rule::Form {
                    expected: Self::EXPECTED,
                },
            );
        };
        let of_items = match limit {
            Limit::Items(max) => {
                check.count(field, items.len(), 0, max);
                Limit::Any
            }
            Limit::Images(max) => {
                check.count(field, items.len(), 0, max);
                Limit::Image
            }
            of_items => of_items,
        };
        for (index, item) in items.iter().enumerate() {
            T::check(check, &format!("{field}[{index}]"), item, of_items);
        }
    }

    fn list(rules: &mut Vec<CardRule>, field: &str) {
        rules.push(CardRule::new(field, Demand::Form(Self::EXPECTED)));
        T::list(rules, &format!("{field}[]"));
    }
}

/// Declares a wire object whose rows may end in a limit: `[27 bytes]`, `[27 bytes, 9 characters]`, `[0 to 23]`,
/// `[at least 1]`, `[at most 1 items]`, `[image]`, `[at most 1 images]`; `[unconfirmed …]` makes it a warning.
/// The limit becomes a line of the documentation, a check, and a row of the table of rules.
///
/// - `pub struct` is strict: the members of the first block are arguments of `new` and always there.
/// - `pub loose` has only optional fields, so that an answer that lacks one still decodes; the members of the first
///   block are arguments of `new` all the same, and the check demands them.
/// - `pub answered` has only optional fields and is not checked: it is read, not sent.
/// - `also path` names a list of [`Between`](super::members::Between), the rules between members.
macro_rules! checked {
    (
        $(#[$meta:meta])*
        pub struct $name:ident
        { $($(#[$rm:meta])* $req:ident: $req_ty:ty $(= $req_wire:literal)? $([$($req_limit:tt)*])?),* $(,)? }
        $(optional { $($(#[$om:meta])* $opt:ident: $opt_ty:ty $(= $opt_wire:literal)? $([$($opt_limit:tt)*])?),* $(,)? })?
        $(also $also:path)?
    ) => {
        $crate::wire::wire! {
            $(#[$meta])*
            pub struct $name {
                $($(#[$rm])* $(#[doc = $crate::card::limit::limit_doc!($($req_limit)*)])? $req: $req_ty $(= $req_wire)?,)*
            } $(optional {
                $($(#[$om])* $(#[doc = $crate::card::limit::limit_doc!($($opt_limit)*)])? $opt: $opt_ty $(= $opt_wire)?,)*
            })?
        }
        $crate::card::checked::members! {
            $name
            { $($req: $req_ty $(= $req_wire)? [$($($req_limit)*)?],)* }
            { $($($opt: $opt_ty $(= $opt_wire)? [$($($opt_limit)*)?],)*)? }
            $(also $also)?
        }
    };
    (
        $(#[$meta:meta])*
        pub answered $name:ident
        { $($(#[$m:meta])* $member:ident: $ty:ty $(= $wire:literal)? $([$($limit:tt)*])?),* $(,)? }
    ) => {
        $crate::wire::wire! {
            $(#[$meta])*
            #[derive(Default)]
            pub struct $name {} optional {
                $($(#[$m])* $(#[doc = $crate::card::limit::limit_doc!($($limit)*)])? $member: $ty $(= $wire)?,)*
            }
        }
    };
    (
        $(#[$meta:meta])*
        pub loose $name:ident
        { $($(#[$rm:meta])* $req:ident: $req_ty:ty $(= $req_wire:literal)? $([$($req_limit:tt)*])?),* $(,)? }
        $(optional { $($(#[$om:meta])* $opt:ident: $opt_ty:ty $(= $opt_wire:literal)? $([$($opt_limit:tt)*])?),* $(,)? })?
        $(also $also:path)?
    ) => {
        $crate::wire::wire! {
            $(#[$meta])*
            #[derive(Default)]
            pub struct $name without new {} optional {
                $($(#[$rm])* $(#[doc = $crate::card::limit::limit_doc!($($req_limit)*)])? $req: $req_ty $(= $req_wire)?,)*
                $($($(#[$om])* $(#[doc = $crate::card::limit::limit_doc!($($opt_limit)*)])? $opt: $opt_ty $(= $opt_wire)?,)*)?
            }
        }
        impl $name {
            /// Takes what the service demands; the rest is added by the methods named like the members.
            #[must_use]
            pub fn new($($req: impl Into<$req_ty>),*) -> Self {
                Self { $($req: Some($req.into()),)* ..Self::default() }
            }
        }
        $crate::card::checked::members! {
            $name
            { $($req: $req_ty $(= $req_wire)? [$($($req_limit)*)?],)* }
            { $($($opt: $opt_ty $(= $opt_wire)? [$($($opt_limit)*)?],)*)? }
            $(also $also)?
        }
    };
}

macro_rules! members {
    (
        $name:ident
        { $($req:ident: $req_ty:ty $(= $req_wire:literal)? [$($req_limit:tt)*],)* }
        { $($opt:ident: $opt_ty:ty $(= $opt_wire:literal)? [$($opt_limit:tt)*],)* }
        $(also $also:path)?
    ) => {
        impl $crate::card::members::Members for $name {
            const MEMBERS: &'static [$crate::card::members::Member] = &[
                $($crate::card::members::Member::of::<$req_ty>(
                    $crate::wire::object::wire_name!($req $($req_wire)?),
                    $crate::card::members::Need::Required,
                    $crate::card::limit::limit!($($req_limit)*),
                ),)*
                $($crate::card::members::Member::of::<$opt_ty>(
                    $crate::wire::object::wire_name!($opt $($opt_wire)?),
                    $crate::card::members::Need::Optional,
                    $crate::card::limit::limit!($($opt_limit)*),
                ),)*
            ];
            const BETWEEN: &'static [&'static [$crate::card::members::Between]] = &[$($also)?];
        }

        impl $crate::card::checked::Checked for $name {
            fn check(
                check: &mut $crate::Check,
                field: &str,
                value: &serde_json::Value,
                _: $crate::card::limit::Limit,
            ) {
                $crate::card::members::check_members::<Self>(check, field, value);
            }

            fn list(rules: &mut Vec<$crate::CardRule>, field: &str) {
                $crate::card::members::list_members::<Self>(rules, field);
            }
        }
    };
}

pub(crate) use {checked, members};
