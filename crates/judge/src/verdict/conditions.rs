//! Does a requirement concern this person?

use complet_model::Message;
use complet_rules::{FieldNotIn, Requirement, When};

use super::Bench;
use crate::values::is_eea_or_swiss;

/// Whether a requirement concerns the person.
pub(super) enum Applies {
    Yes,
    No,
    /// What it depends on is not known, with the reason for people.
    Unknown(Message),
}

pub(super) fn applies(bench: &Bench, requirement: &Requirement) -> Applies {
    let Some(When { children, eea_national, field_not_in }) = &requirement.when else { return Applies::Yes };
    let mut applies = Applies::Yes;
    if *children && bench.case.children == 0 {
        return Applies::No;
    }
    if let Some(wanted) = eea_national {
        let nationality = bench.applicant.as_ref().and_then(|p| p.nationality.as_deref());
        match nationality.and_then(is_eea_or_swiss) {
            Some(is) if is != *wanted => return Applies::No,
            Some(_) => {}
            None => applies = Applies::Unknown(Message::new("nationality-unknown")),
        }
    }
    if let Some(condition) = field_not_in {
        match field(bench, condition) {
            Applies::No => return Applies::No,
            Applies::Unknown(why) => applies = Applies::Unknown(why),
            Applies::Yes => {}
        }
    }
    applies
}

fn field(bench: &Bench, condition: &FieldNotIn) -> Applies {
    let documents = bench.documents.iter().filter(|d| d.classified.doc_type == condition.doc_type);
    let mut any = false;
    let mut unsure = false;
    for document in documents {
        any = true;
        match document.fields.get(&condition.field) {
            Some(found) if found.is_sure() => {
                if found.value.as_text().is_none_or(|v| !condition.values.iter().any(|w| w == v)) {
                    return Applies::Yes;
                }
            }
            _ => unsure = true,
        }
    }
    let code = match (any, unsure) {
        (true, false) => return Applies::No,
        (true, true) => "depends-on-field",
        (false, _) => "depends-on-document",
    };
    Applies::Unknown(
        Message::new(code)
            .with("type", complet_model::Arg::DocType(condition.doc_type.clone()))
            .with("field", complet_model::Arg::Field(condition.field.clone())),
    )
}
