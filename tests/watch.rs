//! A folder that is watched is checked again as files arrive.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_mins(2);

struct Watched {
    dir: TempDir,
    child: Child,
    reports: mpsc::Receiver<Value>,
    log: mpsc::Receiver<String>,
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn samples(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/dossiers").join(name)
}

fn command(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_complet"));
    command.env("LC_ALL", "C").env("COMPLET_CACHE", dir.join("cache")).env("COMPLET_MODELS", "/nonexistent");
    command.arg("check").arg(dir.join("dossier")).args(["--as-of", "2026-11-15", "--watch"]);
    command
}

impl Watched {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("dossier")).unwrap();
        std::fs::copy(samples("gaps-castillo/08 banque.pdf"), dir.path().join("dossier/statement.pdf"))
            .unwrap();
        let mut child = command(dir.path())
            .args(["--format", "json", "--lang", "en", "-v"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (send, reports) = mpsc::channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for report in serde_json::Deserializer::from_reader(stdout).into_iter::<Value>() {
                if send.send(report.unwrap()).is_err() {
                    break;
                }
            }
        });
        let (send, log) = mpsc::channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Self { dir, child, reports, log }
    }

    fn add(&self, from: &str, name: &str) {
        std::fs::copy(samples(from), self.dir.path().join("dossier").join(name)).unwrap();
    }

    /// The files of the next report.
    fn files(&self) -> Vec<String> {
        let report = self.reports.recv_timeout(PATIENCE).expect("a report");
        let files = report["files"].as_array().unwrap().iter();
        files.map(|file| file["path"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits for a line of the log.
    fn wait_for(&self, text: &str) {
        while !self.log.recv_timeout(PATIENCE).unwrap_or_else(|e| panic!("`{text}`: {e}")).contains(text) {}
    }

    fn end(&mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

#[test]
fn a_file_that_arrives_is_in_the_next_report_and_the_end_has_the_status_of_the_last() {
    let mut watched = Watched::new();
    assert_eq!(watched.files(), ["statement.pdf"]);
    watched.wait_for("Waiting for changes");

    watched.add("gaps-castillo/cv.pdf", "cv.pdf");
    assert_eq!(watched.files(), ["cv.pdf", "statement.pdf"]);
    watched.wait_for("Waiting for changes");

    // A mistake is told, and does not end it.
    let settings = watched.dir.path().join("dossier/dossier.toml");
    std::fs::write(&settings, "profil = 'student'\n").unwrap();
    watched.wait_for("did you mean `profile`?");
    watched.wait_for("Waiting for changes");
    std::fs::write(&settings, "profile = 'student'\n").unwrap();
    assert_eq!(watched.files(), ["cv.pdf", "dossier.toml", "statement.pdf"]);
    watched.wait_for("Waiting for changes");
    assert_eq!(watched.end(), Some(1), "there are gaps");
}

#[test]
fn a_report_within_the_watched_folder_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("dossier")).unwrap();
    let mut child = command(dir.path())
        .arg("--output")
        .arg(dir.path().join("dossier/report.txt"))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut error = String::new();
    child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert!(error.contains("lies within the dossier"), "{error}");
}
