//! The whole judge on pages as the scanner read them, without any reading: the words of the committed
//! dossiers stand in `words/`, one file a dossier (made by the scanner's example `dump`).

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use complet_judge::{Applicant, Case, judge};
use complet_model::{FieldValue, Report, ScannedFile};
use complet_rules::RuleSet;

fn judged(words: &str) -> Report {
    let files: Vec<ScannedFile> = serde_json::from_str(words).unwrap();
    let rules = RuleSet::load(None).unwrap();
    let case = Case {
        as_of: jiff::civil::date(2026, 11, 15),
        profile: None,
        children: 0,
        applicant: Applicant::default(),
        options: BTreeMap::new(),
    };
    judge(files, &rules, rules.list("cpam-guide").unwrap(), &case)
}

/// What a person would want to see change, and nothing that changes with every weight.
fn told(report: &Report) -> serde_json::Value {
    let requirements: Vec<_> = report
        .verdicts
        .iter()
        .map(|v| {
            let codes: Vec<_> = v.findings.iter().map(|f| f.message.code.as_str()).collect();
            serde_json::json!({ "id": v.id, "status": v.status.id(), "documents": v.documents, "findings": codes })
        })
        .collect();
    let documents: Vec<_> = report
        .documents
        .iter()
        .map(|d| {
            let fields: BTreeMap<&str, &FieldValue> = d.fields.iter().map(|(n, f)| (n.as_str(), &f.value)).collect();
            serde_json::json!({ "id": d.id, "file": d.file, "pages": d.pages, "type": d.classified.doc_type, "fields": fields })
        })
        .collect();
    serde_json::json!({ "profile": report.profile.id, "requirements": requirements, "documents": documents })
}

#[test]
fn complete_dossier() {
    let report = judged(include_str!("words/complete-nguyen.json"));
    insta::assert_json_snapshot!(told(&report));
    assert!(report.is_complete());
}

#[test]
fn dossier_with_gaps() {
    let report = judged(include_str!("words/gaps-castillo.json"));
    insta::assert_json_snapshot!(told(&report));
    assert!(!report.is_complete());
}
