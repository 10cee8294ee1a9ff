//! Comparison of postal addresses.

use std::sync::LazyLock;

use complet_model::fold;
use regex::Regex;

use super::Found;

/// A French postcode with its town.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Postcode {
    /// Five digits.
    pub code: String,
    /// The town after it, folded; empty when none stands there.
    pub town: String,
}

/// How two addresses compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AddressMatch {
    /// The same house.
    Same,
    /// Cannot be told: a part is missing, or a letter differs.
    Doubtful,
    /// Two places.
    Different,
}

/// Compares two addresses as printed: number, last word of the street and postcode. Flats, floors and the
/// kind of street do not count, abbreviations (`AV`, `BD`, `ST`) are taken for what they stand for.
pub fn compare_addresses(a: &str, b: &str) -> AddressMatch {
    let (a, b) = (Address::read(a), Address::read(b));
    let code = compare_parts(a.postcode.as_ref(), b.postcode.as_ref());
    if a.street.is_empty() || b.street.is_empty() {
        return without_street(&a, &b, code);
    }
    let number = compare_parts(a.number.as_ref(), b.number.as_ref());
    let street = compare_streets(&a, &b);
    let parts = [code, number, street];
    if parts.contains(&AddressMatch::Different) {
        return AddressMatch::Different;
    }
    parts.into_iter().max().unwrap_or(AddressMatch::Doubtful)
}

/// Postcodes of mainland France, Corsica and overseas.
static POSTCODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\b((?:0[1-9]|[1-8]\d|9[0-5])\d{3}|97[1-6]\d{2}|98[4-8]\d{2})\b(?:[ ,)]{1,2}([A-Z][A-Z' -]*[A-Z]))?",
    )
    .ok()
});
/// A town's name is no longer than this.
const LONGEST_TOWN: usize = 45;

/// The French postcodes in a folded text, each with the town that follows.
pub fn find_postcodes(text: &str) -> Vec<Found<Postcode>> {
    let captures = POSTCODE.iter().flat_map(|regex| regex.captures_iter(text));
    captures
        .filter_map(|captures| {
            let code = captures.get(1)?;
            let town = captures.get(2).filter(|town| town.len() <= LONGEST_TOWN);
            let follows_number = text.get(..code.start())?.trim_end().ends_with(|c: char| c.is_ascii_digit());
            // Any five digits have the form of a postcode: a town makes it one.
            let certainty = match (town.is_some(), follows_number) {
                (true, false) => 1.0,
                (true, true) => 0.7,
                (false, false) => 0.5,
                (false, true) => 0.3,
            };
            let end = town.map_or(code.end(), |town| town.end());
            let town = town.map(|town| town.as_str().to_owned()).unwrap_or_default();
            Some(Found::new(code.start()..end, Postcode { code: code.as_str().to_owned(), town }, certainty))
        })
        .collect()
}

/// Characters of an address that are looked at: none is longer.
const LONGEST: usize = 400;

/// Words that begin a street's name, with the forms they are abbreviated to.
const STREET_KINDS: &[&str] = &[
    "RUE",
    "R",
    "AVENUE",
    "AV",
    "AVE",
    "BOULEVARD",
    "BD",
    "BLD",
    "BLVD",
    "BOUL",
    "PLACE",
    "PL",
    "ALLEE",
    "ALL",
    "ALLEES",
    "CHEMIN",
    "CHE",
    "CHEM",
    "CH",
    "ROUTE",
    "RTE",
    "IMPASSE",
    "IMP",
    "QUAI",
    "COURS",
    "CRS",
    "SQUARE",
    "SQ",
    "PASSAGE",
    "PAS",
    "SENTE",
    "SENTIER",
    "SENT",
    "VOIE",
    "ESPLANADE",
    "ESP",
    "PROMENADE",
    "PROM",
    "FAUBOURG",
    "FBG",
    "FG",
    "CITE",
    "HAMEAU",
    "HAM",
    "ROND-POINT",
    "RPT",
    "MAIL",
    "PARVIS",
    "TRAVERSE",
    "TRA",
    "MONTEE",
    "MTE",
    "VENELLE",
    "VILLA",
    "COUR",
    "PONT",
    "LOTISSEMENT",
    "LOT",
    "RESIDENCE",
    "RES",
    "CLOS",
    "DOMAINE",
    "GRANDE-RUE",
];
/// A kind of street that is also part of an address of another kind only counts after a number.
const ONLY_AFTER_NUMBER: &[&str] =
    &["R", "CH", "PAS", "LOT", "RES", "RESIDENCE", "LOTISSEMENT", "PONT", "COUR", "CITE", "VILLA", "DOMAINE"];
/// Words after the street's name.
const AFTER_STREET: &[&str] = &[
    "APPARTEMENT",
    "APPART",
    "APPT",
    "APT",
    "APP",
    "BATIMENT",
    "BAT",
    "ESCALIER",
    "ESC",
    "ETAGE",
    "ETG",
    "PORTE",
    "STUDIO",
    "LOT",
    "RDC",
    "RESIDENCE",
    "RES",
    "CHAMBRE",
    "CHB",
    "CEDEX",
    "BP",
    "CS",
    "FRANCE",
    "IMMEUBLE",
    "IMM",
    "HALL",
    "ENTREE",
];
const REPETITIONS: &[(&str, &str)] =
    &[("BIS", "B"), ("TER", "T"), ("QUATER", "Q"), ("B", "B"), ("T", "T"), ("Q", "Q")];
