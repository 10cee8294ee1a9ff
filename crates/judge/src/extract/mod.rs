//! Reading the fields of a document: where its type says they stand, in the form it says they have.

mod candidate;
mod clean;
mod differ;
mod kinds;
mod label_words;
mod language;
mod stamp;
mod value;
mod vote;

use std::collections::BTreeMap;
use std::ops::Range;

use complet_model::{BBox, Date, Evidence, Field, FieldValue, Finding, Page};
use complet_rules::{DocType, FieldSpec, Find, Kind, MrzField, Pick, RuleSet, StampFind};

use crate::layout::PageText;
use crate::seen::{PageValues, ReadPage, SeenZone};
use candidate::{Labels, LabelsOnPage, SeenInk};
use value::Value;

pub(crate) use language::Languages;
pub(crate) use vote::vote;

/// What reading needs beside the pages.
pub(crate) struct Reading<'r> {
    pub(crate) rules: &'r RuleSet,
    pub(crate) as_of: Date,
    pub(crate) languages: Languages,
}

impl<'r> Reading<'r> {
    pub(crate) fn new(rules: &'r RuleSet, as_of: Date) -> Self {
        Self { rules, as_of, languages: Languages::new(&rules.languages) }
    }
}

/// A document while its fields are read.
pub(crate) struct Subject<'a> {
    id: &'a str,
    pages: &'a [ReadPage<'a>],
    reading: &'a Reading<'a>,
    labels: Labels,
    /// For each page, the labels of the type on it.
    labels_on: Vec<LabelsOnPage>,
    /// The machine-readable zone has no room for the whole name.
    zone_is_cut: bool,
}

/// How sure a value is that was found one way, before its words and its own checks are looked at.
mod trust {
    pub(super) const ZONE: f32 = 0.99;
    pub(super) const REPAIRED_ZONE: f32 = 0.75;
    pub(super) const BROKEN_ZONE: f32 = 0.3;
    /// A zone whose check digits are printed wrong: that it is so is sure.
    pub(super) const MISPRINTED_ZONE: f32 = 0.7;
    /// A part of a right zone, on a page read off a picture, that no second reader bears out.
    pub(super) const UNPROVEN_ZONE: f32 = 0.58;
    /// A name in a right zone that had no room for all of it.
    pub(super) const CUT_ZONE: f32 = 0.85;
    /// What a doubtful zone and the printed text say alike, and how sure the text must be for that.
    pub(super) const PRINTED_TOO: f32 = 0.9;
    pub(super) const WITNESS: f32 = 0.5;
    pub(super) const PATTERN: f32 = 0.95;
    pub(super) const LABEL: f32 = 0.92;
    pub(super) const ANYWHERE: f32 = 0.7;
    /// A value found anywhere that is not the only one of its kind.
    pub(super) const ONE_OF_SEVERAL: f32 = 0.55;
    /// No handwriting where some is expected.
    pub(super) const NO_INK: f32 = 0.7;
    /// A value that fails its check on a page that was read off a picture.
    pub(super) const MISREAD: f32 = 0.75;
}

/// Reads all fields of a document of a type, and tells what contradicts itself; nothing for a type that is not
/// known.
pub(crate) fn fields(
    (id, file): (&str, &str),
    doc_type: &str,
    pages: &[ReadPage],
    reading: &Reading,
) -> (BTreeMap<String, Field>, Vec<Finding>) {
    let mut fields = BTreeMap::new();
    let Some(doc_type) = reading.rules.doc_type(doc_type) else { return (fields, Vec::new()) };
    let labels = Labels::new(doc_type);
    let labels_on = pages.iter().map(|page| labels.on(&page.text)).collect();
    let zone_is_cut = best_zone(pages).is_some_and(|(zone, _)| zone.mrz.is_cut());
    let subject = Subject { id, pages, reading, labels, labels_on, zone_is_cut };
    // Fields concluded from others come last.
    let (concluded, read): (Vec<_>, Vec<_>) =
        doc_type.fields.iter().partition(|(name, _)| stamp::rests_on_another(doc_type, name));
    for (name, spec) in read.into_iter().chain(concluded) {
        if let Some(field) = subject.field(spec, &fields) {
            fields.insert(name.clone(), field);
        }
    }
    let findings = differ::differences(&subject, doc_type, file);
    (fields, findings)
}

