//! Documents that name the applicant where no label or pattern was found to say whose they are.
//!
//! Layouts are endless, and a name is looked for more safely than a layout: the whole name of the applicant,
//! first given name and family name, on a payslip, a bill or a lease tells that it is theirs, unless it stands
//! beside the part of somebody else.

use std::sync::LazyLock;

use complet_model::{Document, Field, FieldValue, Page, ScannedFile};
use complet_rules::RuleSet;
use regex::Regex;

use crate::extract;
use crate::layout::PageText;
use crate::values::{NameMatch, PersonName, compare_names};
use crate::verdict::{self, Person};

/// Words that may belong to one name.
const LONGEST: usize = 8;

/// How sure such a name is beside one that a label names, where the words themselves are sure.
const CONFIDENCE: f32 = 0.85;

/// What says, shortly before a name, that it is not the holder's.
static SOMEBODY_ELSE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)\b(?:BAILLEU(?:R|RESSE)|PROPRIETAIRE|LOUEU(?:R|SE)|LANDLORD|GARANTE?|CAUTION|GERANTE?|REPRESENTEE?\ PAR|MANDATAIRE
        |PERE|MERE|FILS\ DE|FILLE\ DE|ENFANT|CONJOINTE?|EPOU(?:X|SE)|HEBERGEANTE?|TUT(?:EUR|RICE)|EMPLOYEUR|DIRECT(?:EUR|RICE)
        |TRADUCT(?:EUR|RICE)|EXPERT|CONSEILL(?:ER|ERE)|CONTACT|FATHER|MOTHER|SPOUSE|GUARANTOR|EMPLOYER)\b[^A-Z]{0,6}(?:[A-Z]+[^A-Z]{1,3}){0,2}$",
    )
    .ok()
});

/// Fills in the holder of documents that name the applicant, where it was not read for sure.
pub(crate) fn complete(
    documents: &mut [Document],
    files: &[ScannedFile],
    rules: &RuleSet,
    applicant: &Person,
) {
    if !applicant.sure {
        return;
    }
    for document in documents {
        let Some(holder) = rules.doc_type(&document.classified.doc_type).and_then(|t| t.holder.as_ref())
        else {
            continue;
        };
        let Some(name) = holder.full_name.as_ref().filter(|_| holder.by_name) else { continue };
        let parts = [&holder.family_name, &holder.given_names].into_iter().flatten();
        let in_parts = parts.clone().any(|part| document.fields.contains_key(part));
        let told = verdict::holder(document, rules).is_some_and(|read| {
            let same = verdict::compare(applicant, &read);
            read.sure && same != NameMatch::Doubtful
        });
        if told || in_parts {
            continue;
        }
        let pages: Vec<&Page> = verdict::pages(files, document).collect();
        if let Some(field) = pages.into_iter().find_map(|page| on_page(&document.id, page, &applicant.name)) {
            document.fields.insert(name.clone(), field);
        }
    }
}

/// The first place of a page where the whole name stands.
fn on_page(document: &str, page: &Page, applicant: &PersonName) -> Option<Field> {
    let text = PageText::new(page);
    for segment in &text.segments {
        for start in segment.words.clone() {
            // The longest run of words is tried first: given names that are printed belong to the name.
            for end in (start + 2..=segment.words.end.min(start + LONGEST)).rev() {
                let range = text.flow_of(&(start..end));
                if is_name(&text, &range, applicant) && !is_somebody_else(&text, range.start) {
                    return Some(Field {
                        value: FieldValue::Text(text.raw(&range)),
                        raw: text.raw(&range),
                        confidence: CONFIDENCE * text.confidence(&range),
                        valid: true,
                        evidence: vec![extract::evidence(document, &text, &range)],
                    });
                }
            }
        }
    }
    None
}

fn is_name(text: &PageText, range: &std::ops::Range<usize>, applicant: &PersonName) -> bool {
    let printed = text.raw(range);
    let words_only = printed.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.'));
    let name = PersonName { full: Some(printed), ..PersonName::default() };
    words_only && compare_names(applicant, &name) <= NameMatch::Compatible
}

/// True when the words before a place give it to somebody else.
fn is_somebody_else(text: &PageText, at: usize) -> bool {
    let before = text.slice(&(0..at));
    let from = before.char_indices().rev().nth(60).map_or(0, |(i, _)| i);
    SOMEBODY_ELSE.as_ref().is_some_and(|r| r.is_match(before.get(from..).unwrap_or_default()))
}
