//! Which pages are worth a closer look, before anybody decides on them.

use std::collections::BTreeSet;

use complet_model::{Capture, Classified, Date, Document, Page, ScannedFile};
use complet_rules::{RequirementList, RuleSet};

use crate::recognise;

/// Pages at the beginning of a document on which a field that was not found is looked for again.
const FIRST_PAGES: usize = 2;
/// Confidence up to which a document that is nothing known may be something after all.
const MAYBE_KNOWN: f32 = 0.75;

/// The pages that should be read again by another engine, each as the index of its file and its number:
/// pages read off a picture, once, on which a field that `list` needs is missing, unsure or fails its
/// check, or whose document was not told for sure. `as_of` as in [`recognise`].
pub fn doubtful_pages(
    files: &[ScannedFile],
    rules: &RuleSet,
    list: &RequirementList,
    as_of: Date,
) -> Vec<(usize, u32)> {
    // Nothing need be told where nothing can be read again: the documents are told once more afterwards.
    if !files.iter().flat_map(|f| &f.pages).any(can_be_read_again) {
        return Vec::new();
    }
    let documents = recognise(files, rules, as_of);
    let mut doubtful = BTreeSet::new();
    for (index, file) in files.iter().enumerate() {
        let of_file = documents.iter().filter(|d| d.file == file.path);
        let wanted: BTreeSet<u32> = of_file.flat_map(|d| pages_in_doubt(d, rules, list)).collect();
        let again = file.pages.iter().filter(|p| can_be_read_again(p));
        let again = again.filter(|p| p.is_unreadable() || wanted.contains(&p.number));
        doubtful.extend(again.map(|p| (index, p.number)));
    }
    doubtful.into_iter().collect()
}

fn can_be_read_again(page: &Page) -> bool {
    page.capture == Capture::Picture && page.second_reading.is_empty() && page.width > 0.0
}

fn pages_in_doubt(document: &Document, rules: &RuleSet, list: &RequirementList) -> BTreeSet<u32> {
    let told = &document.classified;
    let known = (told.doc_type != Classified::OTHER).then(|| rules.doc_type(&told.doc_type)).flatten();
    let Some(doc_type) = known else {
        let maybe = told.runner_up.is_some() && told.confidence < MAYBE_KNOWN;
        return if maybe { document.pages.iter().copied().collect() } else { BTreeSet::new() };
    };
    let mut pages = BTreeSet::new();
    if told.confidence < Classified::SURE {
        pages.extend(&document.pages);
    }
    for name in list.fields_needed(doc_type) {
        match document.fields.get(name) {
            Some(field) if field.is_sure() && field.valid => {}
            Some(field) if !field.evidence.is_empty() => pages.extend(field.evidence.iter().map(|e| e.page)),
            _ => {
                pages.extend(document.pages.iter().take(FIRST_PAGES));
                pages.extend(document.pages.last());
            }
        }
    }
    pages
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use complet_model::{FileStatus, Message, TextSource};

    use super::*;
    use crate::examples::page_of;

    const RECEIPT: &str = "QUITTANCE DE LOYER\nLocataire : Mme Camille EXEMPLE\n\
                           Adresse : 12 rue des Lilas, 69003 Lyon\n\
                           Reçu la somme de 650,00 € pour le loyer et les charges\n\
                           Période du 1er septembre 2026 au 30 septembre 2026";

    fn doubtful(pages: Vec<Page>) -> Vec<(usize, u32)> {
        let rules = RuleSet::load(None).unwrap();
        let pages = pages.into_iter().zip(1..).map(|(p, number)| Page { number, ..p }).collect();
        let files = [ScannedFile {
            path: "a.pdf".to_owned(),
            hash: None,
            status: FileStatus::Read,
            reason: None,
            pages,
        }];
        let list = rules.list("cpam-guide").unwrap();
        doubtful_pages(&files, &rules, list, Date::constant(2026, 10, 20))
    }

    fn scanned(text: &str) -> Page {
        Page { capture: Capture::Picture, text_source: TextSource::Ocr, ..page_of(text) }
    }

    #[test]
    fn a_page_that_was_read_well_costs_no_second_reading() {
        assert_eq!(doubtful(vec![scanned(RECEIPT)]), []);
        let letter = "Bonjour,\nvoici les documents que vous avez demandés.\nBien à vous";
        assert_eq!(doubtful(vec![scanned(letter)]), []);
    }

    #[test]
    fn a_page_without_a_needed_field_is_read_again_once() {
        let missing = RECEIPT.replace("du 1er septembre 2026 au 30 septembre 2026", "du er sepl6");
        assert_eq!(doubtful(vec![scanned(&missing)]), [(0, 1)]);
        // What a program wrote has no misread letters, and two readings are all there are.
        assert_eq!(doubtful(vec![page_of(&missing)]), []);
        let page = scanned(&missing);
        let twice = Page { second_reading: page.words.clone(), ..page };
        assert_eq!(doubtful(vec![twice]), []);
    }

    #[test]
    fn an_unsure_word_and_an_unread_page_are_looked_at_again() {
        let mut page = scanned(RECEIPT);
        page.words.iter_mut().filter(|w| w.text == "septembre").for_each(|w| w.confidence = 0.2);
        let unread =
            Page { width: 595.0, height: 842.0, ..Page::unreadable(2, Message::new("page-illegible")) };
        assert_eq!(doubtful(vec![page, unread]), [(0, 1), (0, 2)]);
        // Damage leaves nothing to read.
        assert_eq!(doubtful(vec![Page::unreadable(1, Message::new("file-damaged"))]), []);
    }
}