impl Subject<'_> {
    fn field(&self, spec: &FieldSpec, known: &BTreeMap<String, Field>) -> Option<Field> {
        match spec.kind {
            Kind::Flag => self.flag(spec, known),
            Kind::Choice => self.choice(spec),
            Kind::Language => self.language(),
            _ => self.best(spec).or_else(|| joined(spec, known)),
        }
    }

    /// The value of the first way that yields one to rely on; else the least doubtful of all.
    fn best(&self, spec: &FieldSpec) -> Option<Field> {
        let mut best: Option<Field> = None;
        let mut reads_zone = false;
        for find in &spec.find {
            let Some(field) = self.found(spec, find) else { continue };
            // A name that the zone cut short may stand in full elsewhere: it begins with what the zone has.
            if self.zone_is_cut && is_name(spec.kind) {
                match &best {
                    None if find.mrz.is_some() => {
                        best = Some(field);
                        continue;
                    }
                    Some(cut) if !begins_with(&field, cut) => continue,
                    _ => {}
                }
            }
            // What the zone and the printed text say alike needs no further witness.
            if let Some(zone) = best.as_ref().filter(|_| reads_zone && find.mrz.is_none())
                && same_text(zone, &field)
                && field.confidence > trust::WITNESS
            {
                return best.map(|zone| Field { confidence: trust::PRINTED_TOO, ..zone });
            }
            if field.is_sure() {
                return Some(field);
            }
            if best.as_ref().is_none_or(|b| field.confidence > b.confidence) {
                best = Some(field);
                reads_zone = find.mrz.is_some();
            }
        }
        best
    }

    /// The value that one way of finding yields.
    fn found(&self, spec: &FieldSpec, find: &Find) -> Option<Field> {
        if let Some(zone_field) = find.mrz {
            return self.zone_field(zone_field);
        }
        if find.on_stamp {
            return self.on_stamp(spec, find);
        }
        let first_only = !find.anywhere && spec.pick == Pick::First;
        let many = spec.pick == Pick::All;
        let mut values: Vec<(Value, &ReadPage)> = Vec::new();
        'pages: for (page, places) in self.pages.iter().zip(&self.labels_on) {
            for alternatives in candidate::candidates(&page.text, find, spec.kind, &self.labels, places) {
                let read = alternatives
                    .iter()
                    .map(|candidate| kinds::read(self, page, candidate, spec.kind, many))
                    .find(|read| !read.is_empty());
                values.extend(read.into_iter().flatten().map(|v| (v, page)));
                // A way that points at one place is done with the first value, unless all are wanted.
                if first_only && !values.is_empty() {
                    break 'pages;
                }
            }
        }
        let base = find.confidence.unwrap_or(match (find.anywhere, find.pattern.is_some()) {
            (true, _) if distinct(&values) > 1 => trust::ONE_OF_SEVERAL,
            (true, _) => trust::ANYWHERE,
            (_, true) => trust::PATTERN,
            _ => trust::LABEL,
        });
        match spec.pick {
            Pick::All => Self::all(values),
            Pick::First => values.into_iter().next(),
            Pick::Last => values.into_iter().last(),
            Pick::Largest => values.into_iter().max_by(|a, b| a.0.order(&b.0)),
            Pick::Smallest => values.into_iter().min_by(|a, b| a.0.order(&b.0)),
        }
        .map(|(value, page)| self.made(value, page, base))
    }

    /// The first value that stands on an ink stamp.
    fn on_stamp(&self, spec: &FieldSpec, find: &Find) -> Option<Field> {
        let stamps = self.pages.iter().flat_map(|page| stamp::pages(page.text.page));
        stamps.into_iter().find_map(|stamp| {
            let text = PageText::new(&stamp);
            let values = PageValues::new(&text, self.reading.as_of);
            let page = ReadPage { text, values };
            let found =
                candidate::candidates(&page.text, find, spec.kind, &self.labels, &LabelsOnPage::default());
            let value = found.iter().flatten().find_map(|candidate| {
                kinds::read(self, &page, candidate, spec.kind, false).into_iter().next()
            })?;
            Some(self.made(value, &page, find.confidence.unwrap_or(trust::PATTERN)))
        })
    }

    /// A flag that an ink stamp makes true or, when it is somebody else's, false.
    fn stamp_flag(&self, find: &StampFind, known: &BTreeMap<String, Field>) -> Option<Field> {
        let is_true = |name: &String| known.get(name).is_some_and(|f| f.value.as_bool() == Some(true));
        if !find.with.as_ref().is_none_or(is_true) {
            return None;
        }
        let seen = self.pages.iter().filter_map(|page| Some((page, stamp::seen(&page.text, find)?)));
        let (page, seen) =
            seen.max_by(|(_, a), (_, b)| a.value.cmp(&b.value).then(a.confidence.total_cmp(&b.confidence)))?;
        Some(Field {
            value: FieldValue::Bool(seen.value),
            raw: seen.text.clone(),
            confidence: seen.confidence,
            valid: true,
            evidence: vec![seen_at(self.id, page.text.page, seen.bbox, seen.text)],
        })
    }

    fn made(&self, value: Value, page: &ReadPage, base: f32) -> Field {
        let letters = value.places.iter().map(|p| page.text.confidence(p)).fold(1.0, f32::min);
        let confidence = match (value.proven, value.valid) {
            // A checksum that is right says more than the reader's own doubt about a letter.
            (true, _) => base.max(0.95),
            (false, true) => base * letters.sqrt(),
            // One that is wrong on a picture is a misread letter as likely as a misprint.
            (false, false) if page.text.is_ocr() => base * letters * trust::MISREAD,
            (false, false) => base,
        } * value.certainty;
        Field {
            raw: value.places.iter().map(|p| page.text.raw(p)).collect::<Vec<_>>().join(" "),
            confidence: confidence.clamp(0.0, 1.0),
            valid: value.valid,
            evidence: value.places.iter().map(|p| evidence(self.id, &page.text, p)).collect(),
            value: value.content,
        }
    }

    /// Joins the texts of all values into one list.
    fn all<'p>(values: Vec<(Value, &'p ReadPage<'p>)>) -> Option<(Value, &'p ReadPage<'p>)> {
        let mut values = values.into_iter();
        let (mut first, page) = values.next()?;
        let mut texts = first.content.texts().to_vec();
        for (value, other) in values {
            for text in value.content.texts() {
                if !texts.contains(text) {
                    texts.push(text.clone());
                }
            }
            if std::ptr::eq(page, other) {
                first.places.extend(value.places);
            }
        }
        if !texts.is_empty() {
            first.content = FieldValue::List(texts);
        }
        Some((first, page))
    }

    fn zone_field(&self, wanted: MrzField) -> Option<Field> {
        let (seen, page) = best_zone(self.pages)?;
        let zone = &seen.mrz;
        let value = kinds::zone_value(zone, wanted)?;
        let is_name = matches!(wanted, MrzField::FamilyName | MrzField::GivenNames);
        let supported = match wanted {
            MrzField::FamilyName | MrzField::GivenNames => zone.support.names,
            // No check digit covers the nationality: where it is not the issuing state's, a letter read
            // wrong is as likely as a foreigner's document.
            MrzField::Nationality => zone.support.nationality || zone.nationality == zone.issuer,
            // All of it, names included.
            MrzField::Lines => zone.support.data && zone.support.legible,
            _ => zone.support.data,
        };
        let base = match (zone.valid, supported, zone.repaired) {
            (true, false, _) if page.text.is_ocr() => trust::UNPROVEN_ZONE,
            (true, ..) if is_name && self.zone_is_cut => trust::CUT_ZONE,
            (true, _, false) => trust::ZONE,
            (true, _, true) => trust::REPAIRED_ZONE,
            // What is printed wrong was read right.
            (false, ..) if zone.support.misprinted => trust::MISPRINTED_ZONE,
            _ => trust::BROKEN_ZONE,
        };
        let evidence = zone_evidence(self.id, seen, page);
        Some(Field {
            value,
            raw: evidence.text.clone(),
            confidence: base,
            valid: zone.valid || wanted != MrzField::Lines,
            evidence: vec![evidence],
        })
    }

    fn flag(&self, spec: &FieldSpec, known: &BTreeMap<String, Field>) -> Option<Field> {
        for page in self.pages {
            for regex in spec.unless.iter().filter_map(|p| p.regex()) {
                if let Some(place) = regex.find(&page.text.flow) {
                    return Some(self.flag_field(false, page, &[place.range()], trust::PATTERN));
                }
            }
        }
        for find in &spec.find {
            if let Some(other) = find.from.as_ref().and_then(|name| known.get(name)) {
                return Some(Field { value: FieldValue::Bool(true), ..other.clone() });
            }
            if let Some(field) = find.stamp.as_ref().and_then(|stamp| self.stamp_flag(stamp, known)) {
                return Some(field);
            }
            for (page, places) in self.pages.iter().zip(&self.labels_on) {
                if let Some(ink) = candidate::ink_near(&page.text, &find.ink_near) {
                    return Some(self.ink_flag(page, Some(ink), find));
                }
                if let Some(each) = candidate::ink_of_each(&page.text, &find.ink_of_each) {
                    let all: Option<Vec<SeenInk>> = each.into_iter().collect();
                    let surest = all.and_then(|all| all.into_iter().reduce(SeenInk::surer));
                    return Some(self.ink_flag(page, surest, find));
                }
                let found = candidate::candidates(&page.text, find, Kind::Flag, &self.labels, places);
                if let Some(seen) = found.into_iter().flatten().next() {
                    let base = find.confidence.unwrap_or(trust::PATTERN);
                    return Some(self.flag_field(true, page, &seen.parts, base));
                }
            }
        }
        // Its absence says something only where the text can be relied on.
        let reliability = self.pages.iter().map(|p| p.text.reliability()).fold(1.0, f32::min);
        let page = self.pages.first().filter(|_| spec.false_when_absent)?;
        Some(self.flag_field(false, page, &[], if reliability > 0.85 { 0.75 } else { 0.4 }))
    }

    /// A flag that handwriting makes true, and its absence false.
    fn ink_flag(&self, page: &ReadPage, ink: Option<SeenInk>, find: &Find) -> Field {
        let seen = |ink: SeenInk| seen_at(self.id, page.text.page, ink.bbox, String::new());
        Field {
            value: FieldValue::Bool(ink.is_some()),
            raw: String::new(),
            confidence: find.confidence.or(ink.map(|ink| ink.confidence)).unwrap_or(trust::NO_INK),
            valid: true,
            evidence: ink.map(seen).into_iter().collect(),
        }
    }

    fn flag_field(&self, value: bool, page: &ReadPage, places: &[Range<usize>], base: f32) -> Field {
        let letters = places.iter().map(|p| page.text.confidence(p)).fold(1.0, f32::min);
        Field {
            value: FieldValue::Bool(value),
            raw: places.iter().map(|p| page.text.raw(p)).collect::<Vec<_>>().join(" "),
            confidence: base * letters.sqrt(),
            valid: true,
            evidence: places.iter().map(|p| evidence(self.id, &page.text, p)).collect(),
        }
    }

    fn choice(&self, spec: &FieldSpec) -> Option<Field> {
        for choice in &spec.choices {
            for page in self.pages {
                let found = choice.pattern.regex().and_then(|r| r.find(&page.text.flow));
                if let Some(found) = found {
                    let field = self.flag_field(true, page, &[found.range()], trust::PATTERN);
                    return Some(Field { value: FieldValue::Text(choice.value.clone()), ..field });
                }
            }
        }
        None
    }

    fn language(&self) -> Option<Field> {
        let texts: Vec<&str> = self.pages.iter().map(|p| p.text.flow.as_str()).collect();
        let (code, confidence) = self.reading.languages.tell(&texts)?;
        let page = self.pages.first()?;
        Some(Field {
            value: FieldValue::Text(code),
            raw: String::new(),
            confidence,
            valid: true,
            evidence: vec![evidence(self.id, &page.text, &(0..page.text.flow.len().min(1)))],
        })
    }
}

