//! Months that several documents cover together without a gap: three consecutive rent receipts.

use std::collections::BTreeSet;

use complet_model::{Arg, Document, Finding, Message, Month, Severity, Status};
use complet_rules::Series;

use super::{Bench, Outcome, about, warning};
use crate::values::{AddressMatch, compare_addresses};

/// The documents of one home, with the months each covers.
struct Home<'a> {
    address: Option<String>,
    documents: Vec<(&'a Document, Vec<Month>)>,
}

/// A run of months without a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    first: Month,
    last: Month,
}

impl Run {
    fn months(self) -> i32 {
        self.last.index() - self.first.index() + 1
    }
}

/// What the documents are worth together; `None` when there is none.
pub(super) fn outcome(bench: &Bench, series: &Series, each: Vec<(&Document, Outcome)>) -> Option<Outcome> {
    if each.is_empty() {
        return None;
    }
    let all: Vec<String> = each.iter().map(|(d, _)| d.id.clone()).collect();
    let mut findings = Vec::new();
    let (mut sure, mut unsure) = (Vec::new(), Vec::new());
    let mut failed = 0;
    for (document, outcome) in each {
        match outcome.status {
            Status::Met => match months(document, series) {
                Some((months, true)) => sure.push((document, months)),
                Some((months, false)) => unsure.push((document, months)),
                None => unsure.push((document, Vec::new())),
            },
            Status::Review => {
                unsure.push((document, months(document, series).map(|m| m.0).unwrap_or_default()));
            }
            _ => failed += 1,
        }
        findings.extend(outcome.findings);
    }
    let best =
        homes(&sure, series).into_iter().map(|home| judged(bench, series, &home)).min_by_key(|o| o.status);
    if let Some(mut met) = best.filter(|o| o.status == Status::Met) {
        // What was wrong with documents that are not needed is no longer of interest.
        met.findings.extend(duplicates(&sure, series));
        return Some(met);
    }
    if !unsure.is_empty() {
        // Would it be enough if everything that is doubtful were right, or said what it must?
        let read: Vec<_> = sure.iter().chain(&unsure).map(|(d, m)| (*d, m.clone())).collect();
        let unread = unsure.iter().filter(|(_, m)| m.is_empty()).count();
        let together = Home { address: None, documents: read };
        let sought = missing(&covered(&together), Month::of(bench.case.as_of), series);
        let hopeful = judged(bench, series, &together).status == Status::Met || sought.len() <= unread;
        if hopeful {
            for (document, months) in &unsure {
                if findings.iter().any(|f| f.documents.contains(&document.id)) {
                    continue;
                }
                let code = if months.is_empty() { "period-not-found" } else { "field-unsure" };
                let message = Message::new(code)
                    .text("file", super::place(document))
                    .text(
                        "raw",
                        document.fields.get(&series.field).map(|f| f.raw.clone()).unwrap_or_default(),
                    )
                    .with("field", Arg::Field(series.field.clone()))
                    .with("type", Arg::DocType(document.classified.doc_type.clone()));
                findings.push(about(document, warning(message)));
            }
            return Some(Outcome { status: Status::Review, documents: all, findings });
        }
    }
    let merged: Vec<_> = sure.iter().chain(&unsure).map(|(d, m)| (*d, m.clone())).collect();
    let judged = homes(&merged, series)
        .into_iter()
        .map(|home| judged(bench, series, &home))
        .max_by_key(|o| o.documents.len());
    match judged {
        Some(outcome) => {
            findings.extend(outcome.findings);
            Some(Outcome { status: Status::Invalid, documents: all, findings })
        }
        None if failed > 0 => Some(Outcome { status: Status::Invalid, documents: all, findings }),
        None => None,
    }
}

/// The months a document covers, and whether they are sure.
fn months(document: &Document, series: &Series) -> Option<(Vec<Month>, bool)> {
    let field = document.fields.get(&series.field)?;
    Some((field.value.as_months()?.to_vec(), field.is_sure()))
}

/// Puts the documents of one home together. A document without an address goes with every home.
fn homes<'a>(documents: &[(&'a Document, Vec<Month>)], series: &Series) -> Vec<Home<'a>> {
    let mut homes: Vec<Home> = Vec::new();
    let mut anywhere = Vec::new();
    for (document, months) in documents {
        let address = series.address.as_ref().and_then(|name| document.fields.get(name));
        let Some(address) = address.filter(|a| a.is_sure()).and_then(|a| a.value.as_text()) else {
            anywhere.push((*document, months.clone()));
            continue;
        };
        let home = homes.iter_mut().find(|h| {
            h.address.as_deref().is_some_and(|a| compare_addresses(a, address) != AddressMatch::Different)
        });
        match home {
            Some(home) => home.documents.push((document, months.clone())),
            None => homes.push(Home {
                address: Some(address.to_owned()),
                documents: vec![(document, months.clone())],
            }),
        }
    }
    if homes.is_empty() && !anywhere.is_empty() {
        homes.push(Home { address: None, documents: Vec::new() });
    }
    for home in &mut homes {
        home.documents.extend(anywhere.iter().cloned());
    }
    homes
}

