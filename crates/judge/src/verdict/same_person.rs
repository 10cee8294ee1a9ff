//! Is every document that counts the applicant's?

use complet_model::{Arg, Finding, Message, Severity, Status, Verdict};
use complet_rules::Requirement;

use super::people::{compare, holder};
use super::{Bench, about, place, warning};
use crate::values::NameMatch;

pub(super) fn verdict(bench: &Bench, requirement: &Requirement, others: &[Verdict]) -> Verdict {
    let mut counted: Vec<&str> = others.iter().flat_map(|v| v.documents.iter().map(String::as_str)).collect();
    counted.sort_unstable();
    counted.dedup();
    let made = |status, documents, findings| Verdict {
        id: requirement.id.clone(),
        label: requirement.label.clone(),
        status,
        documents,
        findings,
    };
    let Some(applicant) = &bench.applicant else {
        return made(Status::Review, Vec::new(), vec![warning(Message::new("applicant-unknown-dossier"))]);
    };
    let mut status = Status::Met;
    let mut findings: Vec<Finding> = Vec::new();
    let mut compared = Vec::new();
    for document in counted.into_iter().filter_map(|id| bench.document_by_id(id)) {
        let Some(person) = holder(document, bench.rules) else { continue };
        compared.push(document.id.clone());
        let different_birth = applicant.birth_date.zip(person.birth_date).filter(|(a, b)| a != b);
        let matched = compare(applicant, &person);
        let (code, failed) = match matched {
            NameMatch::Same => continue,
            NameMatch::Compatible if person.sure => continue,
            NameMatch::Different if person.sure && applicant.sure => ("other-person", Status::Invalid),
            NameMatch::Doubtful if different_birth.is_some() => ("other-birth-date", Status::Review),
            _ => ("person-doubtful", Status::Review),
        };
        status = status.max(failed);
        let mut message = Message::new(code)
            .text("file", place(document))
            .text("holder", person.shown())
            .text("applicant", applicant.shown())
            .with("type", Arg::DocType(document.classified.doc_type.clone()));
        if let Some((ours, theirs)) = different_birth {
            message = message.with("expected", Arg::Date(ours)).with("found", Arg::Date(theirs));
        }
        let severity = if failed == Status::Invalid { Severity::Error } else { Severity::Warning };
        let mut evidence = person.evidence.clone();
        evidence.extend(applicant.evidence.iter().take(1).cloned());
        findings.push(about(document, Finding { severity, evidence, ..Finding::from(message) }));
    }
    if compared.len() < 2 && status == Status::Met {
        return made(Status::Review, compared, vec![warning(Message::new("nothing-to-compare"))]);
    }
    made(status, compared, findings)
}
