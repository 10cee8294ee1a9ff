//! The committed JSON Schemas are those of the types, and what is written keeps to them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

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
    for (which, name) in [
        ("report", "report.v1.json"),
        ("doctype", "doctype.json"),
        ("requirements", "requirements.json"),
        ("dossier", "dossier.json"),
    ] {
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
        if dossier.ends_with("gaps-castillo") {
            examples_are_true(&report);
        }
        // A schema that takes anything would pass as well.
        for key in schema["required"].as_array().unwrap() {
            let mut less = report.clone();
            less.as_object_mut().unwrap().remove(key.as_str().unwrap());
            assert!(!validator.is_valid(&less), "a report without {key} passes");
        }
    }
}

fn guide() -> String {
    std::fs::read_to_string(root().join("docs/report.md")).unwrap()
}

/// The examples of the guide are parts of a report.
fn examples_are_true(report: &Value) {
    fn holds(whole: &Value, part: &Value) -> bool {
        match (whole, part) {
            (Value::Object(whole), Value::Object(part)) => {
                part.iter().all(|(key, part)| whole.get(key).is_some_and(|whole| holds(whole, part)))
            }
            (Value::Array(whole), Value::Array(part)) => {
                whole.len() == part.len() && whole.iter().zip(part).all(|(whole, part)| holds(whole, part))
            }
            // Places and certainties change a little with the system's libraries.
            (Value::Number(whole), Value::Number(part)) if part.is_f64() => {
                (whole.as_f64().unwrap() - part.as_f64().unwrap()).abs() < 0.02
            }
            _ => whole == part,
        }
    }
    let guide = guide();
    let examples: Vec<&str> = guide.split("```json example ").skip(1).collect();
    assert!(examples.len() > 8);
    for example in examples {
        let (pointer, text) = example.split_once('\n').unwrap();
        let part: Value = serde_json::from_str(text.split("```").next().unwrap()).unwrap();
        let whole = report.pointer(pointer.trim_end_matches('/')).unwrap_or_else(|| panic!("no {pointer}"));
        assert!(holds(whole, &part), "docs/report.md, {pointer}: {part}\nis no part of {whole:#}");
    }
}

#[test]
fn the_guide_explains_every_key_and_value_of_the_report() {
    let schema: Value = serde_json::from_slice(&complet(&["schema", "report"])).unwrap();
    let guide = guide();
    let section = |name: &str| {
        let found = guide.split("\n## ").find(|section| section.lines().next() == Some(name));
        found.unwrap_or_else(|| panic!("docs/report.md has no section `{name}`"))
    };
    let mut count = 0;
    let explained = |name: &str, word: &str| {
        let row = section(name).lines().find(|line| line.starts_with(&format!("| `{word}` | ")));
        assert!(row.is_some(), "docs/report.md: the section `{name}` does not explain `{word}`");
    };
    let definitions =
        schema["$defs"].as_object().unwrap().iter().map(|(name, schema)| (name.as_str(), schema));
    for (name, schema) in definitions.chain([("Report", &schema)]) {
        for key in schema["properties"].as_object().into_iter().flat_map(|keys| keys.keys()) {
            explained(name, key);
            count += 1;
        }
        for value in schema["oneOf"].as_array().into_iter().flatten().filter_map(|v| v["const"].as_str()) {
            explained(name, value);
            count += 1;
        }
    }
    assert!(count > 50, "only {count} keys and values in the schema");
}

#[test]
fn built_in_rules_keep_to_their_schemas() {
    for (which, folder) in [("doctype", "doctypes"), ("requirements", "requirements")] {
        let schema: Value = serde_json::from_slice(&complet(&["schema", which])).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let mut count = 0;
        // A schema that takes anything would pass as well.
        assert!(!validator.is_valid(&toml::from_str("id = 'x'\nlabel = { fr = 'x', en = 'x' }").unwrap()));
        for entry in root().join("crates/rules/data").join(folder).read_dir().unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let rules: Value = toml::from_str(&text).unwrap();
            let errors: Vec<String> =
                validator.iter_errors(&rules).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
            let mut typo = rules;
            typo.as_object_mut().unwrap().insert("labell".to_owned(), "x".into());
            assert!(!validator.is_valid(&typo), "{}: a key that is not known passes", path.display());
            count += 1;
        }
        assert!(count > 0, "no rules in {folder}");
    }
}

/// A TOML file as an editor sees it that validates by a schema: days are texts.
fn as_json(text: &str) -> Value {
    fn convert(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(day) => day.to_string().into(),
            toml::Value::Table(table) => table.into_iter().map(|(k, v)| (k, convert(v))).collect(),
            toml::Value::Array(array) => array.into_iter().map(convert).collect(),
            other => serde_json::to_value(other).unwrap(),
        }
    }
    convert(toml::from_str::<toml::Value>(text).unwrap())
}

#[test]
fn settings_of_dossiers_keep_to_their_schema() {
    let schema: Value = serde_json::from_slice(&complet(&["schema", "dossier"])).unwrap();
    let options = jsonschema::options().should_validate_formats(true);
    let validator = options.build(&schema).unwrap();
    let is_valid = |text: &str| validator.is_valid(&as_json(text));
    for lang in ["fr", "en"] {
        let template =
            std::fs::read_to_string(root().join(format!("crates/complet/data/dossier.{lang}.toml")));
        let template = template.unwrap();
        assert!(is_valid(&template), "{lang}");
        let set = |line: &str| !line.starts_with("# ") && !line.is_empty();
        let all: Vec<&str> = template.lines().filter(|l| set(l)).map(|l| l.trim_start_matches('#')).collect();
        assert!(all.len() > 8 && is_valid(&all.join("\n")), "{all:?}");
    }
    for (name, is_right) in [("typo", true), ("unknown-field", false), ("bad-choice", false)] {
        let path = root().join("tests/cmd/bad_settings.in").join(name).join("dossier.toml");
        // Which profiles there are is for the requirement list to say.
        assert_eq!(is_valid(&std::fs::read_to_string(path).unwrap()), is_right, "{name}");
    }
    for wrong in [
        "children = -1",
        "profile = 1",
        "[applicant]\nbirth_date = '23/11/1988'",
        "[applicant]\nnationality = 'Vietnam'",
        "option = 'apostille'",
    ] {
        assert!(!is_valid(wrong), "{wrong}");
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
