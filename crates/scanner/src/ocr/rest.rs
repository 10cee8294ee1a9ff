//! What of a page is left to read after the first engine: all that it is not sure of.

use crate::area::Area;
use crate::ocr::binary::Component;
use crate::ocr::read::common_height;
use crate::ocr::{OcrWord, Rest};

/// Certainty from which a word is not read again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    words: f32,
    /// The same for a word with figures: the engine loses their points and commas without noticing.
    figures: f32,
}

impl Known {
    /// On a doubtful scan that is read with this mean confidence: 99 of 100 such words are right
    /// (docs/reading.md).
    pub(super) fn of_page(confidence: f32) -> Self {
        Self { words: if confidence >= CLEAN { 0.90 } else { 0.93 }, figures: 0.96 }
    }

    /// On a page that is not doubtful as a whole: what is less sure is wrong as often as it is right.
    pub(super) const PLAINLY: Self = Self { words: 0.70, figures: 0.80 };
}

/// Mean confidence from which a page is read well.
pub(super) const CLEAN: f32 = 0.87;
/// Letters in no word, in one row, that are text rather than dirt.
const FEW: usize = 3;
/// Letters that the engine's French data puts, surely, for others which it lacks: ğ and ỹ, ã and ă, ù and ú.
/// French has few words with them.
const STAND_INS: [char; 6] = ['ÿ', 'Ÿ', 'ä', 'Ä', 'ü', 'Ü'];
/// Heights of common letters above and below what is read again, for its lines to be found.
const MARGIN: f32 = 3.0;
/// Heights of a line that a place to be read reaches above and below it, and to its sides.
const RIM: f32 = 0.2;
/// Widest gap between words that are read together, in heights of the higher.
const WORD_GAP: f32 = 1.0;
/// Share of the page from which all of it is looked through.
const MOST: f32 = 0.7;

/// The letters that lie in none of some words.
pub(super) fn outside<'w>(
    letters: &[Component],
    words: impl IntoIterator<Item = &'w OcrWord>,
) -> impl Iterator<Item = Area> {
    let mut rows: Vec<Area> = words.into_iter().map(|w| w.area().grown(2.0)).collect();
    rows.sort_by(|a, b| a.top.total_cmp(&b.top));
    let tallest = rows.iter().map(|a| a.height()).fold(0.0, f32::max);
    letters.iter().map(|letter| letter.area).filter(move |letter| {
        let (x, y) = letter.middle();
        let from = rows.partition_point(|a| a.top < y - tallest);
        let to = rows.partition_point(|a| a.top <= y);
        let near = rows.get(from..to).unwrap_or_default();
        !near.iter().any(|a| a.left <= x && x <= a.right && y <= a.bottom)
    })
}

/// What is left to read of a page `height` pixels high that was read as `words`, `well` as a whole or not.
/// `blots` are the places of ink that hangs together and is larger than letters.
pub(super) fn rest(
    words: &[OcrWord],
    sure: Known,
    well: bool,
    letters: &[Component],
    blots: &[Area],
    height: f32,
) -> Rest {
    let letter = common_height(letters);
    // Signs alone are often dirt.
    let is_word = |w: &&OcrWord| w.text.chars().any(char::is_alphanumeric);
    let mut dropped: Vec<Area> = outside(letters, words.iter().filter(is_word)).collect();
    dropped.sort_by(|a, b| a.middle().1.total_cmp(&b.middle().1));
    let is_cut = |w: &OcrWord| {
        let reach = Area { left: w.left - letter * 0.5, right: w.right + letter * 0.5, ..w.area() };
        let from = dropped.partition_point(|a| a.middle().1 < w.top);
        let beside = dropped.get(from..).unwrap_or_default();
        beside.iter().take_while(|a| a.middle().1 < w.bottom).any(|a| a.touches(reach))
    };
    let mut known: Vec<Area> = Vec::new();
    let mut rows: Vec<(f32, f32)> = Vec::new();
    let mut places: Vec<Area> = Vec::new();
    for line in words.chunk_by(|a, b| a.line == b.line) {
        let state = |w: &OcrWord| match () {
            () if is_cut(w) => State::Cut,
            () if is_known(w, sure) => State::Known,
            () => State::Unsure,
        };
        let states: Vec<State> = line.iter().map(state).collect();
        known.extend(line.iter().zip(&states).filter(|(_, s)| **s == State::Known).map(|(w, _)| w.area()));
        let unread = |s: State| well && s == State::Unsure;
        let lost =
            line.iter().zip(&states).filter(|(w, s)| is_word(w) && **s != State::Known && !unread(**s));
        rows.extend(lost.map(|(w, _)| (w.top, w.bottom)));
        places.extend(pieces(line, |i| states.get(i).copied().is_some_and(unread)));
    }
    // A single letter in no word is rather a speck.
    let same_row = |a: &Area, b: &Area| b.middle().1 - a.middle().1 < letter * 0.5;
    let many = dropped.chunk_by(same_row).filter(|row| row.len() >= FEW);
    rows.extend(many.filter_map(|row| Area::around(row.iter().copied())).map(|a| (a.top, a.bottom)));
    // Letters that a stamp or a stroke crosses hang together with it.
    rows.extend(blots.iter().map(|a| (a.top, a.bottom)));
    let mut bands = joined(rows, letter * MARGIN, height);
    let left: f32 = bands.iter().map(|(top, bottom)| bottom - top).sum();
    if left > height * MOST {
        bands = vec![(0.0, height)];
    }
    // What stands in a band is read with it.
    let in_band = |p: &Area| bands.iter().any(|(top, bottom)| *top < p.top && p.bottom < *bottom);
    places.retain(|p| !in_band(p));
    let print =
        letters.iter().map(|l| l.area).chain(blots.iter().copied()).chain(words.iter().map(OcrWord::area));
    let sides =
        Area::around(print).map_or((0.0, 0.0), |a| (a.left - letter * MARGIN, a.right + letter * MARGIN));
    Rest { known, bands, sides, places }
}

