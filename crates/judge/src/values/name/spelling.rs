//! One word of a name, and whether two words may be the same.

use std::borrow::Cow;

use complet_model::letters;

use super::alphabets;
use crate::values::skeleton;

/// A word of a name, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Folded, without apostrophes.
    word: String,
    /// Other ways passports write it: `PENXXA` for Peña.
    forms: Vec<String>,
    /// Folded, with the two letters that stand for an accented one made one.
    key: String,
}

/// Words between names that say little: they come and go from one document to the next.
const PARTICLES: &[&str] = &[
    "DE", "DU", "DES", "LA", "LE", "LES", "VAN", "VON", "DER", "DEN", "EL", "AL", "BEN", "BINT", "DA", "DAS",
    "DO", "DOS", "DI", "DEL", "DELLA", "Y", "E", "ZU", "TER", "TEN", "BIN", "IBN", "OULD", "AIT", "D", "L",
    "THI",
];

/// Names shorter than this are another name with one letter changed.
const LONG_ENOUGH_FOR_A_SLIP: usize = 5;

/// Letters that two words must share at their beginning to be one, the rest misread.
const BEGUN: usize = 3;

impl Token {
    /// The words of a name as printed. Hyphens part words, apostrophes do not.
    pub(super) fn of(text: &str) -> Vec<Self> {
        text.split(|c: char| {
            !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '‘' | '`' | '´' | '\u{300}'..='\u{36f}')
        })
        .map(Self::new)
        .filter(|token| !token.word.is_empty())
        .collect()
    }

    fn new(printed: &str) -> Self {
        let word = letters(printed);
        // Passports write Ñ as N, as NN or as NXX, Ü as UE or as UXX.
        let spelled = |n: &str, u: &str| {
            let replaced = printed.replace(['Ñ', 'ñ'], n).replace(['Ü', 'ü'], u);
            letters(&replaced)
        };
        let mut forms = Vec::new();
        for form in [spelled("NN", "UE"), spelled("NXX", "UXX"), spelled("N", "UXX")] {
            if form != word && !forms.contains(&form) {
                forms.push(form);
            }
        }
        Self { key: merged(&word), word, forms }
    }

    pub(super) fn word(&self) -> &str {
        &self.word
    }

    /// Both words as they are compared: by their sounds when one is in letters of another alphabet and the other is not.
    fn comparable<'t>(&'t self, other: &'t Self) -> (Cow<'t, str>, Cow<'t, str>) {
        if alphabets::is_of_one(&self.word) == alphabets::is_of_one(&other.word) {
            (Cow::Borrowed(&self.word), Cow::Borrowed(&other.word))
        } else {
            (Cow::Owned(alphabets::key(&self.word)), Cow::Owned(alphabets::key(&other.word)))
        }
    }

    /// True when both may be the same name on two documents.
    pub(super) fn same(&self, other: &Self) -> bool {
        let (one, two) = self.comparable(other);
        one == two
            || self.key == other.key
            || self.forms.contains(&other.word)
            || other.forms.contains(&self.word)
    }

    /// True when one letter was added, lost or misread in a name long enough to tell.
    pub(super) fn near(&self, other: &Self) -> bool {
        let (one, two) = self.comparable(other);
        is_near(&one, &two)
    }

    /// How alike two words are, look-alike letters made equal; 1 for the same word.
    pub(super) fn likeness(&self, other: &Self) -> f64 {
        if self.same(other) {
            return 1.0;
        }
        // The next word was run into it, or its end lost.
        let letters = self.word.chars().count().min(other.word.chars().count());
        let begun = if self.begins(other) && letters >= BEGUN { 0.7 } else { 0.0 };
        let (one, two) = match self.comparable(other) {
            (Cow::Borrowed(_), _) => (Cow::Borrowed(self.key.as_str()), Cow::Borrowed(other.key.as_str())),
            sounds => sounds,
        };
        strsim::normalized_levenshtein(&skeleton(&one), &skeleton(&two)).clamp(begun, 0.99)
    }

    /// True when a reader may have taken one for the other: nothing differs but letters of the same look.
    pub(super) fn looks_like(&self, other: &Self) -> bool {
        let look = |token: &Self| skeleton(&token.word).replace('V', "U");
        look(self) == look(other)
    }

    pub(super) fn is_particle(&self) -> bool {
        if alphabets::is_of_one(&self.word) {
            let key = alphabets::key(&self.word);
            return PARTICLES.iter().any(|particle| alphabets::key(particle) == key);
        }
        PARTICLES.contains(&self.word.as_str())
    }

    /// True for an initial that the other begins with, either way.
    pub(super) fn abbreviates(&self, other: &Self) -> bool {
        let initial = |a: &Self, b: &Self| a.word.chars().count() == 1 && b.word.starts_with(&a.word);
        self.word != other.word && (initial(self, other) || initial(other, self))
    }

    /// True when one is the beginning of the other.
    pub(super) fn begins(&self, other: &Self) -> bool {
        self.word != other.word && (self.word.starts_with(&other.word) || other.word.starts_with(&self.word))
    }
}

/// Passports write an umlaut as two letters, other documents drop it.
fn merged(word: &str) -> String {
    word.replace("AE", "A").replace("OE", "O").replace("UE", "U").replace("AA", "A")
}

fn is_near(a: &str, b: &str) -> bool {
    let long = a.chars().count().min(b.chars().count()) >= LONG_ENOUGH_FOR_A_SLIP;
    long && strsim::levenshtein(a, b) <= 1
}

/// The words in one piece: `MARI LIIS` and `MARILIIS` are the same name.
pub(super) fn joined(tokens: &[Token]) -> String {
    tokens.iter().map(|t| t.key.as_str()).collect()
}

/// True when the words in one piece are a letter apart.
pub(super) fn joined_near(a: &[Token], b: &[Token]) -> bool {
    is_near(&joined(a), &joined(b))
}

/// The words without particles; all of them when nothing else is there.
pub(super) fn without_particles(tokens: &[Token]) -> Vec<Token> {
    let rest: Vec<Token> = tokens.iter().filter(|t| !t.is_particle()).cloned().collect();
    if rest.is_empty() { tokens.to_vec() } else { rest }
}

/// What is left of `all` when each of `some` is taken away once; `None` when one is not there.
pub(super) fn minus(all: &[Token], some: &[Token]) -> Option<Vec<Token>> {
    let mut rest = all.to_vec();
    for token in some {
        let at = rest.iter().position(|t| t.same(token))?;
        rest.remove(at);
    }
    Some(rest)
}

/// True when both hold the same words, in any order, or the same letters in the same order.
pub(super) fn same_words(a: &[Token], b: &[Token]) -> bool {
    !a.is_empty() && (joined(a) == joined(b) || minus(a, b).is_some_and(|rest| rest.is_empty()))
}
