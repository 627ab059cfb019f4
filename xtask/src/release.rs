//! `cargo xtask release`: whether everything is ready to be published, and what a person then types.

use std::error::Error;
use std::fs;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::cargo::{cargo, output, root};
use crate::manifests;
use crate::problem::{Problem, Rule};

/// Names that somebody else has in the registry, and what ours is called there. In code it keeps its name:
/// docs/releasing.md shows the lines that change.
const RENAMED: &[(&str, &str)] = &[("wx-core", "wx-card-core")];

static RELEASE: Rule = Rule {
    name: "release",
    reason: "What is published cannot be taken back.",
};

/// Checks everything; with `is_dry_run` packages everything too, else says what to type.
pub(crate) fn run(is_dry_run: bool) -> Result<(), Box<dyn Error>> {
    let packages = manifests::published()?;
    let mut problems = manifests::check()?;
    problems.extend(versions(&packages));
    problems.extend(changelogs(&packages)?);
    problems.extend(order(&packages));
    problems.extend(uncommitted()?);
    if !is_dry_run {
        problems.extend(packages.iter().filter_map(taken));
    }
    if !problems.is_empty() {
        return Err(Problem::told(&problems).into());
    }
    println!("manifests, versions and changelogs are in order; so is the order:");
    for package in &packages {
        let (name, there) = (text(&package["name"]), in_registry(package));
        let renamed = if name == there {
            String::new()
        } else {
            format!(", to be renamed {there}")
        };
        println!("  {name} {}{renamed}", text(&package["version"]));
    }
    if is_dry_run {
        package()?;
        println!("every crate builds from its package");
        return semver();
    }
    println!("\nPublishing is for a person; docs/releasing.md says how. After `cargo xtask release --dry-run`:\n");
    for package in &packages {
        println!("  cargo publish --locked -p {}", text(&package["name"]));
    }
    Ok(())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// What a crate is called in the registry.
fn in_registry(package: &Value) -> &str {
    let renamed = RENAMED.iter().find(|(ours, _)| *ours == manifests::folder(package));
    renamed.map_or(text(&package["name"]), |(_, there)| there)
}

/// A crate that still has a name which is somebody else's.
fn taken(package: &Value) -> Option<Problem> {
    let (name, there) = (text(&package["name"]), in_registry(package));
    let told = || format!("is somebody else's name in the registry: make it {there}, as docs/releasing.md shows");
    (name != there).then(|| Problem::new(&RELEASE, name, told()))
}

/// Crates that need one which is published after them, be it for their tests: the registry takes no package that names
/// a version which is not there.
fn order(packages: &[Value]) -> Vec<Problem> {
    let names: Vec<&str> = packages.iter().map(|package| text(&package["name"])).collect();
    let mut problems = Vec::new();
    for (at, package) in packages.iter().enumerate() {
        let needed = package["dependencies"].as_array().into_iter().flatten();
        // What has no version is for us alone and not in the package.
        let needed = needed
            .filter(|dependency| dependency["req"] != "*")
            .map(|dependency| text(&dependency["name"]));
        for late in needed.filter(|needed| names.iter().skip(at).any(|name| name == needed)) {
            let text =
                format!("is published before {late}, which it needs: sort the table of xtask/src/layers/table.rs");
            problems.push(Problem::new(&RELEASE, names[at], text));
        }
    }
    problems
}

/// Crates of another version than the first.
fn versions(packages: &[Value]) -> Vec<Problem> {
    let first = packages.first().map_or("", |package| text(&package["version"]));
    let other = packages.iter().filter(|package| text(&package["version"]) != first);
    let told = |package: &Value| {
        let (name, version) = (text(&package["name"]), text(&package["version"]));
        Problem::new(
            &RELEASE,
            name,
            format!("is {version}, others are {first}: all have the version of the workspace"),
        )
    };
    other.map(told).collect()
}

/// Crates whose changelog says nothing of what is to be released.
fn changelogs(packages: &[Value]) -> Result<Vec<Problem>, Box<dyn Error>> {
    let mut problems = Vec::new();
    for package in packages {
        let (name, version) = (manifests::folder(package), text(&package["version"]));
        let changelog = fs::read_to_string(root().join("crates").join(name).join("CHANGELOG.md"))?;
        if !says_something(&changelog, version) {
            let text = format!("says nothing below `## Unreleased` or `## {version}`");
            problems.push(Problem::new(&RELEASE, format!("crates/{name}/CHANGELOG.md"), text));
        }
    }
    Ok(problems)
}

/// Whether there is a line in the section of what is to be released.
fn says_something(changelog: &str, version: &str) -> bool {
    changelog.split("\n## ").skip(1).any(|section| {
        let (heading, lines) = section.split_once('\n').unwrap_or((section, ""));
        let heading = heading.trim_matches(['[', ']', ' ']);
        (heading == "Unreleased" || heading.starts_with(version)) && lines.lines().any(|line| line.starts_with("- "))
    })
}

/// What is published is what is committed.
fn uncommitted() -> Result<Option<Problem>, Box<dyn Error>> {
    let said = output(Command::new("git").current_dir(root()).args(["status", "--porcelain"]))?;
    let files = said.lines().count();
    Ok((files > 0).then(|| {
        Problem::new(
            &RELEASE,
            "the working tree",
            format!("has {files} files that are not committed"),
        )
    }))
}

/// Packages all crates and builds each from its package, those before it in the place of the registry.
///
/// Cargo unpacks and builds a version from one registry once, and this registry is known by the folder it stands in: in
/// one that was there before, packages would be built against those of earlier runs.
pub(crate) fn package() -> Result<(), Box<dyn Error>> {
    let folder = root().join("target/packages");
    clear(&folder)?;
    let new = format!("{:016x}", RandomState::new().build_hasher().finish());
    let mut command = cargo();
    // What is not committed is found by name before, where that matters.
    command.args(["package", "--locked", "--quiet", "--allow-dirty", "--target-dir"]);
    command.arg(folder.join(new));
    for package in manifests::published()? {
        command.args(["-p", text(&package["name"])]);
    }
    if command.status()?.success() {
        Ok(clear(&folder)?)
    } else {
        Err("cargo package failed".into())
    }
}

fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// What the last release promised is kept, where that can be checked.
fn semver() -> Result<(), Box<dyn Error>> {
    let tag = Command::new("git")
        .current_dir(root())
        .args(["describe", "--tags", "--abbrev=0"])
        .output()?;
    if !tag.status.success() {
        println!("there is no release before this one whose promises are to be kept");
        return Ok(());
    }
    if Command::new("cargo-semver-checks").arg("--version").output().is_err() {
        println!("cargo-semver-checks is not installed: whether promises are kept was NOT checked");
        return Ok(());
    }
    let tag = String::from_utf8(tag.stdout)?;
    let status = cargo().args(["semver-checks", "--baseline-rev", tag.trim()]).status()?;
    if status.success() {
        Ok(())
    } else {
        Err("cargo semver-checks failed".into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_changelog_says_what_is_to_be_released() {
        assert!(says_something(
            "# Changelog\n\n## Unreleased\n\n### Added\n\n- a\n",
            "0.1.0"
        ));
        assert!(says_something(
            "# Changelog\n\n## [0.1.0] - 2026-12-01\n\n- a\n",
            "0.1.0"
        ));
        assert!(!says_something(
            "# Changelog\n\n## Unreleased\n\n## 0.0.9\n\n- a\n",
            "0.1.0"
        ));
        assert!(!says_something("# Changelog\n", "0.1.0"));
    }

    #[test]
    fn a_version_of_its_own_is_named() {
        let packages = [
            json!({"name": "a", "version": "0.1.0"}),
            json!({"name": "b", "version": "0.2.0"}),
        ];
        let told: Vec<String> = versions(&packages).iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 1);
        assert!(told[0].starts_with("b: is 0.2.0, others are 0.1.0"), "{told:?}");
    }

    #[test]
    fn what_needs_a_later_crate_is_named() {
        let package = |name: &str, needs: &str, version: &str| json!({"name": name, "dependencies": [{"name": needs, "req": version}]});
        let packages = [
            package("a", "b", "*"),
            package("c", "d", "^0.1.0"),
            package("d", "b", "^0.1.0"),
            package("b", "other", "^1.0"),
        ];
        let told: Vec<String> = order(&packages).iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(
            told[0].starts_with("c: is published before d, which it needs"),
            "{told:?}"
        );
        assert!(
            told[1].starts_with("d: is published before b, which it needs"),
            "{told:?}"
        );
    }

    #[test]
    fn a_name_that_is_taken_is_not_published() {
        let package = |name: &str| json!({"name": name, "manifest_path": "/a/crates/wx-core/Cargo.toml"});
        assert!(taken(&package("wx-core")).is_some());
        assert!(taken(&package("wx-card-core")).is_none());
        let other = json!({"name": "wx-card", "manifest_path": "/a/crates/wx-card/Cargo.toml"});
        assert!(taken(&other).is_none());
    }
}
