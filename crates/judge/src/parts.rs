//! Several documents on one picture: a passport and a visa laid beside each other, the passports of a couple.
//!
//! A machine-readable zone is the last thing on its page or card. Where a picture has several different ones,
//! what stands above a zone, down from the zone before it, is a page of its own with the same number.

use std::borrow::Cow;

use complet_model::{BBox, Page, ScannedFile, Word, Zone};

/// The file, with the pictures that show several documents as several pages.
pub(crate) fn parted(file: &ScannedFile) -> Cow<'_, ScannedFile> {
    let areas: Vec<Vec<BBox>> = file.pages.iter().map(|page| areas(zones(page))).collect();
    if areas.iter().all(|areas| areas.len() < 2) {
        return Cow::Borrowed(file);
    }
    let parts = |(page, areas): (&Page, Vec<BBox>)| -> Vec<Page> {
        if areas.len() < 2 {
            vec![page.clone()]
        } else {
            areas.into_iter().map(|area| cut_out(page, area)).collect()
        }
    };
    let pages = file.pages.iter().zip(areas).flat_map(parts).collect();
    Cow::Owned(ScannedFile { pages, ..file.clone() })
}

/// Where the different zones of a page stand: those found by their look, and those among its words.
fn zones(page: &Page) -> Vec<BBox> {
    let mut zones: Vec<(Vec<String>, BBox)> = Vec::new();
    let seen = page.zones.iter().filter_map(|zone| {
        let lines = zone.readings.first()?.lines.clone();
        Some((lines, BBox::around(zone.lines.iter().copied())?))
    });
    for (lines, bbox) in seen.chain(printed(&page.words)) {
        let known = zones.iter().any(|(other, place)| {
            is_same(other, &lines) || place.row_overlap(bbox) > 0.3 && place.column_overlap(bbox) > 0.3
        });
        if is_zone(&lines) && !known {
            zones.push((lines, bbox));
        }
    }
    zones.into_iter().map(|(_, bbox)| bbox).collect()
}

/// The zones among words: long words with fillers, each a line, two or three under each other.
fn printed(words: &[Word]) -> impl Iterator<Item = (Vec<String>, BBox)> {
    const LINE: usize = 28;
    let mut zones: Vec<(Vec<String>, BBox)> = Vec::new();
    for word in words.iter().filter(|w| w.text.len() >= LINE && w.text.contains("<<")) {
        let below = zones.last_mut().filter(|(lines, bbox)| {
            let near = (word.bbox.top - bbox.bottom).abs() < word.bbox.height() * 2.5;
            lines.len() < 3 && near && bbox.column_overlap(word.bbox) > 0.5
        });
        match below {
            Some((lines, bbox)) => {
                lines.push(word.text.clone());
                *bbox = BBox::around([*bbox, word.bbox]).unwrap_or(*bbox);
            }
            None => zones.push((vec![word.text.clone()], word.bbox)),
        }
    }
    zones.into_iter()
}

/// True for a zone that was read as one.
fn is_zone(lines: &[String]) -> bool {
    let fillers: usize = lines.iter().map(|line| line.matches('<').count()).sum();
    // The first letter may have been lost.
    let first = lines.first().and_then(|line| line.chars().next());
    lines.len() >= 2 && fillers >= 8 && first.is_some_and(|c| "PVIAC<".contains(c))
}

/// Two zones that may be readings of one and the same.
fn is_same(a: &[String], b: &[String]) -> bool {
    /// Lines of different documents of one person are less alike: numbers and dates differ.
    const ALIKE: f64 = 0.75;
    let is_visa = |lines: &[String]| lines.first().is_some_and(|line| line.starts_with('V'));
    if is_visa(a) != is_visa(b) {
        return false;
    }
    let second = |lines: &[String]| lines.get(1).cloned().unwrap_or_default();
    strsim::normalized_levenshtein(&second(a), &second(b)) > ALIKE
}

