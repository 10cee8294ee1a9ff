//! Workers that are none, or misbehave.
#![cfg(unix)]

use std::path::PathBuf;

use complet_model::{FileStatus, ScannedFile};
use complet_scanner::{Isolation, Limits, Scanner, Settings, Workers};

use crate::make::{Dossier, letter, pdf, reason};

/// Reads a letter with a shell for a worker.
fn read_by(script: &str, limits: Limits) -> ScannedFile {
    let dossier = Dossier::new();
    dossier.add("a.pdf", &pdf(&[letter()]));
    let workers = Workers {
        program: PathBuf::from("/bin/sh"),
        args: vec!["-c".into(), script.into()],
        secrets: Vec::new(),
        log: |_| {},
    };
    let settings = Settings { limits, ..Settings::default() };
    let scanner = Scanner::new(settings, Isolation::Workers(workers)).unwrap();
    scanner.folder(dossier.path(), &|_| {}).unwrap().files.remove(0)
}

fn said(script: &str) -> String {
    let file = read_by(script, Limits { page_seconds: 1, ..Limits::default() });
    assert_eq!((file.status, file.pages.len()), (FileStatus::Unreadable, 0));
    reason(&file).to_owned()
}

#[test]
fn a_worker_that_ends_or_is_killed_is_told() {
    assert_eq!(said("exit 3"), "reader-crashed");
    assert_eq!(said("kill -SEGV $$"), "reader-crashed");
    assert_eq!(said("kill -XCPU $$"), "reader-timeout");
    assert_eq!(said("echo 'memory allocation of 9 bytes failed' >&2; kill -ABRT $$"), "reader-memory");
}

#[test]
fn a_worker_that_says_nothing_is_ended() {
    assert_eq!(said("exec sleep 1000"), "reader-timeout");
    // However much it writes elsewhere.
    assert_eq!(said("yes >&2"), "reader-timeout");
}

#[test]
fn a_worker_that_talks_nonsense_is_not_believed() {
    assert_eq!(said("printf '\\377\\377\\377\\377'; exec sleep 1000"), "reader-crashed");
    assert_eq!(said("printf '\\001\\000\\000\\000\\377'; exec sleep 1000"), "reader-crashed");
    assert_eq!(said("exec yes"), "reader-crashed");
}

#[test]
fn a_program_that_is_not_there_is_told() {
    let dossier = Dossier::new();
    dossier.add("a.pdf", &pdf(&[letter()]));
    let workers = Workers {
        program: PathBuf::from("/no/such/program"),
        args: Vec::new(),
        secrets: Vec::new(),
        log: |_| {},
    };
    let scanner = Scanner::new(Settings::default(), Isolation::Workers(workers)).unwrap();
    let file = scanner.folder(dossier.path(), &|_| {}).unwrap().files.remove(0);
    assert_eq!((file.status, reason(&file)), (FileStatus::Unreadable, "reader-not-started"));
}