/// A text put together from other fields, all of which were found; as sure as the least sure of them.
fn joined(spec: &FieldSpec, known: &BTreeMap<String, Field>) -> Option<Field> {
    spec.find.iter().filter(|find| !find.joined.is_empty()).find_map(|find| {
        let parts: Vec<&Field> = find.joined.iter().map(|name| known.get(name)).collect::<Option<_>>()?;
        let texts: Vec<&str> = parts.iter().map(|field| field.value.as_text()).collect::<Option<_>>()?;
        Some(Field {
            value: FieldValue::Text(texts.join(" ")),
            raw: parts.iter().map(|field| field.raw.as_str()).collect::<Vec<_>>().join(" "),
            confidence: parts.iter().map(|field| field.confidence).fold(1.0, f32::min),
            valid: parts.iter().all(|field| field.valid),
            evidence: parts.iter().flat_map(|field| field.evidence.clone()).collect(),
        })
    })
}

/// The best machine-readable zone of a document: a right one before a broken one.
fn best_zone<'p>(pages: &'p [ReadPage<'p>]) -> Option<(&'p SeenZone, &'p ReadPage<'p>)> {
    let zones = pages.iter().flat_map(|page| page.values.zones.iter().map(move |zone| (zone, page)));
    zones.max_by_key(|(zone, _)| (zone.mrz.valid, !zone.mrz.repaired))
}

