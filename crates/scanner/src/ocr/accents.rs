//! Letters of names that French has not, from the data of the language they are in.

use std::collections::HashSet;

use complet_model::{fold, letters};

use crate::area::Area;
use crate::layout::Line;
use crate::ocr::OcrWord;
use crate::ocr::merge::{self, figures, is_common};

/// Languages of Tesseract with letters that its French data lacks, some of them none in common with it, and words of
/// their pages and of those that speak of their country, folded.
const LANGUAGES: &[(&str, &str)] = &[
    ("vie", "VIETNAM VIET VIETNAMIEN VIETNAMIENNE VIETNAMESE"),
    (
        "spa",
        "ESPAGNE ESPAGNOL ESPAGNOLE ESPANA ESPANOLA COLOMBIE COLOMBIEN COLOMBIENNE COLOMBIA MEXIQUE MEXICAIN \
         MEXICAINE MEXICO MEXICANA ARGENTINE ARGENTINA PEROU PERUVIEN PERUVIENNE PERU CHILI CHILIEN CHILIENNE \
         CHILE VENEZUELA VENEZUELIEN VENEZUELIENNE EQUATEUR ECUADOR BOLIVIE BOLIVIA CUBA NACIMIENTO NACIONALIDAD \
         APELLIDOS",
    ),
    (
        "por",
        "PORTUGAL PORTUGAIS PORTUGAISE PORTUGUESA BRESIL BRESILIEN BRESILIENNE BRASIL BRASILEIRA ANGOLA \
         MOZAMBIQUE NASCIMENTO NACIONALIDADE",
    ),
    ("ita", "ITALIE ITALIEN ITALIENNE ITALIA ITALIANA NASCITA CITTADINANZA"),
    ("tur", "TURQUIE TURC TURQUE TURKIYE TURKEY TURKISH CUMHURIYETI"),
    ("pol", "POLOGNE POLONAIS POLONAISE POLSKA POLAND RZECZPOSPOLITA"),
    ("hun", "HONGRIE HONGROIS HONGROISE MAGYAR MAGYARORSZAG HUNGARY ANYAKONYVI"),
    ("ron", "ROUMANIE ROUMAIN ROUMAINE ROMANIA MOLDAVIE MOLDAVE"),
    ("ces", "TCHEQUIE TCHEQUE CESKA CZECH"),
    ("slk", "SLOVAQUIE SLOVAQUE SLOVENSKA SLOVAKIA"),
    ("hrv", "CROATIE CROATE HRVATSKA SERBIE SERBE BOSNIE SLOVENIE MONTENEGRO"),
    ("lit", "LITUANIE LITUANIEN LITUANIENNE LIETUVOS"),
    ("lav", "LETTONIE LETTON LETTONE LATVIJAS"),
    ("sqi", "ALBANIE ALBANAIS ALBANAISE KOSOVO SHQIPERISE"),
    ("aze", "AZERBAIDJAN AZERBAIDJANAIS AZERBAIDJANAISE AZERBAYCAN"),
    ("deu", "ALLEMAGNE ALLEMAND ALLEMANDE DEUTSCHLAND BUNDESREPUBLIK GEBURTSURKUNDE"),
    ("swe", "SUEDE SUEDOIS SUEDOISE SVERIGE"),
    ("dan", "DANEMARK DANOIS DANOISE DANMARK"),
    ("nor", "NORVEGE NORVEGIEN NORVEGIENNE NORGE"),
    (
        "ara",
        "MAROC MAROCAIN MAROCAINE MOROCCO ALGERIE ALGERIEN ALGERIENNE ALGERIA TUNISIE TUNISIEN TUNISIENNE TUNISIA \
         MAURITANIE MAURITANIEN MAURITANIENNE LIBYE LIBYEN LIBYENNE EGYPTE EGYPTIEN EGYPTIENNE EGYPT LIBAN LIBANAIS \
         LIBANAISE LEBANON SYRIE SYRIEN SYRIENNE SYRIAN JORDANIE JORDANIEN JORDANIENNE JORDAN IRAK IRAKIEN IRAKIENNE \
         IRAQ YEMEN YEMENITE SOUDAN SOUDANAIS SOUDANAISE SUDAN PALESTINE PALESTINIEN PALESTINIENNE SAOUDITE EMIRATS \
         EMIRATES QATAR KOWEIT KUWAIT DJIBOUTI COMORES ARABE ARABIC",
    ),
    ("fas", "IRAN IRANIEN IRANIENNE AFGHANISTAN AFGHAN AFGHANE PERSAN"),
    ("ukr", "UKRAINE UKRAINIEN UKRAINIENNE UKRAINIAN"),
    (
        "rus",
        "RUSSIE RUSSE RUSSIA RUSSIAN BIELORUSSIE BIELORUSSE BELARUS KAZAKHSTAN KAZAKH KAZAKHE KIRGHIZISTAN \
         OUZBEKISTAN TADJIKISTAN",
    ),
    ("bul", "BULGARIE BULGARE BULGARIA BULGARIAN"),
    ("ell", "GRECE GREC GRECQUE GREECE HELLENIC CHYPRE CHYPRIOTE"),
    ("heb", "ISRAEL ISRAELIEN ISRAELIENNE ISRAELI HEBREU"),
    ("chi_sim", "CHINE CHINOIS CHINOISE CHINA CHINESE TAIWAN"),
    ("jpn", "JAPON JAPONAIS JAPONAISE JAPAN JAPANESE"),
    ("kor", "COREE COREEN COREENNE KOREA KOREAN"),
    ("hin", "INDE INDIEN INDIENNE INDIA NEPAL NEPALAIS NEPALAISE"),
    ("ben", "BANGLADESH BANGLADAIS BANGLADAISE"),
    ("tha", "THAILANDE THAILANDAIS THAILANDAISE THAILAND"),
    ("kat", "GEORGIE GEORGIEN GEORGIENNE GEORGIA"),
];

