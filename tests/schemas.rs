//! The committed JSON Schemas are those of the types, and what is written keeps to them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn complet(args: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_complet"))
        .env("COMPLET_CACHE", "")
        .args(args)
        .env("LC_ALL", "C")
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn committed_schemas_are_those_of_the_types() {
    for (which, name) in
        [("report", "report.v1.json"), ("doctype", "doctype.json"), ("requirements", "requirements.json")]
    {
        let path = root().join("schemas").join(name);
        let made = String::from_utf8(complet(&["schema", which])).unwrap();
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            committed, made,
            "schemas/{name} is out of date: run `just schemas` and look at the change"
        );
    }
}

#[test]
fn reports_keep_to_the_schema() {
    let schema: Value = serde_json::from_slice(&complet(&["schema", "report"])).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let dossiers = dossiers();
    assert!(!dossiers.is_empty(), "no dossier in fixtures/dossiers");
    for dossier in dossiers {
        let args = ["check", "--as-of", "2026-11-15", "--format", "json", "--exit-zero", &dossier];
        let report: Value = serde_json::from_slice(&complet(&args)).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&report).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{dossier}: {errors:#?}");
        // A schema that takes anything would pass as well.
        for key in schema["required"].as_array().unwrap() {
            let mut less = report.clone();
            less.as_object_mut().unwrap().remove(key.as_str().unwrap());
            assert!(!validator.is_valid(&less), "a report without {key} passes");
        }
    }
}

#[test]
fn built_in_rules_keep_to_their_schemas() {
    for (which, folder) in [("doctype", "doctypes"), ("requirements", "requirements")] {
        let schema: Value = serde_json::from_slice(&complet(&["schema", which])).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let mut count = 0;
        for entry in root().join("crates/rules/data").join(folder).read_dir().unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let rules: Value = toml::from_str(&text).unwrap();
            let errors: Vec<String> =
                validator.iter_errors(&rules).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
            count += 1;
        }
        assert!(count > 0, "no rules in {folder}");
    }
}

/// The committed dossiers, relative to the repository.
fn dossiers() -> Vec<String> {
    let entries = root().join("fixtures/dossiers").read_dir().into_iter().flatten();
    let folders = entries.map(|e| e.unwrap()).filter(|e| e.file_type().unwrap().is_dir());
    let mut names: Vec<String> =
        folders.map(|e| format!("fixtures/dossiers/{}", e.file_name().to_str().unwrap())).collect();
    names.sort();
    names
}
