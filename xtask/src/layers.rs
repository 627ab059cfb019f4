//! Which crate may depend on what: checks the table against what cargo resolves.

mod table;

use std::collections::BTreeMap;
use std::error::Error;

use serde_json::Value;

use crate::cargo::{cargo, output, tree};
use crate::problem::{Checked, Problem, Rule};

use table::{HEAVY, LAYERS, Layer};

static LAYER: Rule = Rule {
    name: "layers",
    reason: "Two pure bottoms and one join: a new edge between crates is decided in review, in the table of \
             `xtask/src/layers/table.rs`.",
};

/// The crates that are not published: the examples to copy, what only tests need, and the tool that holds these rules.
const NOT_PUBLISHED: &[&str] = &[
    "wx-card-bench",
    "wx-card-examples",
    "wx-card-fleet",
    "wx-card-guide",
    "wx-card-lean",
    "wx-card-lean-reqwest",
    "wx-card-soak",
    "wx-http-examples",
    "wx-redis-fixture",
    "xtask",
];

/// The crates that are published, in the order in which they build.
pub(crate) fn published() -> impl Iterator<Item = &'static str> {
    LAYERS
        .iter()
        .map(|layer| layer.name)
        .filter(|name| !NOT_PUBLISHED.contains(name))
}

/// Checks every crate of the workspace against the table.
pub(crate) fn check() -> Checked {
    let declared = declared()?;
    let mut problems = Vec::new();
    for (name, dependencies) in &declared {
        match LAYERS.iter().find(|layer| layer.name == name) {
            None => problems.push(problem(name, "is not in the table of layers")),
            Some(layer) => {
                problems.extend(wrong_edges(layer, dependencies));
                // On this platform: some manifests have edges that no platform takes.
                problems.extend(too_many(layer, &Package::tree(name, &[])?));
                // On every platform, as users take it and with everything switched on.
                for features in [&["--target", "all"][..], &["--target", "all", "--all-features"]] {
                    problems.extend(wrong_reach(layer, &Package::tree(name, features)?));
                }
            }
        }
    }
    let gone = LAYERS.iter().filter(|layer| !declared.contains_key(layer.name));
    problems.extend(gone.map(|layer| problem(layer.name, "is in the table of layers, but not in the workspace")));
    // What is wrong with the usual features is wrong with all of them too.
    problems.sort_unstable();
    problems.dedup();
    Ok(problems)
}

fn problem(name: &str, text: impl Into<String>) -> Problem {
    Problem::new(&LAYER, name, text)
}

/// A dependency as a manifest declares it.
struct Dependency {
    name: String,
    is_for_tests: bool,
}

