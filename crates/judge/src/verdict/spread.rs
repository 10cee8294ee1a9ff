//! Successive documents of one home that reach back far enough: two electricity bills.

use complet_model::{Arg, Date, Document, Evidence, Finding, Message, Severity, Status};
use complet_rules::Spread;

use super::checks::later;
use super::{Bench, Outcome};
use crate::values::{AddressMatch, compare_addresses};

/// A document with its day, when it could be relied on.
struct Dated<'a> {
    document: &'a Document,
    day: Date,
}

/// What the documents are worth together; `None` when there is none.
pub(super) fn outcome(bench: &Bench, spread: &Spread, each: Vec<(&Document, Outcome)>) -> Option<Outcome> {
    if each.is_empty() {
        return None;
    }
    let all: Vec<String> = each.iter().map(|(d, _)| d.id.clone()).collect();
    let mut findings = Vec::new();
    let mut doubtful = false;
    let mut dated = Vec::new();
    for (document, outcome) in each {
        let field = document.fields.get(&spread.field);
        match (outcome.status, field.and_then(|f| f.value.as_date().filter(|_| f.is_sure()))) {
            (Status::Met, Some(day)) => dated.push(Dated { document, day }),
            (Status::Met | Status::Review, _) => {
                doubtful = true;
                if outcome.findings.is_empty() {
                    let message =
                        Message::new(if field.is_some() { "field-unsure" } else { "field-not-found" })
                            .text("file", super::place(document))
                            .text("raw", field.map(|f| f.raw.clone()).unwrap_or_default())
                            .with("field", Arg::Field(spread.field.clone()));
                    findings.push(super::about(document, super::warning(message)));
                }
            }
            _ => {}
        }
        findings.extend(outcome.findings);
    }
    // Of runs that are worth the same, the latest is spoken of.
    let judged = runs(&dated, spread).into_iter().rev().map(|run| judged(bench, spread, &run));
    let best = judged.min_by_key(|o| o.status);
    match best {
        Some(met) if met.status == Status::Met => Some(met),
        // What could not be read might be the one that is wanting.
        _ if doubtful => Some(Outcome { status: Status::Review, documents: all, findings }),
        Some(outcome) => {
            findings.extend(outcome.findings);
            Some(Outcome { status: outcome.status, documents: all, findings })
        }
        None => Some(Outcome { status: Status::Invalid, documents: all, findings }),
    }
}

/// Documents of one home, each not too long after the one before it, in the order of their days.
fn runs<'a>(dated: &[Dated<'a>], spread: &Spread) -> Vec<Vec<Dated<'a>>> {
    let mut sorted: Vec<&Dated> = dated.iter().collect();
    sorted.sort_by_key(|d| d.day);
    let mut runs: Vec<Vec<Dated>> = Vec::new();
    for next in sorted {
        let follows = |run: &&mut Vec<Dated>| {
            run.last().is_some_and(|last| {
                later(last.day, spread.apart) >= next.day && same_home(last.document, next.document, spread)
            })
        };
        let next = Dated { document: next.document, day: next.day };
        match runs.iter_mut().find(follows) {
            Some(run) => run.push(next),
            None => runs.push(vec![next]),
        }
    }
    runs
}

fn same_home(a: &Document, b: &Document, spread: &Spread) -> bool {
    let address = |d: &Document| {
        let field = spread.address.as_ref().and_then(|name| d.fields.get(name)).filter(|f| f.is_sure());
        field.and_then(|f| f.value.as_text().map(str::to_owned))
    };
    match (address(a), address(b)) {
        (Some(a), Some(b)) => compare_addresses(&a, &b) != AddressMatch::Different,
        _ => true,
    }
}

fn judged(bench: &Bench, spread: &Spread, run: &[Dated]) -> Outcome {
    let as_of = bench.case.as_of;
    let mut days: Vec<Date> = run.iter().map(|d| d.day).collect();
    days.dedup();
    let documents: Vec<String> = run.iter().map(|d| d.document.id.clone()).collect();
    let (first, last) = (days.first().copied().unwrap_or(as_of), days.last().copied().unwrap_or(as_of));
    let (status, what) = if later(last, spread.recent) < as_of {
        (Status::Invalid, "stale")
    } else if days.len() < spread.documents as usize {
        (Status::Invalid, "too-few")
    } else if later(first, spread.back) > as_of {
        // They are successive, and prove less time than is asked for: an office may take them.
        (Status::Review, "too-short")
    } else {
        return Outcome { documents, ..Outcome::new(Status::Met) };
    };
    let message = Message::new(spread.code(what))
        .with("date", Arg::Date(if what == "stale" { last } else { first }))
        .with("needed", Arg::Count(i64::from(spread.documents)))
        .with("months", Arg::Count(i64::from(spread.back)));
    let severity = if status == Status::Review { Severity::Warning } else { Severity::Error };
    let finding = Finding {
        documents: documents.clone(),
        evidence: run.iter().filter_map(|d| evidence(d.document, spread)).collect(),
        severity,
        ..Finding::from(message)
    };
    Outcome { status, documents, findings: vec![finding] }
}

fn evidence(document: &Document, spread: &Spread) -> Option<Evidence> {
    document.fields.get(&spread.field)?.evidence.first().cloned()
}
