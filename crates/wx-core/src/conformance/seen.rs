//! What can be seen of values and errors, and whether a planted text stands in it.

use std::error::Error as StdError;
use std::fmt::{self, Debug, Write};

/// More links than any honest chain has.
const MAX_LINKS: usize = 64;
/// More than any honest link has.
const MAX_SHOWN: usize = 64 * 1024;

/// Whether `canary` stands in `text`: as it is, as a list of numbers, or in hexadecimal digits.
pub(super) fn shows(text: &str, canary: &str) -> bool {
    let plain = text.to_ascii_lowercase();
    // Pretty-printed lists have a number a line.
    let dense: String = plain.chars().filter(|c| !c.is_whitespace()).collect();
    // Bytes as numbers are not those of the lower case.
    let numbers = |canary: &str| dense.contains(&decimal(canary)) || dense.contains(&hexadecimal(canary));
    let lower = canary.to_ascii_lowercase();
    plain.contains(&lower) || numbers(&lower) || numbers(canary)
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