/// What abbreviated words of street names stand for.
const ABBREVIATED: &[(&str, &str)] = &[
    ("ST", "SAINT"),
    ("STE", "SAINTE"),
    ("GAL", "GENERAL"),
    ("GEN", "GENERAL"),
    ("MAL", "MARECHAL"),
    ("DR", "DOCTEUR"),
    ("PR", "PROFESSEUR"),
    ("CDT", "COMMANDANT"),
    ("CAP", "CAPITAINE"),
    ("PDT", "PRESIDENT"),
    ("ND", "NOTRE-DAME"),
];

/// The parts of an address that tell a house.
#[derive(Debug, Default)]
struct Address {
    /// With its repetition: `8B`.
    number: Option<String>,
    /// Words of the street's name, without its kind.
    street: Vec<String>,
    postcode: Option<String>,
    /// Every word, for an address without a street.
    words: Vec<String>,
}

impl Address {
    fn read(printed: &str) -> Self {
        let printed: String = printed.chars().take(LONGEST).collect();
        let text = fold(&printed.replace(['\n', '\r'], ", "));
        let postcode = find_postcodes(&text).pop();
        let before_code = postcode.as_ref().and_then(|p| text.get(..p.range.start)).unwrap_or(&text);
        let (number, street) = street(before_code).or_else(|| street(&text)).unwrap_or_default();
        let words = words(&text).into_iter().filter(|w| w.as_str() != ",").collect();
        Self { number, street, postcode: postcode.map(|p| p.value.code), words }
    }
}

/// The words of a text, full ones for abbreviated ones, with the commas between.
fn words(text: &str) -> Vec<String> {
    let spaced: String =
        text.chars().map(|c| if matches!(c, '.' | '\'' | '(' | ')' | ':' | ';') { ' ' } else { c }).collect();
    let words = spaced.replace(',', " , ");
    words
        .split_whitespace()
        .map(|word| {
            ABBREVIATED.iter().find(|(short, _)| *short == word).map_or(word, |(_, long)| long).to_owned()
        })
        .collect()
}

/// The number and the words of the first street in a text.
fn street(text: &str) -> Option<(Option<String>, Vec<String>)> {
    let words = words(text);
    let kind_at = (0..words.len()).find(|at| {
        let kind = words.get(*at).is_some_and(|word| STREET_KINDS.contains(&word.as_str()));
        let optional = words.get(*at).is_some_and(|word| ONLY_AFTER_NUMBER.contains(&word.as_str()));
        kind && (!optional || house_number(&words, *at).is_some())
    })?;
    let ends = |word: &&String| {
        word.as_str() != "," && !AFTER_STREET.contains(&word.as_str()) && !is_number_of_flat(word)
    };
    let name: Vec<String> = words
        .iter()
        .skip(kind_at + 1)
        .take_while(ends)
        .flat_map(|w| w.split('-'))
        .map(str::to_owned)
        .collect();
    let name: Vec<String> = name.into_iter().filter(|w| !w.is_empty()).collect();
    (!name.is_empty()).then(|| (house_number(&words, kind_at), name))
}

/// The number before the kind of street: `8 BIS`, `8B`, `8,`.
fn house_number(words: &[String], kind_at: usize) -> Option<String> {
    let mut before = words.get(..kind_at)?.iter().rev().filter(|w| w.as_str() != ",");
    let last = before.next()?;
    if let Some((_, letter)) = REPETITIONS.iter().find(|(word, _)| *word == last.as_str()) {
        return plain_number(before.next()?).map(|number| format!("{number}{letter}"));
    }
    plain_number(last).or_else(|| {
        let (digits, letter) = last.split_at_checked(last.find(|c: char| !c.is_ascii_digit())?)?;
        let repetition = REPETITIONS.iter().find(|(word, _)| *word == letter).map(|(_, letter)| *letter);
        Some(format!(
            "{}{}",
            plain_number(digits)?,
            repetition.or_else(|| (letter.len() == 1).then_some(letter))?
        ))
    })
}

fn plain_number(word: &str) -> Option<String> {
    let digits = (1..=4).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| word.trim_start_matches('0').to_owned())
}

/// Digits in a street's name are dates (`8 MAI 1945`); the number of a flat has letters with it.
fn is_number_of_flat(word: &str) -> bool {
    word.starts_with("N°") || word.starts_with('#')
}

fn compare_parts(a: Option<&String>, b: Option<&String>) -> AddressMatch {
    match (a, b) {
        (Some(a), Some(b)) if a == b => AddressMatch::Same,
        (Some(_), Some(_)) => AddressMatch::Different,
        _ => AddressMatch::Doubtful,
    }
}