/// Where a zone stands: the same place whichever reading's words it was looked for among.
fn zone_evidence(document: &str, seen: &SeenZone, page: &ReadPage) -> Evidence {
    let zone = seen.on_page.and_then(|index| page.text.page.zones.get(index));
    let found =
        zone.and_then(|zone| Some((BBox::around(zone.lines.iter().copied())?, zone.readings.first()?)));
    match found {
        Some((bbox, reading)) => seen_at(document, page.text.page, bbox, reading.lines.join(" ")),
        None => evidence(document, &page.text, &page.text.flow_of(&seen.words)),
    }
}

fn is_name(kind: Kind) -> bool {
    matches!(kind, Kind::Person | Kind::Persons)
}

/// True when both say the same, word signs aside.
fn same_text(a: &Field, b: &Field) -> bool {
    begins_with(a, b) && begins_with(b, a) && a.value.as_text().is_some()
        || a.value.as_text().is_none() && a.value == b.value
}

/// True when the text of `field` begins with that of `cut`, word signs aside.
fn begins_with(field: &Field, cut: &Field) -> bool {
    let letters = |f: &Field| f.value.as_text().map(complet_model::letters).unwrap_or_default();
    letters(field).starts_with(&letters(cut))
}

fn distinct(values: &[(Value, &ReadPage)]) -> usize {
    let mut seen: Vec<&FieldValue> = Vec::new();
    for (value, _) in values {
        if !seen.contains(&&value.content) {
            seen.push(&value.content);
        }
    }
    seen.len()
}

/// The evidence at a place of a page.
pub(crate) fn evidence(document: &str, text: &PageText, place: &Range<usize>) -> Evidence {
    let said = text.raw(place);
    match text.bbox(place) {
        Some(bbox) => seen_at(document, text.page, bbox, said),
        None => {
            Evidence { document: document.to_owned(), page: text.page.number, bbox: BBox::PAGE, text: said }
        }
    }
}

/// Something on a page, where people see it.
fn seen_at(document: &str, page: &Page, bbox: BBox, text: String) -> Evidence {
    Evidence { document: document.to_owned(), page: page.number, bbox: page.as_seen(bbox), text }
}

/// The folded labels of a type.
pub(crate) fn labels_of(doc_type: &DocType) -> Vec<String> {
    let finds = doc_type.fields.values().flat_map(|f| &f.find);
    let labels = finds.flat_map(|f| {
        let in_table = f.table.iter().flat_map(|table| table.heads.iter().chain(&table.rows)).flatten();
        f.label.iter().chain(&f.ink_near).chain(f.ink_of_each.iter().flatten()).chain(in_table)
    });
    labels.map(|l| complet_model::fold(l)).collect()
}
