//! The report's other faces, from the command line.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

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
