//! Texts that are planted into requests and answers, and must not turn up anywhere else.

use std::error::Error as StdError;
use std::fmt::{self, Debug, Write};

/// Part of the path of every request.
pub(super) const PATH: &str = "canaryPath51c7e2";
/// Part of the query, where the access token stands.
pub(super) const QUERY: &str = "canaryQuery7f3a9c";
/// The value of a request's header.
pub(super) const HEADER: &str = "canaryHeader08d4b1";
/// Part of a request's body.
pub(super) const BODY: &str = "canaryBody2e96f0";
/// Part of an answer: of a header, of the body, and of what is not HTTP at all.
pub(super) const ANSWER: &str = "canaryAnswer5b18ad";

/// Each with what it was planted into. They are letters and digits alone, so that no percent-coding hides them.
const ALL: [(&str, &str); 5] = [
    (PATH, "the request's path"),
    (QUERY, "the request's query, where the access token stands"),
    (HEADER, "a header of the request"),
    (BODY, "the request's body"),
    (ANSWER, "the answer"),
];

/// More links than any honest chain has.
const MAX_LINKS: usize = 64;
/// More than any honest link has.
const MAX_SHOWN: usize = 64 * 1024;

/// What of the planted texts stands in `text`: as it is, as a list of numbers, or in hexadecimal digits.
pub(super) fn found(text: &str) -> Vec<&'static str> {
    let plain = text.to_ascii_lowercase();
    // Pretty-printed lists have a number a line.
    let dense: String = plain.chars().filter(|c| !c.is_whitespace()).collect();
    let shown = |canary: &str| {
        let canary = canary.to_ascii_lowercase();
        plain.contains(&canary) || dense.contains(&decimal(&canary)) || dense.contains(&hexadecimal(&canary))
    };
    // Bytes as numbers are not those of the lower case.
    let numbers = |canary: &str| dense.contains(&decimal(canary)) || dense.contains(&hexadecimal(canary));
    ALL.into_iter()
        .filter(|(canary, _)| shown(canary) || numbers(canary))
        .map(|(_, place)| place)
        .collect()
}

fn decimal(canary: &str) -> String {
    let numbers: Vec<String> = canary.bytes().map(|byte| byte.to_string()).collect();
    numbers.join(",")
}

fn hexadecimal(canary: &str) -> String {
    canary.bytes().fold(String::new(), |mut text, byte| {
        // Writing to a `String` cannot fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}

/// Text up to a length; whoever writes more is stopped, as one that shows a whole body would take minutes to.
#[derive(Default)]
struct Beginning(String);

impl Write for Beginning {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.push_str(text);
        if self.0.len() > MAX_SHOWN {
            Err(fmt::Error)
        } else {
            Ok(())
        }
    }
}

/// A value as `{:?}` and `{:#?}` show it.
pub(super) fn debug(value: &(impl Debug + ?Sized)) -> String {
    let (mut plain, mut pretty) = (Beginning::default(), Beginning::default());
    // What is too long is cut, and searched as far as it goes.
    write!(plain, "{value:?}").ok();
    write!(pretty, "{value:#?}").ok();
    format!("{}\n{}", plain.0, pretty.0)
}

/// Everything that can be seen of an error: each link in each form.
pub(super) fn everything(error: &(dyn StdError + 'static)) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    for _ in 0..MAX_LINKS {
        let Some(link) = next else { break };
        let mut shown = Beginning::default();
        write!(shown, "{link}\n{link:#}\n").ok();
        text += &shown.0;
        text += &debug(link);
        text += "\n";
        next = link.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{ANSWER, BODY, QUERY, found};

    #[test]
    fn a_planted_text_is_found_in_every_form() {
        let bytes = QUERY.as_bytes();
        let hexadecimal: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        let forms = [
            format!("GET /?access_token={QUERY}%2B"),
            QUERY.to_uppercase(),
            format!("{bytes:?}"),
            format!("{bytes:#?}"),
            format!("0x{hexadecimal}"),
        ];
        for form in forms {
            assert_eq!(found(&form).len(), 1, "{form}");
        }
        assert_eq!(found(&format!("{BODY} {ANSWER}")), ["the request's body", "the answer"]);
        assert!(found("SendError { kind: Timeout, source: None }").is_empty());
    }
}
