use serde_json::json;

use super::*;

/// A workspace with every crate of the table, and with what `edges` adds: (who, kind, whom).
fn metadata(edges: &[(&str, &str, &str)]) -> Value {
    let mut names: BTreeSet<&str> = RULES.iter().map(|rule| rule.package).collect();
    for (who, _, whom) in edges {
        names.extend([*who, *whom]);
    }
    let kind = |kind: &str| {
        if kind == "normal" {
            Value::Null
        } else {
            json!(kind)
        }
    };
    let of = |name: &str| {
        edges
            .iter()
            .filter(move |(who, _, _)| *who == name)
            .collect::<Vec<_>>()
    };
    let packages: Vec<Value> = names
        .iter()
        .map(|name| {
            let ours = RULES.iter().any(|rule| rule.package == *name);
            json!({
                "id": format!("id-{name}"),
                "name": name,
                "source": if ours { Value::Null } else { json!("elsewhere") },
                "dependencies": of(name)
                    .iter()
                    .map(|(_, k, whom)| json!({"name": whom, "kind": kind(k)}))
                    .collect::<Vec<_>>(),
            })
        })
        .collect();
    let nodes: Vec<Value> = names
        .iter()
        .map(|name| {
            json!({
                "id": format!("id-{name}"),
                "features": [],
                "deps": of(name)
                    .iter()
                    .map(|(_, k, whom)| json!({
                        "pkg": format!("id-{whom}"),
                        "dep_kinds": [{"kind": kind(k)}],
                    }))
                    .collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({"packages": packages, "resolve": {"nodes": nodes}})
}

#[test]
fn crates_that_keep_to_the_table_pass() {
    let metadata = metadata(&[
        ("domain", "normal", "serde"),
        ("helpdesk", "normal", "domain"),
        ("helpdesk", "normal", "reqwest"),
        ("engine", "normal", "helpdesk"),
        ("platform", "normal", "engine"),
    ]);
    assert_eq!(breaches(&metadata), Vec::<String>::new());
}

#[test]
fn the_pure_crate_may_use_only_what_is_listed() {
    let metadata = metadata(&[("domain", "normal", "rand")]);
    assert_eq!(breaches(&metadata), ["domain may not use rand"]);
}

#[test]
fn tests_may_use_what_they_like() {
    let metadata = metadata(&[("domain", "dev", "tokio"), ("simulator", "dev", "helpdesk")]);
    assert_eq!(breaches(&metadata), Vec::<String>::new());
}

#[test]
fn a_border_crossed_by_a_detour_is_found_and_the_way_is_shown() {
    let metadata = metadata(&[
        ("simulator", "normal", "wire-types"),
        ("wire-types", "normal", "domain"),
    ]);
    assert_eq!(
        breaches(&metadata),
        ["simulator may not reach domain: wire-types -> domain"]
    );
}

#[test]
fn a_crate_that_only_its_neighbour_may_use_is_no_breach_behind_that_neighbour() {
    let direct = metadata(&[("engine", "normal", "reqwest")]);
    assert_eq!(breaches(&direct), ["engine may not use reqwest"]);
}

#[test]
fn a_missing_crate_is_told_instead_of_passing_silently() {
    let metadata = json!({"packages": [], "resolve": {"nodes": []}});
    assert_eq!(breaches(&metadata).len(), RULES.len());
}

#[test]
fn a_d_bus_library_on_tokio_is_found_whoever_asks_for_it() {
    let mut metadata = metadata(&[("platform", "normal", "zbus")]);
    for node in metadata["resolve"]["nodes"].as_array_mut().unwrap() {
        if node["id"] == "id-zbus" {
            node["features"] = json!(["async-io", "tokio"]);
        }
    }
    let breaches = breaches(&metadata);
    assert_eq!(breaches.len(), 1);
    assert!(breaches[0].contains("cargo tree -e features -i zbus"));
}
