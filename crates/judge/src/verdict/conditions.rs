//! Does a requirement concern this person?

use complet_model::{Document, FieldValue, Message};
use complet_rules::{DocumentWith, FieldNotIn, Older, Requirement, When};

use super::Bench;
use super::checks::{later, shown};
use super::people::last_day;
use crate::values::is_eea_or_swiss;

/// Whether a requirement concerns the person.
pub(super) enum Applies {
    Yes,
    No,
    /// What it depends on is not known, with the reason for people.
    Unknown(Message),
}

pub(super) fn applies(bench: &Bench, requirement: &Requirement) -> Applies {
    requirement.when.as_ref().map_or(Applies::Yes, |when| hold(bench, when, requirement))
}

/// Whether conditions of a requirement hold.
pub(super) fn hold(bench: &Bench, when: &When, requirement: &Requirement) -> Applies {
    let When { children, eea_national, field_not_in, there_is, there_is_no, older } = when;
    let mut applies = Applies::Yes;
    if *children && bench.case.children == 0 {
        let mut types = requirement.accept.iter().flat_map(|a| &a.types);
        if !types.any(|id| bench.documents.iter().any(|d| d.classified.doc_type == *id)) {
            return Applies::No;
        }
    }
    // A document of which it cannot be told is none.
    let there = |wanted: &DocumentWith| bench.documents.iter().any(|d| is(d, wanted) == Some(true));
    if there_is.as_ref().is_some_and(|wanted| !there(wanted)) || there_is_no.as_ref().is_some_and(there) {
        return Applies::No;
    }
    if older.as_ref().is_some_and(|older| !bench.documents.iter().any(|d| is_older(bench, d, older))) {
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

/// Whether a document is one that is wanted; `None` when its field is not sure.
pub(super) fn is(document: &Document, wanted: &DocumentWith) -> Option<bool> {
    if !wanted.types.contains(&document.classified.doc_type) {
        return Some(false);
    }
    let Some(name) = &wanted.field else { return Some(true) };
    let field = document.fields.get(name).filter(|f| f.is_sure())?;
    Some(wanted.values.is_empty() || fits(&field.value, &wanted.values))
}

/// A day that was not read for sure is not old.
fn is_older(bench: &Bench, document: &Document, older: &Older) -> bool {
    let field = document.fields.get(&older.field).filter(|f| f.is_sure());
    let day = field.and_then(|f| last_day(&f.value));
    older.types.contains(&document.classified.doc_type)
        && day.is_some_and(|day| later(day, older.months) < bench.case.as_of)
}

/// True when a value is one of some; one that ends with `*` stands for all that begin so.
pub(super) fn fits(value: &FieldValue, values: &[String]) -> bool {
    let value = shown(value);
    values.iter().any(|wanted| match wanted.strip_suffix('*') {
        Some(start) => value.starts_with(start),
        None => *wanted == value,
    })
}

fn field(bench: &Bench, condition: &FieldNotIn) -> Applies {
    let documents = bench.documents.iter().filter(|d| condition.types.contains(&d.classified.doc_type));
    let mut any = false;
    let mut unsure = false;
    for document in documents {
        any = true;
        match document.fields.get(&condition.field) {
            Some(found) if found.is_sure() => {
                if !fits(&found.value, &condition.values) {
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
            .with("type", complet_model::Arg::DocType(condition.types.first().cloned().unwrap_or_default()))
            .with("field", complet_model::Arg::Field(condition.field.clone())),
    )
}
