//! What people, reviewers and time do in the sandbox of `--sandbox`.

use std::ffi::OsStr;

use serde_json::{Map, Value, json};

use crate::args::PlayCommand;
use crate::embedded::{self, Embedded};
use crate::failure::Failure;
use crate::input::Source;
use crate::output::{Format, Rows, local_time};

pub(super) fn run(command: PlayCommand, named: &OsStr, format: Format) -> Result<(), Failure> {
    let (name, body) = match command {
        PlayCommand::Take { card_id, openid, code } => {
            let mut body = json!({"card_id": card_id, "openid": openid});
            if let (Some(code), Some(members)) = (code, body.as_object_mut()) {
                members.insert("code".to_owned(), json!(code));
            }
            ("take".to_owned(), body)
        }
        PlayCommand::Advance { seconds } => ("advance-clock".to_owned(), json!({"seconds": seconds})),
        PlayCommand::Play { name, file } => {
            let body = file.map_or_else(|| Ok(json!({})), |file| Source::new(&file).json())?;
            (name, body)
        }
        PlayCommand::Reset => {
            let file = embedded::reset(named)?;
            return format.print(&json!({"forgotten": file}), || {
                format!("{} is forgotten", file.display())
            });
        }
    };
    let played = Embedded::open(named)?.sandbox().control(&name, &body);
    let answer = played.map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    format.print(&answer, || shown(&answer))
}

/// The members of `answer` in a row each, or all of it where they hold more than a word.
fn shown(answer: &Value) -> String {
    let empty = Map::new();
    let members = answer.as_object().unwrap_or(&empty);
    if members.values().any(|value| value.is_object() || value.is_array()) {
        return serde_json::to_string_pretty(answer).unwrap_or_default();
    }
    let rows = members.iter().fold(Rows::new(), |rows, (name, value)| match value {
        Value::String(text) => rows.row(name, text),
        Value::Number(now) if name == "now" => rows.maybe(name, now.as_i64().map(local_time)),
        value => rows.row(name, value),
    });
    if members.is_empty() {
        String::from("done")
    } else {
        rows.text()
    }
}
