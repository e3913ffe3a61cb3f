//! Who may depend on whom: the borders between the crates, checked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Result;
use crate::workspace::{Workspace, array, members};

/// What one of our crates may use.
struct Rule {
    package: &'static str,
    /// If given, the only direct dependencies.
    only: Option<&'static [&'static str]>,
    /// Never a direct dependency.
    never: &'static [&'static str],
    /// Never a dependency, not even of a dependency.
    out_of_reach: &'static [&'static str],
}

/// The table of `docs/ARCHITECTURE.md`. Dependencies of tests are free.
const RULES: [Rule; 7] = [
    Rule {
        package: "domain",
        only: Some(&["serde", "thiserror", "jiff"]),
        never: &[],
        out_of_reach: &["tokio"],
    },
    Rule {
        // What proves the session may share nothing with those who use it.
        package: "truth",
        only: Some(&["domain", "fastrand", "jiff", "serde", "serde_json"]),
        never: &[],
        out_of_reach: &["tokio"],
    },
    Rule {
        package: "helpdesk",
        only: None,
        never: &["engine", "platform", "simulator", "keyring", "keyring-core"],
        out_of_reach: &["tauri", "zbus"],
    },
    Rule {
        package: "engine",
        only: None,
        never: &["reqwest", "platform", "simulator"],
        out_of_reach: &["tauri", "keyring", "keyring-core", "notify-rust"],
    },
    Rule {
        // A type shared with the product would hide a wrong field name from every test.
        package: "simulator",
        only: None,
        never: &[],
        out_of_reach: &["domain", "helpdesk", "engine", "platform", "tauri"],
    },
    Rule {
        package: "platform",
        only: None,
        never: &["helpdesk", "simulator", "reqwest"],
        out_of_reach: &["tauri"],
    },
    Rule {
        package: "statusctl",
        only: None,
        never: &["simulator", "reqwest"],
        out_of_reach: &["tauri"],
    },
];

/// Features that put the D-Bus library on tokio.
///
/// Its blocking calls then panic inside the app's own runtime, which shows only when a secret is read. Features add
/// up over the whole build, so nobody may ask for them, not even a test.
const BANNED_FEATURES: [(&str, &str); 5] = [
    ("zbus", "tokio"),
    ("ksni", "tokio"),
    ("secret-service", "rt-tokio"),
    ("zbus-secret-service-keyring-store", "rt-tokio"),
    ("zbus-secret-service-keyring-store", "tokio"),
];

/// Checks every rule and names every breach.
///
/// # Errors
///
/// If a rule is broken, or names a crate that is not there.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let breaches = breaches(workspace.metadata());
    if breaches.is_empty() {
        println!(
            "{} crates keep to their dependencies; no D-Bus library runs on tokio",
            RULES.len()
        );
        return Ok(());
    }
    Err(breaches.join("\n").into())
}

fn breaches(metadata: &Value) -> Vec<String> {
    let graph = Graph::read(metadata);
    let mut breaches = Vec::new();
    for rule in &RULES {
        let name = rule.package;
        let Some(package) = members(metadata).find(|package| package["name"] == name) else {
            breaches.push(format!("there is no crate {name}"));
            continue;
        };
        let direct: BTreeSet<&str> = array(&package["dependencies"])
            .filter(|dependency| dependency["kind"].is_null())
            .filter_map(|dependency| dependency["name"].as_str())
            .collect();
        for dependency in &direct {
            let strange = rule.only.is_some_and(|only| !only.contains(dependency));
            if strange || rule.never.contains(dependency) {
                breaches.push(format!("{name} may not use {dependency}"));
            }
        }
        let reached = graph.reach(package["id"].as_str().unwrap_or_default());
        for banned in rule.out_of_reach {
            if let Some(way) = reached.get(banned) {
                breaches.push(format!("{name} may not reach {banned}: {way}"));
            }
        }
    }
    breaches.extend(banned_features(metadata));
    breaches
}

fn banned_features(metadata: &Value) -> Vec<String> {
    let mut breaches = Vec::new();
    for node in array(&metadata["resolve"]["nodes"]) {
        let id = node["id"].as_str().unwrap_or_default();
        let name = name_of(id, metadata);
        for feature in array(&node["features"]).filter_map(Value::as_str) {
            if BANNED_FEATURES
                .iter()
                .any(|(package, banned)| *package == name && feature.starts_with(banned))
            {
                breaches.push(format!(
                    "the feature \"{feature}\" of {name} is on; see who asks: cargo tree -e features -i {name}"
                ));
            }
        }
    }
    breaches
}

fn name_of<'a>(id: &str, metadata: &'a Value) -> &'a str {
    array(&metadata["packages"])
        .find(|package| package["id"] == id)
        .and_then(|package| package["name"].as_str())
        .unwrap_or_default()
}

/// Which package needs which to be compiled into a product; tests and build scripts left out.
struct Graph<'a> {
    names: BTreeMap<&'a str, &'a str>,
    edges: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Graph<'a> {
    fn read(metadata: &'a Value) -> Self {
        let names = array(&metadata["packages"])
            .filter_map(|package| Some((package["id"].as_str()?, package["name"].as_str()?)))
            .collect();
        let edges = array(&metadata["resolve"]["nodes"])
            .filter_map(|node| {
                let needed = array(&node["deps"])
                    .filter(|dependency| {
                        array(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null())
                    })
                    .filter_map(|dependency| dependency["pkg"].as_str())
                    .collect();
                Some((node["id"].as_str()?, needed))
            })
            .collect();
        Self { names, edges }
    }

    /// Every package that `start` needs, by name, with the way to it.
    fn reach(&self, start: &str) -> BTreeMap<&'a str, String> {
        let mut ways = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<(&str, String)> = vec![(start, String::new())];
        while let Some((id, way)) = open.pop() {
            for next in self.edges.get(id).into_iter().flatten() {
                if !seen.insert(*next) {
                    continue;
                }
                let name = self.names.get(next).copied().unwrap_or(next);
                let way = if way.is_empty() {
                    name.to_owned()
                } else {
                    format!("{way} -> {name}")
                };
                ways.insert(name, way.clone());
                open.push((next, way));
            }
        }
        ways
    }
}

#[cfg(test)]
mod tests;
