//! Dossiers made from recipes are judged as their recipes say: the committed ones, and those that the README
//! names as the proof of what the guide asks for.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use camino::Utf8PathBuf;
use complet_fixtures::make;
use complet_fixtures::recipe::Recipe;
use complet_rules::RuleSet;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn recipe(case: &str) -> Recipe {
    let path = root().join("fixtures/cases").join(case).join("case.toml");
    Recipe::read(&Utf8PathBuf::from_path_buf(path).unwrap()).unwrap_or_else(|e| panic!("{case}: {e:#}"))
}

/// A dossier's report and exit status, judged as its recipe says.
fn judged(folder: &Path, recipe: &Recipe) -> (Value, Option<i32>) {
    judged_by(Command::new(env!("CARGO_BIN_EXE_complet")), folder, recipe)
}

fn judged_by(mut command: Command, folder: &Path, recipe: &Recipe) -> (Value, Option<i32>) {
    command.env("COMPLET_CACHE", "").env("LC_ALL", "C").arg("check").arg(folder);
    command.args(["--as-of", &recipe.as_of.to_string(), "--format", "json"]);
    if !recipe.infer_profile {
        command.args(["--profile", &recipe.profile]);
    }
    let output = command.output().unwrap();
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    (report, output.status.code())
}

fn statuses(report: &Value) -> BTreeMap<&str, &str> {
    let requirements = report["requirements"].as_array().unwrap().iter();
    requirements.map(|r| (r["id"].as_str().unwrap(), r["status"].as_str().unwrap())).collect()
}

/// Codes of all findings of a report.
fn codes(report: &Value) -> BTreeSet<&str> {
    let holders = [&report["requirements"], &report["documents"]].into_iter();
    let findings = holders.flat_map(|list| list.as_array().unwrap()).map(|holder| &holder["findings"]);
    let all = findings.chain([&report["findings"]]).flat_map(|list| list.as_array().unwrap());
    all.map(|finding| finding["code"].as_str().unwrap()).collect()
}

/// Where a report says otherwise than its recipe.
fn differences(report: &Value, recipe: &Recipe) -> Vec<String> {
    let expected = &recipe.expected;
    let (got, found) = (statuses(report), codes(report));
    let mut wrong = Vec::new();
    for (id, wanted) in &expected.status {
        let got = got.get(id.as_str()).copied().unwrap_or("not in the report");
        if !wanted.split('|').any(|w| w == got) {
            wrong.push(format!("{id}: {got}, not {wanted}"));
        }
    }
    wrong.extend(expected.must.iter().filter(|c| !found.contains(c.as_str())).map(|c| format!("no {c}")));
    wrong.extend(expected.must_not.iter().filter(|c| found.contains(c.as_str())).cloned());
    if report["complete"] != expected.complete {
        wrong.push(format!("complete: {}", report["complete"]));
    }
    wrong
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
        let recipe = recipe(&name);
        let (report, status) = judged(&dossier.path(), &recipe);
        let wrong = differences(&report, &recipe);
        assert!(wrong.is_empty(), "{name}: {wrong:#?}\n{report:#}");
        assert_eq!(status, Some(i32::from(!recipe.expected.complete)), "{name}");
        count += 1;
    }
    assert!(count >= 2, "one complete dossier and one with gaps are committed");
}

/// A line of the README's table of what the guide asks for.
struct Line {
    /// What the guide asks for.
    asked: String,
    /// Document types.
    types: Vec<String>,
    /// The requirement of the list.
    requirement: String,
    /// Case and the requirement's status in it.
    cases: Vec<(String, String)>,
}

/// The words in back quotes of a cell, each with what follows it.
fn quoted(cell: &str) -> Vec<(String, String)> {
    let parts: Vec<&str> = cell.split('`').collect();
    let quoted = parts.iter().skip(1).step_by(2);
    let after = parts.iter().skip(2).step_by(2);
    quoted
        .zip(after)
        .map(|(word, after)| ((*word).to_owned(), after.trim_matches([' ', ',', '·']).to_owned()))
        .collect()
}

