//! What there is to say of the body of a card before it is sent.

use serde::Serialize;
use serde_json::Value;
use wx_card::types::{CardType, CreateCard, Endpoint, Finding, Level, Rule, UpdateCard};

use crate::meant::meant;
use crate::output::{self, Format, printable};

mod unknown;

/// One thing to say of one member; as JSON it has all of its members, `null` where there is nothing to say.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(super) struct Line {
    pub(super) level: &'static str,
    pub(super) field: String,
    rule: &'static str,
    message: String,
    /// Sizes of a text that is too long.
    bytes: Option<usize>,
    characters: Option<usize>,
    /// How many items a list has.
    count: Option<usize>,
    /// The number that is out of its bounds.
    value: Option<i64>,
    min: Option<i64>,
    max: Option<i64>,
    source: Option<&'static str>,
}

impl Line {
    pub(super) fn error(field: impl Into<String>, rule: &'static str, message: impl Into<String>) -> Self {
        Self {
            level: "error",
            field: field.into(),
            rule,
            message: message.into(),
            ..Self::default()
        }
    }

    fn warning(field: impl Into<String>, rule: &'static str, message: impl Into<String>) -> Self {
        Self {
            level: "warning",
            ..Self::error(field, rule, message)
        }
    }

    pub(super) fn is_error(&self) -> bool {
        self.level == "error"
    }

    /// In a row of a table.
    pub(super) fn cells(&self) -> [&str; 3] {
        [self.level, &self.field, &self.message]
    }

    /// In one line, with nothing that could steer the terminal.
    pub(super) fn text(&self) -> String {
        printable(&format!("{}: {}: {}", self.level, self.field, self.message)).replace('\n', " ")
    }
}

impl From<Finding> for Line {
    fn from(finding: Finding) -> Self {
        let signed = |size: usize| i64::try_from(size).ok();
        let message = finding.rule.to_string();
        let mut line = match finding.rule {
            Rule::Conflict { .. } => Self::error(finding.field, "conflict", message),
            Rule::Count { count, min, max } => Self {
                count: Some(count),
                min: signed(min),
                max: signed(max),
                ..Self::error(finding.field, "count", message)
            },
            Rule::Empty => Self::error(finding.field, "empty", message),
            Rule::Form { .. } => Self::error(finding.field, "form", message),
            Rule::Missing { .. } => Self::error(finding.field, "missing", message),
            Rule::Range { value, min, max } => Self {
                value: Some(value),
                min: Some(min),
                max: (max != i64::MAX).then_some(max),
                ..Self::error(finding.field, "range", message)
            },
            Rule::Repeated { .. } => Self::error(finding.field, "repeated", message),
            Rule::TooLarge { bytes, max } => Self {
                bytes: Some(bytes),
                max: signed(max),
                ..Self::error(finding.field, "too_large", message)
            },
            Rule::TooLong { bytes, characters, max } => Self {
                bytes: Some(bytes),
                characters: Some(characters),
                max: signed(max),
                ..Self::error(finding.field, "too_long", message)
            },
            _ => Self::error(finding.field, "other", message),
        };
        if finding.level != Level::Error {
            line.level = "warning";
        }
        line.source = finding.source;
        line
    }
}

/// Everything to say of a creation, of which `json` is the body.
pub(super) fn of_creation(request: &CreateCard, json: &Value) -> Vec<Line> {
    let card_type = request.card.card_type();
    let mut lines = found(request);
    if has_rules(&card_type) {
        add(&mut lines, unknown::in_creation(&card_type, json));
    } else {
        doubt(&mut lines, "card.card_type", &card_type);
    }
    lines
}

/// Everything to say of a change, of which `json` is the body.
pub(super) fn of_change(request: &UpdateCard, json: &Value) -> Vec<Line> {
    let card_type = request.card.card_type();
    let mut lines = found(request);
    if has_rules(&card_type) {
        add(&mut lines, unknown::in_change(&card_type, json));
    } else {
        doubt(&mut lines, &card_type.body_key(), &card_type);
    }
    lines
}

fn found(request: &impl Endpoint) -> Vec<Line> {
    let mut lines: Vec<Line> = request.findings().into_iter().map(Line::from).collect();
    let wrong = wrong(&lines);
    // A doubt about the form of what has the wrong form for certain adds nothing.
    lines.retain(|line| line.is_error() || line.rule != "form" || !wrong.contains(&line.field));
    lines
}

/// The fields with errors.
fn wrong(lines: &[Line]) -> Vec<String> {
    let errors = lines.iter().filter(|line| line.is_error());
    errors.map(|line| line.field.clone()).collect()
}

/// Adds what there is to say of unknown members, but for those within something that is wrong itself.
fn add(lines: &mut Vec<Line>, unknown: Vec<Line>) {
    let wrong = wrong(lines);
    let is_within = |field: &str, object: &String| {
        let rest = field.strip_prefix(object.as_str());
        rest.is_some_and(|rest| rest.starts_with(['.', '[']) || rest.is_empty())
    };
    lines.extend(
        unknown
            .into_iter()
            .filter(|line| !wrong.iter().any(|object| is_within(&line.field, object))),
    );
}

/// Whether it is known what a card of this kind is made of.
fn has_rules(card_type: &CardType) -> bool {
    // These two have a name, but no page says what they are made of.
    card_type.is_known() && !matches!(card_type, CardType::BusTicket | CardType::Invoice)
}

/// Warns that a card of this kind cannot be checked, be it new or a slip; beside what is said of the kind already, it
/// says what may be meant.
fn doubt(lines: &mut Vec<Line>, field: &str, card_type: &CardType) {
    let meant = if card_type.is_known() {
        String::new()
    } else {
        meant(
            &card_type.as_str().to_ascii_uppercase(),
            CardType::KNOWN.iter().copied(),
        )
    };
    if let Some(line) = lines.iter_mut().find(|line| line.field == field) {
        line.message.push_str(&meant);
    } else {
        let message = format!("is a kind without rules here, so what is in the card was not checked{meant}");
        lines.push(Line::warning(field, "unknown", message));
    }
}

/// Tells people on stderr of what may be refused; programs ask `card check`.
pub(super) fn warn(lines: &[Line], format: Format) {
    for line in lines {
        output::tell(format, &line.text());
    }
}
