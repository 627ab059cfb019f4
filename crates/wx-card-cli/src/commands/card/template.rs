//! `wx-card card template`: the body of a card to fill in.

use serde_json::Value;

use crate::args::Kind;
use crate::failure::Failure;
use crate::input::without_notes;
use crate::output::{Format, print};

mod kinds;

/// What the cards of all kinds have in common.
const BASE_INFO: &str = include_str!("template/base_info.txt");

/// What the cards of all kinds can have beyond it.
const ADVANCED_INFO: &str = include_str!("template/advanced_info.txt");

const HEAD: &str = "\
// Lines that begin with // are notes, and are left out where the file is read. Put your own values in the place of
// these; to send an optional member, take the // before it away. `wx-card card check FILE` says what is wrong.
// Money is in 分, of which a yuan has 100. Lengths are in bytes of UTF-8, of which a Chinese character has 3.
";

/// Prints the template of `kind`; for programs without its notes.
pub(super) fn run(kind: Kind, format: Format) -> Result<(), Failure> {
    let text = template(kind);
    if !format.is_json() {
        return print(&text);
    }
    let json: Value = serde_json::from_slice(&without_notes(text.as_bytes()))
        .map_err(|error| Failure::local(format!("the template is no JSON: {error}")))?;
    print(&json.to_string())
}

/// The body of a card of this kind. Its last members are required ones, so that the optional ones before them can have
/// their commas.
fn template(kind: Kind) -> String {
    let kind = kinds::of(kind);
    let key = kind.card_type.to_ascii_lowercase();
    let base_info = BASE_INFO
        .replace("TITLE", kind.title)
        .replace("NOTICE", kind.notice)
        .replace("DATE_INFO", kind.date_info);
    let mut text = format!("// {}\n{HEAD}{{\n", kind.about);
    text.push_str("  \"card\": {\n");
    text.push_str(&format!(
        "    \"card_type\": \"{}\",\n    \"{key}\": {{\n",
        kind.card_type
    ));
    for block in [kind.members, ADVANCED_INFO] {
        push_indented(&mut text, block, 6);
    }
    text.push_str("      \"base_info\": {\n");
    push_indented(&mut text, &base_info, 8);
    text.push_str("      }\n    }\n  }\n}\n");
    text
}

fn push_indented(text: &mut String, block: &str, blanks: usize) {
    for line in block.lines() {
        text.extend(std::iter::repeat_n(' ', blanks));
        text.push_str(line);
        text.push('\n');
    }
}