/// True for a word that shows a language.
type Sign = fn(&str) -> bool;

/// What French data makes of letters of other languages that it does not know.
const MISREAD: &[(&str, Sign)] = &[
    // For ỹ and ễ.
    ("vie", |word| {
        let is_short = word.chars().count() <= MONOSYLLABLE && word.ends_with('ÿ');
        is_short || (!word.is_ascii() && fold(word).starts_with("NGUYEN"))
    }),
    // For ğ; of French places, L'Haÿ is one.
    ("tur", |word| word.contains(['ÿ', 'ð']) && !word.to_lowercase().contains("haÿ")),
    // For ò: French has ù in one word alone.
    ("ita", |word| word.ends_with(['ù', 'Ù']) && word.chars().count() > 2),
    ("spa", |word| word.ends_with("iôn") || word.ends_with("IÔN")),
];

/// Letters of a Vietnamese name at most that ends with ỹ.
const MONOSYLLABLE: usize = 3;
/// Certainty from which a word of another language is believed.
const SURE: f32 = 0.75;
/// The same of a word without letters that French has not, and how much surer than the first reading it must be.
const MUCH_SURER: f32 = 0.9;
const MARGIN: f32 = 0.1;
/// Share of a word that lies in another from which both stand at one place.
const SAME_PLACE: f32 = 0.5;

/// Every language that may be asked for.
pub(crate) fn all_languages() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|(language, _)| *language)
}

/// The language whose letters names on a page may have: the one that most of its words speak of, else one whose
/// letters were misread.
pub(crate) fn spoken_of<'t>(words: impl Iterator<Item = &'t str>) -> Option<&'static str> {
    let words: Vec<&str> = words.collect();
    let text = fold(&words.join(" "));
    let folded: HashSet<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let hits = |signs: &str| signs.split(' ').filter(|sign| folded.contains(sign)).count();
    // Of as many, the first.
    let most = LANGUAGES.iter().rev().max_by_key(|(_, signs)| hits(signs))?;
    if hits(most.1) > 0 {
        return Some(most.0);
    }
    MISREAD
        .iter()
        .find(|(_, is_misread)| words.iter().any(|word| is_misread(word)))
        .map(|(language, _)| *language)
}

/// The words of a picture with what another language reads better: words with letters that French has not, also ones
/// that were left out, and, where the page is in that language, others of which it is much surer.
pub(crate) fn corrected(words: &[OcrWord], foreign: &[OcrWord], in_language: bool) -> Vec<OcrWord> {
    // What was left out stands in lines of its own.
    let after = words.iter().map(|w| w.line + 1).max().unwrap_or_default();
    let mut best: Vec<OcrWord> = Vec::with_capacity(words.len());
    for [own, other] in merge::at_one_place(words, foreign) {
        if is_better(&other, &own, in_language) {
            let line = own.first().map(|w| w.line);
            best.extend(other.iter().map(|w| OcrWord { line: line.unwrap_or(after + w.line), ..w.clone() }));
        } else {
            best.extend(own);
        }
    }
    best.sort_by(|a, b| a.line.cmp(&b.line).then(a.left.total_cmp(&b.left)));
    best
}