/// How well a word was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Known,
    Unsure,
    /// Letters beside it lie in no word.
    Cut,
}

/// The pieces of a line that neighbouring words make up which are `wanted`, by their number: as high as the
/// words around them, and no further than these.
fn pieces(line: &[OcrWord], wanted: impl Fn(usize) -> bool) -> Vec<Area> {
    let numbers: Vec<usize> = (0..line.len()).collect();
    // What stands further off is a label beside its value, or another column.
    let are_near = |a: usize, b: usize| {
        let pair = line.get(a).zip(line.get(b)).map(|(a, b)| (a.area(), b.area()));
        pair.is_some_and(|(a, b)| b.left - a.right < a.height().max(b.height()) * WORD_GAP)
    };
    let runs = numbers.chunk_by(|a, b| wanted(*a) == wanted(*b) && are_near(*a, *b));
    let runs = runs.filter(|run| run.iter().all(|i| wanted(*i)));
    runs.filter_map(|run| {
        let (first, last) = (*run.first()?, *run.last()?);
        let words = line.get(first..=last)?;
        if !words.iter().any(|w| w.text.chars().any(char::is_alphanumeric)) {
            return None;
        }
        let before = first.checked_sub(1).and_then(|i| line.get(i)).map(OcrWord::area);
        let after = line.get(last + 1).map(OcrWord::area);
        let own = Area::around(words.iter().map(OcrWord::area))?;
        let all = Area::around([before, Some(own), after].into_iter().flatten())?;
        let place = Area { top: all.top, bottom: all.bottom, ..own }.grown(all.height() * RIM);
        Some(Area {
            left: before.map_or(place.left, |b| place.left.max(f32::midpoint(b.right, own.left))),
            right: after.map_or(place.right, |a| place.right.min(f32::midpoint(own.right, a.left))),
            ..place
        })
    })
    .collect()
}

/// Rows with a margin, those that touch joined.
fn joined(mut rows: Vec<(f32, f32)>, margin: f32, height: f32) -> Vec<(f32, f32)> {
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut bands: Vec<(f32, f32)> = Vec::new();
    for (top, bottom) in rows {
        let (top, bottom) = ((top - margin).max(0.0), (bottom + margin).min(height));
        match bands.last_mut().filter(|last| top <= last.1) {
            Some(last) => last.1 = last.1.max(bottom),
            None => bands.push((top, bottom)),
        }
    }
    bands
}

