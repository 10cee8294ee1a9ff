//! The machine-readable zone against what is printed above it.
//!
//! A difference is told only where both were read for sure and what the zone says stands nowhere else on the
//! page: a misread date or a value taken from a wrong label is no forgery.

use complet_model::{Arg, Field, FieldValue, Finding, Message, Severity, fold};
use complet_rules::{DocType, MrzField};

use super::{Subject, best_zone};
use crate::values::{DateOrder, NameMatch, PersonName, compare_names, find_dates};

/// How sure printed text must be on a page that was read off a picture.
const SURE_PRINT: f32 = 0.75;
/// Signs in which a printed number may differ from the zone's by misreading.
const MISREAD: usize = 1;

/// What the zone of a document says otherwise than its printed fields.
pub(super) fn differences(subject: &Subject, doc_type: &DocType, file: &str) -> Vec<Finding> {
    let Some((seen, page)) = best_zone(subject.pages).filter(|(seen, _)| seen.mrz.valid) else {
        return Vec::new();
    };
    let zone = &seen.mrz;
    let place = page.text.flow_of(&seen.words);
    let mut rest: Vec<String> = subject.pages.iter().map(|p| p.text.flow.clone()).collect();
    for (text, p) in rest.iter_mut().zip(subject.pages) {
        if std::ptr::eq(p, page) {
            let flow = &page.text.flow;
            let part = |range: std::ops::Range<usize>| flow.get(range).unwrap_or_default();
            *text = format!("{} {}", part(0..place.start), part(place.end..flow.len()));
        }
    }
    let mut findings = Vec::new();
    for (name, spec) in &doc_type.fields {
        let Some(wanted) = spec.find.iter().find_map(|find| find.mrz) else { continue };
        let is_name = matches!(wanted, MrzField::FamilyName | MrzField::GivenNames);
        if is_name && zone.is_cut() {
            continue;
        }
        let Some(told) = subject.zone_field(wanted).filter(Field::is_sure) else { continue };
        let sure = |field: &Field| {
            field.valid && field.confidence >= if page.text.is_ocr() { SURE_PRINT } else { Field::SURE }
        };
        let others = spec.find.iter().filter(|find| find.mrz.is_none() && !find.anywhere);
        let Some(printed) = others.filter_map(|find| subject.found(spec, find)).find(sure) else { continue };
        let differs = match (wanted, &told.value, &printed.value) {
            (MrzField::BirthDate | MrzField::ExpiryDate, FieldValue::Date(a), FieldValue::Date(b)) => {
                let dates = |text: &String| find_dates(text, DateOrder::DayFirst, subject.reading.as_of);
                a != b && !rest.iter().flat_map(dates).any(|date| date.value == *a)
            }
            (MrzField::Number, FieldValue::Text(a), FieldValue::Text(b)) => {
                number_differs(a, b, &rest, page.text.is_ocr())
            }
            (MrzField::FamilyName | MrzField::GivenNames, FieldValue::Text(a), FieldValue::Text(b)) => {
                name_differs(a, b, &rest, wanted == MrzField::FamilyName)
            }
            _ => false,
        };
        if differs {
            let message = Message::new("mrz-differs")
                .text("file", file)
                .with("field", Arg::Field(name.clone()))
                .with("printed", shown(&printed.value))
                .with("zone", shown(&told.value));
            let evidence = printed.evidence.iter().chain(&told.evidence).cloned().collect();
            let documents = vec![subject.id.to_owned()];
            let severity = Severity::Warning;
            findings.push(Finding { severity, evidence, documents, ..Finding::from(message) });
        }
    }
    findings
}

fn shown(value: &FieldValue) -> Arg {
    match value {
        FieldValue::Date(date) => Arg::Date(*date),
        other => Arg::Text(other.texts().join(", ")),
    }
}

fn number_differs(zone: &str, printed: &str, rest: &[String], is_ocr: bool) -> bool {
    let compact = |text: &str| -> String { fold(text).chars().filter(char::is_ascii_alphanumeric).collect() };
    let (a, b) = (compact(zone), compact(printed));
    // The zone may leave out what is printed, and print a number of its own beside it.
    let part = a.contains(&b) || b.contains(&a) || rest.iter().any(|text| compact(text).contains(&a));
    let off = a.chars().zip(b.chars()).filter(|(a, b)| a != b).count() + a.len().abs_diff(b.len());
    !(part || is_ocr && off <= MISREAD)
}

fn name_differs(zone: &str, printed: &str, rest: &[String], family: bool) -> bool {
    let name = |text: &str| {
        let text = Some(text.to_owned());
        if family {
            PersonName { family: text, ..PersonName::default() }
        } else {
            PersonName { full: text, ..PersonName::default() }
        }
    };
    let stands_elsewhere =
        zone.split(' ').all(|word| rest.iter().any(|text| text.split(' ').any(|other| other == word)));
    compare_names(&name(zone), &name(printed)) == NameMatch::Different && !stands_elsewhere
}
