//! The whole way, with the real OCR engine: the ways in which the program ends.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

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
