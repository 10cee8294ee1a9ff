//! Letters of names that French has not, from the data of the language they are in.

use std::collections::HashSet;

use complet_model::{fold, letters};

use crate::area::Area;
use crate::layout::Line;
use crate::ocr::OcrWord;

/// Languages of Tesseract with letters that its French data lacks, and words of their pages and of those that
/// speak of their country, folded. Vietnamese is read together with French and still better alone.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("vie", &["VIETNAM", "VIET", "VIETNAMIEN", "VIETNAMIENNE", "VIETNAMESE"]),
    ("tur", &["TURQUIE", "TURC", "TURQUE", "TURKIYE", "TURKEY", "TURKISH", "CUMHURIYETI"]),
    ("pol", &["POLOGNE", "POLONAIS", "POLONAISE", "POLSKA", "POLAND", "RZECZPOSPOLITA"]),
    ("hun", &["HONGRIE", "HONGROIS", "HONGROISE", "MAGYAR", "MAGYARORSZAG", "HUNGARY", "ANYAKONYVI"]),
    ("ron", &["ROUMANIE", "ROUMAIN", "ROUMAINE", "ROMANIA", "MOLDAVIE", "MOLDAVE"]),
    ("ces", &["TCHEQUIE", "TCHEQUE", "CESKA", "CZECH"]),
    ("slk", &["SLOVAQUIE", "SLOVAQUE", "SLOVENSKA", "SLOVAKIA"]),
    ("hrv", &["CROATIE", "CROATE", "HRVATSKA", "SERBIE", "SERBE", "BOSNIE", "SLOVENIE", "MONTENEGRO"]),
    ("lit", &["LITUANIE", "LITUANIEN", "LITUANIENNE", "LIETUVOS"]),
    ("lav", &["LETTONIE", "LETTON", "LETTONE", "LATVIJAS"]),
    ("sqi", &["ALBANIE", "ALBANAIS", "ALBANAISE", "KOSOVO", "SHQIPERISE"]),
    ("aze", &["AZERBAIDJAN", "AZERBAIDJANAIS", "AZERBAIDJANAISE", "AZERBAYCAN"]),
    ("deu", &["ALLEMAGNE", "ALLEMAND", "ALLEMANDE", "DEUTSCHLAND", "BUNDESREPUBLIK", "GEBURTSURKUNDE"]),
    ("swe", &["SUEDE", "SUEDOIS", "SUEDOISE", "SVERIGE"]),
    ("dan", &["DANEMARK", "DANOIS", "DANOISE", "DANMARK"]),
    ("nor", &["NORVEGE", "NORVEGIEN", "NORVEGIENNE", "NORGE"]),
];

/// Certainty from which a word of another language is believed.
const SURE: f32 = 0.75;
/// Share of a word that lies in another from which both stand at one place.
const SAME_PLACE: f32 = 0.5;

/// Every language that may be asked for.
pub(crate) fn all_languages() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|(language, _)| *language)
}

/// The language whose letters names on a page may have: the one that most of its words speak of.
pub(crate) fn spoken_of<'t>(words: impl Iterator<Item = &'t str>) -> Option<&'static str> {
    let text = fold(&words.collect::<Vec<_>>().join(" "));
    let words: HashSet<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let hits = |signs: &[&str]| signs.iter().filter(|sign| words.contains(**sign)).count();
    // Of as many, the first.
    let most = LANGUAGES.iter().rev().max_by_key(|(_, signs)| hits(signs))?;
    (hits(most.1) > 0).then_some(most.0)
}

/// A word that another language read for sure, with letters that French has not.
pub(crate) struct Foreign {
    text: String,
    area: Area,
    folded: String,
}

impl Foreign {
    /// Those among the words of a picture whose corner lies at `offset`; their places are on the picture itself.
    pub(crate) fn among(words: &[OcrWord], offset: (f32, f32)) -> Vec<Self> {
        let sure = words.iter().filter(|w| w.confidence >= SURE && w.text.chars().any(is_foreign));
        sure.map(|w| Self {
            text: w.text.clone(),
            area: w.area().moved(-offset.0, -offset.1),
            folded: letters(&w.text),
        })
        .collect()
    }
}

/// Takes over the letters that French has not where another language read the same word but for accents. Words
/// stay as sure as they were.
pub(crate) fn take(lines: &mut [Line], foreign: &[Foreign]) {
    if foreign.is_empty() {
        return;
    }
    for token in lines.iter_mut().flat_map(|line| &mut line.tokens) {
        let (area, folded) = (token.area, letters(&token.text));
        let same =
            foreign.iter().find(|other| other.folded == folded && other.area.overlap(area) > SAME_PLACE);
        if let Some(other) = same {
            token.text.clone_from(&other.text);
        }
    }
}

/// True for letters with accents that French does not write.
fn is_foreign(c: char) -> bool {
    const FRENCH: &str = "àâäæçéèêëîïôöœùûüÿÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸ";
    c.is_alphabetic() && !c.is_ascii() && !FRENCH.contains(c)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use crate::layout::Token;

    #[test]
    fn a_language_is_told_by_what_a_page_speaks_of() {
        let told = |text: &str| spoken_of(text.split(' '));
        assert_eq!(told("née à Huế (Viêt-Nam), de nationalité vietnamienne"), Some("vie"));
        assert_eq!(told("RÉPUBLIQUE DE TURQUIE / TỦRKÏYE CUMHURIYETI"), Some("tur"));
        assert_eq!(told("Quittance de loyer, 3 rue de la République"), None);
    }

    #[test]
    fn only_accents_are_taken_and_only_where_they_are_sure() {
        let word = |text: &str, left: f32, confidence: f32| OcrWord {
            text: text.to_owned(),
            left,
            top: 0.0,
            right: left + 50.0,
            bottom: 12.0,
            confidence,
            line: 0,
        };
        let read = [
            ("Gũnes", 0.0),
            ("Eskisehir,", 100.0),
            ("CONTRIBUTIONS", 200.0),
            ("Marie", 300.0),
            ("Lyon", 400.0),
        ];
        let tokens = read.map(|(text, left)| Token {
            text: text.to_owned(),
            area: Area::new(left, 0.0, left + 50.0, 12.0),
            confidence: 0.9,
        });
        let mut lines = [Line::new(tokens.to_vec()).unwrap()];
        // The picture was straightened into one that is 10 pixels wider on each side.
        let foreign = [
            word("Güneş", 10.0, 0.96),
            word("Eskişehir,", 110.0, 0.97),
            word("CONTRİBUTIONS", 210.0, 0.43),
            word("Mariş", 310.0, 0.9),
            // At another place.
            word("Lyőn", 490.0, 0.9),
        ];
        take(&mut lines, &Foreign::among(&foreign, (10.0, 0.0)));
        let texts: Vec<&str> = lines[0].tokens.iter().map(|t| t.text.as_str()).collect();
        assert_eq!(texts, ["Güneş", "Eskişehir,", "CONTRIBUTIONS", "Marie", "Lyon"]);
    }
}
