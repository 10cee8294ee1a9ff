//! Many dossiers: nothing finished is lost, nothing is done twice.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use complet_fixtures::hostile;
use serde_json::Value;
use tempfile::TempDir;

/// Dossiers of one or two born-digital documents.
struct Place {
    dir: TempDir,
}

impl Place {
    fn new(dossiers: usize) -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        for i in 0..dossiers {
            place.add(&format!("d{i:02}"), &["08 banque.pdf", "cv.pdf"][..=i % 2]);
        }
        place
    }

    fn add(&self, dossier: &str, files: &[&str]) -> PathBuf {
        let folder = self.root().join(dossier);
        fs::create_dir_all(&folder).unwrap();
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/dossiers/gaps-castillo");
        for file in files {
            fs::copy(samples.join(file), folder.join(file)).unwrap();
        }
        folder
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join("root")
    }

    fn reports(&self) -> PathBuf {
        self.dir.path().join("reports")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_complet"));
        command.env("LC_ALL", "C").env("COMPLET_CACHE", "").arg("batch").arg(self.root());
        command.args(["--as-of", "2026-11-15"]).args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn with_reports<'a>(&self, args: &[&'a str], reports: &'a str) -> Output {
        self.run(&[&["--reports", reports, "-v"], args].concat())
    }

    /// The dossiers in the journal, in the order in which they were finished.
    fn journal(&self) -> Vec<String> {
        let text = fs::read_to_string(self.reports().join("batch.jsonl")).unwrap_or_default();
        let rows = text.lines().filter_map(|l| serde_json::from_str::<Value>(l).ok());
        rows.filter_map(|r| r["done"]["line"]["dossier"].as_str().map(str::to_owned)).collect()
    }
}

fn lines(output: &Output) -> BTreeMap<String, Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let mut found = BTreeMap::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let name = line["dossier"].as_str().unwrap().to_owned();
        assert!(found.insert(name.clone(), line).is_none(), "{name} stands there twice");
    }
    found
}

