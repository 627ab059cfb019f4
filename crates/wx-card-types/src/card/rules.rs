//! The table of what cards are held to, from the rows that declare their members.

use std::collections::BTreeSet;
use std::fmt;

use super::body::{AdvancedInfo, BaseInfo, BaseInfoUpdate, list_bodies, list_updates};
use super::checked::Checked as _;
use super::limit::Limit;
use super::members::Between;
use crate::source::page;
use crate::{CreateCard, Endpoint as _, Level, UpdateCard};

/// One rule that cards are held to, as a row of a table; shown as what the field must be.
///
/// The rows come from the same declarations as the check itself, so they cannot disagree with it.
#[derive(Clone, Debug)]
pub struct CardRule {
    field: String,
    demand: Demand,
}

/// What a rule demands.
#[derive(Clone, Debug)]
pub(crate) enum Demand {
    Between(&'static Between),
    Form(&'static str),
    Given,
    Limit(Limit),
    Word(&'static str),
}

impl CardRule {
    pub(crate) fn new(field: &str, demand: Demand) -> Self {
        let field = field.to_owned();
        Self { field, demand }
    }

    /// Path of the field: `[]` stands for any item, `*` for the key of any kind, a word in round brackets for the type
    /// of `date_info` that the rule is about. Paths of creations begin with `card.`, those of updates do not.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// How sure it is that the service refuses what breaks the rule.
    #[must_use]
    pub fn level(&self) -> Level {
        match &self.demand {
            Demand::Between(between) => between.level,
            Demand::Limit(Limit::Image | Limit::Unconfirmed(_)) | Demand::Word(_) => Level::Warning,
            Demand::Form(_) | Demand::Given | Demand::Limit(_) => Level::Error,
        }
    }

    /// Name of the official page that has the rule.
    #[must_use]
    pub fn source(&self) -> &'static str {
        let operation = if self.is_of_creation() {
            CreateCard::PATH
        } else {
            UpdateCard::PATH
        };
        page(operation, &self.field).unwrap_or_default()
    }

    fn is_of_creation(&self) -> bool {
        self.field.starts_with("card.")
    }
}

impl fmt::Display for CardRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.demand {
            Demand::Between(between) => between.rule.fmt(f),
            Demand::Form(expected) | Demand::Word(expected) => write!(f, "must be {expected}"),
            Demand::Given => f.write_str("must be given"),
            Demand::Limit(limit) => limit.fmt(f),
        }
    }
}

/// Every rule that cards are held to when they are created, and then what is different when they are changed.
#[must_use]
pub fn card_rules() -> Vec<CardRule> {
    let mut rules = Vec::new();
    add(&mut rules, "card.", BaseInfo::list, list_bodies);
    let creation: BTreeSet<String> = rules.iter().map(|rule| format!("{} {rule}", rule.field)).collect();
    let mut changes = Vec::new();
    add(&mut changes, "", BaseInfoUpdate::list, list_updates);
    changes.retain(|rule| !creation.contains(&format!("card.{} {rule}", rule.field)));
    rules.append(&mut changes);
    rules
}

/// Adds the rules of one shape: what all kinds have in common once, then what each kind has beside it.
fn add(
    rules: &mut Vec<CardRule>,
    prefix: &str,
    base_info: fn(&mut Vec<CardRule>, &str),
    bodies: fn(&mut Vec<CardRule>, &str),
) {
    base_info(rules, &format!("{prefix}*.base_info"));
    AdvancedInfo::list(rules, &format!("{prefix}*.advanced_info"));
    let common: BTreeSet<String> = rules.iter().map(|rule| format!("{} {rule}", rule.field)).collect();
    let mut own = Vec::new();
    bodies(&mut own, prefix);
    own.retain(|rule| {
        let members = rule.field.get(prefix.len()..).and_then(|rest| rest.split_once('.'));
        members.is_none_or(|(_, members)| !common.contains(&format!("{prefix}*.{members} {rule}")))
    });
    rules.append(&mut own);
}

#[cfg(test)]
mod tests;
