//! Is every document that counts the applicant's?

use complet_model::{Arg, Document, Finding, Message, Severity, Status, Verdict};

use super::people::{Person, compare, holder, holder_spec, hosts, translation_of};
use super::{Bench, Outcome, about, place, warning};
use crate::values::{AddressMatch, NameMatch, compare_addresses, compare_names};

/// What the documents that count for the other requirements say together.
pub(super) fn outcome(bench: &Bench, others: &[Verdict]) -> Outcome {
    let counts = |document: &&Document| others.iter().any(|v| v.documents.contains(&document.id));
    let Some(applicant) = &bench.applicant else {
        let findings = vec![warning(Message::new("applicant-unknown-dossier"))];
        return Outcome { findings, ..Outcome::new(Status::Review) };
    };
    let mut status = Status::Met;
    let mut findings: Vec<Finding> = Vec::new();
    let mut compared = Vec::new();
    let hosts = hosts(bench.documents, bench.rules, applicant);
    for document in bench.documents.iter().filter(counts) {
        let Some(person) = holder(document, bench.rules) else { continue };
        let matched = compare(applicant, &person);
        // The host's bill or card beside the certificate of lodging.
        let is_host = |host| compare_names(host, &person.name) <= NameMatch::Compatible;
        if matched == NameMatch::Different && hosts.iter().any(is_host) {
            continue;
        }
        compared.push(document.id.clone());
        let different_birth = applicant.birth_date.zip(person.birth_date).filter(|(a, b)| a != b);
        let (code, failed) = match matched {
            NameMatch::Same => continue,
            NameMatch::Compatible if person.sure => continue,
            NameMatch::Different if person.sure && applicant.sure => ("other-person", Status::Invalid),
            NameMatch::Doubtful
                if translation_of(document, bench.documents, bench.rules, applicant).is_some() =>
            {
                continue;
            }
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
    findings.extend(other_homes(bench, applicant));
    if compared.len() < 2 && status == Status::Met {
        status = Status::Review;
        findings.push(warning(Message::new("nothing-to-compare")));
    }
    Outcome { status, documents: compared, findings }
}

/// Homes on the applicant's documents, whether they count or not, that differ from that of the first: people move,
/// so that it is told and decides nothing.
fn other_homes(bench: &Bench, applicant: &Person) -> Vec<Finding> {
    let is_theirs = |document: &&Document| {
        holder(document, bench.rules).is_some_and(|h| compare(applicant, &h) <= NameMatch::Compatible)
    };
    let homes = bench.documents.iter().filter(is_theirs).filter_map(|document| {
        let name = holder_spec(document, bench.rules)?.address.as_ref()?;
        let field = document.fields.get(name).filter(|f| f.is_sure())?;
        Some((document, field, field.value.as_text()?))
    });
    let homes: Vec<_> = homes.collect();
    let Some(((first, first_field, home), others)) = homes.split_first() else { return Vec::new() };
    let differ =
        others.iter().filter(|(.., other)| compare_addresses(home, other) == AddressMatch::Different);
    differ
        .map(|(document, field, other)| {
            let message = Message::new("address-differs")
                .text("file", place(document))
                .text("address", *other)
                .text("other", place(first))
                .text("home", *home);
            let evidence = field.evidence.iter().chain(&first_field.evidence).cloned().collect();
            about(document, Finding { severity: Severity::Info, evidence, ..Finding::from(message) })
        })
        .collect()
}
