//! What fuzzers try by chance, tried by a seed: bytes that were spoilt in every way, at every door.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use complet_fixtures::hostile::Spoiler;
use complet_model::{BBox, Page, Word};
use complet_program::fuzzing::DOORS;

/// Inputs made for each door, unless `SPOILT` says how many.
const SPOILT: usize = 150;

/// Inputs to begin with, a folder a door; those named `found-` crashed something once.
fn seeds() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

#[test]
fn every_door_has_a_target_and_seeds() {
    let root = seeds().join("..");
    for (name, _) in DOORS {
        let target = fs::read_to_string(root.join(format!("targets/{name}.rs"))).unwrap();
        assert!(target.contains(&format!("fuzzing::{name}(")), "{name}");
        let listed = fs::read_to_string(root.join("Cargo.toml")).unwrap();
        assert!(listed.contains(&format!("name = \"{name}\"")), "{name}");
        assert!(!files(&seeds().join(name)).is_empty(), "{name}");
    }
}

#[test]
fn no_door_breaks_on_seeds_or_what_is_made_of_them() {
    let spoilt = std::env::var("SPOILT").ok().and_then(|n| n.parse().ok()).unwrap_or(SPOILT);
    let mut broken = Vec::new();
    for (name, door) in DOORS {
        let inputs: Vec<Vec<u8>> =
            files(&seeds().join(name)).iter().map(|path| fs::read(path).unwrap()).collect();
        for input in inputs.iter().cloned().chain(Spoiler::new(name, &inputs).take(spoilt)) {
            if catch_unwind(AssertUnwindSafe(|| door(&input))).is_err() {
                let kept = std::env::temp_dir().join(format!("broken-{name}"));
                fs::write(&kept, &input).unwrap();
                broken.push(kept);
                break;
            }
        }
    }
    assert!(broken.is_empty(), "kept in {broken:?}: mend the cause and put it into fuzz/seeds as found-…");
}

/// Seeds in a form of our own follow the form.
#[test]
fn seeds_of_binary_forms_are_of_today() {
    let word = |text: &str, left: f32, line: u32| Word {
        text: text.to_owned(),
        bbox: BBox::new(left, 0.1, left + 0.1, 0.12),
        confidence: 0.9,
        line,
    };
    let words = vec![word("IBAN", 0.1, 0), word("FR7630006000011234567890189", 0.3, 0), word("2026", 0.1, 1)];
    let page = Page { words, ..Page::empty(1, 595.0, 842.0) };
    let [plain, entry, answers] = complet_scanner::fuzzing::samples(&page);
    for (name, bytes) in [("judged_page", plain), ("cache_entry", entry), ("worker_answers", answers)] {
        let path = seeds().join(name).join("page.bin");
        if std::env::var_os("UPDATE").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &bytes).unwrap();
        }
        assert!(fs::read(&path).is_ok_and(|old| old == bytes), "{name}: run again with UPDATE=1");
    }
}
