//! The faults that a soak runs under.

use serde_json::{Value, json};

/// How long a fault takes where it takes any time, in milliseconds.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Pace {
    /// How late a late answer is.
    pub delay: u64,
    /// How long an answer that drips takes for each byte.
    pub drip: u64,
}

impl Pace {
    /// Both in milliseconds.
    #[must_use]
    pub const fn new(delay: u64, drip: u64) -> Self {
        Self { delay, drip }
    }
}

/// The kinds of fault, each with members of its own.
fn kinds(pace: Pace) -> Vec<Value> {
    vec![
        json!({"fault": "busy"}),
        json!({"fault": "busy", "applied": true}),
        // A token that is refused for the day's quota is not asked for again for a minute, which no round lasts.
        json!({"fault": "errcode", "errcode": 45009, "path": "/card/*"}),
        json!({"fault": "errcode", "errcode": 45011}),
        json!({"fault": "delay", "millis": pace.delay}),
        json!({"fault": "reset-before"}),
        json!({"fault": "reset-after"}),
        json!({"fault": "reset-mid-answer"}),
        json!({"fault": "truncated"}),
        json!({"fault": "html-502"}),
        json!({"fault": "html-502", "applied": true}),
        json!({"fault": "content-type"}),
        json!({"fault": "oversized"}),
        json!({"fault": "token-expired"}),
        json!({"fault": "slow-drip", "millis": pace.drip}),
        json!({"fault": "silent"}),
        json!({"fault": "silent", "applied": true}),
    ]
}

/// A plan under which about `share` of all requests (0 to 1) go wrong, in every way there is.
pub(crate) fn plan(seed: u64, share: f64, pace: Pace) -> Value {
    let kinds = kinds(pace);
    // The first rule that fires counts, so each must be as likely as the others are together with those before it.
    let each = 1.0 - (1.0 - share).powf(1.0 / kinds.len() as f64);
    let rules: Vec<Value> = kinds
        .into_iter()
        .map(|mut rule| {
            if rule.get("path").is_none() {
                rule["path"] = "*".into();
            }
            rule["probability"] = each.into();
            rule
        })
        .collect();
    json!({"seed": seed, "rules": rules})
}

/// The plan without any fault.
pub(crate) fn fair() -> Value {
    json!({"rules": []})
}
