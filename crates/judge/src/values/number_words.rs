//! French numbers in words, as civil-status acts write days and years.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::confusion::skeleton;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Word {
    /// 1 to 16, or a ten that takes units.
    Value(u32),
    /// An ordinal, complete in itself.
    Ordinal(u32),
    Twenty,
    Hundred,
    Thousand,
    And,
}

const WORDS: &[(&str, Word)] = &[
    ("UN", Word::Value(1)),
    ("UNE", Word::Value(1)),
    ("DEUX", Word::Value(2)),
    ("TROIS", Word::Value(3)),
    ("QUATRE", Word::Value(4)),
    ("CINQ", Word::Value(5)),
    ("SIX", Word::Value(6)),
    ("SEPT", Word::Value(7)),
    ("HUIT", Word::Value(8)),
    ("NEUF", Word::Value(9)),
    ("DIX", Word::Value(10)),
    ("ONZE", Word::Value(11)),
    ("DOUZE", Word::Value(12)),
    ("TREIZE", Word::Value(13)),
    ("QUATORZE", Word::Value(14)),
    ("QUINZE", Word::Value(15)),
    ("SEIZE", Word::Value(16)),
    ("VINGT", Word::Twenty),
    ("VINGTS", Word::Twenty),
    ("TRENTE", Word::Value(30)),
    ("QUARANTE", Word::Value(40)),
    ("CINQUANTE", Word::Value(50)),
    ("SOIXANTE", Word::Value(60)),
    ("SEPTANTE", Word::Value(70)),
    ("HUITANTE", Word::Value(80)),
    ("OCTANTE", Word::Value(80)),
    ("NONANTE", Word::Value(90)),
    ("CENT", Word::Hundred),
    ("CENTS", Word::Hundred),
    ("MIL", Word::Thousand),
    ("MILLE", Word::Thousand),
    ("ET", Word::And),
    ("PREMIER", Word::Ordinal(1)),
    ("PREMIERE", Word::Ordinal(1)),
    ("SECOND", Word::Ordinal(2)),
    ("DEUXIEME", Word::Ordinal(2)),
    ("TROISIEME", Word::Ordinal(3)),
    ("QUATRIEME", Word::Ordinal(4)),
];

static EXACT: LazyLock<HashMap<&'static str, Word>> = LazyLock::new(|| WORDS.iter().copied().collect());
static SKELETONS: LazyLock<HashMap<String, Word>> =
    LazyLock::new(|| WORDS.iter().map(|(name, word)| (skeleton(name), *word)).collect());

/// A number in words at the start of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spelled {
    /// Its value.
    pub(crate) value: u32,
    /// True for `PREMIER`, `TROISIEME`.
    pub(crate) ordinal: bool,
    /// How many bytes it takes.
    pub(crate) length: usize,
    /// True when a letter had to be taken for another.
    pub(crate) repaired: bool,
}

/// The longest number in words that `text` (folded) starts with.
pub(crate) fn leading(text: &str) -> Option<Spelled> {
    let mut sum = Sum::default();
    let mut taken = Spelled { value: 0, ordinal: false, length: 0, repaired: false };
    let mut pending_and = false;
    let mut repaired = false;
    for (end, name) in words(text) {
        let Some((word, misread)) = lookup(name) else { break };
        if let Word::Ordinal(value) = word {
            return (taken.length == 0).then_some(Spelled {
                value,
                ordinal: true,
                length: end,
                repaired: misread,
            });
        }
        if word == Word::And {
            if pending_and || taken.length == 0 {
                break;
            }
            pending_and = true;
            continue;
        }
        let Some(next) = sum.then(word, pending_and) else { break };
        sum = next;
        pending_and = false;
        repaired |= misread;
        taken = Spelled { value: sum.total + sum.current, ordinal: false, length: end, repaired };
    }
    // A hyphen at the end: the rest of the number was lost with its line.
    let cut = text.get(taken.length..).is_some_and(|rest| {
        rest.strip_prefix('-').is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    (taken.length > 0 && !cut).then_some(taken)
}

/// The words of `text`, each with the byte it ends at, as long as only a space or a hyphen parts them.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = if at == 0 {
            0
        } else {
            let gap = rest.find(|c: char| !matches!(c, ' ' | '\n' | '-'))?;
            if gap == 0 || gap > 3 {
                return None;
            }
            gap
        };
        let rest = rest.get(start..)?;
        let length = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let word = rest.get(..length).filter(|w| !w.is_empty())?;
        at += start + length;
        Some((at, word))
    })
}

