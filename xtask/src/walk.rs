//! The newcomer's walk: does what the README says, in a fresh clone, as somebody who has only just come.

use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, io};

// One reader of such blocks is enough: the guides are walked through by it too.
#[path = "../../crates/wx-card-cli/tests/it/guide/block.rs"]
mod block;

use crate::cargo::root;
use block::{Step, fits, steps};

/// Begins the line that says how a command ended; no program prints it.
const MARK: char = '\u{1e}';

/// What serves until Ctrl-C gets it after so many seconds. The blank at its end lets an alias stand behind it.
const SERVES: &str = "alias serves_a_while='timeout --preserve-status --signal=INT 10 '\n";

/// Walks. The error is the first step that does something else than the README says.
pub(crate) fn walk() -> Result<(), Box<dyn Error>> {
    let folder = Folder::new()?;
    let clone = folder.0.join("wx-card");
    run(Command::new("git").args(["clone", "--quiet"]).arg(root()).arg(&clone))?;
    let cargo_home = folder.cargo_home()?;
    let page = fs::read_to_string(clone.join("README.md"))?;
    let steps = steps(&page)?;
    if steps.is_empty() {
        return Err("README.md has no console block".into());
    }
    let script = folder.0.join("steps.sh");
    fs::write(&script, script_of(&steps))?;
    let mut shell = Command::new("bash")
        .arg(&script)
        .current_dir(&clone)
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .env("RUSTUP_HOME", rustup_home())
        .env("CARGO_HOME", cargo_home)
        .env("HOME", &folder.0)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let printed = shell.stdout.take().ok_or("the shell has no output")?;
    let walked = follow(&steps, BufReader::new(printed));
    // After a step that fails nothing more is of use.
    drop(shell.kill());
    shell.wait()?;
    walked
}

/// The commands in one shell, each followed by a mark and how it ended.
fn script_of(steps: &[Step]) -> String {
    let mut script = format!("exec 2>&1\nshopt -s expand_aliases\n{SERVES}");
    for step in steps {
        let serves = step.command.ends_with(" sandbox");
        let prefix = if serves { "serves_a_while" } else { "" };
        script.push_str(&format!("{prefix} {}\nprintf '\\n{MARK}%d\\n' $?\n", step.command));
    }
    script
}

fn follow(steps: &[Step], printed: impl io::BufRead) -> Result<(), Box<dyn Error>> {
    let mut lines = printed.lines();
    for step in steps {
        println!("$ {}", step.command);
        let mut shown = Vec::new();
        let status = loop {
            let line = lines.next().ok_or("the shell has ended early")??;
            match line.strip_prefix(MARK) {
                Some(status) => break status.to_owned(),
                None => shown.push(line),
            }
        };
        // The mark begins a line of its own.
        shown.pop_if(|line| line.is_empty());
        if status != "0" || !fits(&step.expected, &shown) {
            let (line, command, expected) = (step.line, &step.command, step.expected.join("\n"));
            return Err(format!(
                "README.md, line {line}: `{command}` ended with {status} and printed\n{}\n--- where the page says ---\n{expected}",
                shown.join("\n")
            )
            .into());
        }
    }
    println!("{} commands of README.md do what it says", steps.len());
    Ok(())
}

fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    if command.status()?.success() {
        Ok(())
    } else {
        Err(format!("{command:?} failed").into())
    }
}

/// Where the toolchains are, which a newcomer has.
fn rustup_home() -> OsString {
    let home = || Path::new(&env::var_os("HOME").unwrap_or_default()).join(".rustup");
    env::var_os("RUSTUP_HOME").unwrap_or_else(|| home().into_os_string())
}

/// A folder that goes away with the walk.
struct Folder(PathBuf);

impl Folder {
    fn new() -> io::Result<Self> {
        let path = env::temp_dir().join(format!("wx-card-walk-{}", std::process::id()));
        fs::create_dir(&path).map(|()| Self(path))
    }

    /// A home of cargo's with nothing in it but the packages that are on this machine already, so that the walk needs no
    /// network and can be repeated.
    fn cargo_home(&self) -> io::Result<PathBuf> {
        let ours = env::var_os("CARGO_HOME").map_or_else(
            || Path::new(&env::var_os("HOME").unwrap_or_default()).join(".cargo"),
            PathBuf::from,
        );
        let home = self.0.join("cargo-home");
        fs::create_dir(&home)?;
        link(&ours.join("registry"), &home.join("registry"))?;
        fs::write(home.join("config.toml"), "[net]\noffline = true\n")?;
        Ok(home)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind is in the folder for temporary files.
        drop(fs::remove_dir_all(&self.0));
    }
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

#[cfg(not(unix))]
fn link(_from: &Path, _to: &Path) -> io::Result<()> {
    Err(io::Error::other("the walk is for Unix"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walked(page: &str) -> Result<(), String> {
        let steps = steps(page)?;
        let output = Command::new("bash").args(["-c", &script_of(&steps)]).output();
        let output = output.map_err(|error| error.to_string())?;
        follow(&steps, &*output.stdout).map_err(|error| error.to_string())
    }

    #[test]
    fn a_page_is_followed_in_one_shell() {
        walked("```console\n$ alias say='echo one'\n$ say two\none two\n$ printf three\n…\n```\n").unwrap();
    }

    #[test]
    fn what_fails_or_prints_otherwise_is_told_with_its_line() {
        let told = walked("```console\n$ echo one\ntwo\n```\n").unwrap_err();
        assert!(
            told.contains("line 2: `echo one` ended with 0 and printed\none\n"),
            "{told}"
        );
        let told = walked("```console\n$ true\n$ (exit 3)\n```\n").unwrap_err();
        assert!(told.contains("line 3: `(exit 3)` ended with 3"), "{told}");
    }
}