/// The part of the page that goes with each zone: one below the other, or side by side. Empty when they lie
/// otherwise.
fn areas(mut zones: Vec<BBox>) -> Vec<BBox> {
    let stacked = zones.iter().all(|a| zones.iter().all(|b| a.column_overlap(*b) > 0.3));
    let abreast = zones.iter().all(|a| zones.iter().all(|b| a == b || a.column_overlap(*b) <= 0.05));
    if stacked {
        zones.sort_by(|a, b| a.top.total_cmp(&b.top));
        let mut top = 0.0;
        let last = zones.len().saturating_sub(1);
        let area = |(index, zone): (usize, &BBox)| {
            // What follows the last zone goes with it.
            let bottom = if index == last { 1.0 } else { zone.bottom + zone.height() * 0.2 };
            let area = BBox::new(0.0, top, 1.0, bottom);
            top = bottom;
            area
        };
        zones.iter().enumerate().map(area).collect()
    } else if abreast {
        zones.sort_by(|a, b| a.left.total_cmp(&b.left));
        let mut left = 0.0;
        let ends = zones.iter().skip(1).map(|next| next.left).chain([1.0]);
        let area = |(zone, next): (&BBox, f32)| {
            let right = if next >= 1.0 { 1.0 } else { f32::midpoint(zone.right, next) };
            let area = BBox::new(left, 0.0, right, 1.0);
            left = right;
            area
        };
        zones.iter().zip(ends).map(area).collect()
    } else {
        Vec::new()
    }
}

/// The part of a page that lies in an area, as a page of its own with the same number.
pub(crate) fn cut_out(page: &Page, area: BBox) -> Page {
    let is_in = |bbox: BBox| {
        let x = f32::midpoint(bbox.left, bbox.right);
        (area.left..area.right).contains(&x) && (area.top..area.bottom).contains(&bbox.middle())
    };
    let words = |words: &[Word]| words.iter().filter(|w| is_in(w.bbox)).cloned().collect();
    let zone_in = |zone: &&Zone| zone.lines.first().is_some_and(|line| is_in(*line));
    Page {
        words: words(&page.words),
        second_reading: words(&page.second_reading),
        zones: page.zones.iter().filter(zone_in).cloned().collect(),
        marks: page.marks.iter().filter(|m| is_in(m.bbox)).cloned().collect(),
        ..page.clone()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]

    use complet_model::{FileStatus, ZoneReading};

    use super::*;

    fn zone(top: f32, left: f32, lines: [&str; 2]) -> Zone {
        let line = |at: f32| BBox::new(left, at, left + 0.4, at + 0.02);
        let lines = lines.map(str::to_owned).to_vec();
        let reading = ZoneReading { reader: "r".into(), lines, confidence: 0.9 };
        Zone { lines: vec![line(top), line(top + 0.03)], capital: 20.0, readings: vec![reading] }
    }

    fn word(text: &str, left: f32, top: f32) -> Word {
        Word {
            text: text.into(),
            bbox: BBox::new(left, top, left + 0.1, top + 0.02),
            confidence: 0.9,
            line: 0,
        }
    }

    fn words(zones: Vec<Zone>) -> Vec<Vec<String>> {
        let page = Page {
            words: vec![word("A", 0.1, 0.1), word("B", 0.7, 0.2), word("C", 0.1, 0.7), word("D", 0.7, 0.95)],
            zones,
            ..Page::empty(1, 600.0, 800.0)
        };
        let file = ScannedFile {
            path: "a".into(),
            hash: None,
            status: FileStatus::Read,
            reason: None,
            pages: vec![page],
        };
        let parted = parted(&file);
        parted.pages.iter().map(|p| p.words.iter().map(|w| w.text.clone()).collect()).collect()
    }

    const PASSPORT: [&str; 2] =
        ["P<COLMODELO<<ANA<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "AZ482017<9COL0210111F3209011<<<<<<<<<<<<<<02"];
    const VISA: [&str; 2] =
        ["V<FRAMODELO<<ANA<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "7720183344COL0210111F2708317AZ482017<<<<<<<<"];

    #[test]
    fn a_picture_of_two_documents_is_parted_at_their_zones() {
        let stacked = words(vec![zone(0.4, 0.1, PASSPORT), zone(0.9, 0.12, VISA)]);
        assert_eq!(stacked, [vec!["A", "B"], vec!["C", "D"]]);
        let abreast = words(vec![zone(0.9, 0.55, VISA), zone(0.9, 0.05, PASSPORT)]);
        assert_eq!(abreast, [vec!["A", "C"], vec!["B", "D"]]);
    }

    #[test]
    fn one_zone_seen_twice_is_one_document() {
        let misread =
            ["P<COLMODELO<<ANA<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "AZ4820I7<9COL0210111F3209011<<<<<<<<<<<<<<O2"];
        assert_eq!(words(vec![zone(0.4, 0.1, PASSPORT), zone(0.9, 0.1, misread)]).len(), 1);
        assert_eq!(words(vec![zone(0.4, 0.1, PASSPORT), zone(0.5, 0.1, ["XYZ", "123"])]).len(), 1);
    }
}