/// True when a word that is as sure as that need not be read again.
fn is_known(word: &OcrWord, sure: Known) -> bool {
    if word.text.contains(STAND_INS) {
        return false;
    }
    let has_figure = word.text.chars().any(|c| c.is_ascii_digit());
    word.confidence >= if has_figure { sure.figures } else { sure.words }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, left: f32, top: f32, confidence: f32) -> OcrWord {
        let right = left + text.chars().count() as f32 * 10.0;
        OcrWord { text: text.to_owned(), left, top, right, bottom: top + 14.0, confidence, line: 0 }
    }

    /// A letter for each of the word, and more.
    fn letters(words: &[OcrWord], more: &[(f32, f32)]) -> Vec<Component> {
        let of = |w: &OcrWord| {
            let (left, top, count) = (w.left, w.top, w.text.chars().count());
            (0..count).map(move |i| (left + i as f32 * 10.0, top))
        };
        let places = words.iter().flat_map(of).chain(more.iter().copied());
        places.map(|(x, y)| Component { area: Area::new(x, y, x + 8.0, y + 14.0), pixels: 60 }).collect()
    }

    fn left(words: &[OcrWord], more: &[(f32, f32)]) -> (usize, Vec<(f32, f32)>) {
        let rest = rest(words, Known::of_page(0.95), false, &letters(words, more), &[], 2000.0);
        (rest.known.len(), rest.bands)
    }

    #[test]
    fn what_is_sure_is_left_out() {
        let sure = [word("Quittance", 50.0, 100.0, 0.95), word("loyer", 150.0, 100.0, 0.91)];
        assert_eq!(left(&sure, &[]), (2, vec![]));
        let unsure = [word("Quittance", 50.0, 100.0, 0.95), word("l0yer", 150.0, 500.0, 0.91)];
        assert_eq!(left(&unsure, &[]), (1, vec![(458.0, 556.0)]));
        assert_eq!(left(&[word("Çaÿla", 50.0, 100.0, 0.97), word("Joäo", 150.0, 100.0, 0.97)], &[]).0, 0);
        // Figures must be surer, and signs need not be.
        assert_eq!(left(&[word("274246", 50.0, 100.0, 0.95)], &[]), (0, vec![(58.0, 156.0)]));
        assert_eq!(left(&[word("274246", 50.0, 100.0, 0.97), word("|", 200.0, 300.0, 0.2)], &[]).1, []);
    }

    #[test]
    fn letters_in_no_word_are_left_to_read_and_cut_the_word_beside() {
        let words = [word("LLETIN", 70.0, 100.0, 0.97)];
        // One of them is a speck.
        assert_eq!(left(&words, &[(300.0, 900.0)]), (1, vec![]));
        let row = [(300.0, 900.0), (310.0, 901.0), (320.0, 900.0)];
        assert_eq!(left(&words, &row), (1, vec![(858.0, 957.0)]));
        // The beginning of the word.
        assert_eq!(left(&words, &[(50.0, 100.0), (60.0, 100.0)]), (0, vec![(58.0, 156.0)]));
    }

    #[test]
    fn a_page_that_is_mostly_unsure_is_looked_through_as_a_whole() {
        let words: Vec<OcrWord> = (0..20).map(|i| word("Loyer", 50.0, i as f32 * 100.0, 0.3)).collect();
        assert_eq!(left(&words, &[]), (0, vec![(0.0, 2000.0)]));
        let blots = [Area::new(100.0, 300.0, 200.0, 400.0)];
        assert_eq!(rest(&[], Known::of_page(0.95), false, &[], &blots, 2000.0).bands, [(258.0, 442.0)]);
    }

    #[test]
    fn on_a_page_read_well_unsure_words_are_read_where_they_stand() {
        let mut line = vec![
            word("Nom", 50.0, 100.0, 0.95),
            word("NGUYEN", 100.0, 98.0, 0.4),
            word("Lan", 170.0, 100.0, 0.5),
            word("née", 230.0, 100.0, 0.95),
        ];
        let of = |line: &[OcrWord]| rest(line, Known::PLAINLY, true, &letters(line, &[]), &[], 2000.0);
        let left = of(&line);
        assert_eq!((left.known.len(), left.bands.len()), (2, 0));
        // As high as the words beside it, and half way to them.
        assert_eq!(left.places, [Area::new(96.8, 94.8, 203.2, 117.2)]);
        // A label and the value at some distance are two.
        let beside = [word("Nom", 50.0, 100.0, 0.4), word("Lan", 100.0, 100.0, 0.4)];
        assert_eq!(of(&beside).places.len(), 2);
        line[1].confidence = 0.9;
        line[2].text = "—".to_owned();
        assert!(of(&line).is_empty());
        // Letters in no word beside it: it may be longer.
        line[1].confidence = 0.4;
        let cut = rest(&line, Known::PLAINLY, true, &letters(&line, &[(92.0, 100.0)]), &[], 2000.0);
        assert_eq!((cut.places.len(), cut.bands.len()), (0, 1));
    }
}
