//! What goes wrong on purpose: `faults`.

use serde_json::{Map, Value};

use super::Failure;
use super::members::Members;
use crate::fault::{Fault, Pattern, Plan, Rule};
use crate::state::State;

mod kinds;

use kinds::{Applied, KINDS, Kinds};

/// Members that every rule may have.
const COMMON: [&str; 6] = ["path", "fault", "times", "skip", "probability", "applied"];

/// Puts a plan in force, in the place of the one before; without one, shows the one in force.
pub(super) fn faults(state: &mut State, body: &Value) -> Result<Value, Failure> {
    let is_question = body.is_null() || body.as_object().is_some_and(Map::is_empty);
    if !is_question {
        state.faults = plan(body)?;
    }
    Ok(state.faults.report())
}

fn plan(body: &Value) -> Result<Plan, Failure> {
    let body = Members::of(body, String::from("the plan"), String::new())?;
    body.only(&["seed", "rules"])?;
    let seed = body.number("seed", 0..=u64::MAX)?.unwrap_or(0);
    let rules = body.get("rules").and_then(Value::as_array);
    let rules = rules.ok_or_else(|| body.wrong("rules", "must be a list of rules; an empty one ends all faults"))?;
    let rules = rules.iter().enumerate().map(|(index, rule)| {
        let name = format!("rules[{index}]");
        self::rule(&Members::of(rule, name.clone(), name + ".")?)
    });
    Ok(Plan::new(seed, rules.collect::<Result<_, _>>()?))
}

fn rule(body: &Members<'_>) -> Result<Rule, Failure> {
    let word = body.get("fault").and_then(Value::as_str);
    let kinds = KINDS.iter().find(|kinds| Some(kinds.name) == word).ok_or_else(|| {
        let names = KINDS.map(|kinds| kinds.name).join(", ");
        body.wrong("fault", &format!("must be one of {names}"))
    })?;
    body.only(&[&COMMON, kinds.members].concat())?;
    let path = body.get("path").and_then(Value::as_str);
    let pattern = path.and_then(Pattern::new).ok_or_else(|| {
        let rule = "must be a path such as /card/code/consume, or /card/* for all below one, or * for all";
        body.wrong("path", rule)
    })?;
    let mut rule = Rule::new(pattern, fault(body, kinds)?);
    rule.times = body.number("times", 0..=u64::MAX)?;
    rule.skip = body.number("skip", 0..=u64::MAX)?.unwrap_or(0);
    if let Some(probability) = body.get("probability") {
        let probability = probability.as_f64().filter(|number| (0.0..=1.0).contains(number));
        rule.probability = probability.ok_or_else(|| body.wrong("probability", "must be a number from 0 to 1"))?;
    }
    Ok(rule)
}

fn fault(body: &Members<'_>, kinds: &Kinds) -> Result<Fault, Failure> {
    let wanted = body.truth("applied")?;
    let is_applied = match kinds.applied {
        Applied::Usually(usual) => wanted.unwrap_or(usual),
        Applied::Fixed(fixed) if wanted.is_none_or(|wanted| wanted == fixed) => fixed,
        Applied::Fixed(fixed) => return Err(body.wrong("applied", &format!("can only be {fixed} with {}", kinds.name))),
    };
    Ok(Fault {
        is_applied,
        kind: (kinds.make)(body)?,
        name: kinds.name,
    })
}
