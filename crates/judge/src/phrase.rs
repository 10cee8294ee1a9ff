//! Finding phrases in folded text: exactly, and on pages read by OCR with a few misread letters.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use aho_corasick::AhoCorasick;
use complet_model::is_gapless;
use triple_accel::SearchType;
use triple_accel::levenshtein::{LEVENSHTEIN_COSTS, levenshtein, levenshtein_search_simd_with_opts};

/// One misread letter is forgiven in so many; shorter phrases are only found exactly, since one wrong
/// letter makes another word of them.
const LETTERS_PER_ERROR: usize = 8;

/// The same within one word of them, at least one letter.
const LETTERS_OF_A_WORD: usize = 3;

/// A set of phrases that are looked for at once.
#[derive(Debug, Clone)]
pub(crate) struct Phrases(Arc<Search>);

/// Sets of phrases that were made ready before.
static READY: LazyLock<Mutex<HashMap<Vec<String>, Phrases>>> = LazyLock::new(Mutex::default);
/// More sets than any rules have: whoever tries many rules keeps no more.
const MOST_READY: usize = 4096;

/// How a set of phrases is looked for.
#[derive(Debug)]
struct Search {
    texts: Vec<String>,
    exact: Option<AhoCorasick>,
    pieces: Option<AhoCorasick>,
    /// For each piece, the index of its phrase.
    piece_of: Vec<usize>,
}

impl Phrases {
    /// Making a set ready takes longer than finding it in a page, and every dossier is read by the same sets:
    /// each is made ready once.
    pub(crate) fn new(phrases: Vec<String>) -> Self {
        let ready = || READY.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = ready().get(&phrases) {
            return known.clone();
        }
        let made = Self(Arc::new(Search::new(phrases.clone())));
        let mut ready = ready();
        if ready.len() >= MOST_READY {
            ready.clear();
        }
        ready.insert(phrases, made.clone());
        made
    }

    /// The places of every phrase that stands in `text` as whole words, by the phrase's index. With
    /// `fuzzy`, phrases that do not stand there exactly may have one misread letter in eight.
    pub(crate) fn find(&self, text: &str, fuzzy: bool) -> Vec<Vec<Range<usize>>> {
        self.0.find(text, fuzzy)
    }
}

impl Search {
    fn new(phrases: Vec<String>) -> Self {
        // A phrase with k misread letters still has one of its k + 1 pieces whole: only where a piece
        // stands is the slow search worth while.
        let mut pieces = Vec::new();
        let mut piece_of = Vec::new();
        for (index, phrase) in phrases.iter().enumerate().filter(|(_, p)| allowed(p) > 0) {
            for piece in split(phrase, allowed(phrase) + 1) {
                pieces.push(piece);
                piece_of.push(index);
            }
        }
        // Building fails only for sets far larger than any here; such a set would find nothing.
        Self {
            exact: AhoCorasick::new(&phrases).ok(),
            pieces: AhoCorasick::new(&pieces).ok(),
            texts: phrases,
            piece_of,
        }
    }

    fn find(&self, text: &str, fuzzy: bool) -> Vec<Vec<Range<usize>>> {
        let mut found: Vec<Vec<Range<usize>>> = vec![Vec::new(); self.texts.len()];
        for hit in self.exact.iter().flat_map(|a| a.find_overlapping_iter(text)) {
            if is_whole(text, &hit.range())
                && let Some(places) = found.get_mut(hit.pattern().as_usize())
            {
                places.push(hit.range());
            }
        }
        if fuzzy {
            self.find_misread(text, &mut found);
        }
        found
    }

    fn find_misread(&self, text: &str, found: &mut [Vec<Range<usize>>]) {
        let exact: Vec<bool> = found.iter().map(|places| !places.is_empty()).collect();
        // For each phrase, the fewest errors with which it was found.
        let mut fewest: Vec<Option<u32>> = vec![None; self.texts.len()];
        for hit in self.pieces.iter().flat_map(|a| a.find_overlapping_iter(text)) {
            let Some(&index) = self.piece_of.get(hit.pattern().as_usize()) else { continue };
            let (Some(phrase), Some(places), Some(fewest), Some(false)) =
                (self.texts.get(index), found.get_mut(index), fewest.get_mut(index), exact.get(index))
            else {
                continue;
            };
            if let Some((errors, place)) = misread_near(text, phrase, &hit.range())
                && fewest.is_none_or(|f| errors < f)
            {
                *fewest = Some(errors);
                *places = vec![place];
            }
        }
    }
}

