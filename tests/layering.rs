//! Which crate may use which: model <- rules <- judge; model <- scanner; model <- report; only the
//! program sees all, and nothing uses the generator of fixtures.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

#[test]
fn crates_use_only_those_below_them() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("complet-model", &[] as &[&str]),
        ("complet-rules", &["complet-model"]),
        ("complet-judge", &["complet-model", "complet-rules"]),
        ("complet-scanner", &["complet-model"]),
        ("complet-report", &["complet-model"]),
        (
            "complet",
            &["complet-judge", "complet-model", "complet-report", "complet-rules", "complet-scanner"],
        ),
    ]);
    let uses = workspace();
    for (name, allowed) in &allowed {
        let allowed: BTreeSet<String> = allowed.iter().map(|&a| a.to_owned()).collect();
        let used = uses.get(*name).unwrap_or_else(|| panic!("there is no crate {name}"));
        let beyond: Vec<_> = used.difference(&allowed).collect();
        assert!(beyond.is_empty(), "{name} must not use {beyond:?}");
    }
    for (name, used) in &uses {
        assert!(!used.contains("complet-fixtures"), "{name} must not use the generator of fixtures");
        let known = allowed.contains_key(name.as_str()) || name == "complet-fixtures";
        assert!(known, "{name}: say here what it may use");
    }
}

/// The crates of the workspace, each with those it uses outside its tests.
fn workspace() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    let uses = packages.iter().map(|package| {
        let normal = package["dependencies"].as_array().unwrap().iter().filter(|d| d["kind"].is_null());
        let own = normal.map(|d| text(&d["name"])).filter(|name| name.starts_with("complet"));
        (text(&package["name"]), own.collect())
    });
    uses.collect()
}
