//! Finding phrases in folded text: exactly, and on pages read by OCR with a few misread letters.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use triple_accel::SearchType;
use triple_accel::levenshtein::{LEVENSHTEIN_COSTS, levenshtein_search_simd_with_opts};

/// Phrases shorter than this are only found exactly: one wrong letter makes another word of them.
const FUZZY_FROM: usize = 8;

/// A set of phrases that are looked for at once.
#[derive(Debug)]
pub(crate) struct Phrases {
    phrases: Vec<String>,
    automaton: Option<AhoCorasick>,
}

impl Phrases {
    pub(crate) fn new(phrases: Vec<String>) -> Self {
        // Every occurrence of every phrase is wanted, hence the standard kind; a set too large for an
        // automaton would find nothing, but the sets here are some thousands of phrases at most.
        let automaton =
            AhoCorasick::builder().match_kind(MatchKind::Standard).build(&phrases).ok();
        Self { phrases, automaton }
    }

    /// The places of every phrase that stands in `text` as whole words, by the phrase's index. With
    /// `fuzzy`, phrases that do not stand there exactly may have one misread letter in eight.
    pub(crate) fn find(&self, text: &str, fuzzy: bool) -> Vec<Vec<Range<usize>>> {
        let mut found: Vec<Vec<Range<usize>>> = vec![Vec::new(); self.phrases.len()];
        if let Some(automaton) = &self.automaton {
            for hit in automaton.find_overlapping_iter(text) {
                if is_whole(text, &hit.range())
                    && let Some(places) = found.get_mut(hit.pattern().as_usize())
                {
                    places.push(hit.range());
                }
            }
        }
        if fuzzy {
            for (phrase, places) in self.phrases.iter().zip(&mut found) {
                if places.is_empty() {
                    places.extend(find_fuzzy(text, phrase));
                }
            }
        }
        found
    }
}

/// True when a range neither begins nor ends inside a word.
pub(crate) fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let before = text.get(..range.start).and_then(|t| t.chars().next_back());
    let first = text.get(range.clone()).and_then(|t| t.chars().next());
    let last = text.get(range.clone()).and_then(|t| t.chars().next_back());
    let after = text.get(range.end..).and_then(|t| t.chars().next());
    !(inside(before) && inside(first)) && !(inside(last) && inside(after))
}

/// The best place where `phrase` stands in `text` with at most one misread letter in eight.
fn find_fuzzy(text: &str, phrase: &str) -> Option<Range<usize>> {
    let letters = phrase.chars().count();
    if letters < FUZZY_FROM || !phrase.is_ascii() {
        return None;
    }
    let allowed = u32::try_from(letters / 8).ok()?;
    let (needle, hay) = (phrase.as_bytes(), text.as_bytes());
    levenshtein_search_simd_with_opts(needle, hay, allowed, SearchType::Best, LEVENSHTEIN_COSTS, false)
        .map(|m| (m.k, m.start..m.end))
        .filter(|(_, range)| text.is_char_boundary(range.start) && text.is_char_boundary(range.end))
        .filter(|(_, range)| is_whole(text, range))
        .min_by_key(|(k, _)| *k)
        .map(|(_, range)| range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_only() {
        let phrases = Phrases::new(vec!["NOM".to_owned(), "BAIL".to_owned()]);
        let found = phrases.find("PRENOM NOM : BAILLEUR", false);
        assert_eq!(found[0], [7..10]);
        assert!(found[1].is_empty());
    }

    #[test]
    fn misread_letters_are_forgiven_in_long_phrases_only() {
        let phrases = Phrases::new(vec!["QUITTANCE DE LOYER".to_owned(), "BAIL".to_owned()]);
        let text = "OUITTANCE DE L0YER BAII";
        assert_eq!(phrases.find(text, true)[0], [0..18]);
        assert!(phrases.find(text, true)[1].is_empty());
        assert!(phrases.find(text, false)[0].is_empty());
    }
}