/// What each crate of the workspace declares, optional dependencies included.
fn declared() -> Result<BTreeMap<String, Vec<Dependency>>, Box<dyn Error>> {
    let mut command = cargo();
    let said = output(command.args(["metadata", "--format-version", "1", "--no-deps", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&said)?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    Ok(list(&metadata["packages"])
        .iter()
        .map(|package| {
            let dependencies = list(&package["dependencies"])
                .iter()
                .map(|dependency| Dependency {
                    name: text(&dependency["name"]),
                    is_for_tests: dependency["kind"] == "dev",
                })
                .collect();
            (text(&package["name"]), dependencies)
        })
        .collect())
}

/// Direct dependencies that the table does not have, and lines of the table without one.
fn wrong_edges(layer: &Layer, dependencies: &[Dependency]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for Dependency { name, is_for_tests } in dependencies {
        if layer.never.contains(&name.as_str()) {
            problems.push(problem(
                layer.name,
                format!("uses {name}, which not even its tests may"),
            ));
        } else if !is_for_tests && !layer.direct.iter().any(|(known, _)| known == name) {
            problems.push(problem(
                layer.name,
                format!("uses {name}, which the table of layers does not give it"),
            ));
        }
    }
    for (name, _) in layer.direct {
        let used = dependencies
            .iter()
            .any(|dependency| dependency.name == *name && !dependency.is_for_tests);
        if !used {
            problems.push(problem(
                layer.name,
                format!("does not use {name}; take it out of the table of layers"),
            ));
        }
    }
    problems
}

/// A package of a tree, with the features that the tree switches on.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Package {
    name: String,
    version: String,
    features: Vec<String>,
}

impl Package {
    /// What a build of `name` alone links.
    fn tree(name: &str, arguments: &[&str]) -> Result<Vec<Self>, Box<dyn Error>> {
        let mut all = vec!["-p", name, "-e", "normal"];
        all.extend(arguments);
        Ok(tree(&all, "{p}|{f}")?.iter().map(|line| Self::read(line)).collect())
    }

    /// Reads `name v1.0.0 (…)|feature,feature`.
    fn read(line: &str) -> Self {
        let (package, features) = line.split_once('|').unwrap_or((line, ""));
        let mut words = package.split(' ').map(str::to_owned);
        Self {
            name: words.next().unwrap_or_default(),
            version: words.next().unwrap_or_default(),
            features: features
                .split(',')
                .filter(|feature| !feature.is_empty())
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// What is in the tree of `layer` and may not be.
fn wrong_reach(layer: &Layer, packages: &[Package]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for package in packages {
        let name = package.name.as_str();
        let of_workspace = name != layer.name && LAYERS.iter().any(|layer| layer.name == name);
        if of_workspace && !layer.workspace.contains(&name) || HEAVY.contains(&name) && !layer.heavy.contains(&name) {
            problems.push(problem(layer.name, format!("reaches {name}, which it must not")));
        }
        let Some(allowed) = layer.tokio.filter(|_| name == "tokio") else {
            continue;
        };
        for feature in package
            .features
            .iter()
            .filter(|feature| !allowed.contains(&feature.as_str()))
        {
            problems.push(problem(
                layer.name,
                format!("switches on `{feature}` of tokio, which it must not"),
            ));
        }
    }
    problems
}

/// Whether the tree of `layer` has grown out of its measure.
fn too_many(layer: &Layer, packages: &[Package]) -> Option<Problem> {
    let mut names: Vec<_> = packages
        .iter()
        .map(|package| (&package.name, &package.version))
        .collect();
    names.dedup();
    let text = format!(
        "has {} packages in its tree; at most {} may be",
        names.len(),
        layer.packages
    );
    (names.len() > layer.packages).then(|| problem(layer.name, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(name: &str) -> &'static Layer {
        LAYERS.iter().find(|layer| layer.name == name).unwrap()
    }

    fn reach(name: &str, lines: &[&str]) -> Vec<String> {
        let packages: Vec<Package> = lines.iter().map(|line| Package::read(line)).collect();
        wrong_reach(layer(name), &packages)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_forbidden_reach_is_found() {
        assert!(
            reach(
                "wx-core",
                &["wx-core v0.1.0 (/a)|", "tokio v1.0.0|sync", "http v1.0.0|std"]
            )
            .is_empty()
        );
        assert_eq!(
            reach(
                "wx-core",
                &["hyper v1.0.0|", "wx-card-types v0.1.0 (/a)|", "tokio v1.0.0|net,sync"]
            ),
            [
                "wx-core: reaches hyper, which it must not [layers]",
                "wx-core: reaches wx-card-types, which it must not [layers]",
                "wx-core: switches on `net` of tokio, which it must not [layers]",
            ],
        );
        assert_eq!(reach("wx-card-types", &["tokio v1.0.0|sync"]).len(), 1);
        assert_eq!(reach("wx-card-sandbox", &["wx-card v0.1.0 (/a)|"]).len(), 1);
        assert!(reach("wx-http-hyper", &["tokio v1.0.0|net,sync", "rustls v0.23.0|ring"]).is_empty());
    }

    #[test]
    fn an_edge_without_a_line_and_a_line_without_an_edge_are_found() {
        let dependency = |name: &str, is_for_tests| Dependency {
            name: name.to_owned(),
            is_for_tests,
        };
        let xtask = layer("xtask");
        let needed = || [dependency("serde_json", false), dependency("toml", false)];
        let good: Vec<Dependency> = needed().into_iter().chain([dependency("anything", true)]).collect();
        assert!(wrong_edges(xtask, &good).is_empty());
        let more: Vec<Dependency> = needed().into_iter().chain([dependency("clap", false)]).collect();
        assert_eq!(wrong_edges(xtask, &more).len(), 1);
        assert_eq!(
            wrong_edges(xtask, &[dependency("serde_json", true), dependency("toml", false)]).len(),
            1
        );
        let sandbox = layer("wx-card-sandbox");
        let client = wrong_edges(sandbox, &[dependency("wx-card", true)]);
        assert!(
            client
                .iter()
                .any(|problem| problem.to_string().contains("not even its tests"))
        );
    }

    #[test]
    fn a_tree_that_has_grown_is_found() {
        let packages: Vec<Package> = (0..13)
            .map(|number| Package::read(&format!("a{number} v1.0.0|")))
            .collect();
        assert!(too_many(layer("wx-card-types"), &packages[..12]).is_none());
        assert!(too_many(layer("wx-card-types"), &packages).is_some());
    }

    #[test]
    fn every_line_has_a_reason() {
        for (name, reason) in LAYERS.iter().flat_map(|layer| layer.direct) {
            assert!(!reason.is_empty(), "{name}");
        }
    }
}
