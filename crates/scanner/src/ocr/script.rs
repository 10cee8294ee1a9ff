//! Scripts other than the Latin one, how their letters are told, and which data reads them.

use std::ops::RangeInclusive;

use crate::ocr::OcrWord;
use crate::ocr::merge::figures;

/// A script that the engines' own languages do not have.
#[derive(Debug, PartialEq, Eq)]
pub struct Script {
    /// Its English name, as Tesseract's orientation data has it.
    pub(crate) name: &'static str,
    /// Languages of Tesseract whose data reads it, the commonest first.
    pub(crate) languages: &'static [&'static str],
    /// Where its letters stand in Unicode.
    letters: &'static [RangeInclusive<char>],
}

const HAN: RangeInclusive<char> = '\u{3400}'..='\u{9fff}';

/// Those that civil registers are kept in and Tesseract has data for.
static SCRIPTS: &[Script] = &[
    Script {
        name: "Arabic",
        languages: &["ara", "fas", "urd"],
        letters: &['\u{600}'..='\u{6ff}', '\u{750}'..='\u{77f}'],
    },
    Script { name: "Armenian", languages: &["hye"], letters: &['\u{530}'..='\u{58f}'] },
    Script { name: "Bengali", languages: &["ben"], letters: &['\u{980}'..='\u{9ff}'] },
    Script {
        name: "Cyrillic",
        languages: &["ukr", "rus", "bul", "srp", "mkd", "bel", "kaz"],
        letters: &['\u{400}'..='\u{52f}'],
    },
    Script { name: "Devanagari", languages: &["hin", "nep", "mar"], letters: &['\u{900}'..='\u{97f}'] },
    Script { name: "Ethiopic", languages: &["amh", "tir"], letters: &['\u{1200}'..='\u{137f}'] },
    Script { name: "Georgian", languages: &["kat"], letters: &['\u{10a0}'..='\u{10ff}'] },
    Script { name: "Greek", languages: &["ell"], letters: &['\u{370}'..='\u{3ff}'] },
    Script { name: "Gujarati", languages: &["guj"], letters: &['\u{a80}'..='\u{aff}'] },
    Script { name: "Gurmukhi", languages: &["pan"], letters: &['\u{a00}'..='\u{a7f}'] },
    // Whether such signs are Chinese or Japanese is not told.
    Script {
        name: "Han",
        languages: &["chi_sim", "jpn", "chi_tra"],
        letters: &[HAN, '\u{3040}'..='\u{30ff}'],
    },
    Script { name: "Hebrew", languages: &["heb"], letters: &['\u{590}'..='\u{5ff}'] },
    Script { name: "Japanese", languages: &["jpn"], letters: &[HAN, '\u{3040}'..='\u{30ff}'] },
    Script { name: "Kannada", languages: &["kan"], letters: &['\u{c80}'..='\u{cff}'] },
    Script { name: "Khmer", languages: &["khm"], letters: &['\u{1780}'..='\u{17ff}'] },
    Script {
        name: "Korean",
        languages: &["kor"],
        letters: &['\u{ac00}'..='\u{d7af}', '\u{1100}'..='\u{11ff}'],
    },
    Script { name: "Malayalam", languages: &["mal"], letters: &['\u{d00}'..='\u{d7f}'] },
    Script { name: "Sinhala", languages: &["sin"], letters: &['\u{d80}'..='\u{dff}'] },
    Script { name: "Tamil", languages: &["tam"], letters: &['\u{b80}'..='\u{bff}'] },
    Script { name: "Telugu", languages: &["tel"], letters: &['\u{c00}'..='\u{c7f}'] },
    Script { name: "Thai", languages: &["tha"], letters: &['\u{e00}'..='\u{e7f}'] },
];

impl Script {
    /// The script of this name; `None` for Latin and those that are not known.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        SCRIPTS.iter().find(|script| script.name == name)
    }

    /// True for a language that is in one of these scripts.
    pub(crate) fn is_for(language: &str) -> bool {
        Self::all_languages().any(|other| other == language)
    }

    /// All of them.
    pub(crate) fn all() -> impl Iterator<Item = &'static Self> {
        SCRIPTS.iter()
    }

    /// The languages of all scripts.
    pub(crate) fn all_languages() -> impl Iterator<Item = &'static str> {
        SCRIPTS.iter().flat_map(|script| script.languages).copied()
    }

    fn has(&self, c: char) -> bool {
        c.is_alphabetic() && self.letters.iter().any(|letters| letters.contains(&c))
    }

    /// How many letters of a text are of this script, and how many of another.
    pub(crate) fn count(&self, text: &str) -> (usize, usize) {
        let letters = text.chars().filter(|c| c.is_alphabetic());
        letters
            .fold((0, 0), |(own, others), c| if self.has(c) { (own + 1, others) } else { (own, others + 1) })
    }
}

/// Mean certainty of a line from which it is in the script.
const SURE: f32 = 0.5;
/// Certainty of a word in Latin letters from which it is one.
pub(crate) const SURE_LATIN: f32 = 0.7;
/// Letters of such a word among those of another script.
const LATIN_WORD: usize = 3;
/// Share of a word that lies in another from which both stand at one place.
const SAME_PLACE: f32 = 0.3;

/// How sure figures are at most that were read in two ways.
const DOUBTFUL: f32 = 0.55;

fn has_figures(word: &OcrWord) -> bool {
    word.text.contains(|c: char| c.is_ascii_digit())
}

