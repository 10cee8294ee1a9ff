//! The checks a single document must pass.

use complet_model::{Arg, Date, Document, Field, FieldValue, Finding, Message, Severity};
use complet_rules::{Agreement, Check, DocumentWith, FieldIs, Otherwise};
use jiff::ToSpan as _;

use super::conditions::{fits, is};
use super::people::{compare, holder, last_day, translation_of};
use super::{Bench, about, place, warning};
use crate::values::NameMatch;

/// What a check says of a document: `None` when it is passed, else what follows and why.
pub(super) type Failed = Option<(Otherwise, Finding)>;

pub(super) fn run(bench: &Bench, document: &Document, check: &Check) -> Failed {
    if !concerns(check, document) {
        return None;
    }
    let subject = Subject { bench, document };
    match check {
        Check::Holder { code } => subject.holder(code),
        Check::Valid { field, code } => subject.valid(field, code),
        Check::Present { field, code, even_unsure } => subject.present(field, code, *even_unsure),
        Check::IsTrue { field, code, otherwise } => subject.is_true(field, code, *otherwise),
        Check::IsNot { field, code, otherwise } => subject.is_not(field, code, *otherwise),
        Check::OneOf { field, values, code, otherwise } => subject.one_of(field, values, code, *otherwise),
        Check::NotExpired { field, code, warn_months, .. } => subject.not_expired(field, code, *warn_months),
        Check::Recent { field, months, tolerated, code } => {
            subject.recent(field, code, *months, tolerated.unwrap_or(*months))
        }
        Check::Begun { field, months_ago, days_ahead, code } => {
            subject.begun(field, code, *months_ago, *days_ahead)
        }
        Check::SchoolYear { field, code } => subject.school_year(field, code),
        Check::Accompanies { other, code, otherwise, .. } => subject.accompanies(other, code, *otherwise),
        Check::Agrees { types, field, with, how, code } => subject.agrees(types, (field, with), *how, code),
    }
}

/// True when a document must pass a check, by what is sure of it.
pub(crate) fn concerns(check: &Check, document: &Document) -> bool {
    let has = |wanted: &FieldIs| {
        let field = document.fields.get(&wanted.field).filter(|f| f.is_sure());
        field.is_some_and(|f| shown(&f.value) == wanted.value)
    };
    check.only().is_none_or(has) && !check.unless().iter().any(has)
}

/// A document under check.
struct Subject<'a> {
    bench: &'a Bench<'a>,
    document: &'a Document,
}

