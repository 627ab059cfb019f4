//! Asking cargo and git.

use std::env;
use std::error::Error;
use std::path::PathBuf;
use std::process::Command;

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    // Asked at run time first: a binary in a shared target directory may have been built from another clone.
    let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let mut root = PathBuf::from(manifest);
    root.pop();
    root
}

/// Cargo itself, in the root of the workspace: the one that runs us, where one does.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// What `command` prints; its own words when it fails.
pub(crate) fn output(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let output = command
        .output()
        .map_err(|error| format!("{}: {error}", shown(command)))?;
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?)
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("{} failed: {}", shown(command), said.trim()).into())
    }
}

/// The packages that `cargo tree` lists, each once: a line of `format` each.
pub(crate) fn tree(arguments: &[&str], format: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let mut command = cargo();
    command.args(["tree", "--locked", "--quiet", "--prefix", "none", "--format", format]);
    let mut lines: Vec<String> = output(command.args(arguments))?
        .lines()
        // Cargo marks what it has shown before.
        .map(|line| line.trim_end_matches(" (*)").to_owned())
        // It also leaves a line between the trees of a workspace.
        .filter(|line| !line.is_empty())
        .collect();
    lines.sort_unstable();
    lines.dedup();
    Ok(lines)
}

/// A command as one would type it.
fn shown(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let program = program
        .file_name()
        .unwrap_or(command.get_program())
        .to_string_lossy()
        .into_owned();
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    std::iter::once(program).chain(words).collect::<Vec<_>>().join(" ")
}
