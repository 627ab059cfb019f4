//! What it takes to adopt: packages, and the command's start.

use std::error::Error;
use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::measure;

/// Starts of the command that are measured together: the kernel counts in hundredths of a second.
const STARTS: u32 = 100;

const CRATES: [&[&str]; 6] = [
    &["wx-card-types"],
    &["wx-card"],
    &["wx-card", "wx-http-hyper"],
    &["wx-store-redis"],
    &["wx-card-sandbox"],
    &["wx-card-cli"],
];

/// Two tables of the page.
pub(crate) fn tables() -> Result<String, Box<dyn Error>> {
    let mut page =
        String::from("## To adopt\n\n| crates | packages in the tree, themselves included |\n| --- | --- |\n");
    for crates in CRATES {
        writeln!(page, "| {} | {} |", crates.join(" + "), packages(crates)?)?;
    }
    let start = start()?;
    write!(
        page,
        "\n`wx-card sign values --ticket …` starts, signs and ends within {:.1} ms of CPU.\n",
        start.as_secs_f64() * 1e3
    )?;
    Ok(page)
}

fn packages(crates: &[&str]) -> Result<usize, Box<dyn Error>> {
    let mut command = Command::new("cargo");
    command.args([
        "tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}",
    ]);
    for name in crates {
        command.args(["--package", name]);
    }
    let output = command.stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8(output.stdout)?;
    let name_and_version = |line: &'_ str| line.split(" (").next().unwrap_or_default().to_owned();
    let packages: std::collections::BTreeSet<String> = text.lines().map(name_and_version).collect();
    Ok(packages.iter().filter(|package| !package.is_empty()).count())
}

fn start() -> Result<Duration, Box<dyn Error>> {
    let program = std::env::current_exe()?.with_file_name("wx-card");
    let before = measure::cpu_of_children()?;
    for _ in 0..STARTS {
        let output = Command::new(&program)
            .args([
                "sign",
                "values",
                "pFS7Fjg8kV1IdDz01r4SQwMkuCKc",
                "--ticket",
                "a-made-up-ticket",
            ])
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
    }
    Ok((measure::cpu_of_children()? - before) / STARTS)
}
