//! Reading a value of a given kind out of the text of a candidate.

use std::ops::Range;
use std::sync::LazyLock;

use complet_model::FieldValue;
use complet_rules::{Kind, MrzField};
use regex::Regex;

use super::candidate::Candidate;
use super::value::Value;
use super::{Subject, clean};
use crate::seen::ReadPage;
use crate::values::{
    DateOrder, Found, Mrz, Period, find_amounts, find_bics, find_dates, find_ibans, find_nirs, find_periods,
    find_sirets, nationality_from_words,
};

/// The values of a kind in a candidate, in reading order.
pub(crate) fn read(
    subject: &Subject,
    page: &ReadPage,
    candidate: &Candidate,
    kind: Kind,
    many: bool,
) -> Vec<Value> {
    let text = candidate.text(&page.text);
    let born_digital = !page.text.is_ocr();
    let at = |range: &Range<usize>| place(candidate, range);
    match kind {
        Kind::Date => {
            let found = find_dates(&text, DateOrder::DayFirst, subject.reading.as_of);
            each(found, at, |d| (FieldValue::Date(d), true, false))
        }
        Kind::Period => {
            let year = Some(subject.reading.as_of.year());
            let mut found = find_periods(&text, year);
            for period in &mut found {
                if is_part_of_a_month(period.value) {
                    period.certainty *= PART_OF_A_MONTH;
                }
            }
            each(found, at, |p| (FieldValue::Months(p.months()), true, false))
        }
        Kind::Amount => each(find_amounts(&text), at, |a| (FieldValue::Amount(a.value), true, false)),
        Kind::Iban => each(find_ibans(&text, born_digital), at, |i| {
            let proven = i.valid && !i.repaired;
            (FieldValue::Text(i.compact), i.valid, proven)
        }),
        Kind::Bic => each(find_bics(&text), at, |b| (FieldValue::Text(b), true, false)),
        Kind::Siret => each(find_sirets(&text), at, |n| (FieldValue::Text(n.digits), n.valid, n.valid)),
        Kind::Nir => each(find_nirs(&text), at, |n| (FieldValue::Text(n.digits), n.valid, n.valid)),
        Kind::Code => first_match(&CODE, &text).map(|r| compact(page, candidate, &r)).into_iter().collect(),
        Kind::Sex => first_match(&SEX, &text).map(|r| sex(&text, candidate, &r)).into_iter().collect(),
        Kind::Nationality => nationality(&text, candidate).into_iter().collect(),
        Kind::Person | Kind::Organisation | Kind::Text | Kind::Persons | Kind::Address => {
            clean::read(subject, page, candidate, kind, many)
        }
        Kind::Flag | Kind::Choice | Kind::Language | Kind::Mrz => Vec::new(),
    }
}

/// A term paid by the month has at least so many days.
const DAYS_OF_A_TERM: i32 = 27;
/// Certainty of a month of which a document covers a part only: whether it counts, somebody must say.
const PART_OF_A_MONTH: f32 = 0.5;

fn is_part_of_a_month(period: Period) -> bool {
    let days = period.start.until(period.end).map_or(i32::MAX, |span| span.get_days() + 1);
    days < DAYS_OF_A_TERM
}

fn each<T>(
    found: Vec<Found<T>>,
    at: impl Fn(&Range<usize>) -> Vec<Range<usize>>,
    make: impl Fn(T) -> (FieldValue, bool, bool),
) -> Vec<Value> {
    found
        .into_iter()
        .map(|f| {
            let places = at(&f.range);
            let (content, valid, proven) = make(f.value);
            Value { content, places, certainty: f.certainty, valid, proven }
        })
        .collect()
}

/// The bytes of the page's text for a range of a candidate's joined text.
fn place(candidate: &Candidate, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let mut offset = 0;
    for part in &candidate.parts {
        let (from, to) = (range.start.max(offset), range.end.min(offset + part.len()));
        if from < to {
            places.push(part.start + (from - offset)..part.start + (to - offset));
        }
        offset += part.len() + 1;
    }
    places
}

// A code has a digit; a lone year or a day is none.
static CODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:[A-Z]{0,4}[0-9][A-Z0-9/*-]{3,19}|[A-Z0-9]{2,6}[0-9](?: [A-Z0-9]{2,6}){1,4})\b").ok()
});
static SEX: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:M|F|MASCULIN|FEMININ|MALE|FEMALE|MASCULINO|FEMENINO|FEMININO|H|W)\b").ok()
});
static COUNTRY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b[A-Z]{3}\b").ok());

fn first_match(regex: &LazyLock<Option<Regex>>, text: &str) -> Option<Range<usize>> {
    regex.as_ref()?.find(text).map(|m| m.range())
}

fn compact(page: &ReadPage, candidate: &Candidate, range: &Range<usize>) -> Value {
    let places = place(candidate, range);
    let raw: String = places.iter().map(|p| page.text.slice(p)).collect();
    let code = raw.chars().filter(|c| c.is_alphanumeric()).collect();
    Value::plain(FieldValue::Text(code), places)
}

fn sex(text: &str, candidate: &Candidate, range: &Range<usize>) -> Value {
    let word = text.get(range.clone()).unwrap_or_default();
    let sex = if word.starts_with('F') || word == "W" { "F" } else { "M" };
    Value::plain(FieldValue::Text(sex.to_owned()), place(candidate, range))
}

fn nationality(text: &str, candidate: &Candidate) -> Option<Value> {
    let code = nationality_from_words(text).map(str::to_owned).or_else(|| {
        let found = COUNTRY.as_ref()?.find(text)?;
        crate::values::is_country_code(found.as_str()).then(|| found.as_str().to_owned())
    })?;
    Some(Value::plain(FieldValue::Text(code), candidate.parts.clone()))
}

/// A field of a machine-readable zone.
pub(crate) fn zone_value(zone: &Mrz, wanted: MrzField) -> Option<FieldValue> {
    let text = |t: &str| (!t.is_empty()).then(|| FieldValue::Text(t.to_owned()));
    match wanted {
        MrzField::FamilyName => text(&zone.family_name),
        MrzField::GivenNames => text(&zone.given_names),
        MrzField::Number => text(&zone.number),
        MrzField::Nationality => text(&zone.nationality),
        MrzField::Sex => zone.sex.map(|s| FieldValue::Text(s.to_string())),
        MrzField::BirthDate => zone.birth_date.map(FieldValue::Date),
        MrzField::ExpiryDate => zone.expiry_date.map(FieldValue::Date),
        MrzField::Lines => Some(FieldValue::List(zone.text.clone())),
    }
}