/// The last words are the same, or stand in the other's name: a town may follow it.
fn compare_streets(a: &Address, b: &Address) -> AddressMatch {
    let (Some(last_a), Some(last_b)) = (a.street.last(), b.street.last()) else {
        return AddressMatch::Doubtful;
    };
    if last_a == last_b || b.street.contains(last_a) || a.street.contains(last_b) {
        return AddressMatch::Same;
    }
    let near = |word: &String, street: &[String]| {
        word.len() >= 5 && street.iter().any(|other| strsim::levenshtein(word, other) <= 1)
    };
    if near(last_a, &b.street) || near(last_b, &a.street) {
        AddressMatch::Doubtful
    } else {
        AddressMatch::Different
    }
}

/// A hall of residence or a place: all words must be the same.
fn without_street(a: &Address, b: &Address, code: AddressMatch) -> AddressMatch {
    if code == AddressMatch::Different {
        return code;
    }
    let all_in = |some: &[String], others: &[String]| some.iter().all(|word| others.contains(word));
    let same = a.words.len() > 2 && all_in(&a.words, &b.words) && all_in(&b.words, &a.words);
    if same && code == AddressMatch::Same { AddressMatch::Same } else { AddressMatch::Doubtful }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn check(a: &str, b: &str, expected: AddressMatch) {
        assert_eq!(compare_addresses(a, b), expected, "{a} / {b}");
        assert_eq!(compare_addresses(b, a), expected, "{b} / {a}");
    }

    #[test]
    fn the_same_house() {
        for (a, b) in [
            ("7 rue Paradis, 13001 Marseille", "7 RUE PARADIS 13001 MARSEILLE"),
            (
                "41 rue Crébillon, studio 12, 2e étage, 44000 Nantes",
                "Studio n° 12 - 2e étage 41 rue Crébillon 44000 NANTES",
            ),
            ("2 rue Espariat, 13100 Aix-en-Provence", "2 RUE ESPARIAT 13100 AIX EN PROVENCE"),
            ("25 rue des Carmes, Blois (41000)", "25 rue des Carmes, 41000 Blois, lot 5"),
            ("8 bis rue Colbert appartement 4 37000 TOURS", "8B, rue Colbert\n37000 Tours"),
            ("31 rue de Siam Lot n° 3 - T2 29200 Brest", "31 rue de Siam 29200 BREST"),
            ("12 av. du Gal de Gaulle 75014 Paris", "12, avenue du Général de Gaulle, 75014 PARIS"),
            ("RES LES SAULES APPT 22 14 RUE DU MARAIS 79000 NIORT", "14 rue du Marais 79000 Niort"),
            (
                "Foyer Romain Rolland, ch. 212, 93200 Saint-Denis",
                "FOYER ROMAIN ROLLAND CH 212 93200 SAINT-DENIS",
            ),
            ("3 rue du 8 mai 1945 69100 Villeurbanne", "3 RUE DU 8 MAI 1945, 69100 VILLEURBANNE"),
        ] {
            check(a, b, AddressMatch::Same);
        }
    }

    #[test]
    fn other_houses() {
        for (a, b) in [
            ("7 rue Paradis, 13001 Marseille", "9 rue Paradis, 13001 Marseille"),
            ("7 rue Paradis, 13001 Marseille", "7 rue Saint-Ferréol, 13001 Marseille"),
            ("7 rue Paradis, 13001 Marseille", "7 rue Paradis, 13006 Marseille"),
            ("8 rue Colbert 37000 Tours", "8 bis rue Colbert 37000 Tours"),
            ("Foyer Romain Rolland, 93200 Saint-Denis", "Cité U Les Flamboyants, 67000 Strasbourg"),
        ] {
            check(a, b, AddressMatch::Different);
        }
    }

    #[test]
    fn doubtful() {
        for (a, b) in [
            ("7 rue Paradis, 13001 Marseille", "7 rue Paradls, 13001 Marseille"),
            ("7 rue Paradis, 13001 Marseille", "7 rue Paradis"),
            ("7 rue Paradis, 13001 Marseille", "13001 Marseille"),
            ("rue Paradis, 13001 Marseille", "7 rue Paradis, 13001 Marseille"),
            ("", "7 rue Paradis, 13001 Marseille"),
        ] {
            check(a, b, AddressMatch::Doubtful);
        }
    }

    #[test]
    fn postcodes_with_their_towns() {
        let read = |text| {
            let found = find_postcodes(text);
            found.iter().map(|f| (f.value.code.clone(), f.value.town.clone())).collect::<Vec<_>>()
        };
        assert_eq!(read("7 RUE PARADIS 13001 MARSEILLE"), [("13001".to_owned(), "MARSEILLE".to_owned())]);
        assert_eq!(
            read("BP 12 93531 AUBERVILLIERS CEDEX 1"),
            [("93531".to_owned(), "AUBERVILLIERS CEDEX".to_owned())]
        );
        assert_eq!(read("20090 AJACCIO"), [("20090".to_owned(), "AJACCIO".to_owned())]);
        assert!(read("99123 NULLE PART").is_empty());
        assert!(find_postcodes("N° 13001")[0].certainty < 0.6);
    }
}
