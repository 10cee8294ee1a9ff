//! The whole way, with the real OCR engine: committed dossiers are judged as their recipes say, and the
//! ways in which the program ends.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde::Deserialize;
use serde_json::Value;

/// What is read of `fixtures/cases/NAME/case.toml`; `crates/fixtures` defines the whole form.
#[derive(Deserialize)]
struct Recipe {
    as_of: String,
    expected: Expected,
}

#[derive(Deserialize)]
struct Expected {
    complete: bool,
    #[serde(default)]
    status: BTreeMap<String, String>,
    #[serde(default)]
    must: Vec<String>,
    #[serde(default)]
    must_not: Vec<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn complet() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_complet"));
    command.env("COMPLET_CACHE", "");
    command.env("LC_ALL", "C").env_remove("NO_COLOR").current_dir(root());
    command
}

fn run(args: &[&str]) -> Output {
    complet().args(args).output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Codes of all findings of a report.
fn codes(report: &Value) -> BTreeSet<&str> {
    let holders = [&report["requirements"], &report["documents"]].into_iter();
    let findings = holders.flat_map(|list| list.as_array().unwrap()).map(|holder| &holder["findings"]);
    let all = findings.chain([&report["findings"]]).flat_map(|list| list.as_array().unwrap());
    all.map(|finding| finding["code"].as_str().unwrap()).collect()
}

#[test]
fn committed_dossiers_are_judged_as_their_recipes_say() {
    let mut count = 0;
    for entry in root().join("fixtures/dossiers").read_dir().unwrap() {
        let dossier = entry.unwrap();
        if !dossier.file_type().unwrap().is_dir() {
            continue;
        }
        let name = dossier.file_name().into_string().unwrap();
        let recipe = root().join("fixtures/cases").join(&name).join("case.toml");
        let recipe = std::fs::read_to_string(&recipe).unwrap_or_else(|e| panic!("{}: {e}", recipe.display()));
        let Recipe { as_of, expected } = toml::from_str(&recipe).unwrap();
        let folder = dossier.path();
        let output = run(&["check", folder.to_str().unwrap(), "--as-of", &as_of, "--format", "json"]);
        let report = json(&output);

        let mut wrong = Vec::new();
        for requirement in report["requirements"].as_array().unwrap() {
            let (id, got) = (requirement["id"].as_str().unwrap(), requirement["status"].as_str().unwrap());
            if let Some(wanted) =
                expected.status.get(id).filter(|wanted| !wanted.split('|').any(|w| w == got))
            {
                wrong.push(format!("{id}: {got}, not {wanted}: {}", requirement["findings"]));
            }
        }
        let found = codes(&report);
        wrong.extend(expected.must.iter().filter(|c| !found.contains(c.as_str())).map(|c| format!("no {c}")));
        wrong.extend(expected.must_not.iter().filter(|c| found.contains(c.as_str())).cloned());
        if report["complete"] != expected.complete {
            wrong.push(format!("complete: {}", report["complete"]));
        }
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
        assert_eq!(output.status.code(), Some(i32::from(!expected.complete)), "{name}");
        count += 1;
    }
    assert!(count >= 2, "one complete dossier and one with gaps are committed");
}

#[test]
fn an_empty_folder_ends_with_3_and_still_gets_its_report() {
    let dir = tempfile::tempdir().unwrap();
    let args = ["check", dir.path().to_str().unwrap(), "--as-of", "2026-11-15", "--format", "json"];
    let output = run(&args);
    assert_eq!(output.status.code(), Some(3));
    let report = json(&output);
    assert_eq!(report["complete"], false);
    assert!(!report["requirements"].as_array().unwrap().is_empty());
}

#[test]
fn one_bad_file_does_not_keep_the_others_from_being_read() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("vide.pdf"), b"").unwrap();
    std::fs::copy(root().join("fixtures/dossiers/complete-nguyen/RIB.pdf"), dir.path().join("rib.pdf"))
        .unwrap();
    let args = ["check", dir.path().to_str().unwrap(), "--as-of", "2026-11-15", "--format", "json"];
    let output = run(&args);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    let report = json(&output);
    let status = |path: &str| {
        let files = report["files"].as_array().unwrap();
        files.iter().find(|f| f["path"] == path).map(|f| f["status"].as_str().unwrap().to_owned())
    };
    assert_eq!(status("vide.pdf").as_deref(), Some("unreadable"));
    assert_eq!(status("rib.pdf").as_deref(), Some("read"));

    let forgiven = run(&[args.as_slice(), &["--exit-zero"]].concat());
    assert_eq!(forgiven.status.code(), Some(0));
}

#[test]
fn output_goes_to_the_file_and_nowhere_else() {
    let dir = tempfile::tempdir().unwrap();
    let report = dir.path().join("report.json");
    let dossier = dir.path().join("dossier");
    std::fs::create_dir(&dossier).unwrap();
    let [dossier, path] = [&dossier, &report].map(|p| p.to_str().unwrap());
    let output = run(&["check", dossier, "--as-of", "2026-11-15", "--format", "json", "--output", path]);
    assert!(output.stdout.is_empty());
    let report: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
    assert_eq!(report["as_of"], "2026-11-15");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let dir = tempfile::tempdir().unwrap();
    let empty = dir.path().to_str().unwrap();
    for args in [&["schema", "report"][..], &["check", empty], &["rules", "list"], &["--help"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let child = complet().args(args).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {errors}");
        assert!(errors.is_empty(), "{args:?}: {errors}");
    }
}

#[test]
fn the_language_is_that_of_the_environment_unless_asked() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().to_str().unwrap();
    let text = |lang: &str, args: &[&str]| {
        let mut command = complet();
        command.args(["check", folder, "--as-of", "2026-11-15"]).args(args).env("LC_ALL", lang);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(text("fr_FR.UTF-8", &[]).contains("15 novembre 2026"));
    assert!(text("C", &[]).contains("15 November 2026"));
    assert!(text("fr_FR.UTF-8", &["--lang", "en"]).contains("15 November 2026"));
}

#[test]
fn logs_hold_no_text_of_documents() {
    let output = run(&["inspect", "-vv", "fixtures/dossiers/complete-nguyen/RIB.pdf"]);
    let inspection = json(&output);
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(!log.is_empty(), "there is no log to look at");
    let fields = inspection["documents"][0]["fields"].as_object().unwrap();
    let read: Vec<&str> = fields.values().filter_map(|f| f["evidence"]["text"].as_str()).collect();
    let words: Vec<&str> =
        read.iter().flat_map(|text| text.split_whitespace()).filter(|w| w.len() > 4).collect();
    assert!(!words.is_empty(), "nothing was read");
    for word in words {
        assert!(!log.contains(word), "the log holds {word}: {log}");
    }
}
