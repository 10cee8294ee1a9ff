//! Nothing that tells the person is left in anything that `--redact` writes, whoever writes it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use complet_model::{Date, Lang, fold, month_name};
use serde_json::Value;
use tempfile::TempDir;

/// Two clients' dossiers, whose folders and files are called after them.
struct Place {
    dir: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        place.add(
            "Castillo Valentina 17-09-1995",
            &[
                ("gaps-castillo/02 passeport.pdf", "passeport CASTILLO.pdf"),
                ("gaps-castillo/01 formulaire.pdf", "formulaire 17.09.1995.pdf"),
                ("gaps-castillo/08 banque.pdf", "FR7630811023305407974008677.pdf"),
                ("gaps-castillo/06 quittance aout.pdf", "quittance aout.pdf"),
            ],
        );
        let nguyen = place.add(
            "nguyen",
            &[
                ("complete-nguyen/RIB.pdf", "RIB.pdf"),
                ("complete-nguyen/bulletin octobre.pdf", "bulletin nguyen.pdf"),
            ],
        );
        fs::write(nguyen.join("same.pdf"), "%PDF-1.7 broken").unwrap();
        fs::write(nguyen.join("same nguyen.pdf"), "%PDF-1.7 broken").unwrap();
        // What is wrong in a dossier's settings is shown with its line.
        let wrong = place.add("trần", &[]);
        fs::write(wrong.join("dossier.toml"), "[applicant]\nnationality = 'Trần of Nantes'\n").unwrap();
        place
    }

    fn add(&self, name: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder = self.root().join(name);
        fs::create_dir_all(&folder).unwrap();
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/dossiers");
        for (from, to) in files {
            fs::copy(samples.join(from), folder.join(to)).unwrap();
        }
        folder
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join("clients")
    }

    /// What a command prints.
    fn run(&self, command: &str, dossier: &Path, args: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_complet"))
            .env("LC_ALL", "C")
            .env("COMPLET_CACHE", self.dir.path().join("cache"))
            .arg(command)
            .arg(dossier)
            .args(["--as-of", "2026-11-15", "--without", "second"])
            .args(args)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{command} {args:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// Letters and digits alone, folded: spaces and signs between them hide nothing.
fn bare(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Every way in which a day is written.
fn days(day: Date) -> Vec<String> {
    let (d, m, y) = (day.day(), day.month(), day.year());
    let mut forms = vec![format!("{y:04}{m:02}{d:02}"), format!("{d:02}{m:02}{y:04}")];
    forms.push(format!("{:02}{m:02}{d:02}", y % 100));
    for lang in [Lang::Fr, Lang::En] {
        forms.push(bare(&format!("{d} {} {y}", month_name(m, lang))));
    }
    forms
}

/// What the dossiers hold that tells the person, as it is read off them when nothing is masked.
fn secrets(place: &Place) -> BTreeSet<String> {
    const TELLING: [&str; 14] = [
        "document_number",
        "employee",
        "family_name",
        "full_name",
        "given_names",
        "holder",
        "iban",
        "landlord",
        "mrz",
        "nir",
        "parents",
        "siret",
        "tenant",
        "birth_date",
    ];
    let mut secrets = BTreeSet::new();
    for dossier in ["Castillo Valentina 17-09-1995", "nguyen"] {
        let report = place.run("check", &place.root().join(dossier), &["--format", "json"]);
        let report: Value = serde_json::from_str(&report).unwrap();
        for document in report["documents"].as_array().unwrap() {
            for (name, field) in document["fields"].as_object().unwrap() {
                if !TELLING.contains(&name.as_str()) {
                    continue;
                }
                let value = &field["value"];
                let texts = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
                for text in texts.iter().filter_map(Value::as_str) {
                    if let Ok(day) = text.parse::<Date>() {
                        secrets.extend(days(day));
                    } else if name == "mrz" || name == "iban" || text.contains(|c: char| c.is_ascii_digit()) {
                        secrets.insert(bare(text));
                    } else {
                        secrets.extend(text.split(|c: char| !c.is_alphanumeric()).map(bare));
                    }
                }
            }
        }
    }
    secrets.extend(["TRAN", "NANTES"].map(str::to_owned));
    // Short words stand in others, and these in everybody's papers.
    secrets.retain(|s| s.len() > 3 && !["MADAME", "MONSIEUR"].contains(&s.as_str()));
    for expected in ["CASTILLO", "VALENTINA", "NGUYEN", "FR7630811023305407974008677", "17091995", "19950917"]
    {
        assert!(secrets.contains(expected), "{expected} was not read: {secrets:?}");
    }
    assert!(secrets.iter().any(|s| s.starts_with("PCOL") && s.len() > 20), "no zone was read: {secrets:?}");
    assert!(secrets.iter().any(|s| s.len() >= 13 && s.chars().all(|c| c.is_ascii_digit())), "no NIR");
    secrets
}

fn assert_masked(what: &str, text: &str, secrets: &BTreeSet<String>) {
    let words: BTreeSet<String> =
        fold(text).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
    let whole = bare(text);
    // A name is a word, or stands among others in a file's name; a number may be written in groups.
    let left: Vec<&String> = secrets
        .iter()
        .filter(|s| if s.len() > 5 { whole.contains(*s) } else { words.contains(*s) })
        .collect();
    assert!(left.is_empty(), "{what}: {left:?}\n{text}");
    assert!(!text.contains("data:image"), "{what}: a picture");
    assert!(!text.is_empty(), "{what}: nothing");
}

#[test]
fn nothing_that_tells_the_person_is_left_in_any_form() {
    let place = Place::new();
    let secrets = secrets(&place);
    for format in ["human", "json", "html", "markdown", "junit", "github"] {
        let reports = place.dir.path().join(format!("reports-{format}"));
        let reports = reports.to_str().unwrap();
        let form = if format == "human" {
            "jsonl"
        } else if format == "json" {
            "csv"
        } else {
            "human"
        };
        let args = ["--redact", "--reports", reports, "--report-format", format, "--format", form];
        let summary = place.run("batch", &place.root(), &args);
        assert_masked(form, &summary, &secrets);
        assert!(summary.contains("dossier-00001") && summary.contains("dossier-00003"), "{summary}");
        assert!(summary.contains("--redact"), "the error is masked, and where it is told is said: {summary}");
        // The reports, and the state that lies beside them, names of files included.
        let mut files = 0;
        for entry in Path::new(reports).read_dir().unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            assert_masked(
                &format!("{format} {name}"),
                &format!("{name}\n{}", fs::read_to_string(&path).unwrap()),
                &secrets,
            );
            files += 1;
        }
        assert_eq!(files, 3, "two reports and the journal");
        for dossier in ["Castillo Valentina 17-09-1995", "nguyen"] {
            let text = place.run("check", &place.root().join(dossier), &["--redact", "--format", format]);
            assert_masked(&format!("check {format}"), &text, &secrets);
        }
    }
    for format in ["text", "markdown"] {
        for dossier in ["Castillo Valentina 17-09-1995", "nguyen"] {
            let text = place.run("letter", &place.root().join(dossier), &["--redact", "--format", format]);
            assert_masked(&format!("letter {format}"), &text, &secrets);
        }
    }
}
