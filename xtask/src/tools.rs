//! The programs that the tests run besides cargo's: makes sure that they are there.

use std::error::Error;
use std::process::{Command, Stdio};

use crate::problem::Checked;

/// Installs `redis-server` where it is missing and may be installed; the tests start servers of their own with it.
pub(crate) fn ensure() -> Checked {
    if !runs("redis-server", &["--version"]) {
        install().map_err(|why| {
            format!(
                "the tests start `redis-server`, which is not here, and {why}: \
                 run `apt-get install --no-install-recommends redis-server`, or what your system has instead"
            )
        })?;
    }
    Ok(Vec::new())
}

fn install() -> Result<(), Box<dyn Error>> {
    if !runs("apt-get", &["--version"]) {
        return Err("there is no `apt-get` to install it".into());
    }
    let root: &[&str] = if says("id", &["-u"])?.trim() == "0" {
        &[]
    } else if runs("sudo", &["-n", "true"]) {
        &["sudo", "-n"]
    } else {
        return Err("only root can install it".into());
    };
    // Below run level 2 the package does not start a service of its own.
    let quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", "-q"];
    if let Err(why) = must_run(&[root, &quiet, &["update"]].concat()) {
        // One source of many may be out of reach; what is known of the others may do.
        println!("{why}");
    }
    let install = ["install", "-y", "--no-install-recommends", "redis-server"];
    must_run(&[root, &quiet, &install].concat())?;
    // Where that is not heeded: it was not here before us, so nobody else needs it to run.
    let stop = [root, &["service", "redis-server", "stop"]].concat();
    if must_run(&stop).is_err() {
        println!("(there was no service to stop)");
    }
    if runs("redis-server", &["--version"]) {
        Ok(())
    } else {
        Err("installing it did not bring it".into())
    }
}

/// Whether `program` is there and ends well.
fn runs(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn says(program: &str, arguments: &[&str]) -> Result<String, Box<dyn Error>> {
    crate::cargo::output(Command::new(program).args(arguments))
}

fn must_run(words: &[&str]) -> Result<(), Box<dyn Error>> {
    let line = words.join(" ");
    println!("$ {line}");
    let (program, arguments) = words.split_first().ok_or("there is nothing to run")?;
    let status = Command::new(program).args(arguments).stdin(Stdio::null()).status()?;
    let failed = || format!("`{line}` ended with {status}").into();
    status.success().then_some(()).ok_or_else(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_there_if_it_ends_well() {
        assert!(runs("true", &[]));
        assert!(!runs("false", &[]));
        assert!(!runs("no-such-program", &[]));
    }

    #[test]
    fn what_fails_is_told_with_its_words() {
        assert!(must_run(&["true"]).is_ok());
        let error = must_run(&["sh", "-c", "exit 3"]).unwrap_err().to_string();
        assert!(error.contains("`sh -c exit 3`") && error.contains('3'), "{error}");
        assert!(must_run(&["no-such-program"]).is_err());
        assert!(must_run(&[]).is_err());
    }
}
