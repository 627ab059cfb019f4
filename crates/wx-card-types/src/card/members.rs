//! The members of an object as data: what holds for each of them alone, and what holds between them.

use serde_json::{Map, Value};

use super::checked::{Checked, MISSING, object};
use super::limit::Limit;
use super::rules::{CardRule, Demand};
use crate::{Check, Level, Rule};

/// Whether a member must be given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Need {
    Optional,
    Required,
}

/// A member of an object and what holds for it alone.
#[derive(Debug)]
pub(crate) struct Member {
    name: &'static str,
    need: Need,
    limit: Limit,
    check: fn(&mut Check, &str, &Value, Limit),
    list: fn(&mut Vec<CardRule>, &str),
}

impl Member {
    pub(crate) const fn of<T: Checked>(name: &'static str, need: Need, limit: Limit) -> Self {
        Self {
            name,
            need,
            limit,
            check: T::check,
            list: T::list,
        }
    }

    fn check(&self, check: &mut Check, members: &Map<String, Value>) {
        match members.get(self.name) {
            None | Some(Value::Null) if self.need == Need::Required => check.violation(self.name, MISSING),
            Some(Value::String(text)) if text.trim().is_empty() => {
                if self.need == Need::Required {
                    check.violation(self.name, Rule::Empty);
                }
            }
            None | Some(Value::Null) => {}
            // The empty object of a sender whose language has one kind of array: what it lacks, it need not have.
            Some(value @ Value::Array(items)) if items.is_empty() && self.need == Need::Optional => {
                check.as_warnings(|check| (self.check)(check, self.name, value, self.limit));
            }
            Some(value) => (self.check)(check, self.name, value, self.limit),
        }
    }

    fn list(&self, rules: &mut Vec<CardRule>, object: &str) {
        let field = format!("{object}.{}", self.name);
        if self.need == Need::Required {
            rules.push(CardRule::new(&field, Demand::Given));
        }
        (self.list)(rules, &field);
        if !matches!(self.limit, Limit::Any) {
            rules.push(CardRule::new(&field, Demand::Limit(self.limit)));
        }
    }
}

/// A rule between the members of an object.
#[derive(Debug)]
pub(crate) struct Between {
    /// The member to which it is put down.
    pub(crate) field: &'static str,
    pub(crate) level: Level,
    pub(crate) rule: Rule,
    /// Whether the members break it; it gets the name of the member too.
    pub(crate) broken: fn(&Map<String, Value>, &str) -> bool,
}

/// An object: its members, and the rules between them.
pub(crate) trait Members {
    const MEMBERS: &'static [Member];
    const BETWEEN: &'static [&'static [Between]];
}

pub(crate) fn check_members<T: Members>(check: &mut Check, field: &str, value: &Value) {
    object(check, field, value, |check, members| {
        T::MEMBERS.iter().for_each(|member| member.check(check, members));
        for between in T::BETWEEN.iter().copied().flatten() {
            if (between.broken)(members, between.field) {
                let note = |check: &mut Check| check.violation(between.field, between.rule.clone());
                match between.level {
                    Level::Error => note(check),
                    Level::Warning => check.as_warnings(note),
                }
            }
        }
    });
}

pub(crate) fn list_members<T: Members>(rules: &mut Vec<CardRule>, field: &str) {
    T::MEMBERS.iter().for_each(|member| member.list(rules, field));
    for between in T::BETWEEN.iter().copied().flatten() {
        rules.push(CardRule::new(
            &format!("{field}.{}", between.field),
            Demand::Between(between),
        ));
    }
}