/// The table of the README below a heading about the guide.
fn table() -> Vec<Line> {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let section =
        readme.split("\n## The guide, line by line\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [asked, types, requirement, cases] = cells[..] else { panic!("four cells: {row}") };
        Line {
            asked: asked.to_owned(),
            types: quoted(types).into_iter().map(|(id, _)| id).collect(),
            requirement: quoted(requirement).remove(0).0,
            cases: quoted(cases),
        }
    })
    .collect()
}

#[test]
fn every_line_of_the_guide_has_its_rule_and_its_proof() {
    let rules = RuleSet::load(None).unwrap();
    let list = rules.list("cpam-guide").unwrap();
    let lines = table();
    for line in &lines {
        let Some(requirement) = list.requirements.iter().find(|r| r.id == line.requirement) else {
            panic!("{}: no requirement {}", line.asked, line.requirement);
        };
        for id in &line.types {
            let accepted = requirement.accept.iter().any(|a| {
                let accompanies = a.checks.iter().any(|check| match check {
                    complet_rules::Check::Accompanies { other, .. } => other.types.contains(id),
                    _ => false,
                });
                accompanies || a.types.contains(id)
            });
            assert!(accepted, "{}: {id} does not serve {}", line.asked, line.requirement);
        }
        assert!(!line.types.is_empty(), "{}: no type", line.asked);
        assert!(line.cases.iter().any(|(_, status)| status == "met"), "{}: never met", line.asked);
        assert!(line.cases.iter().any(|(_, status)| status != "met"), "{}: always met", line.asked);
    }
    for requirement in list.requirements.iter().filter(|r| !r.same_person) {
        let told = lines.iter().any(|line| line.requirement == requirement.id);
        assert!(told, "{} stands in no line of the table", requirement.id);
    }
}

/// Reads pages with OCR where a case says so: the slowest of these tests.
#[test]
fn the_cases_that_prove_the_guides_lines_are_judged_as_the_table_says() {
    let mut wanted: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for line in table() {
        for (case, status) in line.cases {
            wanted.entry(case).or_default().push((line.requirement.clone(), status));
        }
    }
    let made = tempfile::tempdir().unwrap();
    let out = Utf8PathBuf::from_path_buf(made.path().to_owned()).unwrap();
    let mut wrong = Vec::new();
    for (case, lines) in wanted {
        let recipe = recipe(&case);
        make::dossier(&case, &recipe, &out).unwrap();
        let (report, _) = judged(out.join(&case).as_std_path(), &recipe);
        let got = statuses(&report);
        let told = lines.iter().filter(|(id, status)| got[id.as_str()] != status);
        let told =
            told.map(|(id, status)| format!("{id}: {}, not {status} as the README says", got[id.as_str()]));
        wrong.extend(told.chain(differences(&report, &recipe)).map(|what| format!("{case}: {what}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A folder with Tesseract's data for these languages alone; `None` where Debian's is not there.
fn data_of(languages: &[&str]) -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().unwrap();
    for language in languages {
        let file = format!("{language}.traineddata");
        let original = Path::new("/usr/share/tesseract-ocr/5/tessdata").join(&file);
        if !original.is_file() {
            eprintln!("skipped: there is no {}", original.display());
            return None;
        }
        std::fs::copy(original, folder.path().join(file)).unwrap();
    }
    Some(folder)
}

#[test]
fn an_act_in_a_script_without_data_is_left_to_a_person_and_the_data_named() {
    let (Some(with), Some(without)) = (data_of(&["fra", "osd", "ukr"]), data_of(&["fra", "osd"])) else {
        return;
    };
    let case = "birth-ukrainian-scan";
    let made = tempfile::tempdir().unwrap();
    let recipe = recipe(case);
    make::dossier(case, &recipe, &Utf8PathBuf::from_path_buf(made.path().to_owned()).unwrap()).unwrap();
    let judged = |data: &tempfile::TempDir| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_complet"));
        command.env("TESSDATA_PREFIX", data.path());
        judged_by(command, &made.path().join(case), &recipe).0
    };
    assert_eq!(statuses(&judged(&with))["birth_certificate"], "met");
    let report = judged(&without);
    assert_eq!(statuses(&report)["birth_certificate"], "review", "{report:#}");
    let told = report.to_string();
    assert!(told.contains("page-other-script") && told.contains("tesseract-ocr-ukr"), "{report:#}");
}