impl Subject<'_> {
    fn message(&self, code: &str) -> Message {
        Message::new(code)
            .text("file", place(self.document))
            .with("type", Arg::DocType(self.document.classified.doc_type.clone()))
    }

    /// A finding about the document, with the field as evidence.
    fn finding(&self, message: Message, field: Option<&Field>, otherwise: Otherwise) -> Finding {
        let severity = if otherwise == Otherwise::Invalid { Severity::Error } else { Severity::Warning };
        let evidence = field.map(|f| f.evidence.clone()).unwrap_or_default();
        about(self.document, Finding { severity, evidence, ..Finding::from(message) })
    }

    #[allow(clippy::unnecessary_wraps)] // it is what every check returns
    fn fails(&self, message: Message, field: Option<&Field>, otherwise: Otherwise) -> Failed {
        Some((otherwise, self.finding(message, field, otherwise)))
    }

    /// The field, when it was read well enough to decide on it; else what to say instead.
    fn sure(&self, name: &str) -> Result<&Field, Failed> {
        match self.document.fields.get(name) {
            Some(field) if field.is_sure() => Ok(field),
            field => Err(self.unsure(name, field)),
        }
    }

    /// What to say of a field that cannot be decided on.
    fn unsure(&self, name: &str, field: Option<&Field>) -> Failed {
        let code = if field.is_some() { "field-unsure" } else { "field-not-found" };
        let mut message = self.message(code).with("field", Arg::Field(name.to_owned()));
        if let Some(field) = field {
            message = message.text("raw", field.raw.clone());
        }
        self.fails(message, field, Otherwise::Review)
    }

    fn with(&self, name: &str, judge: impl FnOnce(&Field) -> Failed) -> Failed {
        match self.sure(name) {
            Ok(field) => judge(field),
            Err(failed) => failed,
        }
    }

    /// True when a field was not found whose absence leads to the same as a wrong value: somebody must
    /// look, and the check's own words say better for what.
    fn is_sought(&self, name: &str, otherwise: Otherwise) -> bool {
        otherwise == Otherwise::Review && !self.document.fields.contains_key(name)
    }

    fn holder(&self, code: &str) -> Failed {
        let Some(applicant) = &self.bench.applicant else {
            return self.fails(self.message("applicant-unknown"), None, Otherwise::Review);
        };
        let by_translation = || {
            let other = translation_of(self.document, self.bench.documents, self.bench.rules, applicant)?;
            let told = self.message("holder-by-translation");
            let message = told.text("other", place(other)).text("applicant", applicant.shown());
            let finding = Finding { severity: Severity::Info, ..Finding::from(message) };
            Some((Otherwise::Warn, about(self.document, finding)))
        };
        let Some(holder) = holder(self.document, self.bench.rules) else {
            let not_found = || self.fails(self.message("holder-not-found"), None, Otherwise::Review);
            return by_translation().or_else(not_found);
        };
        let message = |code: &str| {
            self.message(code).text("holder", holder.shown()).text("applicant", applicant.shown())
        };
        let evidence = || {
            let mut evidence = holder.evidence.clone();
            evidence.extend(applicant.evidence.iter().take(1).cloned());
            evidence
        };
        let said = |code: &str, otherwise, severity| {
            let finding = Finding { severity, evidence: evidence(), ..Finding::from(message(code)) };
            Some((otherwise, about(self.document, finding)))
        };
        let doubtful = || said("holder-doubtful", Otherwise::Review, Severity::Warning);
        match compare(applicant, &holder) {
            NameMatch::Same | NameMatch::Compatible if holder.sure => None,
            // The name that was read is the applicant's, letter by letter: the reader's doubt is settled.
            NameMatch::Same => None,
            NameMatch::Different if holder.sure && applicant.sure => {
                said(code, Otherwise::Invalid, Severity::Error)
            }
            NameMatch::Doubtful => by_translation().or_else(doubtful),
            NameMatch::Compatible | NameMatch::Different => doubtful(),
        }
    }

    fn valid(&self, name: &str, code: &str) -> Failed {
        match self.document.fields.get(name) {
            Some(field) if !field.valid && field.is_sure() => {
                let message = self.message(code).text("value", shown(&field.value));
                self.fails(message, Some(field), Otherwise::Invalid)
            }
            _ => self.with(name, |_| None),
        }
    }

    fn present(&self, name: &str, code: &str, even_unsure: bool) -> Failed {
        match self.sure(name) {
            Ok(_) => None,
            Err(_) if even_unsure && self.document.fields.contains_key(name) => None,
            Err(_) => self.fails(self.message(code), self.document.fields.get(name), Otherwise::Review),
        }
    }

    fn is_true(&self, name: &str, code: &str, otherwise: Otherwise) -> Failed {
        if self.is_sought(name, otherwise) {
            return self.fails(self.message(code), None, otherwise);
        }
        self.with(name, |field| match field.value.as_bool() {
            Some(true) => None,
            _ => self.fails(self.message(code), Some(field), otherwise),
        })
    }

    fn is_not(&self, name: &str, code: &str, otherwise: Otherwise) -> Failed {
        let seen = self.document.fields.get(name).filter(|field| field.value.as_bool() == Some(true))?;
        let otherwise = if seen.is_sure() { otherwise } else { Otherwise::Review };
        self.fails(self.message(code), Some(seen), otherwise)
    }

    fn one_of(&self, name: &str, values: &[String], code: &str, otherwise: Otherwise) -> Failed {
        if self.is_sought(name, otherwise) {
            return self.fails(self.message(code), None, otherwise);
        }
        self.with(name, |field| {
            if fits(&field.value, values) {
                None
            } else {
                self.fails(self.message(code).text("value", shown(&field.value)), Some(field), otherwise)
            }
        })
    }

    fn not_expired(&self, name: &str, code: &str, warn_months: u32) -> Failed {
        let as_of = self.bench.case.as_of;
        self.with(name, |field| {
            let day = last_day(&field.value)?;
            let message = |code: &str| self.message(code).with("date", Arg::Date(day));
            if day < as_of {
                return self.fails(message(code), Some(field), Otherwise::Invalid);
            }
            let soon = later(as_of, warn_months);
            (day < soon).then(|| {
                (Otherwise::Warn, self.finding(message("expires-soon"), Some(field), Otherwise::Warn))
            })
        })
    }

    fn recent(&self, name: &str, code: &str, months: u32, tolerated: u32) -> Failed {
        let as_of = self.bench.case.as_of;
        self.with(name, |field| {
            let day = last_day(&field.value)?;
            let message = |code: &str| {
                self.message(code).with("date", Arg::Date(day)).with("months", Arg::Count(i64::from(months)))
            };
            // A month that has begun may be covered by a bill or a payslip before it ends.
            let first = field.value.as_months().and_then(<[_]>::last).map_or(day, |m| m.first_day());
            if first > as_of {
                return self.fails(message("date-in-future"), Some(field), Otherwise::Review);
            }
            if later(day, tolerated) < as_of {
                return self.fails(message(code), Some(field), Otherwise::Invalid);
            }
            (later(day, months) < as_of)
                .then(|| (Otherwise::Warn, self.finding(message("rather-old"), Some(field), Otherwise::Warn)))
        })
    }

    fn begun(&self, name: &str, code: &str, months_ago: u32, days_ahead: u32) -> Failed {
        let as_of = self.bench.case.as_of;
        self.with(name, |field| {
            let day = field.value.as_date()?;
            let latest = as_of.checked_add(i64::from(days_ahead).days()).unwrap_or(as_of);
            let message = self
                .message(code)
                .with("date", Arg::Date(day))
                .with("months", Arg::Count(i64::from(months_ago)));
            (later(day, months_ago) > latest)
                .then(|| (Otherwise::Invalid, self.finding(message, Some(field), Otherwise::Invalid)))
        })
    }

    fn school_year(&self, name: &str, code: &str) -> Failed {
        let as_of = self.bench.case.as_of;
        self.with(name, |field| {
            let Some((begins, ends)) = field.value.as_text().and_then(school_year) else {
                return self.unsure(name, Some(field));
            };
            let soon = later(as_of, SCHOOL_YEAR_AHEAD);
            let holds = begins <= soon && as_of <= ends;
            let message = self.message(code).text("value", field.raw.clone());
            if holds { None } else { self.fails(message, Some(field), Otherwise::Invalid) }
        })
    }

    /// The best match among the other documents decides.
    fn accompanies(&self, wanted: &DocumentWith, code: &str, otherwise: Otherwise) -> Failed {
        let own = holder(self.document, self.bench.rules);
        let mut best = None;
        for other in self.bench.documents.iter().filter(|d| d.id != self.document.id) {
            let sure = match is(other, wanted) {
                Some(false) => continue,
                sure => sure.is_some(),
            };
            let theirs = holder(other, self.bench.rules);
            let mut matched = match (&own, &theirs) {
                (Some(own), Some(theirs)) => compare(own, theirs),
                _ => NameMatch::Doubtful,
            };
            if !sure {
                matched = matched.max(NameMatch::Doubtful);
            }
            best = Some(best.map_or(matched, |b: NameMatch| b.min(matched)));
        }
        let with = |message: Message| {
            message.with("other", Arg::DocType(wanted.types.first().cloned().unwrap_or_default()))
        };
        match best {
            Some(NameMatch::Same | NameMatch::Compatible) => None,
            // A name that could not be compared: the pair is there, and the holder is checked elsewhere.
            Some(NameMatch::Doubtful) if wanted.field.is_none() => {
                Some((Otherwise::Warn, about(self.document, warning(with(self.message("pair-unsure"))))))
            }
            Some(NameMatch::Doubtful) => {
                self.fails(with(self.message("pair-unsure")), None, Otherwise::Review)
            }
            Some(NameMatch::Different) | None => self.fails(with(self.message(code)), None, otherwise),
        }
    }

    /// One other document that agrees, or of which it is not known, is enough.
    fn agrees(&self, types: &[String], (field, with): (&str, &str), how: Agreement, code: &str) -> Failed {
        let own = self.document.fields.get(field).filter(|f| f.is_sure())?;
        let person = holder(self.document, self.bench.rules)?;
        let is_theirs = |other: &&Document| {
            let theirs = holder(other, self.bench.rules);
            theirs.is_none_or(|theirs| compare(&person, &theirs) != NameMatch::Different)
        };
        let others = self.bench.documents.iter().filter(|d| types.contains(&d.classified.doc_type));
        let mut against = None;
        for other in others.filter(|d| d.id != self.document.id).filter(is_theirs) {
            let theirs = other.fields.get(with).filter(|f| f.is_sure())?;
            let agree = match how {
                Agreement::Same => own.value == theirs.value,
                Agreement::NotBefore => {
                    own.value.as_date().zip(theirs.value.as_date()).is_none_or(|(own, theirs)| own >= theirs)
                }
            };
            if agree {
                return None;
            }
            against = Some((other, theirs));
        }
        let (other, theirs) = against?;
        let message = self
            .message(code)
            .text("value", shown(&own.value))
            .text("other", place(other))
            .text("found", shown(&theirs.value));
        let mut finding = self.finding(message, Some(own), Otherwise::Review);
        finding.evidence.extend(theirs.evidence.iter().cloned());
        Some((Otherwise::Review, finding))
    }
}

/// Months before its beginning from which a school year counts: one enrols in July.
const SCHOOL_YEAR_AHEAD: u32 = 2;

/// First and last day of a school year that is written with both its years, or with the first alone:
/// 1 September to 31 August (code de l'éducation, L521-1, has its beginning fixed by order, about then).
fn school_year(text: &str) -> Option<(Date, Date)> {
    let years: Vec<i16> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let (first, last) = match *years.as_slice() {
        [first, last] if last < 100 => (first, first / 100 * 100 + last),
        [first, last] => (first, last),
        _ => return None,
    };
    if last != first + 1 {
        return None;
    }
    Some((Date::new(first, 9, 1).ok()?, Date::new(last, 8, 31).ok()?))
}

/// The day so many months later; the same day when the calendar ends.
pub(super) fn later(day: Date, months: u32) -> Date {
    day.checked_add(i64::from(months).months()).unwrap_or(day)
}

pub(super) fn shown(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::List(list) => list.join(", "),
        FieldValue::Bool(value) => value.to_string(),
        FieldValue::Date(date) => date.to_string(),
        FieldValue::Amount(amount) => amount.to_string(),
        FieldValue::Months(months) => months.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}
