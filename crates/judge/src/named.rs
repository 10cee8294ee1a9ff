//! Documents that name the applicant where no label or pattern was found to say whose they are.
//!
//! Layouts are endless, and a name is looked for more safely than a layout: the whole name of the applicant,
//! first given name and family name, on a payslip, a bill or a lease tells that it is theirs, unless it stands
//! beside the part of somebody else.

use std::sync::LazyLock;

use complet_model::{Document, Field, FieldValue, Page, ScannedFile, fold};
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

/// The confidence of a holder whose document names the applicant as well.
const UNSURE: f32 = 0.55;

/// What says, shortly before a name, that it is not the holder's.
static SOMEBODY_ELSE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)\b(?:BAILLEU(?:R|RESSE)|PROPRIETAIRE|LOUEU(?:R|SE)|LANDLORD|GARANTE?|CAUTION|GERANTE?|REPRESENTEE?\ PAR|MANDATAIRE
        |PERE|MERE|FILS\ DE|FILLE\ DE|ENFANT|CONJOINTE?|EPOU(?:X|SE)|HEBERGEANTE?|TUT(?:EUR|RICE)|EMPLOYEUR|DIRECT(?:EUR|RICE)
        |TRADUCT(?:EUR|RICE)|EXPERT|CONSEILL(?:ER|ERE)|CONTACT|FATHER|MOTHER|SPOUSE|GUARANTOR|EMPLOYER)\b[^A-Z,]{0,6}(?:[A-Z]+[^A-Z,]{1,3}){0,2}$",
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
        let Some(holder) = verdict::holder_spec(document, rules) else { continue };
        let Some(name) = holder.full_name.as_ref().filter(|_| holder.by_name) else { continue };
        let mut parts = [&holder.family_name, &holder.given_names].into_iter().flatten();
        let in_parts = parts.any(|part| document.fields.contains_key(part));
        let read = verdict::holder(document, rules);
        let told = read.filter(|read| read.sure).map(|read| verdict::compare(applicant, &read));
        if in_parts || matches!(told, Some(NameMatch::Same | NameMatch::Compatible)) {
            continue;
        }
        let found =
            verdict::pages(files, document).find_map(|page| on_page(&document.id, page, &applicant.name));
        let Some(field) = found else { continue };
        match document.fields.get_mut(name) {
            // A name was read that is another's, and the applicant's stands there too: whose it is a person must see.
            Some(other) if told == Some(NameMatch::Different) => {
                other.confidence = other.confidence.min(UNSURE);
            }
            _ => {
                document.fields.insert(name.clone(), field);
            }
        }
    }
}

/// The first place of a page where the whole name stands.
fn on_page(document: &str, page: &Page, applicant: &PersonName) -> Option<Field> {
    let text = PageText::new(page);
    let names = [&applicant.family, &applicant.given, &applicant.full].into_iter().flatten();
    let own: Vec<String> = names.flat_map(|name| parts_of(name)).collect();
    let is_own = |index: usize| {
        let word = text.words(index..index + 1).first();
        word.is_some_and(|w| parts_of(&w.text).iter().any(|part| own.contains(part)))
    };
    for start in (0..text.len()).filter(|&start| is_own(start)) {
        // The longest run of words is tried first: given names that are printed belong to the name. It may go on
        // in the next line.
        for end in (start + 2..=text.len().min(start + LONGEST)).rev() {
            let range = text.flow_of(&(start..end));
            let printed = without_labels(&text.raw(&range));
            if is_name(&printed, applicant) && !is_somebody_else(&text, range.start) {
                return Some(Field {
                    value: FieldValue::Text(printed),
                    raw: text.raw(&range),
                    confidence: CONFIDENCE * text.confidence(&range),
                    valid: true,
                    evidence: vec![extract::evidence(document, &text, &range)],
                });
            }
        }
    }
    None
}

/// The parts of a printed word or name, folded.
fn parts_of(name: &str) -> Vec<String> {
    let folded = fold(name);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|p| p.len() > 1).map(str::to_owned).collect()
}

fn is_name(printed: &str, applicant: &PersonName) -> bool {
    let words_only = printed.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.'));
    let name = PersonName { full: Some(printed.to_owned()), ..PersonName::default() };
    words_only && compare_names(applicant, &name) <= NameMatch::Compatible
}

/// The words of a name; forms have its parts in one row, each with its label.
fn without_labels(printed: &str) -> String {
    let is_label = |word: &&str| {
        let folded = fold(word);
        matches!(
            folded.trim_end_matches(':'),
            "" | "NOM" | "PRENOM" | "PRENOMS" | "PRENOM(S)" | "NAISSANCE" | "USAGE"
        )
    };
    let words: Vec<&str> = printed.split_whitespace().filter(|word| !is_label(word)).collect();
    words.join(" ").trim_end_matches([',', ';', ':', '.']).to_owned()
}

/// True when the words before a place give it to somebody else.
fn is_somebody_else(text: &PageText, at: usize) -> bool {
    let before = text.slice(&(0..at));
    let from = before.char_indices().rev().nth(60).map_or(0, |(i, _)| i);
    SOMEBODY_ELSE.as_ref().is_some_and(|r| r.is_match(before.get(from..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use complet_model::{BBox, Word};

    use super::*;

    fn found(lines: &[&str]) -> Option<String> {
        let mut words = Vec::new();
        for (line, text) in lines.iter().enumerate() {
            for (column, word) in text.split(' ').enumerate() {
                let (left, top) = (0.05 + column as f32 * 0.08, 0.1 + line as f32 * 0.03);
                let bbox = BBox::new(left, top, left + 0.075, top + 0.012);
                words.push(Word { text: word.to_owned(), bbox, confidence: 1.0, line: line as u32 });
            }
        }
        let page = Page { words, ..Page::empty(1, 600.0, 800.0) };
        let applicant = PersonName {
            family: Some("OLIVEIRA NASCIMENTO".into()),
            given: Some("THIAGO HENRIQUE".into()),
            full: None,
        };
        on_page("d1", &page, &applicant).map(|field| field.value.as_text().unwrap().to_owned())
    }

    #[test]
    fn the_whole_name_is_found_in_any_layout() {
        for (lines, expected) in [
            (
                vec!["Ateliers Kérouan", "Thiago Henrique De Oliveira Nascimento"],
                "Thiago Henrique De Oliveira Nascimento",
            ),
            (
                vec!["Monsieur THIAGO OLIVEIRA NASCIMENTO,", "8 impasse du Moulin"],
                "THIAGO OLIVEIRA NASCIMENTO",
            ),
            (vec!["Nom de naissance : OLIVEIRA NASCIMENTO Prénom : Thiago"], "OLIVEIRA NASCIMENTO Thiago"),
            (vec!["Preneur : M. Thiago", "OLIVEIRA NASCIMENTO."], "Thiago OLIVEIRA NASCIMENTO"),
            (vec!["ci-après le bailleur, et M. Thiago Oliveira, locataire"], "Thiago Oliveira"),
        ] {
            assert_eq!(found(&lines).as_deref(), Some(expected), "{lines:?}");
        }
    }

    #[test]
    fn names_of_others_and_names_in_other_parts_are_not_his() {
        for lines in [
            vec!["Monsieur Paulo Oliveira Nascimento"],
            vec!["Bailleur : M. Thiago Oliveira Nascimento"],
            vec!["Garant : Thiago Henrique Oliveira Nascimento"],
            vec!["fils de Thiago Oliveira Nascimento"],
            vec!["Oliveira Nascimento"],
        ] {
            assert_eq!(found(&lines), None, "{lines:?}");
        }
    }
}
