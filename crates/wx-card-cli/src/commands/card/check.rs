//! `wx-card card check`.

use std::path::Path;

use serde_json::json;

use super::body;
use crate::failure::Failure;
use crate::input::Source;
use crate::output::{Format, Table};

/// Lists what is wrong with the body in `file`; the findings are the result, errors among them make it a failure.
pub(super) fn run(file: &Path, format: Format) -> Result<(), Failure> {
    let source = Source::new(file);
    let lines = body::findings(source)?;
    let errors = lines.iter().filter(|line| line.is_error()).count();
    let table = || {
        let mut table = Table::new(&["LEVEL", "FIELD", "MESSAGE"]);
        lines.iter().for_each(|line| table.row(&line.cells()));
        table
    };
    format.print_list(&json!({"findings": lines}), table, || {
        let mut text: Vec<String> = lines.iter().map(|line| line.text()).collect();
        text.push(summary(source, errors, lines.len() - errors));
        text.join("\n")
    })?;
    if errors == 0 { Ok(()) } else { Err(Failure::told()) }
}

fn summary(source: Source<'_>, errors: usize, warnings: usize) -> String {
    let count = |number: usize, what: &str| {
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {what}{plural}")
    };
    match (errors, warnings) {
        (0, 0) => format!("{source}: nothing is wrong with it"),
        (0, _) => format!("{source}: can be sent, with {}", count(warnings, "warning")),
        (_, 0) => format!("{source}: cannot be sent, for {}", count(errors, "error")),
        _ => {
            let (errors, warnings) = (count(errors, "error"), count(warnings, "warning"));
            format!("{source}: cannot be sent, for {errors}; {warnings}")
        }
    }
}
