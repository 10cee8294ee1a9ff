//! Countries and nationalities.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::nationality_words::WORDS;

/// True for a three-letter code of a state or of another issuer of travel documents.
pub fn is_country_code(code: &str) -> bool {
    code.len() == 3 && mrz::country_name(code).is_some()
}

const EEA_AND_SWITZERLAND: &[&str] = &[
    "AUT", "BEL", "BGR", "HRV", "CYP", "CZE", "DNK", "EST", "FIN", "FRA", "DEU", "D", "GRC", "HUN", "IRL",
    "ITA", "LVA", "LTU", "LUX", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "ESP", "SWE", "ISL", "LIE",
    "NOR", "CHE", // Territories whose people are French or Finnish citizens.
    "GLP", "MTQ", "GUF", "REU", "MYT", "BLM", "MAF", "SPM", "NCL", "PYF", "WLF", "ALA",
];
/// Codes that name no state: organisations, specimens, unspecified.
const NO_STATE: &[&str] = &[
    "UTO", "XXX", "XXC", "EUE", "UNO", "UNA", "XOM", "XBA", "XIM", "XCC", "XEC", "XCE", "XES", "XMP", "XDC",
    "IAO", "NTZ", "ATA",
];

/// Whether nationals of `code` (ICAO, three letters, or Germany's `D`) are citizens of the European Union, the
/// European Economic Area or Switzerland; `None` for a code that is not known or names no state. Stateless
/// persons and recognised refugees are not.
pub fn is_eea_or_swiss(code: &str) -> Option<bool> {
    if mrz::country_name(code).is_none() || NO_STATE.contains(&code) {
        return None;
    }
    Some(EEA_AND_SWITZERLAND.contains(&code))
}

static BY_WORDS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    WORDS.iter().flat_map(|(code, words)| words.split(';').map(move |word| (word, *code))).collect()
});
/// Words of the longest name.
const LONGEST: usize = 4;

/// The ICAO code of the nationality that a folded text names, in French, English or the country's own language:
/// `FRANCAISE/FRENCH`, `VIETNAMIENNE`, `BRITISH CITIZEN`. `None` when it names none or several.
pub fn nationality_from_words(text: &str) -> Option<&'static str> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let mut named: Option<&'static str> = None;
    let mut at = 0;
    while at < words.len() {
        // The longest name first: NORTH KOREAN before KOREAN.
        let name = (1..=LONGEST).rev().find_map(|count| {
            let name = words.get(at..at + count)?.join(" ");
            BY_WORDS.get(name.as_str()).map(|code| (*code, count))
        });
        let Some((code, count)) = name else {
            at += 1;
            continue;
        };
        if named.is_some_and(|other| other != code) {
            return None;
        }
        named = Some(code);
        at += count;
    }
    named
}

/// ISO 3166-1 codes of two letters, as BICs have them.
const ALPHA2: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV \
    BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM \
    FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM \
    JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR \
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS \
    RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ \
    UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// True for a country's code of two letters.
pub(super) fn is_alpha2(code: &str) -> bool {
    ALPHA2.split_whitespace().any(|known| known == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_union_and_its_neighbours() {
        for code in ["FRA", "DEU", "D", "ISL", "LIE", "NOR", "CHE", "PRT", "REU"] {
            assert_eq!(is_eea_or_swiss(code), Some(true), "{code}");
        }
        for code in ["GBR", "GBN", "VNM", "MAR", "TUR", "MCO", "XXA", "RKS", "USA"] {
            assert_eq!(is_eea_or_swiss(code), Some(false), "{code}");
        }
        for code in ["UTO", "XXX", "ZZZ", "", "EUE", "FR"] {
            assert_eq!(is_eea_or_swiss(code), None, "{code}");
        }
    }

    #[test]
    fn every_listed_code_is_known_and_every_word_is_folded_and_single() {
        let mut seen = HashMap::new();
        for (code, words) in WORDS {
            assert!(is_country_code(code), "{code}");
            for word in words.split(';') {
                assert_eq!(word, complet_model::fold(word), "{code}");
                assert!(word.split(' ').count() <= LONGEST, "{word}");
                assert_eq!(*seen.entry(word).or_insert(code), code, "{word}");
            }
        }
        for code in EEA_AND_SWITZERLAND.iter().chain(NO_STATE) {
            assert!(mrz::country_name(code).is_some(), "{code}");
        }
        assert!(WORDS.len() >= 60);
    }

    #[test]
    fn nationalities_in_words() {
        for (text, code) in [
            ("FRANCAISE", Some("FRA")),
            ("NATIONALITE / NATIONALITY FRANCAISE/FRENCH", Some("FRA")),
            ("VIETNAMIENNE", Some("VNM")),
            ("PORTUGUESA / PORTUGUESE", Some("PRT")),
            ("BRITISH CITIZEN", Some("GBR")),
            ("UNITED STATES OF AMERICA", Some("USA")),
            ("NIGERIENNE", Some("NER")),
            ("NIGERIANE", Some("NGA")),
            ("SUD-COREENNE", Some("KOR")),
            ("FRANCAISE ET MAROCAINE", None),
            ("CONGOLAISE", None),
            ("FRANCAISEMENT", None),
            ("", None),
        ] {
            assert_eq!(nationality_from_words(text), code, "{text}");
        }
    }

    #[test]
    fn two_letter_codes() {
        assert!(is_alpha2("FR") && is_alpha2("XK") && !is_alpha2("ZZ"));
        assert_eq!(ALPHA2.split_whitespace().count(), 250);
    }
}
