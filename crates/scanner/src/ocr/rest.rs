//! What of a page is left to read after the first engine: all that it is not sure of.

use complet_model::are_in_other_letters;

use crate::area::Area;
use crate::layout::median;
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
/// Certainty from which a sign that stands alone is one, and no dirt or piece of a letter.
const SURE_SIGN: f32 = 0.9;
/// Height of a word, in those of its letters, from which it is more than one line of them.
const SEVERAL_LINES: f32 = 2.7;
/// Heights of common letters between a word and a letter beside it that is a part of it.
const BESIDE: f32 = 0.5;
/// Widest gap between letters that are read together, in heights of common letters.
const LETTER_GAP: f32 = 1.5;
/// How far apart the middles of neighbouring letters of a row are at most, in heights of common letters.
const SAME_ROW: f32 = 0.5;
/// Share of a piece that lies in another which is read, from which it is a part of that.
const TAKEN: f32 = 0.1;
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

/// Where lines are looked for on a page that was read once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Search {
    /// In the rows of all that is unsure.
    Unsure,
    /// In the rows of letters in no word only: of words that were seen, their places are known.
    Dropped,
    /// Nowhere: letters in no word are read where they stand, too.
    Nowhere,
}

/// A page as the first engine read it.
pub(super) struct Page<'a> {
    pub(super) words: &'a [OcrWord],
    pub(super) letters: &'a [Component],
    /// Places of ink that hangs together and is larger than letters.
    pub(super) blots: &'a [Area],
    /// Pixels.
    pub(super) height: f32,
}

impl Page<'_> {
    /// What is left to read when words as `sure` as that are believed. Only the rows that are `wanted`, as upper
    /// and lower end, are read again, and everything beside them counts as known, unless there are none.
    pub(super) fn rest(&self, sure: Known, search: Search, wanted: &[(f32, f32)]) -> Rest {
        let letter = common_height(self.letters);
        let is_wanted = |a: &Area| {
            let touches = |(top, bottom): &(f32, f32)| *top < a.bottom && a.top < *bottom;
            wanted.is_empty() || wanted.iter().any(touches)
        };
        let is_word = |w: &OcrWord| w.has_letters() && (is_known(w, sure) || self.is_one_line(w));
        // Signs alone are often dirt.
        let read = self.words.iter().filter(|w| is_word(w) || w.confidence >= SURE_SIGN);
        let mut dropped: Vec<Area> = outside(self.letters, read).filter(is_wanted).collect();
        dropped.sort_by(|a, b| a.middle().1.total_cmp(&b.middle().1));
        let state = |w: &OcrWord| {
            if !is_wanted(&w.area()) {
                return (State::Known, w.area());
            }
            match with_letters_beside(w.area(), &dropped, letter * BESIDE) {
                Some(whole) => (State::Cut, whole),
                None if is_known(w, sure) => (State::Known, w.area()),
                None => (State::Unsure, w.area()),
            }
        };
        let has_place = |s: State| match search {
            Search::Unsure => false,
            Search::Dropped => s == State::Unsure,
            Search::Nowhere => s != State::Known,
        };
        let mut known: Vec<Area> = Vec::new();
        let mut rows: Vec<(f32, f32)> = Vec::new();
        let mut places: Vec<Area> = Vec::new();
        for line in self.words.chunk_by(|a, b| a.line == b.line) {
            let mut pieces: Vec<Piece> = Vec::with_capacity(line.len());
            for word in line {
                let (state, area) = state(word);
                let (is_word, is_wanted) = (is_word(word), has_place(state));
                match state {
                    State::Known => known.push(area),
                    _ if is_word && !is_wanted => rows.push((word.top, word.bottom)),
                    _ => {}
                }
                pieces.push(Piece { area, is_word, is_wanted });
            }
            places.extend(joined_pieces(&pieces));
        }
        if search == Search::Nowhere {
            for piece in scattered(&dropped, letter) {
                // What a word was made of, and what of it lies in none.
                let is_same = |p: &&mut Area| p.shared(piece) > piece.size() * TAKEN;
                match places.iter_mut().find(is_same) {
                    Some(place) => *place = place.union(piece),
                    None => places.push(piece),
                }
            }
        } else {
            // A single letter in no word is rather a speck.
            let same_row = |a: &Area, b: &Area| b.middle().1 - a.middle().1 < letter * SAME_ROW;
            let many = dropped.chunk_by(same_row).filter(|row| row.len() >= FEW);
            let many = many.filter_map(|row| Area::around(row.iter().copied()));
            // Letters that a stamp or a stroke crosses hang together with it.
            let blots = self.blots.iter().copied().filter(is_wanted);
            rows.extend(many.chain(blots).map(|a| (a.top, a.bottom)));
        }
        let mut bands = joined(rows, letter * MARGIN, self.height);
        let left: f32 = bands.iter().map(|(top, bottom)| bottom - top).sum();
        if left > self.height * MOST {
            bands = vec![(0.0, self.height)];
        }
        // What stands in a band is read with it.
        let in_band = |p: &Area| bands.iter().any(|(top, bottom)| *top < p.top && p.bottom < *bottom);
        places.retain(|p| !in_band(p));
        let letters = self.letters.iter().map(|l| l.area);
        let print = letters.chain(self.blots.iter().copied()).chain(self.words.iter().map(OcrWord::area));
        let sides =
            Area::around(print).map_or((0.0, 0.0), |a| (a.left - letter * MARGIN, a.right + letter * MARGIN));
        Rest { known, bands, sides, places }
    }

    /// False for what is far higher than its letters: several lines that were taken for one word.
    fn is_one_line(&self, word: &OcrWord) -> bool {
        let inside = self.letters.iter().map(|l| l.area).filter(|l| word.area().holds(l.middle()));
        median(inside.map(Area::height)).is_none_or(|tall| word.area().height() < tall * SEVERAL_LINES)
    }
}

