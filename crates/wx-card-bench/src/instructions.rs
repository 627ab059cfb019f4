//! Counts the instructions of each case by valgrind, and holds them against those that were recorded.
//!
//! They do not depend on how busy a machine is. valgrind's processor has no instructions for SHA-1, so signing costs
//! more there than it does.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

use wx_card_bench::cases;

/// A count is that of so many runs less that of half as many, so that the start of the program is left out.
const TIMES: u64 = 2000;

/// Percent above the record at which there is a warning.
const MOST_MORE: u64 = 5;

type Counts = BTreeMap<String, u64>;

/// Warns of each case that takes more than it did; an error only when nothing can be counted.
pub(crate) fn compare(baseline: &Path) -> Result<(), Box<dyn Error>> {
    let recorded: Counts = serde_json::from_slice(&fs::read(baseline)?)?;
    let counted = count_all()?;
    for (name, count) in &counted {
        match recorded.get(name) {
            Some(before) => println!("{count:>8}  {:>+6.1} %  {name}", percent_more(*before, *count)),
            None => println!("{count:>8}       new  {name}"),
        }
    }
    for warning in warnings(&recorded, &counted) {
        eprintln!("warning: {warning}");
    }
    Ok(())
}

/// Takes the present counts as those to compare with.
pub(crate) fn record(baseline: &Path) -> Result<(), Box<dyn Error>> {
    let mut text = serde_json::to_string_pretty(&count_all()?)?;
    text.push('\n');
    Ok(fs::write(baseline, text)?)
}

fn warnings(recorded: &Counts, counted: &Counts) -> Vec<String> {
    let too_many = |(name, count): (&String, &u64)| {
        let before = recorded.get(name)?;
        (count * 100 > before * (100 + MOST_MORE)).then(|| {
            let percent = percent_more(*before, *count);
            format!("{name}: {count} instructions, {percent:.1} % more than recorded; mend it, or record with a reason")
        })
    };
    let missing = |name: &&String| !counted.contains_key(*name);
    let gone = recorded
        .keys()
        .filter(missing)
        .map(|name| format!("{name}: recorded, and no longer there"));
    counted.iter().filter_map(too_many).chain(gone).collect()
}

#[expect(clippy::cast_precision_loss, reason = "it is shown with one digit")]
fn percent_more(before: u64, now: u64) -> f64 {
    (now as f64 / before as f64 - 1.0) * 100.0
}

fn count_all() -> Result<Counts, Box<dyn Error>> {
    let cases = cases::all()?.into_iter();
    cases
        .map(|case| {
            let more = count(case.name(), TIMES)? - count(case.name(), TIMES / 2)?;
            Ok((case.name().to_owned(), more / (TIMES / 2)))
        })
        .collect()
}

/// The instructions of a process that runs the case so often.
fn count(name: &str, times: u64) -> Result<u64, Box<dyn Error>> {
    let mut command = Command::new("valgrind");
    command
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["case", name, &times.to_string()]);
    let output = command.output().map_err(|error| format!("valgrind: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected : "));
    match collected {
        Some((_, number)) if output.status.success() => Ok(number.trim().parse()?),
        _ => Err(format!("valgrind counted nothing: {said}").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(pairs: &[(&str, u64)]) -> Counts {
        pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    }

    #[test]
    fn more_than_five_percent_is_told_and_so_is_what_is_gone() {
        let recorded = counts(&[("a", 1000), ("b", 1000), ("c", 1000), ("d", 1)]);
        let counted = counts(&[("a", 1050), ("b", 1051), ("c", 10), ("new", 5)]);
        let warnings = warnings(&recorded, &counted);
        assert_eq!(warnings.len(), 2, "{warnings:?}");
        assert!(
            warnings[0].starts_with("b: 1051 instructions, 5.1 % more"),
            "{warnings:?}"
        );
        assert!(warnings[1].starts_with("d: "), "{warnings:?}");
    }
}
