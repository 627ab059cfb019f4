//! Objects whose members carry their limits: one row gives the field, its documentation and its check.

use serde_core::de::DeserializeSeed as _;
use serde_json::{Map, Value};

use crate::wire::{Read, Reading, Wire};
use crate::{CardId, Check, Rule};

/// What a member's row says about its value, beside the type.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    /// Nothing.
    Any,
    /// At most so many bytes of UTF-8.
    Bytes(usize),
    /// At most so many items.
    Items(usize),
    /// Between these two, both included.
    Range(i64, i64),
}

/// A type whose JSON can be checked.
///
/// What is checked is the JSON that would leave, not the value it came from: a body that did not fit its type,
/// and a member that was added beside the fields, are held to the same rules and named by the same paths.
pub(crate) trait Checked: Wire {
    /// Checks `value`, which is neither `null` nor the empty text, and stands under `field`.
    fn check(check: &mut Check, field: &str, value: &Value, _limit: Limit) {
        fits::<Self>(check, field, value);
    }
}

/// Whether a member must be given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Need {
    Optional,
    Required,
}

/// Checks the member `name` of `members`.
pub(crate) fn member<T: Checked>(
    check: &mut Check,
    members: &Map<String, Value>,
    name: &str,
    need: Need,
    limit: Limit,
) {
    match members.get(name) {
        None | Some(Value::Null) if need == Need::Required => check.violation(name, MISSING),
        Some(Value::String(text)) if text.trim().is_empty() => {
            if need == Need::Required {
                check.violation(name, Rule::Empty);
            }
        }
        None | Some(Value::Null) => {}
        Some(value) => T::check(check, name, value, limit),
    }
}

/// Checks that `value` is an object, and then its members.
pub(crate) fn object(
    check: &mut Check,
    field: &str,
    value: &Value,
    members: impl FnOnce(&mut Check, &Map<String, Value>),
) {
    match value {
        Value::Object(map) => check.within(field, |check| members(check, map)),
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
        if let (Some(text), Limit::Bytes(max)) = (fits::<Self>(check, field, value), limit) {
            check.max_bytes(field, text, max);
        }
    }
}

impl Checked for i64 {
    fn check(check: &mut Check, field: &str, value: &Value, limit: Limit) {
        if let (Some(number), Limit::Range(min, max)) = (fits::<Self>(check, field, value), limit) {
            check.range(field, number, min, max);
        }
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
        if let Limit::Items(max) = limit {
            check.count(field, items.len(), 0, max);
        }
        for (index, item) in items.iter().enumerate() {
            T::check(check, &format!("{field}[{index}]"), item, Limit::Any);
        }
    }
}

/// Declares a wire object whose rows may end in a limit: `[27 bytes]`, `[27 bytes, 9 characters]`, `[0 to 23]`,
/// `[at least 1]`, `[at most 1 items]`. The limit becomes a line of the documentation and a check.
///
/// - `pub struct` is strict: the members of the first block are arguments of `new` and always there.
/// - `pub loose` has only optional fields, so that an answer that lacks one still decodes; the members of the first
///   block are arguments of `new` all the same, and the check demands them.
/// - `pub answered` has only optional fields and is not checked: it is read, not sent.
/// - `also path` names a function with the rules between members.
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
                $($(#[$rm])* $(#[doc = $crate::card::checked::limit_doc!($($req_limit)*)])? $req: $req_ty $(= $req_wire)?,)*
            } $(optional {
                $($(#[$om])* $(#[doc = $crate::card::checked::limit_doc!($($opt_limit)*)])? $opt: $opt_ty $(= $opt_wire)?,)*
            })?
        }
        $crate::card::checked::check_members! {
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
                $($(#[$m])* $(#[doc = $crate::card::checked::limit_doc!($($limit)*)])? $member: $ty $(= $wire)?,)*
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
                $($(#[$rm])* $(#[doc = $crate::card::checked::limit_doc!($($req_limit)*)])? $req: $req_ty $(= $req_wire)?,)*
                $($($(#[$om])* $(#[doc = $crate::card::checked::limit_doc!($($opt_limit)*)])? $opt: $opt_ty $(= $opt_wire)?,)*)?
            }
        }
        impl $name {
            /// Takes what the service demands; the rest is added by the methods named like the members.
            #[must_use]
            pub fn new($($req: impl Into<$req_ty>),*) -> Self {
                Self { $($req: Some($req.into()),)* ..Self::default() }
            }
        }
        $crate::card::checked::check_members! {
            $name
            { $($req: $req_ty $(= $req_wire)? [$($($req_limit)*)?],)* }
            { $($($opt: $opt_ty $(= $opt_wire)? [$($($opt_limit)*)?],)*)? }
            $(also $also)?
        }
    };
}

macro_rules! check_members {
    (
        $name:ident
        { $($req:ident: $req_ty:ty $(= $req_wire:literal)? [$($req_limit:tt)*],)* }
        { $($opt:ident: $opt_ty:ty $(= $opt_wire:literal)? [$($opt_limit:tt)*],)* }
        $(also $also:path)?
    ) => {
        impl $crate::card::checked::Checked for $name {
            fn check(check: &mut $crate::Check, field: &str, value: &serde_json::Value, _: $crate::card::checked::Limit) {
                $crate::card::checked::object(check, field, value, |check, members| {
                    $($crate::card::checked::member::<$req_ty>(
                        check,
                        members,
                        $crate::wire::object::wire_name!($req $($req_wire)?),
                        $crate::card::checked::Need::Required,
                        $crate::card::checked::limit!($($req_limit)*),
                    );)*
                    $($crate::card::checked::member::<$opt_ty>(
                        check,
                        members,
                        $crate::wire::object::wire_name!($opt $($opt_wire)?),
                        $crate::card::checked::Need::Optional,
                        $crate::card::checked::limit!($($opt_limit)*),
                    );)*
                    $($also(check, members);)?
                });
            }
        }
    };
}

macro_rules! limit {
    () => {
        $crate::card::checked::Limit::Any
    };
    ($max:literal bytes $(, $characters:literal characters)?) => {
        $crate::card::checked::Limit::Bytes($max)
    };
    ($min:literal to $max:literal) => {
        $crate::card::checked::Limit::Range($min, $max)
    };
    (at least $min:literal) => {
        $crate::card::checked::Limit::Range($min, i64::MAX)
    };
    (at most $max:literal items) => {
        $crate::card::checked::Limit::Items($max)
    };
}

macro_rules! limit_doc {
    ($max:literal bytes) => {
        concat!("\n\nAt most ", $max, " bytes.")
    };
    ($max:literal bytes, $characters:literal characters) => {
        concat!(
            "\n\nAt most ",
            $max,
            " bytes, that is ",
            $characters,
            " Chinese characters."
        )
    };
    ($min:literal to $max:literal) => {
        concat!("\n\nFrom ", $min, " to ", $max, ".")
    };
    (at least $min:literal) => {
        concat!("\n\nAt least ", $min, ".")
    };
    (at most $max:literal items) => {
        concat!("\n\nItems: at most ", $max, ".")
    };
}

pub(crate) use {check_members, checked, limit, limit_doc};
