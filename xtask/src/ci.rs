//! The test command: every step that must pass, in order of speed.

use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::cargo::cargo;
use crate::problem::{Checked, Problem};
use crate::source::Tree;
use crate::{bench, endpoints, layers, licences, manifests, release, tidy, tools};

/// One step.
struct Step {
    name: &'static str,
    run: Run,
}

enum Run {
    /// Cargo with these words; where they name `CRATE`, once for each published crate.
    Cargo(&'static str),
    /// Cargo once for each of these.
    Cargos(&'static [&'static str]),
    /// Cargo with these flags of the compiler and these words. Cargo keeps such a build beside the others.
    Flagged(&'static str, &'static str),
    /// A check of our own.
    House(fn() -> Checked),
}

const STEPS: &[Step] = &[
    // The one step that may change the machine; whoever runs a test step alone has the tests say what is missing.
    step("tools", Run::House(tools::ensure)),
    step("format", Run::Cargo("fmt --all --check")),
    step("tidy", Run::House(|| Ok(tidy::check(&Tree::read()?)))),
    step("endpoints", Run::House(|| Ok(endpoints::check(&Tree::read()?)))),
    step("layers", Run::House(layers::check)),
    step("licences", Run::House(licences::check)),
    step("manifests", Run::House(manifests::check)),
    step(
        "clippy",
        Run::Cargo("clippy --locked --workspace --all-targets --all-features -- -D warnings"),
    ),
    // Without its features a crate may have code that nothing uses.
    step(
        "clippy-bare",
        Run::Cargo("clippy --locked -p CRATE --no-default-features -- -D warnings"),
    ),
    // In the workspace a crate gets the features that others ask for; alone it shows what it forgot to ask for.
    step("build-alone", Run::Cargo("build --locked -p CRATE")),
    step("test", Run::Cargo("test --locked --workspace --all-targets")),
    // Every order in which threads can run through the token cache; its locks are others for that.
    step(
        "interleavings",
        Run::Flagged(
            "--cfg interleave -D warnings",
            "test --locked -p wx-core --lib interleav",
        ),
    ),
    // In the workspace the types get the hash that the client asks for; here each of the two.
    step("test-types", Run::Cargo("test --locked -p wx-card-types --all-targets")),
    step(
        "test-fast-sha1",
        Run::Cargo("test --locked -p wx-card-types --all-targets --features fast-sha1"),
    ),
    // HTTP/2 is a feature that nobody gets unasked.
    step(
        "test-http2",
        Run::Cargo("test --locked -p wx-http-hyper --all-targets --all-features"),
    ),
    // Those in the documentation, and the programs whose transports are there to be copied.
    step(
        "examples",
        Run::Cargos(&[
            "test --locked --workspace --doc",
            "run --locked -p wx-http-examples --example reqwest",
            "run --locked -p wx-http-examples --example tower",
            "run --locked -p wx-http-examples --example closure",
        ]),
    ),
    // The pages of the libraries; the command explains itself, and its page would overwrite that of the client.
    step("docs", Run::Cargo("doc --locked --workspace --no-deps --lib")),
    step(
        "docs-all",
        Run::Cargo("doc --locked --workspace --no-deps --lib --all-features"),
    ),
    // Each published crate from its package, as users get it: with the files that it has there, and no others.
    step("package", Run::House(|| release::package().map(|()| Vec::new()))),
    step("demo", Run::Cargo("run --locked --release -p wx-card-cli -- demo")),
    step("instructions", Run::House(bench::check_instructions)),
];

const fn step(name: &'static str, run: Run) -> Step {
    Step { name, run }
}

/// The names of the steps, in order.
pub(crate) fn names() -> Vec<&'static str> {
    STEPS.iter().map(|step| step.name).collect()
}