/// The months of a home that count: those not after the month of the reference date.
fn covered(home: &Home) -> BTreeSet<Month> {
    home.documents.iter().flat_map(|(_, months)| months.iter().copied()).collect()
}

fn judged(bench: &Bench, series: &Series, home: &Home) -> Outcome {
    let now = Month::of(bench.case.as_of);
    let months: BTreeSet<Month> = covered(home).into_iter().filter(|m| *m <= now).collect();
    let runs = runs(&months);
    let needed = series.months as i32;
    let age = |run: &Run| now.index() - run.last.index();
    // The latest run that is long enough.
    let enough = runs.iter().rev().find(|r| r.months() >= needed);
    let ids = |run: Option<&Run>| -> Vec<String> {
        let counts =
            |months: &[Month]| run.is_none_or(|r| months.iter().any(|m| (r.first..=r.last).contains(m)));
        home.documents.iter().filter(|(_, m)| counts(m)).map(|(d, _)| d.id.clone()).collect()
    };
    let made = |status, code: &str, run: Option<&Run>, months: Vec<Month>, severity| {
        let message = Message::new(code)
            .with("months", Arg::Months(months))
            .with("needed", Arg::Count(i64::from(series.months)))
            .text("place", home.address.clone().unwrap_or_default());
        let mut finding = Finding { severity, ..Finding::from(message) };
        finding.documents = ids(run);
        finding.evidence = evidence(home, series);
        Outcome { status, documents: ids(run), findings: vec![finding] }
    };
    match enough {
        Some(run) if age(run) <= series.recent as i32 => {
            Outcome { status: Status::Met, documents: ids(Some(run)), findings: Vec::new() }
        }
        Some(run) if age(run) <= series.tolerated as i32 => {
            let last = vec![run.last];
            made(Status::Met, &series.code("rather-old"), Some(run), last, Severity::Warning)
        }
        Some(run) => made(Status::Invalid, &series.code("stale"), None, vec![run.last], Severity::Error),
        None => {
            let missing = missing(&months, now, series);
            let between = months
                .first()
                .zip(months.last())
                .is_some_and(|(first, last)| missing.iter().any(|m| m > first && m < last));
            let code = if between { "gap" } else { "too-few" };
            made(Status::Invalid, &series.code(code), None, missing, Severity::Error)
        }
    }
}

/// The months to ask for: the fewest that make a run that is long enough and recent.
fn missing(months: &BTreeSet<Month>, now: Month, series: &Series) -> Vec<Month> {
    let needed = series.months as i32;
    let windows = (0..=series.recent as i32).map(|back| now.plus(-back)).map(|last| {
        let window: Vec<Month> = (0..needed).rev().map(|i| last.plus(-i)).collect();
        window.into_iter().filter(|m| !months.contains(m)).collect::<Vec<_>>()
    });
    // The month that is running cannot be asked for before it ends, unless its receipt is there.
    windows.filter(|missing| !missing.contains(&now)).min_by_key(Vec::len).unwrap_or_default()
}

fn runs(months: &BTreeSet<Month>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for &month in months {
        match runs.last_mut().filter(|r| r.last.plus(1) == month) {
            Some(run) => run.last = month,
            None => runs.push(Run { first: month, last: month }),
        }
    }
    runs
}

/// Says which documents cover a month that another covers as well.
fn duplicates(documents: &[(&Document, Vec<Month>)], series: &Series) -> Vec<Finding> {
    let mut seen: BTreeSet<Month> = BTreeSet::new();
    let mut findings = Vec::new();
    for (document, months) in documents {
        let again: Vec<Month> = months.iter().copied().filter(|m| !seen.insert(*m)).collect();
        if !again.is_empty() {
            let message = Message::new(series.code("twice"))
                .text("file", super::place(document))
                .with("months", Arg::Months(again));
            findings.push(about(document, Finding { severity: Severity::Info, ..Finding::from(message) }));
        }
    }
    findings
}

fn evidence(home: &Home, series: &Series) -> Vec<complet_model::Evidence> {
    let fields = home.documents.iter().filter_map(|(d, _)| d.fields.get(&series.field));
    fields.flat_map(|f| f.evidence.iter().take(1).cloned()).collect()
}
