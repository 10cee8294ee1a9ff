//! Nothing among files that were made to harm it ends the program, and it says something of each.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use std::path::Path;

use complet_fixtures::hostile::{self, Options, Outcome};

#[test]
fn every_hostile_file_gets_a_verdict() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("corpus");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let made = hostile::make(&folder, &root.join("fixtures/dossiers"), 3).unwrap();
    let limits = ["--without", "second", "--limit", "page-seconds=5", "--limit", "worker-megabytes=1000"];
    let options = Options {
        binary: env!("CARGO_BIN_EXE_complet").into(),
        folder,
        changing: true,
        extra: limits.map(str::to_owned).to_vec(),
    };
    let torture = hostile::run(&options).unwrap();
    let table = torture.for_people();
    println!("{made} files\n{table}");
    assert!(torture.is_survived(), "{table}");
    let counted: usize = torture.counts.values().flat_map(|c| c.values()).sum();
    assert_eq!(counted, made + 1, "the files and the one that changes: {table}");
    // The bombs are real, and what ended them is told.
    let told =
        |outcome| torture.told.iter().filter(move |(_, o)| *o == outcome).map(|(path, _)| path.as_str());
    assert!(told(Outcome::OverMemory).any(|p| p == "bombs/swelling.pdf"), "{table}");
    assert!(told(Outcome::TimedOut).any(|p| p == "bombs/hanging.pdf"), "{table}");
    assert!(torture.count(Outcome::Read) > 50, "{table}");
}
