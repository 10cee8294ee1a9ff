//! Ink stamps: whose they are, and what stands on them.

use complet_model::{BBox, Capture, MarkKind, Page, TextSource, Word, fold};
use complet_rules::{DocType, StampFind};

use super::candidate::{is_small, places_of};
use crate::layout::PageText;

/// Words on a stamp that must be read, and letters they have at least, before they say whose it is: rings
/// that were read badly yield scraps.
const TELLING: usize = 2;
const WORD: usize = 6;
/// Certainty of words on stamps: what was less sure is left out when they are read.
const READ: f32 = 0.8;

/// A stamp that tells something about a flag.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SeenStamp {
    pub(crate) value: bool,
    pub(crate) bbox: BBox,
    /// The words on it.
    pub(crate) text: String,
    pub(crate) confidence: f32,
}

/// The most telling stamp of a page.
pub(crate) fn seen(text: &PageText, find: &StampFind) -> Option<SeenStamp> {
    let labels = places_of(text, &find.near);
    // Stamps are large and put down by hand: above, below and beside the words they belong to.
    let is_near = |mark: BBox| {
        labels.iter().any(|label| {
            let area = BBox::new(label.left - 0.3, label.top - 0.12, label.right + 0.4, label.bottom + 0.25);
            let (x, y) = (f32::midpoint(mark.left, mark.right), mark.middle());
            (area.left..=area.right).contains(&x) && (area.top..=area.bottom).contains(&y)
        })
    };
    // A page that a program made has pictures and drawings of stamps on it. A scan whose hidden text was
    // believed has not: its ink is only what no word accounts for.
    let is_made = text.page.capture == Capture::BornDigital && text.page.text_source != TextSource::Ocr;
    let marks = text.page.marks.iter().filter_map(|mark| {
        let words = fold(&mark.text);
        let (value, confidence) = match mark.kind {
            MarkKind::Stamp
                if find.says.as_ref().and_then(|p| p.regex()).is_some_and(|r| r.is_match(&words)) =>
            {
                (true, 0.9)
            }
            MarkKind::Stamp if is_clear(&words) => (false, 0.65),
            MarkKind::Stamp if is_near(mark.bbox) => (true, 0.75),
            MarkKind::Picture if is_made && is_small(mark.bbox) && is_near(mark.bbox) => (true, 0.65),
            MarkKind::Ink if is_made && is_near(mark.bbox) => (true, 0.62),
            _ => return None,
        };
        Some(SeenStamp { value, bbox: mark.bbox, text: mark.text.clone(), confidence })
    });
    marks.max_by(|a, b| a.value.cmp(&b.value).then(a.confidence.total_cmp(&b.confidence)))
}

/// True when whole words were read.
fn is_clear(words: &str) -> bool {
    let is_word = |w: &&str| w.chars().filter(|c| c.is_alphabetic()).count() >= WORD;
    words.split(' ').filter(is_word).count() >= TELLING
}

/// What stands on each stamp, as pages of their own: all of it stands where the stamp does.
pub(crate) fn pages(page: &Page) -> Vec<Page> {
    let stamps = page.marks.iter().filter(|m| m.kind == MarkKind::Stamp && !m.text.is_empty());
    stamps
        .map(|mark| {
            let word =
                |text: &str| Word { text: text.to_owned(), bbox: mark.bbox, confidence: READ, line: 0 };
            Page {
                words: mark.text.split_whitespace().map(word).collect(),
                text_source: TextSource::Ocr,
                capture: page.capture,
                skew: page.skew,
                ..Page::empty(page.number, page.width, page.height)
            }
        })
        .collect()
}

/// True for a type one of whose flags rests on another.
pub(crate) fn rests_on_another(doc_type: &DocType, name: &str) -> bool {
    let finds = doc_type.fields.get(name).into_iter().flat_map(|f| &f.find);
    finds.into_iter().any(|f| {
        f.from.is_some() || !f.joined.is_empty() || f.stamp.as_ref().is_some_and(|s| s.with.is_some())
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use complet_model::Mark;

    use super::*;

    fn page(kind: MarkKind, text: &str, left: f32) -> Page {
        let at = |n: usize| BBox::new(0.1 + n as f32 * 0.1, 0.5, 0.18 + n as f32 * 0.1, 0.51);
        let words = ["traduction", "certifiée", "conforme"].iter().enumerate();
        Page {
            words: words
                .map(|(n, w)| Word { text: (*w).to_owned(), bbox: at(n), confidence: 0.9, line: 0 })
                .collect(),
            text_source: TextSource::Ocr,
            marks: vec![Mark {
                text: text.to_owned(),
                ..Mark::new(kind, BBox::new(left, 0.55, left + 0.15, 0.65))
            }],
            ..Page::empty(1, 595.0, 842.0)
        }
    }

    fn find() -> StampFind {
        let json = r#"{ "near": ["certifiée"], "says": "TRADUCT|COUR D.?APPEL" }"#;
        serde_json::from_str(json).unwrap()
    }

    fn value(page: &Page) -> Option<bool> {
        seen(&PageText::new(page), &find()).map(|s| s.value)
    }

    #[test]
    fn a_stamp_counts_by_its_words_or_its_place() {
        // Its words, wherever it stands.
        assert_eq!(value(&page(MarkKind::Stamp, "EXPERT TRADUCTEUR PARIS", 0.8)), Some(true));
        // Nothing to read: near the sentence only.
        assert_eq!(value(&page(MarkKind::Stamp, "", 0.3)), Some(true));
        assert_eq!(value(&page(MarkKind::Stamp, "", 0.8)), None);
        // Scraps say nothing.
        assert_eq!(value(&page(MarkKind::Stamp, "RAGII CAIIR NE", 0.3)), Some(true));
        // The stamp of a shop.
        assert_eq!(value(&page(MarkKind::Stamp, "BOULANGERIE MODELE LYON", 0.3)), Some(false));
        // A signature is none.
        assert_eq!(value(&page(MarkKind::Ink, "", 0.3)), None);
        assert_eq!(value(&page(MarkKind::Signature, "", 0.3)), None);
    }

    #[test]
    fn ink_is_a_drawn_stamp_only_on_a_page_that_a_program_made() {
        for source in [TextSource::TextLayer, TextSource::Mixed] {
            let made = Page { text_source: source, ..page(MarkKind::Ink, "", 0.3) };
            assert_eq!(value(&made), Some(true));
            // The same with the hidden text of a scan.
            assert_eq!(value(&Page { capture: Capture::Picture, ..made }), None);
        }
    }

    #[test]
    fn words_on_stamps_can_be_searched() {
        let pages = pages(&page(MarkKind::Stamp, "COUR D'APPEL DE LYON", 0.3));
        let texts: Vec<String> = pages.iter().map(|p| PageText::new(p).flow).collect();
        assert_eq!(texts, ["COUR D'APPEL DE LYON"]);
    }
}
