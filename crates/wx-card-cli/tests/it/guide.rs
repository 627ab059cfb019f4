//! The `console` blocks of the guides, typed into a shell as a reader types them.
//!
//! A line that begins with `$ ` is typed in, with the lines that begin with `> ` below it; the lines after it are
//! what it prints, on stdout and stderr, and nothing else. `…` in a line is any text, on a line of its own any lines.
//! A command ends with 0, unless the next one is `echo $?`. One shell serves all blocks of a page, in an empty folder
//! that is its home. `wx-card sandbox` runs beside it to the end of the page, as in another terminal; whatever port of
//! this machine a page names is a free one instead.

mod block;
mod shell;

use std::fs;
use std::path::PathBuf;

use block::{Step, fits, steps};
use shell::Shell;

/// Types in all that a page says.
///
/// # Errors
///
/// What the first command that does something else than the page says printed.
fn follow(page: &str) -> Result<(), String> {
    let steps = steps(page)?;
    let mut shell = Shell::new();
    for (number, step) in steps.iter().enumerate() {
        let next = steps.get(number + 1).map(|next| next.command.as_str());
        follow_step(&mut shell, step, next == Some("echo $?"))?;
    }
    Ok(())
}

fn follow_step(shell: &mut Shell, step: &Step, may_fail: bool) -> Result<(), String> {
    let printed = if step.command.starts_with("wx-card sandbox") {
        shell.start_beside(&step.command)
    } else {
        shell.run(&step.command)
    };
    let expected: Vec<String> = step.expected.iter().map(|line| shell.with_ports(line)).collect();
    let wrong = if !fits(&expected, &printed) {
        format!("prints otherwise than\n{}", expected.join("\n"))
    } else if shell.status() != 0 && !may_fail {
        format!("ends with {}", shell.status())
    } else {
        return Ok(());
    };
    let Step { line, command, .. } = step;
    Err(format!(
        "line {line}: `{command}` {wrong}\n--- but ---\n{}",
        printed.join("\n")
    ))
}

/// Follows every page of a language, and tells of all that fail.
fn follow_all(language: &str) {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "..", "docs", "guide", language]
        .iter()
        .collect();
    let (mut typed, mut failures) = (0, Vec::new());
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "md") {
            let page = fs::read_to_string(&path).unwrap();
            typed += steps(&page).map_or(0, |steps| steps.len());
            if let Err(error) = follow(&page) {
                failures.push(format!("{}, {error}", path.display()));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(typed > 20, "only {typed} commands in all pages");
}

#[test]
fn the_english_guides_do_what_they_say() {
    follow_all("en");
}

#[test]
fn the_chinese_guides_do_what_they_say() {
    follow_all("zh");
}

/// What is wrong with a page that has this block.
fn wrong_with(block: &str) -> String {
    follow(&format!("# A page\n\n```console\n{block}\n```\n")).unwrap_err()
}

#[test]
fn a_page_that_is_right_passes() {
    let page = "```console\n$ A='one two' # said later\n$ cat <<'END'\n> $A\n> END\n$A\n```\n\n\
                1. In a list:\n   ```console\n   $ echo \"$A\"; echo three >&2\n   one …\n   three\n   $ false\n   $ echo $?\n   1\n   ```\n\n\
                ```text\n$ exit 7\n```\n";
    follow(page).unwrap();
}

#[test]
fn a_sandbox_serves_to_the_end_of_the_page() {
    let page = "```console\n$ wx-card sandbox --listen 127.0.0.1:8080\n{\"base_url\":\"http://127.0.0.1:8080\",…}\n\
                $ export WX_APP_ID=wx5a4dbc0fe1d2c3b4 WX_APP_SECRET=5a4db0c5a4db0c5a4db0c5a4db0c5a4d\n\
                $ alias wxc='wx-card --base-url http://127.0.0.1:8080'\n\
                $ wxc --output json card list | cat\n{\"total_num\":0,…}\n```\n";
    follow(page).unwrap();
}

#[test]
fn a_page_that_prints_otherwise_fails() {
    assert!(wrong_with("$ echo one\ntwo").starts_with("line 4: `echo one` prints otherwise than\ntwo\n"));
    assert!(wrong_with("$ echo one").contains("prints otherwise"));
    assert!(wrong_with("$ true\none").contains("prints otherwise"));
    assert!(wrong_with("$ wx-card sandbox --no-such-option\n{…}").contains("prints otherwise"));
}

#[test]
fn a_command_that_fails_fails_the_page() {
    assert!(wrong_with("$ (exit 3)").contains("ends with 3"));
    assert!(wrong_with("$ exit 3").contains("ends with 3"));
}

#[test]
fn what_no_command_prints_fails_the_page() {
    assert!(wrong_with("one\n$ echo one").contains("before the first command"));
    assert!(follow("```console\n$ true\n").unwrap_err().contains("never ends"));
}
