//! Judges pages as they were read before (`complet check --pages FILE`), and prints what tells of the report: a
//! change to rules or judge is tried in a second, without any OCR.
//!
//! `judge PAGES.json AS_OF PROFILE [RULES]`
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

use std::collections::BTreeMap;

use complet_judge::{Applicant, Case, judge};
use complet_model::ScannedFile;
use complet_rules::RuleSet;
use serde_json::json;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let files: Vec<ScannedFile> = serde_json::from_slice(&std::fs::read(&args[0]).unwrap()).unwrap();
    let rules = RuleSet::load(args.get(3).map(camino::Utf8Path::new)).unwrap();
    let case = Case {
        as_of: args[1].parse().unwrap(),
        profile: Some(args[2].clone()),
        children: 0,
        applicant: Applicant::default(),
        options: BTreeMap::new(),
    };
    let report = judge(files, &rules, rules.list("cpam-guide").unwrap(), &case);
    let mut requirements = Vec::new();
    for verdict in &report.verdicts {
        let messages = verdict.findings.iter().map(|f| format!("{} {:?}", f.message.code, f.message.args));
        let findings: Vec<_> = messages.map(|message| json!({ "message": message })).collect();
        requirements.push(json!({ "id": verdict.id, "status": verdict.status.id(), "findings": findings }));
    }
    let mut documents = Vec::new();
    for document in &report.documents {
        let told = &document.classified;
        let mut fields = BTreeMap::new();
        for (name, field) in &document.fields {
            let (confidence, valid) = (field.confidence, field.valid);
            fields.insert(
                name,
                json!({ "value": field.value, "confidence": confidence, "valid": valid, "raw": field.raw }),
            );
        }
        documents.push(json!({
            "file": document.file, "pages": document.pages, "type": told.doc_type, "confidence": told.confidence,
            "runner_up": told.runner_up, "fields": fields,
        }));
    }
    let complete = report.verdicts.iter().all(|v| v.status.is_fine());
    println!("{}", json!({ "complete": complete, "requirements": requirements, "documents": documents }));
}
