//! Builds the bench and runs it.

use std::io;
use std::process::{Command, ExitStatus};

use crate::cargo::cargo;
use crate::problem::Checked;

const RUN: [&str; 5] = ["run", "--locked", "--quiet", "-p", "wx-card-bench"];
const BASELINE: &str = "crates/wx-card-bench/instructions.json";

/// Times the micro cases, then measures everything else and writes the page.
pub(crate) fn run(numbers: &[&str]) -> io::Result<ExitStatus> {
    let (rounds, millis) = match numbers {
        [] => ("5", "2000"),
        [rounds] => (*rounds, "2000"),
        [rounds, millis, ..] => (*rounds, *millis),
    };
    // It has two programs, and starts the command beside it.
    let build = [
        "build",
        "--locked",
        "--profile=bench",
        "-p",
        "wx-card-bench",
        "-p",
        "wx-card-cli",
    ];
    let micro = ["bench", "--locked", "-p", "wx-card-bench", "--bench", "micro"];
    for words in [&build[..], &micro[..]] {
        let status = cargo().args(words).status()?;
        if !status.success() {
            return Ok(status);
        }
    }
    cargo()
        .args(RUN)
        .args(["--profile=bench", "--", "report", "docs/performance.md", rounds, millis])
        .status()
}

/// Counts instructions, and compares them with those that were recorded, or records them.
pub(crate) fn instructions(more: &[&str]) -> io::Result<ExitStatus> {
    // As the demo was built, so that the test command need not build it all once more.
    cargo()
        .args(RUN)
        .args(["--release", "--", "instructions", BASELINE])
        .args(more)
        .status()
}

/// The step of the test command: it warns, and fails only when nothing can be counted though valgrind is there.
pub(crate) fn check_instructions() -> Checked {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("valgrind is not installed: instructions were not counted");
        return Ok(Vec::new());
    }
    let status = instructions(&[])?;
    if status.success() {
        Ok(Vec::new())
    } else {
        Err("the instructions could not be counted".into())
    }
}
