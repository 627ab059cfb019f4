//! The macro that declares a wire object.

/// Declares an object of the wire: a struct with its constructor, its builder methods and both serde directions.
///
/// - Members of the first block are required: arguments of `new`, always written, and their absence is an error.
/// - Members of `optional` are `Option`s with a builder method of the same name, and are not written when `None`;
///   a value that does not fit the type is kept in `extra` and does not lose the rest.
/// - Members of `lists` are `Vec`s that may be missing on the way in and are always written; a value that is no such list
///   is kept in `extra`, as above.
/// - Every other member is kept in `extra` and written back.
/// - `= "name"` gives the name on the wire where Rust cannot have it.
/// - `pub answer` instead of `pub struct` leaves out the envelope (`errcode`, `errmsg`), which the call has read.
/// - `requiring method` asks `fn method(&self) -> Result<(), &'static str>` whether what was read is worth anything;
///   its error is the name of the missing member.
/// - `without new` leaves the constructor to be written by hand.
macro_rules! wire {
    ($(#[$meta:meta])* pub struct $name:ident without new $($rest:tt)*) => {
        $crate::wire::object::wire_object! { [$(#[$meta])*] $name [] $($rest)* }
    };
    ($(#[$meta:meta])* pub struct $name:ident $($rest:tt)*) => {
        $crate::wire::object::wire_object! { [$(#[$meta])*] $name [] $($rest)* }
        $crate::wire::object::wire_new! { $name $($rest)* }
    };
    ($(#[$meta:meta])* pub answer $name:ident requiring $check:ident $($rest:tt)*) => {
        $crate::wire::object::wire_object! { [$(#[$meta])*] $name ["errcode" "errmsg"] requiring $check $($rest)* }
        $crate::wire::object::wire_new! { $name $($rest)* }
    };
    ($(#[$meta:meta])* pub answer $name:ident $($rest:tt)*) => {
        $crate::wire::object::wire_object! { [$(#[$meta])*] $name ["errcode" "errmsg"] $($rest)* }
        $crate::wire::object::wire_new! { $name $($rest)* }
    };
}

macro_rules! wire_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $wire:literal) => {
        $wire
    };
}

macro_rules! wire_new {
    (
        $name:ident
        { $($(#[$rm:meta])* $req:ident: $req_ty:ty $(= $req_wire:literal)?),* $(,)? }
        $(optional { $($(#[$om:meta])* $opt:ident: $opt_ty:ty $(= $opt_wire:literal)?),* $(,)? })?
        $(lists { $($(#[$lm:meta])* $list:ident: $list_ty:ty $(= $list_wire:literal)?),* $(,)? })?
    ) => {
        impl $name {
            /// Takes what is required; the rest is added by the methods named like the members.
            #[must_use]
            #[expect(
                clippy::allow_attributes,
                clippy::allow_attributes_without_reason,
                reason = "the next line holds for some of the types that this declares, so it cannot be an expectation"
            )]
            #[allow(clippy::too_many_arguments)]
            pub fn new($($req: impl Into<$req_ty>),*) -> Self {
                Self {
                    $($req: $req.into(),)*
                    $($($opt: None,)*)?
                    $($($list: Vec::new(),)*)?
                    extra: serde_json::Map::new(),
                }
            }
        }
    };
}

macro_rules! wire_object {
    (
        [$($meta:tt)*] $name:ident [$($envelope:literal)*] $(requiring $check:ident)?
        { $($(#[$rm:meta])* $req:ident: $req_ty:ty $(= $req_wire:literal)?),* $(,)? }
        $(optional { $($(#[$om:meta])* $opt:ident: $opt_ty:ty $(= $opt_wire:literal)?),* $(,)? })?
        $(lists { $($(#[$lm:meta])* $list:ident: $list_ty:ty $(= $list_wire:literal)?),* $(,)? })?
    ) => {
        $($meta)*
        #[non_exhaustive]
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $($(#[$rm])* pub $req: $req_ty,)*
            $($($(#[$om])* pub $opt: Option<$opt_ty>,)*)?
            $($($(#[$lm])* pub $list: Vec<$list_ty>,)*)?
            /// Members that have no field here, and values that did not fit theirs; written back as they are.
            pub extra: serde_json::Map<String, serde_json::Value>,
        }

        impl $name {
            $($(
                $(#[$om])*
                #[must_use]
                #[expect(clippy::allow_attributes, reason = "the next line holds for some members")]
                #[allow(clippy::wrong_self_convention, reason = "the wire has members named `is_…`")]
                pub fn $opt(mut self, $opt: impl Into<$opt_ty>) -> Self {
                    self.$opt = Some($opt.into());
                    self
                }
            )*)?

            $($(
                $(#[$lm])*
                #[must_use]
                pub fn $list(mut self, $list: impl Into<Vec<$list_ty>>) -> Self {
                    self.$list = $list.into();
                    self
                }
            )*)?

            /// Adds a member that has no field here.
            #[must_use]
            pub fn extra(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
                self.extra.insert(name.into(), value.into());
                self
            }
        }

        impl serde_core::Serialize for $name {
            #[expect(clippy::allow_attributes, reason = "objects without members do not use it")]
            #[allow(unused_imports, reason = "objects without members do not use it")]
            fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde_core::ser::SerializeMap as _;
                use $crate::wire::object::wire_name;

                let mut map = serializer.serialize_map(None)?;
                $(map.serialize_entry(wire_name!($req $($req_wire)?), &self.$req)?;)*
                $($(
                    if let Some(value) = &self.$opt {
                        map.serialize_entry(wire_name!($opt $($opt_wire)?), value)?;
                    }
                )*)?
                $($(
                    // What did not fit a list stands in `extra` and is written from there.
                    if !self.$list.is_empty() || !self.extra.contains_key(wire_name!($list $($list_wire)?)) {
                        map.serialize_entry(wire_name!($list $($list_wire)?), &self.$list)?;
                    }
                )*)?
                for (name, value) in &self.extra {
                    // A member that has a field is written from there; null never leaves.
                    let written = match name.as_str() {
                        $(wire_name!($req $($req_wire)?) => true,)*
                        $($(wire_name!($opt $($opt_wire)?) => self.$opt.is_some(),)*)?
                        $($(wire_name!($list $($list_wire)?) => !self.$list.is_empty(),)*)?
                        _ => false,
                    };
                    if !written && !value.is_null() {
                        map.serialize_entry(name, &$crate::wire::WithoutNulls(value))?;
                    }
                }
                map.end()
            }
        }

        impl $crate::wire::Wire for $name {
            const EXPECTED: &'static str = "an object";

            #[expect(clippy::allow_attributes, reason = "objects without members use neither")]
            #[allow(unused_imports, unused_mut, reason = "objects without members use neither")]
            fn from_map<'de, A: serde_core::de::MapAccess<'de>>(
                mut map: A,
            ) -> Result<$crate::wire::Reading<Self>, A::Error> {
                use serde_core::de::Error as _;
                use $crate::wire::{Must, Name, Read, Reading, object::wire_name};

                $(let mut $req: Option<$req_ty> = None;)*
                $($(let mut $opt: Option<$opt_ty> = None;)*)?
                $($(let mut $list: Vec<$list_ty> = Vec::new();)*)?
                let mut extra = serde_json::Map::new();
                while let Some(Name(name)) = map.next_key()? {
                    match &*name {
                        $($envelope => {
                            map.next_value::<serde_core::de::IgnoredAny>()?;
                        })*
                        $(wire_name!($req $($req_wire)?) => {
                            $req = map.next_value_seed(Must::<$req_ty>::new())?.or($req);
                        })*
                        $($(wire_name!($opt $($opt_wire)?) => {
                            match map.next_value_seed(Read::<$opt_ty>::new())? {
                                Reading::Value(value) => $opt = Some(value),
                                Reading::Absent => {}
                                Reading::Misfit(value) => {
                                    extra.insert(name.into_owned(), value);
                                }
                            }
                        })*)?
                        $($(wire_name!($list $($list_wire)?) => {
                            match map.next_value_seed(Read::<Vec<$list_ty>>::new())? {
                                Reading::Value(value) => $list = value,
                                Reading::Absent => {}
                                Reading::Misfit(value) => {
                                    extra.insert(name.into_owned(), value);
                                }
                            }
                        })*)?
                        _ => {
                            let value = map.next_value()?;
                            extra.insert(name.into_owned(), value);
                        }
                    }
                }
                let read = Self {
                    $($req: $req.ok_or_else(|| A::Error::missing_field(wire_name!($req $($req_wire)?)))?,)*
                    $($($opt,)*)?
                    $($($list,)*)?
                    extra,
                };
                $(Self::$check(&read).map_err(A::Error::missing_field)?;)?
                Ok(Reading::Value(read))
            }
        }

        impl<'de> serde_core::Deserialize<'de> for $name {
            fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::Read::<Self>::required(deserializer)
            }
        }
    };
}

pub(crate) use {wire, wire_name, wire_new, wire_object};
