//! What was read is kept, privately, and never trusted.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A dossier of two documents with their own text, and a place for a cache.
struct Place {
    dir: TempDir,
}

const KEY: &str = "a key that is long enough";

impl Place {
    fn new() -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        fs::create_dir(place.dossier()).unwrap();
        fs::copy(sample("08 banque.pdf"), place.dossier().join("a.pdf")).unwrap();
        fs::copy(sample("cv.pdf"), place.dossier().join("b.pdf")).unwrap();
        place
    }

    fn dossier(&self) -> PathBuf {
        self.dir.path().join("dossier")
    }

    fn cache(&self) -> PathBuf {
        self.dir.path().join("cache")
    }

    fn complet(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_complet"));
        command.env("LC_ALL", "C").env_remove("COMPLET_CACHE_KEY").env("COMPLET_CACHE", self.cache());
        command.args(args).output().unwrap()
    }

    /// Checks the dossier: the report, and how many pages were read rather than known.
    fn check(&self, more: &[&str]) -> (String, usize) {
        self.check_as_of("2026-11-15", more)
    }

    fn check_as_of(&self, day: &str, more: &[&str]) -> (String, usize) {
        let dossier = self.dossier();
        let args = ["check", dossier.to_str().unwrap(), "--as-of", day, "--format", "json", "-vv"];
        let output = self.complet(&[&args, more].concat());
        let log = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{log}");
        let asked = log.lines().filter(|l| l.contains("a page is read")).count();
        (String::from_utf8(output.stdout).unwrap(), asked)
    }

    fn entries(&self) -> Vec<PathBuf> {
        let all = walkdir(&self.cache());
        all.into_iter().filter(|p| p.is_file() && p.file_name().unwrap() != "written").collect()
    }
}

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/dossiers/gaps-castillo").join(name)
}

fn walkdir(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in folder.read_dir().into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walkdir(&path));
        }
        found.push(path);
    }
    found
}

#[test]
fn what_has_not_changed_is_not_read_again() {
    let place = Place::new();
    let (report, read) = place.check(&[]);
    assert_eq!(read, 2);
    assert_eq!(place.check(&[]), (report.clone(), 0));

    // Another day is judged anew from the same pages.
    assert_eq!(place.check_as_of("2026-12-24", &[]).1, 0);
    // Other settings are other pages.
    assert_eq!(place.check(&["--without", "quality"]).1, 2);
    // A changed file is read, the other is known.
    fs::copy(sample("05 traduction.pdf"), place.dossier().join("b.pdf")).unwrap();
    let (changed, read) = place.check(&[]);
    assert_eq!(read, 1);
    assert_ne!(changed, report);
    // What was there before is still known.
    fs::copy(sample("cv.pdf"), place.dossier().join("b.pdf")).unwrap();
    assert_eq!(place.check(&[]), (report, 0));
}

#[test]
fn the_cache_is_private_and_holds_no_original() {
    let place = Place::new();
    place.check(&[]);
    let originals: Vec<Vec<u8>> =
        ["a.pdf", "b.pdf"].map(|f| fs::read(place.dossier().join(f)).unwrap()).to_vec();
    let all = walkdir(&place.cache());
    assert!(all.len() > 5);
    for path in all {
        let mode = path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        if path.is_file() {
            let bytes = fs::read(&path).unwrap();
            assert!(originals.iter().all(|o| !bytes.windows(64).any(|w| w == &o[..64])));
        }
    }
}

#[test]
fn nothing_is_kept_when_told_so() {
    let place = Place::new();
    place.check(&["--no-cache"]);
    assert!(!place.cache().exists());
}

#[test]
fn spoilt_entries_are_read_again() {
    let place = Place::new();
    let (report, _) = place.check(&[]);
    let entries = place.entries();
    for (i, entry) in entries.iter().enumerate() {
        let bytes = fs::read(entry).unwrap();
        let spoilt = match i % 4 {
            0 => Vec::new(),
            1 => bytes[..bytes.len() / 2].to_vec(),
            2 => b"complet1".iter().chain(&[0xff; 500]).copied().collect(),
            // That of another: whole, but not what is asked.
            _ => fs::read(&entries[0]).unwrap(),
        };
        fs::write(entry, spoilt).unwrap();
    }
    assert_eq!(place.check(&[]), (report.clone(), 2));
    assert_eq!(place.check(&[]), (report, 0));
}

#[test]
fn with_a_key_nothing_can_be_read_without_it() {
    let place = Place::new();
    let key = place.dir.path().join("key");
    fs::write(&key, KEY).unwrap();
    let keyed = ["--cache-key", key.to_str().unwrap()];
    let (report, read) = place.check(&keyed);
    assert_eq!(read, 2);
    assert_eq!(place.check(&keyed), (report.clone(), 0));
    for entry in place.entries() {
        let bytes = fs::read(&entry).unwrap();
        for word in ["Castillo", "BOULANGERIE"] {
            assert!(!bytes.windows(word.len()).any(|w| w == word.as_bytes()), "{}", entry.display());
        }
    }
    // Others neither use nor spoil what is there.
    assert_eq!(place.check(&[]), (report.clone(), 2));
    fs::write(&key, "another key, long enough").unwrap();
    assert_eq!(place.check(&keyed), (report.clone(), 2));
    fs::write(&key, KEY).unwrap();
    assert_eq!(place.check(&keyed), (report, 0));

    fs::write(&key, "short").unwrap();
    let refused = place.complet(&["cache", "info", "--cache-key", key.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("fewer than 16 bytes"));
}

#[test]
fn two_runs_at_once_do_not_hurt_each_other() {
    let place = Place::new();
    let reports: Vec<String> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(|| place.check(&[]).0)).collect();
        runs.into_iter().map(|r| r.join().unwrap()).collect()
    });
    assert!(reports.iter().all(|r| r == &reports[0]));
    assert_eq!(place.check(&[]), (reports[0].clone(), 0));
}

#[test]
fn it_tells_how_large_it_is_and_goes_when_told() {
    let place = Place::new();
    let said = |args: &[&str]| String::from_utf8(place.complet(args).stdout).unwrap();
    assert!(said(&["cache", "info"]).contains(": 0 entries, 0.0 MB of at most 1000.0 MB"));
    place.check(&[]);
    let count = place.entries().len();
    assert!(said(&["cache", "info"]).contains(&format!(": {count} entries")));
    assert!(said(&["cache", "clear", "--lang", "fr"]).contains(&format!(": {count} entrées supprimées")));
    assert!(place.entries().is_empty());
    assert_eq!(place.check(&[]).1, 2);
    assert_eq!(said(&["cache", "info", "--no-cache"]), "there is no cache\n");
}