/// The figures of one place as they were read in Latin letters and in others: the Latin data is better at them.
fn settled(latin: &OcrWord, other: &OcrWord) -> OcrWord {
    if figures(&latin.text) == figures(&other.text) {
        return OcrWord { confidence: latin.confidence.max(other.confidence), ..other.clone() };
    }
    let others_letters = other.text.chars().any(char::is_alphabetic);
    let better = if latin.confidence >= SURE_LATIN && !others_letters { latin } else { other };
    OcrWord { confidence: better.confidence.min(DOUBTFUL), line: other.line, ..better.clone() }
}

/// The letters of the words that are of a script, and how sure they are on average.
pub(crate) fn sureness(words: &[OcrWord], script: &Script) -> (usize, f32) {
    let (letters, sum) = words.iter().fold((0, 0.0), |(letters, sum), word| {
        let own = script.count(&word.text).0;
        (letters + own, sum + word.confidence * own as f32)
    });
    (letters, sum / letters.max(1) as f32)
}

/// Makes words as sure as the surest of two languages that read the same there.
pub(crate) fn confirm(words: &mut [OcrWord], witness: &[OcrWord]) {
    for word in words {
        let same = witness.iter().filter(|w| w.text == word.text && is_same_place(w, word));
        word.confidence = same.map(|w| w.confidence).fold(word.confidence, f32::max);
    }
}

fn is_same_place(one: &OcrWord, two: &OcrWord) -> bool {
    one.area().overlap(two.area()) > SAME_PLACE
}

/// True for a word of at least so many letters that is surely read right in Latin ones.
pub(crate) fn is_latin(word: &OcrWord, letters: usize) -> bool {
    word.confidence >= SURE_LATIN && word.text.chars().filter(|c| c.is_alphabetic()).count() >= letters
}

/// The words of a page that was read in Latin letters and in another script: lines in the other script as they
/// were read in it, with the Latin words in them; everything else as it was read first.
pub(crate) fn merged(latin: &[OcrWord], other: &[OcrWord], script: &Script) -> Vec<OcrWord> {
    let mut rest: Vec<&OcrWord> = latin.iter().collect();
    let mut words: Vec<OcrWord> = Vec::new();
    for line in other.chunk_by(|a, b| a.line == b.line) {
        let (own, others) =
            line.iter().map(|w| script.count(&w.text)).fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
        let sure = line.iter().map(|w| w.confidence).sum::<f32>() / line.len() as f32;
        if own == 0 || own < others || sure < SURE {
            continue;
        }
        for word in line {
            let (own, others) = script.count(&word.text);
            let mut word = word.clone();
            if has_figures(&word) {
                let figures = latin.iter().find(|w| has_figures(w) && is_same_place(w, &word));
                word = figures.map_or_else(|| word.clone(), |figures| settled(figures, &word));
            }
            // The other data has Latin letters as well, and reads them less well.
            let stands_for = |w: &OcrWord| is_latin(w, LATIN_WORD) && is_same_place(w, &word);
            let is_latin_word = own == 0 && others > 0 && latin.iter().any(stands_for);
            if !is_latin_word {
                rest.retain(|w| !is_same_place(w, &word));
                words.push(word);
            }
        }
    }
    let lines = words.last().map_or(0, |w| w.line + 1);
    words.extend(rest.into_iter().map(|w| OcrWord { line: w.line + lines, ..w.clone() }));
    words
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn word(text: &str, left: f32, confidence: f32, line: u32) -> OcrWord {
        let right = left + 10.0 * text.chars().count() as f32;
        OcrWord { text: text.to_owned(), left, top: 0.0, right, bottom: 12.0, confidence, line }
    }

    #[test]
    fn lines_in_the_script_are_taken_with_the_latin_words_in_them() {
        let script = Script::named("Cyrillic").unwrap();
        let latin =
            [word("Micmo", 0.0, 0.4, 0), word("KHARKIV", 100.0, 0.95, 0), word("1998", 200.0, 0.95, 0)];
        let other = [
            word("Місто", 0.0, 0.9, 0),
            word("KNARKIY", 100.0, 0.6, 0),
            word("1993", 200.0, 0.9, 0),
            word("України", 260.0, 0.9, 0),
        ];
        let mut words = merged(&latin, &other, script);
        words.sort_by(|a, b| a.left.total_cmp(&b.left));
        let got: Vec<(&str, f32)> = words.iter().map(|w| (w.text.as_str(), w.confidence)).collect();
        // Two ways of reading figures make neither sure.
        assert_eq!(got, [("Місто", 0.9), ("KHARKIV", 0.95), ("1998", DOUBTFUL), ("України", 0.9)]);
    }

    #[test]
    fn lines_in_latin_letters_stay() {
        let script = Script::named("Arabic").unwrap();
        let latin = [word("ROYAUME", 0.0, 0.9, 0), word("MAROC", 100.0, 0.9, 0)];
        let words = merged(&latin, &[word("ناما", 0.0, 0.3, 0)], script);
        assert_eq!(words.len(), 2);
    }

    #[test]
    fn letters_are_told_by_their_script() {
        let count = |name, text| Script::named(name).map(|script| script.count(text));
        assert_eq!(count("Cyrillic", "Місто Харків (KHARKIV) 1990"), Some((11, 7)));
        assert_eq!(count("Arabic", "الاسم : سلمى"), Some((9, 0)));
        assert_eq!(count("Japanese", "氏名 くろさわ"), Some((6, 0)));
        assert_eq!(count("Latin", "Nom"), None);
    }
}
