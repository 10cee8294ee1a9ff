//! What is recognised on a page by its form alone, before anybody asks: account numbers and
//! machine-readable zones. They are the best witnesses of what a page is.

use std::ops::Range;

use complet_model::Date;

use crate::layout::PageText;
use crate::values::{Found, Iban, Mrz, Rib, find_ibans, find_mrz, find_ribs};

/// The values found on a page by their form.
#[derive(Debug)]
pub(crate) struct PageValues {
    pub(crate) ibans: Vec<Found<Iban>>,
    pub(crate) ribs: Vec<Found<Rib>>,
    /// Each zone with the words it was read from.
    pub(crate) zones: Vec<(Mrz, Range<usize>)>,
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
        let zones = find_mrz(&raw, as_of)
            .into_iter()
            .map(|mrz| {
                let words = words_of(&mrz).unwrap_or(0..0);
                (mrz, words)
            })
            .collect();
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
        let zones = self.zones.iter().filter(|(mrz, _)| mrz.valid && wanted(mrz));
        zones.map(|(_, words)| text.flow_of(words)).collect()
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
