//! The workspace's own commands: the test command and the checks that hold the house rules.
//!
//! `cargo xtask` without arguments lists them.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to whoever runs it"
)]

mod bench;
mod book;
mod cargo;
mod ci;
mod endpoints;
mod layers;
mod licences;
mod manifests;
mod pictures;
mod problem;
mod release;
mod source;
mod tidy;
mod tools;
mod walk;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use problem::{Checked, Problem};
use source::Tree;

const USAGE: &str = "\
cargo xtask COMMAND

  ci [STEP]...         everything that must pass, in order; or only the steps named
  ci --list            the names of the steps
  tidy                 house rules over the source text (docs/style.md)
  layers               which crate may depend on what
  licences             licences of everything that is linked
  manifests            what the registry is told of each published crate
  release [--dry-run]  whether all is ready to be published; with the option everything is packaged and built too
  endpoints [--check]  write docs/endpoints.md, or check that it is current
  pictures             draws docs/pictures from what the command shows
  walk                 does what the README says, in a fresh clone of what is committed; takes as long as all tests
  book                 the guides as two books, in target/book; needs mdbook
  bench [ROUNDS [MS]]  writes docs/performance.md: ours and the bare transport in turns, 5 rounds of 2000 ms each
  instructions [record]
                       counts the instructions of each micro case by valgrind, and warns of more than were recorded
  soak [OPTION]...     tills that redeem while everything breaks: --minutes N --seed S --tills T --faults SHARE";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["ci", "--list"] => {
            println!("{}", ci::names().join("\n"));
            ExitCode::SUCCESS
        }
        ["ci", steps @ ..] => ci::run(steps),
        ["tidy"] => report("tidy", Tree::read().map(|tree| tidy::check(&tree))),
        ["layers"] => report("layers", layers::check()),
        ["licences"] => report("licences", licences::check()),
        ["endpoints", "--check"] => report("endpoints", Tree::read().map(|tree| endpoints::check(&tree))),
        ["book"] => book(),
        ["pictures"] => written("pictures", pictures::write()),
        ["bench", numbers @ ..] => told("bench", bench::run(numbers)),
        ["instructions"] => told("instructions", bench::instructions(&[])),
        ["instructions", "record"] => told("instructions", bench::instructions(&["record"])),
        ["manifests"] => report("manifests", manifests::check()),
        ["release"] => done("release", release::run(false)),
        ["release", "--dry-run"] => done("release", release::run(true)),
        ["walk"] => done("walk", walk::walk()),
        ["soak", options @ ..] => soak(options),
        ["endpoints"] => report("endpoints", Tree::read().and_then(|tree| endpoints::write(&tree))),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// Builds the books of the guides.
fn book() -> ExitCode {
    match book::build() {
        Ok(books) => {
            for book in books {
                println!("{}", book.display());
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("book: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Says what went wrong.
fn done(name: &str, outcome: Result<(), Box<dyn Error>>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Says what was written.
fn written(name: &str, path: Result<PathBuf, Box<dyn Error>>) -> ExitCode {
    match path {
        Ok(path) => {
            println!("{}", path.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Builds the soak and runs it.
fn soak(options: &[&str]) -> ExitCode {
    let arguments = ["run", "--locked", "--quiet", "--release", "-p", "wx-card-soak", "--"];
    told("soak", cargo::cargo().args(arguments).args(options).status())
}

/// How programs ended.
fn told(name: &str, ended: std::io::Result<std::process::ExitStatus>) -> ExitCode {
    match ended {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints what a check found; any problem fails it.
fn report(name: &str, checked: Checked) -> ExitCode {
    match checked {
        Ok(problems) if problems.is_empty() => {
            println!("{name}: fine");
            ExitCode::SUCCESS
        }
        Ok(problems) => {
            eprintln!("{}", Problem::told(&problems));
            eprintln!("{name}: {} to mend", problems.len());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}