/// True when another language reads a place better than the first reading, which may have left it out.
fn is_better(other: &[OcrWord], own: &[OcrWord], in_language: bool) -> bool {
    let has_letters = other.iter().any(|w| w.text.chars().any(is_foreign));
    let certainty =
        |words: &[OcrWord]| merge::certainty(words.iter().map(|w| (w.text.as_str(), w.confidence)));
    let (sure, before) = (certainty(other), certainty(own));
    let is_surer = if has_letters {
        sure >= SURE && sure > before
    } else {
        in_language && !own.is_empty() && sure >= MUCH_SURER && sure >= before + MARGIN
    };
    // Figures are read alike in all languages; but letters that French has not are taken for some.
    let figures = |w: &OcrWord| figures(&w.text).len();
    let is_number = |w: &OcrWord| figures(w) > w.text.chars().filter(|c| c.is_alphabetic()).count();
    is_surer
        && !other.iter().any(|w| figures(w) > 0)
        && !own.iter().any(|w| is_number(w) || is_common(&w.text))
}

/// Words of another language that were surely read and have letters that French has not.
fn sure_and_foreign(words: &[OcrWord]) -> impl Iterator<Item = &OcrWord> {
    words.iter().filter(|w| w.confidence >= SURE && w.text.chars().any(is_foreign))
}

/// How many letters that French has not were surely read.
pub(crate) fn foreign_letters(words: &[OcrWord]) -> usize {
    sure_and_foreign(words).flat_map(|w| w.text.chars()).filter(|c| is_foreign(*c)).count()
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
        sure_and_foreign(words)
            .map(|w| Self {
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
        if let Some(other) = same.filter(|_| !is_common(&token.text)) {
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
        // By its misread letters, where no country is named; French has these words.
        assert_eq!(told("Madame Gülsen Çaÿla YILDIRIM"), Some("tur"));
        assert_eq!(told("locataire : Thi Lan Anh NGUYËN"), Some("vie"));
        assert_eq!(told("Mme Thi Mÿ Duyên TRUONG"), Some("vie"));
        assert_eq!(told("L'Haÿ-les-Roses, où M. NGUYEN est né"), None);
    }

    fn word(text: &str, left: f32, confidence: f32) -> OcrWord {
        let (text, right) = (text.to_owned(), left + 50.0);
        OcrWord { text, left, top: 0.0, right, bottom: 12.0, confidence, line: 0 }
    }

    #[test]
    fn the_language_of_a_page_corrects_its_words() {
        let own = [
            word("Gy6r,", 0.0, 0.88),
            word("llona", 60.0, 0.64),
            word("naissance", 120.0, 0.5),
            word("1992", 180.0, 0.4),
            word("Nagy", 240.0, 0.96),
        ];
        let other = [
            word("Győr,", 1.0, 0.96),
            word("Ilona", 61.0, 0.97),
            word("naíssance", 121.0, 0.9),
            word("ı992", 181.0, 0.9),
            word("Nágy", 241.0, 0.8),
            word("Szűcs", 300.0, 0.95),
        ];
        let read = |in_language: bool| {
            let words = corrected(&own, &other, in_language);
            words.into_iter().map(|w| w.text).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(read(true), "Győr, Ilona naissance 1992 Nagy Szűcs");
        assert_eq!(read(false), "Győr, llona naissance 1992 Nagy Szűcs");
    }

    #[test]
    fn words_that_are_parted_otherwise_stay_in_their_line() {
        let wide = OcrWord { right: 110.0, ..word("Dântôc:", 0.0, 0.7) };
        let own = [
            wide,
            word("Kinh", 120.0, 0.95),
            OcrWord { line: 1, top: 30.0, bottom: 42.0, ..word("Huê", 0.0, 0.6) },
        ];
        let other = [word("Dân", 0.0, 0.95), word("tộc:", 60.0, 0.96)];
        let words = corrected(&own, &other, false);
        let got: Vec<(&str, u32)> = words.iter().map(|w| (w.text.as_str(), w.line)).collect();
        assert_eq!(got, [("Dân", 0), ("tộc:", 0), ("Kinh", 0), ("Huê", 1)]);
    }

    #[test]
    fn only_accents_are_taken_and_only_where_they_are_sure() {
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
