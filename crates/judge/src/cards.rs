//! Cards of which only one side was sent.

use complet_model::{Capture, Document, Finding, Message, Page, ScannedFile, Severity};

use crate::verdict::{pages, place};

/// Documents that are cards with something on both sides.
const CARDS: [&str; 2] = ["national_id", "residence_permit"];
/// Width over height of a picture that shows one side of a card (ISO/IEC 7810 ID-1: 1.586) and no more.
const ONE_SIDE: std::ops::Range<f32> = 1.5..1.68;

/// Says of each card that the other side was not seen, unless another file may hold it.
pub(crate) fn one_side(documents: &mut [Document], files: &[ScannedFile]) {
    for card in CARDS {
        let mut of_type = documents.iter_mut().filter(|d| d.classified.doc_type == card);
        let (Some(document), None) = (of_type.next(), of_type.next()) else { continue };
        let mut shown = pages(files, document);
        let single = shown.next().is_some_and(shows_one_side) && shown.next().is_none();
        drop(shown);
        if single {
            let message = Message::new("card-one-side").text("file", place(document));
            let finding = Finding { severity: Severity::Warning, ..Finding::from(message) };
            document.findings.push(Finding { documents: vec![document.id.clone()], ..finding });
        }
    }
}

fn shows_one_side(page: &Page) -> bool {
    page.capture == Capture::Picture && page.height > 0.0 && ONE_SIDE.contains(&(page.width / page.height))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use complet_model::{Classified, FileStatus, TextSource};

    use super::*;

    fn card(path: &str, width: f32, height: f32, pages: u32) -> (Document, ScannedFile) {
        let classified = Classified {
            doc_type: "national_id".to_owned(),
            confidence: 0.9,
            runner_up: None,
            evidence: Vec::new(),
        };
        let document = Document {
            id: path.to_owned(),
            file: path.to_owned(),
            pages: (1..=pages).collect(),
            text_source: TextSource::Ocr,
            classified,
            fields: BTreeMap::new(),
            findings: Vec::new(),
        };
        let page = |number| Page { capture: Capture::Picture, ..Page::empty(number, width, height) };
        let file = ScannedFile {
            path: path.to_owned(),
            hash: None,
            status: FileStatus::Read,
            reason: None,
            pages: (1..=pages).map(page).collect(),
        };
        (document, file)
    }

    fn told(cards: Vec<(Document, ScannedFile)>) -> Vec<usize> {
        let (mut documents, files): (Vec<_>, Vec<_>) = cards.into_iter().unzip();
        one_side(&mut documents, &files);
        documents.iter().map(|d| d.findings.len()).collect()
    }

    #[test]
    fn the_other_side_is_missed_only_where_it_can_be_nowhere() {
        assert_eq!(told(vec![card("a", 1011.0, 638.0, 1)]), [1]);
        assert_eq!(told(vec![card("a", 1011.0, 638.0, 2)]), [0]);
        assert_eq!(told(vec![card("a", 1000.0, 1414.0, 1)]), [0]);
        assert_eq!(told(vec![card("a", 1011.0, 638.0, 1), card("b", 1011.0, 638.0, 1)]), [0, 0]);
    }
}