/// How many misread letters are forgiven in a phrase. Only phrases in the Latin alphabet are searched so:
/// in others a byte is no letter.
fn allowed(phrase: &str) -> usize {
    if phrase.is_ascii() { phrase.len() / LETTERS_PER_ERROR } else { 0 }
}

/// Splits an ASCII phrase in pieces of like length.
fn split(phrase: &str, count: usize) -> impl Iterator<Item = &str> {
    let len = phrase.len();
    (0..count).filter_map(move |i| phrase.get(i * len / count..(i + 1) * len / count))
}

/// The best place of `phrase` round a piece of it, with the number of misread letters.
fn misread_near(text: &str, phrase: &str, piece: &Range<usize>) -> Option<(u32, Range<usize>)> {
    let allowed = allowed(phrase);
    let reach = phrase.len() + allowed;
    let mut start = piece.start.saturating_sub(reach);
    let mut end = (piece.end + reach).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let window = text.get(start..end)?;
    let limit = u32::try_from(allowed).ok()?;
    levenshtein_search_simd_with_opts(
        phrase.as_bytes(),
        window.as_bytes(),
        limit,
        SearchType::All,
        LEVENSHTEIN_COSTS,
        false,
    )
    .map(|m| (m.k, start + m.start..start + m.end))
    .filter(|(_, place)| {
        is_whole(text, place) && text.get(place.clone()).is_some_and(|t| is_misread(t, phrase))
    })
    .min_by_key(|(errors, _)| *errors)
}

/// True when no word of a text is another word than that of the phrase in its place: two misread letters make
/// another of a short one, as ACTE DE NAISSANCE is no DATE DE NAISSANCE. Where spaces were misread, the whole tells.
fn is_misread(text: &str, phrase: &str) -> bool {
    let (read, meant) = (text.split(' '), phrase.split(' '));
    if read.clone().count() != meant.clone().count() {
        return true;
    }
    let most = |word: &str| (word.len() / LETTERS_OF_A_WORD).max(1);
    read.zip(meant)
        .all(|(read, meant)| levenshtein(read.as_bytes(), meant.as_bytes()) as usize <= most(meant))
}

/// True when a range lies on character boundaries and neither begins nor ends inside a word.
fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let (Some(before), Some(inside), Some(after)) =
        (text.get(..range.start), text.get(range.clone()), text.get(range.end..))
    else {
        return false;
    };
    // Thai has no gaps between words either.
    let gapless = |c: char| is_gapless(c) || matches!(c, '\u{0e00}'..='\u{0e7f}');
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !gapless(c));
    let begins_inside = letter(before.chars().next_back()) && letter(inside.chars().next());
    let ends_inside = letter(inside.chars().next_back()) && letter(after.chars().next());
    !begins_inside && !ends_inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_only() {
        let phrases = Phrases::new(vec!["NOM".to_owned(), "BAIL".to_owned()]);
        let found = phrases.find("PRENOM NOM : BAILLEUR", false);
        assert_eq!(found[0], vec![7..10]);
        assert!(found[1].is_empty());
    }

    #[test]
    fn misread_letters_are_forgiven_in_long_phrases_only() {
        let phrases = Phrases::new(vec!["QUITTANCE DE LOYER".to_owned(), "BAIL".to_owned()]);
        let text = "LA OUITTANCE DE L0YER BAII";
        assert_eq!(phrases.find(text, true)[0], vec![3..21]);
        assert!(phrases.find(text, true)[1].is_empty());
        assert!(phrases.find(text, false)[0].is_empty());
        assert!(phrases.find("QUIT ANC DE VOYER", true)[0].is_empty(), "too many errors");
    }

    #[test]
    fn another_word_is_not_a_misread_one() {
        let phrases = Phrases::new(vec!["DATE DE NAISSANCE".to_owned()]);
        assert!(phrases.find("EXTRAIT DE L'ACTE DE NAISSANCE", true)[0].is_empty());
        assert_eq!(phrases.find("DAIE DE NAlSSANCE 11/10/1954", true)[0], vec![0..17]);
        assert_eq!(phrases.find("DATEDE NAISSANCF 11/10/1954", true)[0], vec![0..16]);
    }

    #[test]
    fn text_of_any_script_does_no_harm() {
        let phrases = Phrases::new(vec!["QUITTANCE DE LOYER".to_owned(), "شهادة ميلاد".to_owned()]);
        let found = phrases.find("شهادة ميلاد é QUITTANCE ЛE LOYER", true);
        assert_eq!(found[1].len(), 1);
    }
}