/// Runs the steps named, or all, and stops at the first that fails.
pub(crate) fn run(only: &[&str]) -> ExitCode {
    if let Some(unknown) = only.iter().find(|name| !names().contains(name)) {
        eprintln!("no step is called `{unknown}`; there are {}", names().join(", "));
        return ExitCode::from(2);
    }
    let mut summary = Vec::new();
    for step in STEPS.iter().filter(|step| only.is_empty() || only.contains(&step.name)) {
        println!("\n=== {}", step.name);
        let began = now();
        let outcome = step.run.run();
        let took = now().duration_since(began);
        summary.push((step.name, took));
        if let Err(error) = outcome {
            print_summary(&summary);
            eprintln!("\nfailed at `{}`: {error}", step.name);
            eprintln!("once mended, `cargo xtask ci {}` runs this step alone", step.name);
            return ExitCode::FAILURE;
        }
    }
    print_summary(&summary);
    println!("\nall {} steps passed", summary.len());
    ExitCode::SUCCESS
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a step took is told to a person and decides nothing"
)]
fn now() -> Instant {
    Instant::now()
}

fn print_summary(summary: &[(&str, Duration)]) {
    println!("\n=== summary");
    for (name, took) in summary {
        println!("{name:<16}{:>8.1} s", took.as_secs_f64());
    }
    let all: Duration = summary.iter().map(|(_, took)| *took).sum();
    println!("{:<16}{:>8.1} s", "together", all.as_secs_f64());
}

impl Run {
    fn run(&self) -> Result<(), Box<dyn Error>> {
        match self {
            Self::Cargo(words) if words.contains("CRATE") => {
                layers::published().try_for_each(|name| cargo_step(&words.replace("CRATE", name), None))
            }
            Self::Cargo(words) => cargo_step(words, None),
            Self::Cargos(lines) => lines.iter().try_for_each(|words| cargo_step(words, None)),
            Self::Flagged(flags, words) => cargo_step(words, Some(flags)),
            Self::House(check) => house_step(&check()?),
        }
    }
}

/// Runs cargo with `words`, and with `flags` for the compiler instead of those of the environment.
fn cargo_step(words: &str, flags: Option<&str>) -> Result<(), Box<dyn Error>> {
    let mut command = cargo();
    command.args(words.split_whitespace());
    // A snapshot that differs fails, whatever the environment of whoever runs this says.
    command.env("INSTA_UPDATE", "no").env_remove("INSTA_FORCE_PASS");
    // A link in the documentation that leads nowhere fails too.
    command.env("RUSTDOCFLAGS", "-D warnings");
    if let Some(flags) = flags {
        command.env("RUSTFLAGS", flags).env_remove("CARGO_ENCODED_RUSTFLAGS");
        print!("$ RUSTFLAGS='{flags}' ");
    } else {
        print!("$ ");
    }
    println!("cargo {words}");
    let status = command.status().map_err(|error| format!("cargo: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`cargo {words}` ended with {status}").into())
    }
}

fn house_step(problems: &[Problem]) -> Result<(), Box<dyn Error>> {
    match problems.len() {
        0 => Ok(()),
        count => Err(format!("{count} to mend\n{}", Problem::told(problems)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_step_fails() {
        assert!(Run::Cargo("--version --quiet").run().is_ok());
        assert!(
            Run::Cargo("metadata --quiet --manifest-path nowhere/Cargo.toml")
                .run()
                .is_err()
        );
        assert!(Run::Cargos(&["--version --quiet"]).run().is_ok());
        assert!(
            Run::Cargos(&[
                "metadata --quiet --manifest-path nowhere/Cargo.toml",
                "--version --quiet"
            ])
            .run()
            .is_err()
        );
        assert!(Run::Flagged("", "--version --quiet").run().is_ok());
        assert!(Run::Flagged("", "no-such-command --quiet").run().is_err());
        assert!(Run::House(|| Err("cannot look".into())).run().is_err());
        assert!(Run::House(|| Ok(Vec::new())).run().is_ok());
    }

    #[test]
    fn a_step_that_nobody_knows_is_refused() {
        assert_eq!(run(&["no-such-step"]), ExitCode::from(2));
    }

    #[test]
    fn no_two_steps_have_one_name() {
        let mut names = names();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STEPS.len());
    }
}
