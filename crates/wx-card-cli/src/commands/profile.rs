//! `wx-card profile …`: the accounts in the settings file.

use std::path::Path;

use serde::Serialize;
use serde_json::json;

use crate::args::ProfileCommand;
use crate::config::Config;
use crate::failure::Failure;
use crate::output::{Format, Table};

/// A profile without what it need not tell.
#[derive(Serialize)]
struct Shown<'a> {
    name: &'a str,
    app_id: Option<&'a str>,
    base_url: Option<&'a str>,
    is_default: bool,
}

pub(super) fn run(command: &ProfileCommand, named: Option<&Path>, format: Format) -> Result<(), Failure> {
    let config = Config::read(named)?;
    if config.path.as_os_str().is_empty() {
        return Err(Failure::usage(
            "there is no settings file, as you have no home here; name one: --config FILE",
        ));
    }
    let path = config.path.display();
    match command {
        ProfileCommand::Path => format.print(&json!({"path": config.path}), || path.to_string()),
        ProfileCommand::List => {
            let profiles: Vec<Shown<'_>> = config
                .profiles
                .iter()
                .map(|(name, profile)| Shown {
                    name,
                    app_id: profile.app_id.as_deref(),
                    base_url: profile.base_url.as_deref(),
                    is_default: config.default.as_ref() == Some(name),
                })
                .collect();
            let text = || {
                if profiles.is_empty() {
                    format!("no profile; {path} would have them")
                } else {
                    table(&profiles).text()
                }
            };
            format.print_list(&profiles, || table(&profiles), text)
        }
    }
}

fn table(profiles: &[Shown<'_>]) -> Table {
    let mut table = Table::new(&["NAME", "APP ID", "SERVICE", "DEFAULT"]);
    for profile in profiles {
        let (app_id, base_url) = (profile.app_id.unwrap_or_default(), profile.base_url.unwrap_or_default());
        table.row(&[
            profile.name,
            app_id,
            base_url,
            if profile.is_default { "yes" } else { "" },
        ]);
    }
    table
}
