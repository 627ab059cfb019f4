//! `wx-card completions` and `wx-card man`: what the shell and `man` know of the command.

use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use serde_json::json;

use crate::args::{Cli, CompletionsArgs, ManArgs};
use crate::failure::Failure;
use crate::output::{Format, print};

pub(super) fn completions(args: &CompletionsArgs, format: Format) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "wx-card", &mut script);
    let script = String::from_utf8_lossy(&script);
    // For bash, clap_complete writes the hyphen of the command's own name in two ways, and then no command completes.
    let script = script.replace("wx__subcmd__card", "wx__card");
    format.print(&json!({"shell": args.shell.to_string(), "script": script}), || {
        script.clone()
    })
}

pub(super) fn man(args: &ManArgs, format: Format) -> Result<(), Failure> {
    let mut command = Cli::command();
    command.build();
    let Some(folder) = &args.dir else {
        return print(&page(&command)?);
    };
    let cannot = |error| Failure::local(format!("{}: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(cannot)?;
    let mut names = Vec::new();
    write_pages(folder, &command, "wx-card", &mut names)?;
    format.print(&json!({"folder": folder, "pages": names}), || {
        format!("{} pages in {}", names.len(), folder.display())
    })
}

/// Writes the page of `command` and of all commands below it.
fn write_pages(folder: &Path, command: &Command, name: &str, names: &mut Vec<String>) -> Result<(), Failure> {
    let file = folder.join(format!("{name}.1"));
    let written = fs::write(&file, page(&command.clone().name(name.to_owned()))?);
    written.map_err(|error| Failure::local(format!("{}: {error}", file.display())))?;
    names.push(format!("{name}.1"));
    // `help` would be a page on each command once more.
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        write_pages(folder, below, &format!("{name}-{}", below.get_name()), names)?;
    }
    Ok(())
}

fn page(command: &Command) -> Result<String, Failure> {
    let mut page = Vec::new();
    let rendered = Man::new(command.clone()).render(&mut page);
    rendered.map_err(|error| Failure::local(error.to_string()))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