fn lookup(name: &str) -> Option<(Word, bool)> {
    if let Some(word) = EXACT.get(name) {
        return Some((*word, false));
    }
    // Digits among letters are a misreading; other letters would be another word.
    let mixed = name.chars().any(|c| c.is_ascii_digit()) && name.chars().any(char::is_alphabetic);
    if mixed { SKELETONS.get(&skeleton(name)).map(|word| (*word, true)) } else { None }
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    total: u32,
    current: u32,
    /// A hundred or thousand may still follow the units that stand alone.
    bare_units: bool,
}

impl Sum {
    /// The number with `word` said after it; `None` when French does not go on that way.
    fn then(self, word: Word, after_and: bool) -> Option<Self> {
        let tail = self.current % 100;
        let set = |current, bare_units| Some(Self { current, bare_units, ..self });
        if after_and {
            return match word {
                Word::Value(value @ (1 | 11)) if tail >= 20 && tail.is_multiple_of(10) => {
                    set(self.current + value, false)
                }
                _ => None,
            };
        }
        match word {
            Word::Twenty if tail == 4 && self.bare_units => set(self.current + 76, false),
            Word::Twenty if tail == 0 => set(self.current + 20, false),
            Word::Hundred if self.current == 0 => set(100, false),
            Word::Hundred if self.current < 10 && self.bare_units => set(self.current * 100, false),
            Word::Thousand if self.total == 0 && self.current < 1000 => {
                Some(Self { total: self.current.max(1) * 1000, current: 0, bare_units: false })
            }
            Word::Value(value @ 1..=9) if tail == 0 => set(self.current + value, true),
            Word::Value(value @ 1..=9) if tail >= 20 && tail.is_multiple_of(10) => {
                set(self.current + value, false)
            }
            Word::Value(value @ 7..=9) if matches!(tail, 10 | 70 | 90) => set(self.current + value, false),
            Word::Value(value @ 10..=16) if matches!(tail, 0 | 60 | 80) => set(self.current + value, false),
            Word::Value(value @ 30..) if tail == 0 => set(self.current + value, false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<(u32, &str)> {
        let spelled = leading(text)?;
        Some((spelled.value, &text[spelled.length..]))
    }

    #[test]
    fn days_and_years() {
        for (text, expected) in [
            ("VINGT-TROIS", 23),
            ("VINGT ET UN", 21),
            ("TRENTE ET UN", 31),
            ("PREMIER", 1),
            ("DIX-SEPT", 17),
            ("MIL NEUF CENT QUATRE-VINGT-HUIT", 1988),
            ("MIL NEUF CENT QUATRE VINGT DIX NEUF", 1999),
            ("MIL NEUF CENT SOIXANTE ET ONZE", 1971),
            ("MIL NEUF CENT SOIXANTE-DIX-HUIT", 1978),
            ("MIL NEUF CENT QUATRE-VINGTS", 1980),
            ("MILLE NEUF CENT NONANTE-CINQ", 1995),
            ("DEUX MILLE TROIS", 2003),
            ("DEUX MIL VINGT-CINQ", 2025),
            ("DEUX MILLE VINGT ET UN", 2021),
            ("DEUX MILLE", 2000),
            ("M1L NEUF CENT", 1900),
        ] {
            assert_eq!(value(text), Some((expected, "")), "{text}");
        }
    }

    #[test]
    fn stops_where_the_number_stops() {
        assert_eq!(value("DEUX MILLE TROIS A DIX HEURES"), Some((2003, " A DIX HEURES")));
        assert_eq!(value("VINGT ET LE RESTE"), Some((20, " ET LE RESTE")));
        assert_eq!(value("DEUX TROIS"), Some((2, " TROIS")));
        assert_eq!(value("ET UN"), None);
        assert_eq!(value("UNIVERSITE"), None);
        assert_eq!(value(""), None);
    }
}
