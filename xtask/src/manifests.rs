//! What the manifest of a published crate must say, and what must lie beside it.

use std::error::Error;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::cargo::{cargo, output, root};
use crate::layers;
use crate::problem::{Checked, Problem, Rule};

static MANIFEST: Rule = Rule {
    name: "manifests",
    reason: "Whoever finds a crate in the registry learns from its manifest what it is, and has its licences with it.",
};

/// Most keywords that the registry takes.
const MOST_KEYWORDS: usize = 5;

/// Files that every published crate has, its own or a link to that of the workspace.
const FILES: [&str; 4] = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"];

/// The page that links the changelogs of all published crates.
const CHANGELOGS: &str = "CHANGELOG.md";

/// What cargo says of the published crates, in the order in which they are published.
///
/// They are found by their folders: a package may be called otherwise in the registry.
pub(crate) fn published() -> Result<Vec<Value>, Box<dyn Error>> {
    let mut command = cargo();
    let said = output(command.args(["metadata", "--format-version", "1", "--no-deps", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&said)?;
    layers::published()
        .map(|name| {
            let packages = metadata["packages"].as_array().into_iter().flatten();
            let mut there = packages.filter(|package| folder(package) == name);
            there
                .next()
                .cloned()
                .ok_or_else(|| format!("there is no crate {name}").into())
        })
        .collect()
}

/// The folder of a package below `crates`, called like the crate in code.
pub(crate) fn folder(package: &Value) -> &str {
    let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
    let folder = manifest.parent().and_then(Path::file_name);
    folder.and_then(OsStr::to_str).unwrap_or_default()
}

/// Checks all of them.
pub(crate) fn check() -> Checked {
    let published = published()?;
    let changelogs = fs::read_to_string(root().join(CHANGELOGS))?;
    let names = published.iter().map(folder);
    let mut problems: Vec<Problem> = published.iter().flat_map(problems).collect();
    problems.extend(unlisted(names, &changelogs));
    Ok(problems)
}

/// The crates whose changelog the page of all changelogs does not link.
fn unlisted<'a>(names: impl Iterator<Item = &'a str>, changelogs: &str) -> Vec<Problem> {
    names
        .map(|name| format!("[{name}](crates/{name}/CHANGELOG.md)"))
        .filter(|link| !changelogs.contains(link))
        .map(|link| Problem::new(&MANIFEST, CHANGELOGS, format!("has no link {link}")))
        .collect()
}

fn problems(package: &Value) -> Vec<Problem> {
    let name = package["name"].as_str().unwrap_or_default();
    let mut texts = Vec::new();
    if package["publish"].as_array().is_some_and(Vec::is_empty) {
        texts.push("is not to be published; put it into NOT_PUBLISHED of xtask/src/layers.rs".to_owned());
    }
    for member in ["description", "license", "repository", "readme"] {
        if package[member].as_str().unwrap_or_default().is_empty() {
            texts.push(format!("has no {member}"));
        }
    }
    let count = |member: &str| package[member].as_array().map_or(0, Vec::len);
    if !(1..=MOST_KEYWORDS).contains(&count("keywords")) {
        texts.push(format!(
            "has {} keywords, must have 1 to {MOST_KEYWORDS}",
            count("keywords")
        ));
    }
    if count("categories") == 0 {
        texts.push("has no category".to_owned());
    }
    if package["metadata"]["docs"]["rs"]["all-features"] != true {
        texts.push("does not ask docs.rs for all features: [package.metadata.docs.rs]".to_owned());
    }
    let folder = root().join("crates").join(folder(package));
    let missing = FILES.iter().filter(|file| !folder.join(file).is_file());
    texts.extend(missing.map(|file| format!("has no {file}")));
    texts
        .into_iter()
        .map(|text| Problem::new(&MANIFEST, name, text))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let package = json!({"name": "wx-core", "manifest_path": "/a/crates/wx-core/Cargo.toml", "description": "", "license": "MIT", "repository": "r", "readme": "README.md",
            "keywords": ["a", "b", "c", "d", "e", "f"], "categories": [], "publish": []});
        let told: Vec<String> = problems(&package).iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 5, "{told:?}");
        assert!(told.iter().any(|line| line.contains("has no description")), "{told:?}");
        assert!(told.iter().any(|line| line.contains("has 6 keywords")), "{told:?}");
    }

    #[test]
    fn a_changelog_that_nothing_links_is_named() {
        let told = unlisted(
            ["wx-core", "wx-card"].into_iter(),
            "- [wx-core](crates/wx-core/CHANGELOG.md)\n",
        );
        assert_eq!(told.len(), 1);
        let told = told[0].to_string();
        assert!(
            told.starts_with("CHANGELOG.md: has no link [wx-card](crates/wx-card/CHANGELOG.md)"),
            "{told}"
        );
    }
}