/// A word with the letters beside it, no more than `reach` apart, that lie in no word; `None` when there are
/// none. `dropped` are such letters from the top.
fn with_letters_beside(word: Area, dropped: &[Area], reach: f32) -> Option<Area> {
    let from = dropped.partition_point(|a| a.middle().1 < word.top);
    let to = dropped.partition_point(|a| a.middle().1 < word.bottom);
    let level = dropped.get(from..to).unwrap_or_default();
    let mut whole = word;
    loop {
        let near = Area { left: whole.left - reach, right: whole.right + reach, ..whole };
        let beside = level.iter().copied().filter(|a| a.touches(near));
        let more = Area::around(beside).map_or(whole, |beside| whole.union(beside));
        if more == whole {
            return (whole != word).then_some(whole);
        }
        whole = more;
    }
}

/// How well a word was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Known,
    Unsure,
    /// Letters beside it lie in no word.
    Cut,
}

/// A word of a line.
struct Piece {
    /// With the letters beside it.
    area: Area,
    /// It is more than a mere sign.
    is_word: bool,
    /// It is to be read where it stands.
    is_wanted: bool,
}

/// The places that neighbouring words of a line make up which are wanted, and not all mere signs: as high as
/// the words around them, and no further than these.
fn joined_pieces(line: &[Piece]) -> Vec<Area> {
    // What stands further off is a label beside its value, or another column.
    let are_near =
        |a: &Piece, b: &Piece| b.area.left - a.area.right < a.area.height().max(b.area.height()) * WORD_GAP;
    let mut places = Vec::new();
    let mut first = 0usize;
    for run in line.chunk_by(|a, b| a.is_wanted == b.is_wanted && are_near(a, b)) {
        let before = first.checked_sub(1).and_then(|i| line.get(i)).map(|p| p.area);
        first += run.len();
        let after = line.get(first).map(|p| p.area);
        let is_read = run.iter().any(|p| p.is_wanted && p.is_word);
        let Some(own) = Area::around(run.iter().map(|p| p.area)).filter(|_| is_read) else { continue };
        let all = [before, after].into_iter().flatten().fold(own, Area::union);
        let place = Area { top: all.top, bottom: all.bottom, ..own }.grown(all.height() * RIM);
        places.push(Area {
            left: before.map_or(place.left, |b| place.left.max(f32::midpoint(b.right, own.left))),
            right: after.map_or(place.right, |a| place.right.min(f32::midpoint(own.right, a.left))),
            ..place
        });
    }
    places
}

