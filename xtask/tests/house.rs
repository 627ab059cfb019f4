//! The house rules as tests: `cargo test -p xtask` tells a contributor all that the checks know.

use std::io;
use std::process::{Command, Output};

fn xtask(arguments: &[&str]) -> io::Result<Output> {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output()
}

/// Runs a check as one would from a terminal; its own words are the failure.
fn assert_passes(arguments: &[&str]) -> io::Result<()> {
    let output = xtask(arguments)?;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo xtask {}\n{said}", arguments.join(" "));
    Ok(())
}

#[test]
fn the_source_text_is_tidy() -> io::Result<()> {
    assert_passes(&["tidy"])
}

#[test]
fn every_crate_keeps_to_its_layer() -> io::Result<()> {
    assert_passes(&["layers"])
}

#[test]
fn every_licence_is_one_of_ours() -> io::Result<()> {
    assert_passes(&["licences"])
}

#[test]
fn the_list_of_operations_is_current() -> io::Result<()> {
    assert_passes(&["endpoints", "--check"])
}

#[test]
fn what_is_no_command_is_refused() -> io::Result<()> {
    let output = xtask(&["no-such-command"])?;
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("cargo xtask COMMAND"));
    Ok(())
}
