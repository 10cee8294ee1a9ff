//! The report's other faces, from the command line.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const DAY: &str = "2026-11-15";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn complet(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_complet"));
    command.args(args).env("LC_ALL", "C").env_remove("NO_COLOR").current_dir(root()).output().unwrap()
}

fn text(output: &Output) -> String {
    assert!(!output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A dossier of files that are read without OCR, under other names, and one that cannot be read.
struct Dossier(TempDir);

impl Dossier {
    fn new(files: &[(&str, &str)]) -> Self {
        let dossier = Self(tempfile::tempdir().unwrap());
        for (from, name) in files {
            dossier.add(from, name);
        }
        dossier
    }

    fn add(&self, from: &str, name: &str) {
        std::fs::copy(root().join("fixtures/dossiers").join(from), self.0.path().join(name)).unwrap();
    }

    fn path(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    fn check(&self, options: &[&str]) -> Output {
        complet(&[&["check", self.path(), "--as-of", DAY, "--lang", "en"], options].concat())
    }
}

#[test]
fn html_shows_the_pages_and_takes_a_hostile_file_name_for_text() {
    let name = "<img src=x onerror=alert(1)>.pdf";
    let dossier = Dossier::new(&[("complete-nguyen/RIB.pdf", name)]);
    std::fs::write(dossier.0.path().join("broken.pdf"), b"%PDF-1.7 nothing else").unwrap();
    let html = text(&dossier.check(&["--format", "html"]));
    assert!(html.contains("<bdi>&lt;img src=x onerror=alert(1)&gt;.pdf</bdi>"), "{html}");
    assert!(!html.contains("<img"));
    assert_eq!(html.matches("<image ").count(), 1, "one page can be drawn");
    assert!(html.contains("broken.pdf"));
}

#[test]
#[cfg(unix)]
fn an_html_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let dossier = Dossier::new(&[]);
    let file = dossier.0.path().join("report.html");
    dossier.check(&["--format", "html", "--output", file.to_str().unwrap()]);
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn junit_keeps_to_its_schema_and_counts_right() {
    let dossier = Dossier::new(&[("complete-nguyen/RIB.pdf", "a & b <\u{1}>.pdf")]);
    let xml = text(&dossier.check(&["--format", "junit"]));
    assert!(xml.contains("<failure message=\"Valid passport or identity card: There is neither"), "{xml}");
    let count = |what: &str| xml.matches(what).count();
    for (attribute, element) in
        [("tests", "<testcase "), ("failures", "<failure "), ("errors", "<error "), ("skipped", "<skipped ")]
    {
        assert_eq!(count(&format!(" {attribute}=\"{}\"", count(element))), 2, "{attribute}: {xml}");
    }
    let mut command = Command::new("xmllint");
    command.args(["--noout", "--nonet", "--schema"]).arg(root().join("tests/junit.xsd")).arg("-");
    let file = dossier.0.path().join("report.xml");
    std::fs::write(&file, &xml).unwrap();
    match command.stdin(std::fs::File::open(&file).unwrap()).output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => eprintln!("skipped: xmllint (Debian: libxml2-utils) does not start: {error}"),
    }
}

#[test]
fn annotations_name_the_file_as_it_lies_in_the_repository() {
    let output = complet(&[
        "check",
        "fixtures/dossiers/gaps-castillo",
        "--as-of",
        DAY,
        "--lang",
        "en",
        "--format",
        "github",
        "--engine",
        "tesseract",
    ]);
    let text = text(&output);
    assert!(text.lines().all(|line| line.starts_with("::")), "{text}");
    let passport = "::error file=fixtures/dossiers/gaps-castillo/02 passeport.pdf,title=";
    assert!(text.contains(passport), "{text}");
}

#[test]
fn markdown_says_what_to_ask_for() {
    let dossier = Dossier::new(&[("complete-nguyen/RIB.pdf", "a|b.pdf")]);
    let text = text(&dossier.check(&["--format", "markdown"]));
    assert!(text.contains("## What to ask the client for"), "{text}");
    assert!(text.contains("(RIB with IBAN) in the applicant's name | a\\|b.pdf |"), "{text}");
}

#[test]
fn the_letter_says_what_the_report_asks_for() {
    let letter = |lang: &str| {
        let dossier = "fixtures/dossiers/gaps-castillo";
        let output = complet(&["letter", dossier, "--as-of", DAY, "--lang", lang, "--engine", "tesseract"]);
        assert_eq!(output.status.code(), Some(0));
        // Lines are broken anywhere.
        text(&output).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let english = letter("en");
    for words in [
        "please send us one that is still valid",
        "courdecassation.fr",
        "please send us that of September 2026",
        "is a bank statement: please send us the RIB",
        "09 piece jointe.pdf the file does not open",
    ] {
        assert!(english.contains(words), "{words}: {english}");
    }
    let french = letter("fr");
    for words in
        ["celle de septembre 2026", "expert près une cour d'appel française", "expiré le 30 septembre 2026"]
    {
        assert!(french.contains(words), "{words}: {french}");
    }
}