/// The places of letters that stand in rows, which may rise or fall a little.
fn scattered(letters: &[Area], height: f32) -> Vec<Area> {
    let mut letters = letters.to_vec();
    letters.sort_by(|a, b| a.left.total_cmp(&b.left));
    let mut rows: Vec<Vec<Area>> = Vec::new();
    for letter in letters {
        let follows = |row: &&mut Vec<Area>| {
            row.last().is_some_and(|last| {
                let level = (letter.middle().1 - last.middle().1).abs();
                letter.left - last.right < height * LETTER_GAP && level < height * SAME_ROW
            })
        };
        match rows.iter_mut().find(follows) {
            Some(row) => row.push(letter),
            None => rows.push(vec![letter]),
        }
    }
    let rows = rows.into_iter().filter(|row| row.len() >= FEW);
    rows.filter_map(Area::around).map(|a| a.grown(a.height() * RIM)).collect()
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
    // The second engine has Latin letters only.
    if are_in_other_letters(word.text.chars()) {
        return true;
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

    fn page<'a>(words: &'a [OcrWord], letters: &'a [Component], blots: &'a [Area]) -> Page<'a> {
        Page { words, letters, blots, height: 2000.0 }
    }

    fn left(words: &[OcrWord], more: &[(f32, f32)]) -> (usize, Vec<(f32, f32)>) {
        let rest = page(words, &letters(words, more), &[]).rest(Known::of_page(0.95), Search::Unsure, &[]);
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
        let left = page(&[], &[], &blots).rest(Known::of_page(0.95), Search::Unsure, &[]);
        assert_eq!(left.bands, [(258.0, 442.0)]);
    }

    #[test]
    fn on_a_page_read_well_unsure_words_are_read_where_they_stand() {
        let mut line = vec![
            word("Nom", 50.0, 100.0, 0.95),
            word("NGUYEN", 100.0, 98.0, 0.4),
            word("Lan", 170.0, 100.0, 0.5),
            word("née", 230.0, 100.0, 0.95),
        ];
        let of = |line: &[OcrWord]| {
            page(line, &letters(line, &[]), &[]).rest(Known::PLAINLY, Search::Dropped, &[])
        };
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
        let more = letters(&line, &[(92.0, 100.0)]);
        let cut = page(&line, &more, &[]).rest(Known::PLAINLY, Search::Dropped, &[]);
        assert_eq!((cut.places.len(), cut.bands.len()), (0, 1));
    }

    #[test]
    fn where_no_lines_are_looked_for_all_is_read_where_it_stands() {
        let mut words = vec![word("Loyer", 50.0, 100.0, 0.95), word("LLETIN", 250.0, 100.0, 0.97)];
        // The beginning of a word, a row of letters which rises, a speck, and a stamp.
        let row = (0..4u8).map(|i| (300.0 + f32::from(i) * 11.0, 600.0 - f32::from(i) * 3.0));
        let more: Vec<(f32, f32)> =
            [(228.0, 101.0), (238.0, 100.0), (900.0, 900.0)].into_iter().chain(row).collect();
        let blots = [Area::new(100.0, 300.0, 200.0, 400.0)];
        let of = |words: &[OcrWord], wanted: &[(f32, f32)]| {
            page(words, &letters(words, &more), &blots).rest(Known::PLAINLY, Search::Nowhere, wanted)
        };
        let places = |left: &Rest| -> Vec<(f32, f32)> {
            left.places.iter().map(|p| (p.left.round(), p.right.round())).collect()
        };
        let left = of(&words, &[]);
        assert_eq!((left.known.len(), left.bands.len()), (1, 0));
        assert_eq!(places(&left), [(225.0, 313.0), (295.0, 346.0)]);
        // Of the rest of the page everything counts as known.
        let one_row = of(&words, &[(95.0, 118.0)]);
        assert_eq!(places(&one_row), [(225.0, 313.0)]);
        let another = of(&words, &[(595.0, 612.0)]);
        assert_eq!((another.known.len(), places(&another)), (2, vec![(295.0, 346.0)]));
        // What was taken for one word is two lines of them.
        let lines = [word("NUMERIA", 50.0, 300.0, 0.9), word("Lafayette", 50.0, 330.0, 0.9)];
        let letters = letters(&lines, &[]);
        words = vec![OcrWord { bottom: 344.0, right: 140.0, ..word("NLUIMERIAS", 50.0, 300.0, 0.3) }];
        let left = page(&words, &letters, &[]).rest(Known::PLAINLY, Search::Nowhere, &[]);
        assert_eq!(places(&left), [(47.0, 121.0), (47.0, 141.0)]);
    }
}
