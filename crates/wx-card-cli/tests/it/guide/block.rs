//! Reading the `console` blocks of a page, and comparing what they say with what is printed.

/// A command of a page, and what the page says that it prints.
#[derive(Debug)]
pub(super) struct Step {
    /// Where it stands, counted from 1.
    pub(super) line: usize,
    pub(super) command: String,
    pub(super) expected: Vec<String>,
}

/// The commands of all `console` blocks of a page, in order.
pub(super) fn steps(page: &str) -> Result<Vec<Step>, String> {
    let (mut steps, mut fence) = (Vec::<Step>::new(), None);
    for (line, text) in (1..).zip(page.lines()) {
        let inner = text.trim_start();
        match (fence, inner.strip_prefix("```")) {
            // A block in a list is indented as a whole.
            (None, Some(language)) => fence = Some((text.len() - inner.len(), language == "console", steps.len())),
            (Some(_), Some("")) => fence = None,
            (Some((indent, true, before)), _) => {
                let text = text.get(indent..).unwrap_or("");
                match (
                    text.strip_prefix("$ "),
                    steps.get_mut(before..).and_then(<[_]>::last_mut),
                ) {
                    (Some(command), _) => steps.push(Step {
                        line,
                        command: command.to_owned(),
                        expected: Vec::new(),
                    }),
                    (None, None) => return Err(format!("line {line}: `{text}` stands before the first command")),
                    (None, Some(step)) => step.continue_with(text),
                }
            }
            _ => {}
        }
    }
    match fence {
        None => Ok(steps),
        Some(_) => Err("a block never ends".to_owned()),
    }
}

impl Step {
    fn continue_with(&mut self, text: &str) {
        match text.strip_prefix('>') {
            Some(more) if self.expected.is_empty() => {
                self.command.push('\n');
                self.command.push_str(more.strip_prefix(' ').unwrap_or(more));
            }
            _ => self.expected.push(text.to_owned()),
        }
    }
}

/// Whether `printed` is what a page says.
pub(super) fn fits(expected: &[String], printed: &[String]) -> bool {
    match (expected.split_first(), printed.split_first()) {
        (None, None) => true,
        (None, Some(_)) => false,
        (Some((any, rest)), _) if any.trim() == "…" => {
            fits(rest, printed) || printed.get(1..).is_some_and(|printed| fits(expected, printed))
        }
        (Some((expected, rest)), Some((line, lines))) => fits_line(expected, line) && fits(rest, lines),
        (Some(_), None) => false,
    }
}

fn fits_line(expected: &str, printed: &str) -> bool {
    let (expected, printed) = (expected.trim_end(), printed.trim_end());
    let Some((begin, rest)) = expected.split_once('…') else {
        return expected == printed;
    };
    let Some(printed) = printed.strip_prefix(begin) else {
        return false;
    };
    let (middles, end) = rest.rsplit_once('…').unwrap_or(("", rest));
    let Some(mut printed) = printed.strip_suffix(end) else {
        return false;
    };
    middles.split('…').all(|middle| match printed.split_once(middle) {
        Some((_, after)) => {
            printed = after;
            true
        }
        None => false,
    })
}

#[test]
fn dots_are_any_text_and_any_lines() {
    let lines = |text: &str| text.lines().map(ToOwned::to_owned).collect::<Vec<_>>();
    let fit = |expected, printed| fits(&lines(expected), &lines(printed));
    assert!(fit("a…d\ne", "abcd\ne") && fit("a…d", "ad") && fit("…b…", "abc") && fit("…", "") && fit("a", "a  "));
    assert!(fit("a\n…\nd", "a\nb\nc\nd") && fit("a\n…", "a") && fit("…\nb", "a\nb") && fit("a…c…e", "abcde"));
    assert!(!fit("a…d", "abce") && !fit("a…a", "a") && !fit("…b…", "ac") && !fit("a…c…e", "adce1"));
    assert!(!fit("a\n…\nd", "a\nb") && !fit("a", "a\nb") && !fit("a\nb", "a") && !fit("", "a"));
}
