//! What is recognised on a page by its form alone, before anybody asks: account numbers and
//! machine-readable zones. They are the best witnesses of what a page is.

use std::ops::Range;

use complet_model::{Date, Word, Zone};

use crate::layout::PageText;
use crate::values::{Found, Iban, Mrz, Rib, Support, find_ibans, find_mrz, find_ribs, read_zone};

/// The values found on a page by their form.
#[derive(Debug)]
pub(crate) struct PageValues {
    pub(crate) ibans: Vec<Found<Iban>>,
    pub(crate) ribs: Vec<Found<Rib>>,
    pub(crate) zones: Vec<SeenZone>,
}

/// A machine-readable zone with the words that stand in its place.
#[derive(Debug)]
pub(crate) struct SeenZone {
    pub(crate) mrz: Mrz,
    pub(crate) words: Range<usize>,
    /// Which of the page's zones it is, when it was found by its look and read by readers made for it: it is
    /// the same whichever engine read the words.
    pub(crate) on_page: Option<usize>,
}

impl PageValues {
    pub(crate) fn new(text: &PageText, as_of: Date) -> Self {
        let lines = text.raw_lines();
        let raw: Vec<&str> = lines.iter().map(|(line, _)| line.as_str()).collect();
        let words_of = |mrz: &Mrz| {
            let used = mrz.lines.iter().filter_map(|&i| lines.get(i)).map(|(_, words)| words);
            used.fold(None, |all: Option<Range<usize>>, words| {
                Some(all.map_or(words.clone(), |a| a.start.min(words.start)..a.end.max(words.end)))
            })
        };
        // Zones found by their look were read by readers made for them.
        let mut zones: Vec<SeenZone> = text
            .page
            .zones
            .iter()
            .enumerate()
            .filter_map(|(index, zone)| {
                let mrz = read_zone(&zone.readings, zone.capital, as_of)?;
                Some(SeenZone { mrz, words: words_in(text, zone), on_page: Some(index) })
            })
            .collect();
        let looked_at = zones.len();
        for mut mrz in find_mrz(&raw, as_of) {
            let words = words_of(&mrz).unwrap_or(0..0);
            let known = |seen: &SeenZone| seen.words.start < words.end && words.start < seen.words.end;
            if zones.iter().take(looked_at).any(known) {
                continue;
            }
            let as_read = !text.is_ocr() || !mrz.repaired;
            mrz.support = Support {
                data: as_read,
                names: as_read,
                nationality: !text.is_ocr(),
                misprinted: !text.is_ocr(),
                legible: true,
            };
            zones.push(SeenZone { mrz, words, on_page: None });
        }
        Self { ibans: find_ibans(&text.flow, !text.is_ocr()), ribs: find_ribs(&text.flow), zones }
    }

    /// Places of the valid zones whose document code begins with one of `codes`.
    pub(crate) fn zones_of(&self, text: &PageText, codes: &[String]) -> Vec<Range<usize>> {
        self.valid_zones(text, |mrz| codes.iter().any(|code| mrz.document_code.starts_with(code.as_str())))
    }

    /// Places of the valid zones of people who are no nationals of the state that issued the document.
    pub(crate) fn zones_of_foreigners(&self, text: &PageText) -> Vec<Range<usize>> {
        self.valid_zones(text, |mrz| {
            let known = !mrz.nationality.is_empty() && !mrz.issuer.is_empty();
            known && mrz.nationality != mrz.issuer
        })
    }

    fn valid_zones(&self, text: &PageText, wanted: impl Fn(&Mrz) -> bool) -> Vec<Range<usize>> {
        let zones = self.zones.iter().filter(|seen| seen.mrz.valid && wanted(&seen.mrz));
        zones.map(|seen| text.flow_of(&seen.words)).collect()
    }

    /// Places of the IBANs with a right checksum.
    pub(crate) fn valid_ibans(&self) -> Vec<Range<usize>> {
        self.ibans.iter().filter(|i| i.value.valid).map(|i| i.range.clone()).collect()
    }

    /// Places of the French account numbers with a right key.
    pub(crate) fn valid_ribs(&self) -> Vec<Range<usize>> {
        self.ribs.iter().filter(|r| r.value.valid).map(|r| r.range.clone()).collect()
    }
}

/// The words of a reading that stand in the lines of a zone.
fn words_in(text: &PageText, zone: &Zone) -> Range<usize> {
    let words = text.words(0..text.len());
    let inside = |word: &Word| {
        let x = f32::midpoint(word.bbox.left, word.bbox.right);
        let y = f32::midpoint(word.bbox.top, word.bbox.bottom);
        zone.lines.iter().any(|l| l.left <= x && x <= l.right && l.top <= y && y <= l.bottom)
    };
    let first = words.iter().position(inside);
    let last = words.iter().rposition(inside);
    first.zip(last).map_or(0..0, |(first, last)| first..last + 1)
}

/// A page that was read, with what was seen on it.
pub(crate) struct ReadPage<'a> {
    pub(crate) text: PageText<'a>,
    pub(crate) values: PageValues,
}

impl<'a> ReadPage<'a> {
    pub(crate) fn new(text: PageText<'a>, as_of: Date) -> Self {
        let values = PageValues::new(&text, as_of);
        Self { text, values }
    }
}
