//! The language of a document, told by words that hardly any other language has.

use std::collections::BTreeMap;

use complet_model::fold;
use complet_rules::Language;

use crate::phrase::Phrases;

/// Points for a word of a form, which says more than a small word of running text.
const TERM: u32 = 3;
/// Points from which a language is there.
const PRESENT: u32 = 4;
/// A second language is only a label here and there under this share of the first.
const SHARE: f32 = 0.4;

/// The languages that can be told.
pub(crate) struct Languages {
    codes: Vec<String>,
    /// For each phrase, the index of its language and its points.
    points: Vec<(usize, u32)>,
    phrases: Phrases,
}

impl Languages {
    pub(crate) fn new(languages: &[Language]) -> Self {
        let mut phrases = Vec::new();
        let mut points = Vec::new();
        for (index, language) in languages.iter().enumerate() {
            for (words, weight) in [(&language.words, 1), (&language.terms, TERM)] {
                phrases.extend(words.iter().map(|word| fold(word)));
                points.extend(words.iter().map(|_| (index, weight)));
            }
        }
        let codes = languages.iter().map(|l| l.code.clone()).collect();
        Self { codes, points, phrases: Phrases::new(phrases) }
    }

    /// The language of some pages, and how sure it is. A document in two languages of which one is
    /// French is French: a French reader needs no translation of it.
    pub(crate) fn tell(&self, texts: &[&str]) -> Option<(String, f32)> {
        let mut sums: BTreeMap<usize, u32> = BTreeMap::new();
        for text in texts {
            for (places, (language, weight)) in self.phrases.find(text, false).iter().zip(&self.points) {
                // A word that comes again and again tells little more than one that comes twice.
                *sums.entry(*language).or_default() += weight * places.len().min(2) as u32;
            }
        }
        let (&best, &most) = sums.iter().max_by_key(|(_, points)| **points)?;
        if most < PRESENT {
            return None;
        }
        let french = self.codes.iter().position(|c| c == "fr");
        let french_points = french.and_then(|f| sums.get(&f)).copied().unwrap_or(0);
        let is_french = french_points >= PRESENT && french_points as f32 >= SHARE * most as f32;
        let told = if is_french { french.unwrap_or(best) } else { best };
        let second = sums.iter().filter(|(l, _)| **l != told).map(|(_, p)| *p).max().unwrap_or(0);
        let confidence = match (is_french && told != best, most) {
            (true, _) => 0.65,
            (false, 0..8) => 0.6,
            (false, most) if second * 2 > most => 0.7,
            _ => 0.95,
        };
        self.codes.get(told).map(|code| (code.clone(), confidence))
    }
}
