//! Members of JSON that a person wrote, read strictly: a slip is told, with the name of the member and what may stand
//! there.

use std::ops::RangeInclusive;

use http::StatusCode;
use serde_json::{Map, Value};

use super::Failure;

/// An object and what its members are called in errors.
pub(super) struct Members<'a> {
    members: &'a Map<String, Value>,
    prefix: String,
}

impl<'a> Members<'a> {
    /// The members of `value`, which is called `name`, and its members by `prefix` and their own name.
    pub(super) fn of(value: &'a Value, name: String, prefix: String) -> Result<Self, Failure> {
        match value {
            Value::Object(members) => Ok(Self { members, prefix }),
            _ => Err(Failure::Request(StatusCode::BAD_REQUEST, name + " must be an object")),
        }
    }

    /// The member, unless it is null.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str, allowed: RangeInclusive<u64>) -> Result<Option<u64>, Failure> {
        self.read(
            name,
            |value| value.as_u64().filter(|number| allowed.contains(number)),
            || {
                let (first, last) = (allowed.start(), allowed.end());
                match *last {
                    u64::MAX => format!("must be a whole number from {first}"),
                    _ => format!("must be a whole number from {first} to {last}"),
                }
            },
        )
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, Failure> {
        self.read(name, Value::as_str, || String::from("must be a text"))
    }

    pub(super) fn truth(&self, name: &str) -> Result<Option<bool>, Failure> {
        self.read(name, Value::as_bool, || String::from("must be true or false"))
    }

    /// Refuses every member that is not `known`.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Failure> {
        match self.members.keys().find(|name| !known.contains(&name.as_str())) {
            Some(strange) => Err(self.wrong(
                strange,
                &format!("does not belong here; there are {}", known.join(", ")),
            )),
            None => Ok(()),
        }
    }

    /// That the member is missing or not as it must be.
    pub(super) fn wrong(&self, name: &str, rule: &str) -> Failure {
        Failure::member(&format!("{}{name}", self.prefix), rule)
    }

    fn read<T>(
        &self,
        name: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
        rule: impl FnOnce() -> String,
    ) -> Result<Option<T>, Failure> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        read(value).map(Some).ok_or_else(|| self.wrong(name, &rule()))
    }
}
