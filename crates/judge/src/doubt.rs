//! Which pages are worth a closer look, before anybody decides on them.

use std::collections::BTreeMap;

use complet_model::{BBox, Capture, Classified, Date, Document, Page, PageInDoubt, ScannedFile};
use complet_rules::{Check, FieldSpec, RequirementList, RuleSet};

use crate::recognise;
use crate::verdict::concerns;

/// Pages at the beginning of a document on which a field that was not found is looked for again.
const FIRST_PAGES: usize = 2;
/// Confidence up to which a document that is nothing known may be something after all.
const MAYBE_KNOWN: f32 = 0.75;

/// The pages that should be read again by another engine: pages read off a picture, once, on which a field that
/// `list` needs is missing, unsure or fails its check, or whose document was not told for sure. `as_of` as in
/// [`recognise`].
pub fn doubtful_pages(
    files: &[ScannedFile],
    rules: &RuleSet,
    list: &RequirementList,
    as_of: Date,
) -> Vec<PageInDoubt> {
    // Nothing need be told where nothing can be read again: the documents are told once more afterwards.
    if !files.iter().flat_map(|f| &f.pages).any(can_be_read_again) {
        return Vec::new();
    }
    let documents = recognise(files, rules, as_of);
    let mut doubtful = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let mut wanted: BTreeMap<u32, Vec<Place>> = BTreeMap::new();
        for (page, place) in
            documents.iter().filter(|d| d.file == file.path).flat_map(|d| places_in_doubt(d, rules, list))
        {
            let places = wanted.entry(page).or_default();
            if !places.contains(&place) {
                places.push(place);
            }
        }
        for page in file.pages.iter().filter(|p| can_be_read_again(p)) {
            let places = if page.is_unreadable() { Some(Vec::new()) } else { wanted.remove(&page.number) };
            // One thing that may be anywhere is looked for everywhere.
            let places = places.map(|p| p.into_iter().collect::<Option<Vec<BBox>>>().unwrap_or_default());
            doubtful.extend(places.map(|places| PageInDoubt { file: index, page: page.number, places }));
        }
    }
    doubtful
}

/// Where something stands that is in doubt; `None` when it may be anywhere on its page.
type Place = Option<BBox>;

fn can_be_read_again(page: &Page) -> bool {
    page.capture == Capture::Picture && page.second_reading.is_empty() && page.width > 0.0
}

/// What of a document is in doubt, as numbers of pages and places on them.
fn places_in_doubt(document: &Document, rules: &RuleSet, list: &RequirementList) -> Vec<(u32, Place)> {
    let anywhere = |page: &u32| (*page, None);
    let told = &document.classified;
    let known = (told.doc_type != Classified::OTHER).then(|| rules.doc_type(&told.doc_type)).flatten();
    let Some(doc_type) = known else {
        let maybe = told.runner_up.is_some() && told.confidence < MAYBE_KNOWN;
        return if maybe { document.pages.iter().map(anywhere).collect() } else { Vec::new() };
    };
    let mut places = Vec::new();
    if told.confidence < Classified::SURE {
        places.extend(document.pages.iter().map(anywhere));
    }
    // Letters that are read again bring no ink to light.
    let is_seen = |name: &str| doc_type.fields.get(name).is_some_and(FieldSpec::is_ink);
    let is_settled =
        |name: &str| is_seen(name) || document.fields.get(name).is_some_and(|f| f.is_sure() && f.valid);
    for need in list.needs(doc_type) {
        // What a document is not is seldom said of it.
        let is_unsaid = |check: &Check| matches!(check, Check::IsNot { field, .. } if !document.fields.contains_key(field));
        let is_asked = need.check.is_none_or(|check| concerns(check, document) && !is_unsaid(check));
        if !is_asked || need.ways.iter().any(|way| way.iter().all(|name| is_settled(name))) {
            continue;
        }
        let unsure = need.ways.iter().flatten().filter(|name| !is_settled(name));
        let seen = unsure.filter_map(|name| document.fields.get(*name)).flat_map(|f| &f.evidence);
        let seen: Vec<(u32, Place)> = seen.map(|e| (e.page, Some(e.bbox))).collect();
        if seen.is_empty() {
            places.extend(document.pages.iter().take(FIRST_PAGES).map(anywhere));
            places.extend(document.pages.last().map(anywhere));
        }
        places.extend(seen);
    }
    places
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

    /// The pages in doubt, and on how many places they are.
    fn doubtful(pages: Vec<Page>) -> Vec<(usize, u32, usize)> {
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
        let found = doubtful_pages(&files, &rules, list, Date::constant(2026, 10, 20));
        found.into_iter().map(|d| (d.file, d.page, d.places.len())).collect()
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
        assert_eq!(doubtful(vec![scanned(&missing)]), [(0, 1, 0)]);
        // What a program wrote has no misread letters, and two readings are all there are.
        assert_eq!(doubtful(vec![page_of(&missing)]), []);
        let page = scanned(&missing);
        let twice = Page { second_reading: page.words.clone(), ..page };
        assert_eq!(doubtful(vec![twice]), []);
    }

    #[test]
    fn what_a_document_need_not_say_is_not_looked_for() {
        // A contract without end has none, and names that are printed as one are not told apart.
        let contract = "CONTRAT DE TRAVAIL À DURÉE INDÉTERMINÉE\n\
                        Entre la société EXEMPLE SAS, l'employeur, et\n\
                        Madame Camille EXEMPLE, née le 3 mars 1988, la salariée,\n\
                        il a été convenu ce qui suit.\n\
                        Article 1 - Engagement\n\
                        La salariée est engagée en contrat à durée indéterminée à compter du 1er septembre 2026.";
        assert_eq!(doubtful(vec![scanned(contract)]), []);
        let limited = contract.replace("INDÉTERMINÉE", "DÉTERMINÉE").replace("indéterminée", "déterminée");
        assert_eq!(doubtful(vec![scanned(&limited)]), [(0, 1, 0)]);
    }

    #[test]
    fn an_unsure_word_and_an_unread_page_are_looked_at_again() {
        let mut page = scanned(RECEIPT);
        page.words.iter_mut().filter(|w| w.text == "septembre").for_each(|w| w.confidence = 0.2);
        let unread =
            Page { width: 595.0, height: 842.0, ..Page::unreadable(2, Message::new("page-illegible")) };
        assert_eq!(doubtful(vec![page, unread]), [(0, 1, 1), (0, 2, 0)]);
        // Damage leaves nothing to read.
        assert_eq!(doubtful(vec![Page::unreadable(1, Message::new("file-damaged"))]), []);
    }
}