fn log(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn each_dossier_has_its_line_whatever_is_wrong_with_it() {
    let place = Place::new(2);
    place.add("empty", &[]);
    fs::write(place.add("=odd\nname", &["cv.pdf"]).join("dossier.toml"), "profile = 'nobody'").unwrap();
    fs::write(place.root().join("loose.pdf"), b"x").unwrap();
    let output = place.run(&["--format", "jsonl"]);
    assert_eq!(output.status.code(), Some(1), "{}", log(&output));
    let lines = lines(&output);
    let outcomes: Vec<_> = lines.values().map(|l| l["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["failed", "incomplete", "incomplete", "nothing_readable"]);
    assert!(lines["=odd\nname"]["error"].as_str().unwrap().contains("nobody"));
    assert_eq!(lines["d01"]["requirements"]["bank_details"], "invalid");
    assert_eq!((&lines["d01"]["files"], &lines["d01"]["pages"]), (&2.into(), &2.into()));
    assert!(log(&output).contains("beside the dossiers, not read: 1"));

    let csv = String::from_utf8(place.run(&["--format", "csv"]).stdout).unwrap();
    let mut rows = csv.split("\r\n");
    assert!(rows.next().unwrap().starts_with("\"dossier\",\"outcome\",\"profile\""));
    assert!(rows.next().unwrap().starts_with("\"'=odd\nname\",\"failed\""));

    let table = String::from_utf8(place.run(&["--lang", "fr"]).stdout).unwrap();
    assert!(table.contains("Dossiers : 4") && table.contains("incomplet : 2"), "{table}");
    assert_eq!(place.run(&["--exit-zero"]).status.code(), Some(0));
}

#[test]
fn the_page_of_a_batch_leads_to_the_reports_from_where_it_lies() {
    let place = Place::new(2);
    place.add("a #1?", &["cv.pdf"]);
    let reports = place.reports();
    let index = place.dir.path().join("out/index.html");
    fs::create_dir(place.dir.path().join("out")).unwrap();
    let to = ["--format", "html", "-o", index.to_str().unwrap()];
    place.with_reports(&to, reports.to_str().unwrap());
    let page = fs::read_to_string(&index).unwrap();
    for link in ["./../reports/a%20%231%3F.json", "./../reports/d00.json", "./../reports/d01.json"] {
        assert!(page.contains(&format!("href=\"{link}\"")), "{link}: {page}");
    }
    assert!(!String::from_utf8(place.run(&["--format", "html"]).stdout).unwrap().contains("href="));
}

#[test]
fn a_batch_says_the_same_as_single_checks() {
    let place = Place::new(2);
    let reports = place.reports();
    place.with_reports(&["--format", "csv", "-o", "/dev/null"], reports.to_str().unwrap());
    for dossier in ["d00", "d01"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_complet"));
        command.env("LC_ALL", "C").env("COMPLET_CACHE", "").arg("check").arg(place.root().join(dossier));
        let single = command.args(["--as-of", "2026-11-15", "--format", "json"]).output().unwrap();
        assert_eq!(fs::read(reports.join(format!("{dossier}.json"))).unwrap(), single.stdout);
    }
}

#[test]
fn killed_at_any_moment_it_goes_on_and_does_nothing_twice() {
    const DOSSIERS: usize = 12;
    let place = Place::new(DOSSIERS);
    let reports = place.reports();
    let args = ["--reports", reports.to_str().unwrap(), "--format", "jsonl", "--jobs", "1"];
    let mut finished: Vec<String> = Vec::new();
    // Killed after each third dossier, wherever it is by then.
    for goal in (3..DOSSIERS).step_by(3) {
        let mut child = place.command(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while place.journal().len() < goal && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let journal = place.journal();
        assert!(finished.iter().all(|d| journal.contains(d)), "{finished:?} {journal:?}");
        finished = journal;
    }
    let output = place.run(&args);
    assert_eq!(lines(&output).len(), DOSSIERS);
    let mut journal = place.journal();
    journal.sort();
    let wanted: Vec<String> = (0..DOSSIERS).map(|i| format!("d{i:02}")).collect();
    assert_eq!(journal, wanted);
    for dossier in &wanted {
        let report = fs::read(reports.join(format!("{dossier}.json"))).unwrap();
        serde_json::from_slice::<Value>(&report).unwrap();
    }
    // Nothing but the reports and the journal is left.
    assert_eq!(reports.read_dir().unwrap().count(), DOSSIERS + 1);
}

#[test]
fn only_what_changed_is_checked_when_told_so() {
    let place = Place::new(4);
    let reports = place.reports();
    let reports = reports.to_str().unwrap();
    let left = |args: &[&str]| {
        let log = log(&place.with_reports(args, reports));
        let line = log.lines().find(|l| l.contains(": dossiers known=")).unwrap_or_else(|| panic!("{log}"));
        line.rsplit('=').next().unwrap().parse::<usize>().unwrap()
    };
    assert_eq!(left(&[]), 4);
    assert_eq!(left(&["--changed"]), 0);
    place.add("d02", &["05 traduction.pdf"]);
    fs::remove_file(Path::new(reports).join("d03.json")).unwrap();
    assert_eq!(left(&["--changed"]), 2);
    assert_eq!(left(&["--changed", "--profile", "student"]), 4, "another question");
    assert_eq!(left(&[]), 4, "a new run");
}

#[test]
fn another_build_checks_everything_anew() {
    let place = Place::new(2);
    let program = place.dir.path().join("complet");
    fs::copy(env!("CARGO_BIN_EXE_complet"), &program).unwrap();
    let known = || {
        let mut command = Command::new(&program);
        command.env("LC_ALL", "C").env("COMPLET_CACHE", "").arg("batch").arg(place.root());
        command.args(["--as-of", "2026-11-15", "-v", "--changed", "--reports"]).arg(place.reports());
        let log = log(&command.output().unwrap());
        let line = log.lines().find(|l| l.contains(": dossiers known=")).unwrap_or_else(|| panic!("{log}"));
        line.contains("known=2")
    };
    assert!(!known());
    assert!(known());
    // Its version is the same, and it may judge otherwise.
    let newer = fs::metadata(&program).unwrap().modified().unwrap() + Duration::from_secs(1);
    fs::File::options().append(true).open(&program).unwrap().set_modified(newer).unwrap();
    assert!(!known());
}

fn wait_for(child: &mut Child, reached: impl Fn() -> bool) {
    while !reached() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn ctrl_c_ends_with_what_is_done() {
    let place = Place::new(3);
    fs::write(place.add("endless", &[]).join("a.pdf"), hostile::hanging_pdf()).unwrap();
    let reports = place.reports();
    let args = ["--reports", reports.to_str().unwrap(), "--format", "csv", "--jobs", "2"];
    let mut command = place.command(&args);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for(&mut child, || place.journal().len() == 3);
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", log(&output));
    let csv = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(csv.contains("\"d02\"") && !csv.contains("endless"), "{csv}");
    assert!(log(&output).contains("finished and kept: 3"));
    assert_eq!(place.journal().len(), 3);
}
