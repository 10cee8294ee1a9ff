//! Seventy-eight dossiers, and some papers that look like others, laid out by somebody who never saw the rules: files as
//! people send them, read once (`complet check --pages`), with what should come of each. What they show is how the judge
//! does on layouts that no rule was written for.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use complet_judge::{Applicant, Case, judge};
use complet_model::{Report, ScannedFile};
use complet_rules::{RequirementList, RuleSet};
use serde::Deserialize;

/// What should come of a dossier, in the form that `complet verify` takes.
#[derive(Deserialize)]
struct Expected {
    as_of: toml::value::Datetime,
    profile: String,
    #[serde(default)]
    status: BTreeMap<String, String>,
    types: BTreeMap<String, Types>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Types {
    One(String),
    Several(Vec<String>),
}

/// Least counts of what is right, as measured last: raise them when the judge gets better.
const VERDICTS: (usize, usize) = (606, 680);
const TYPES: (usize, usize) = (729, 746);

fn dossiers() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/unseen");
    let folders = root.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = folders.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn judged(folder: &Path, rules: &RuleSet, list: &RequirementList) -> (Report, Expected) {
    let expected = std::fs::read_to_string(folder.join("expected.toml")).unwrap();
    let expected: Expected = toml::from_str(&expected).unwrap();
    let mut pages = String::new();
    let packed = std::fs::File::open(folder.join("pages.json.gz")).unwrap();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut pages).unwrap();
    let files: Vec<ScannedFile> = serde_json::from_str(&pages).unwrap();
    let case = Case {
        as_of: expected.as_of.to_string().parse().unwrap(),
        profile: Some(expected.profile.clone()),
        children: 0,
        applicant: Applicant::default(),
        options: BTreeMap::new(),
    };
    (judge(files, rules, list, &case), expected)
}

#[test]
fn nothing_is_met_that_is_not_and_most_is_told() {
    let rules = RuleSet::load(None).unwrap();
    let list = rules.list("cpam-guide").unwrap();
    let (mut verdicts, mut types) = ((0, 0), (0, 0));
    let mut false_met = Vec::new();
    for folder in dossiers() {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let (report, expected) = judged(&folder, &rules, list);
        for (id, wanted) in &expected.status {
            let got = report.verdicts.iter().find(|v| v.id == *id).unwrap().status.id();
            let right = wanted.split('|').any(|w| w == got);
            verdicts = (verdicts.0 + usize::from(right), verdicts.1 + 1);
            if !right {
                println!("{name}: {id} is {wanted}, and {got} was said");
            }
            if !right && got == "met" {
                false_met.push(format!("{name}: {id}"));
            }
        }
        for (file, wanted) in &expected.types {
            let wanted = match wanted {
                Types::One(one) => std::slice::from_ref(one),
                Types::Several(several) => several,
            };
            let of_file = report.documents.iter().filter(|d| d.file == *file);
            let told: Vec<&str> = of_file.map(|d| d.classified.doc_type.as_str()).collect();
            let right = wanted.iter().zip(&told).filter(|(wanted, told)| *wanted == *told).count();
            types = (types.0 + right, types.1 + wanted.len());
            if right < wanted.len() {
                println!("{name}: {file} is {wanted:?}, and {told:?} was told");
            }
        }
    }
    println!("verdicts {verdicts:?}, types {types:?}");
    assert!(false_met.is_empty(), "{false_met:?}");
    assert!(
        verdicts.0 >= VERDICTS.0 && verdicts.1 == VERDICTS.1,
        "verdicts {verdicts:?}, at least {VERDICTS:?}"
    );
    assert!(types.0 >= TYPES.0 && types.1 == TYPES.1, "types {types:?}, at least {TYPES:?}");
}
