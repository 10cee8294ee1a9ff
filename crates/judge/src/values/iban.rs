//! International bank account numbers.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::confusion::digit_for;
use super::iban_layouts::LAYOUTS;
use super::rib::has_right_key;
use super::{Found, char_before};

/// An IBAN as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Iban {
    /// Letters and digits without spaces: as printed, or as repaired.
    pub compact: String,
    /// Length, structure and check digits are right; for France and Monaco the RIB key too.
    pub valid: bool,
    /// Letters were taken for digits to make it valid.
    pub repaired: bool,
}

/// The IBANs in a folded text, printed in one piece or in groups parted by spaces, bars, dots or line breaks.
///
/// One that has an IBAN's form and fails its checks is given as it is printed, with `valid` false. In text
/// that was read off a picture, letters where the country has digits are taken for the digits they look
/// like, three at most, when exactly one such reading is valid; text that is `born_digital` is never changed.
/// Masked numbers (`FR76 XXXX …`) are no IBANs.
pub fn find_ibans(text: &str, born_digital: bool) -> Vec<Found<Iban>> {
    let mut found: Vec<Found<Iban>> = Vec::new();
    for (start, _) in text.char_indices() {
        if found.last().is_some_and(|last| start < last.range.end) || !begins_a_number(text, start) {
            continue;
        }
        found.extend(iban_at(text, start, born_digital));
    }
    found
}

/// Most characters that may be changed.
const MOST_REPAIRS: usize = 3;
/// A label stands within this many bytes before its number: "IBAN (identifiant international de compte
/// bancaire)" is the longest.
const LABEL_REACH: usize = 60;
/// Fewer characters than this are no account number, whatever their label says.
const SHORTEST: usize = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Digit,
    Letter,
    Either,
}

impl Class {
    fn fits(self, c: char) -> bool {
        match self {
            Self::Digit => digit_for(c).is_some(),
            Self::Letter => c.is_ascii_uppercase(),
            Self::Either => c.is_ascii_uppercase() || c.is_ascii_digit(),
        }
    }
}

/// The class of each character of an IBAN, by country.
static CLASSES: LazyLock<HashMap<&'static str, Vec<Class>>> =
    LazyLock::new(|| LAYOUTS.iter().map(|(country, layout)| (*country, classes(layout))).collect());

fn classes(layout: &str) -> Vec<Class> {
    let mut classes = vec![Class::Letter, Class::Letter, Class::Digit, Class::Digit];
    let mut count = 0;
    for c in layout.chars() {
        let class = match c {
            'n' => Class::Digit,
            'a' => Class::Letter,
            'c' => Class::Either,
            digit => {
                count = count * 10 + digit.to_digit(10).unwrap_or(0) as usize;
                continue;
            }
        };
        classes.extend(std::iter::repeat_n(class, count));
        count = 0;
    }
    classes
}

fn begins_a_number(text: &str, at: usize) -> bool {
    char_before(text, at).is_none_or(|c| !c.is_alphanumeric())
        || text.get(..at).is_some_and(|before| before.ends_with("IBAN"))
}

fn iban_at(text: &str, start: usize, born_digital: bool) -> Option<Found<Iban>> {
    let rest = text.get(start..)?;
    let labelled = is_labelled(text, start);
    let mut country = rest.get(..2)?.to_owned();
    // One box a character: `F R 7 6`.
    if labelled && country.ends_with(' ') {
        country = format!("{}{}", rest.get(..1)?, rest.get(2..3)?);
    } else if !labelled && !rest.get(2..)?.starts_with(|c: char| Class::Digit.fits(c)) {
        // `FR 76` is as good as `FR76` only where an IBAN is announced.
        return None;
    }
    let country = country.as_str();
    let classes = CLASSES.get(country)?;
    let printed = Printed::read(rest, classes);
    let range = start..start + printed.end;
    if printed.text.len() == classes.len() && !printed.overflows {
        let letters = misplaced_letters(&printed.text, classes);
        let announced = labelled || is_french(country);
        return judged(printed.text, letters, classes, born_digital, announced)
            .map(|(iban, certainty)| Found::new(range, iban, certainty));
    }
    // A digit too many or lost: still the account number that was given.
    let near = printed.text.len() + 2 >= classes.len() && printed.text.len() >= SHORTEST;
    let digits = printed.text.get(2..4).is_some_and(|check| check.bytes().all(|b| b.is_ascii_digit()));
    if !(near && digits && (labelled || is_french(country))) || misplaced_letters(&printed.text, classes) > 0
    {
        return None;
    }
    let iban = Iban { compact: printed.text, valid: false, repaired: false };
    Some(Found::new(range, iban, if born_digital { 0.9 } else { 0.4 }))
}

/// What a number of the right length is worth, with how sure it is.
fn judged(
    printed: String,
    letters: usize,
    classes: &[Class],
    born_digital: bool,
    announced: bool,
) -> Option<(Iban, f32)> {
    if letters == 0 && is_valid(&printed) {
        return Some((Iban { compact: printed, valid: true, repaired: false }, 1.0));
    }
    let may_repair = !born_digital && (1..=MOST_REPAIRS).contains(&letters);
    if let Some(compact) = if may_repair { repaired(&printed, classes) } else { None } {
        return Some((Iban { compact, valid: true, repaired: true }, 0.7));
    }
    let certainty = if born_digital { 1.0 } else { 0.5 };
    let plausible = announced && letters <= MOST_REPAIRS;
    plausible.then_some((Iban { compact: printed, valid: false, repaired: false }, certainty))
}

fn is_labelled(text: &str, at: usize) -> bool {
    let mut from = at.saturating_sub(LABEL_REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..at).is_some_and(|before| before.contains("IBAN"))
}

fn is_french(country: &str) -> bool {
    matches!(country, "FR" | "MC")
}

fn misplaced_letters(text: &str, classes: &[Class]) -> usize {
    text.chars().zip(classes).filter(|(c, class)| **class == Class::Digit && !c.is_ascii_digit()).count()
}

/// The only reading with digits wherever the country has them that is right; `None` when there is none or
/// several.
fn repaired(printed: &str, classes: &[Class]) -> Option<String> {
    let french = is_french(printed.get(..2)?);
    let mut readings = vec![String::new()];
    for (c, class) in printed.chars().zip(classes) {
        let choices = if *class == Class::Digit { digits_like(c, french) } else { vec![c] };
        readings =
            readings.iter().flat_map(|head| choices.iter().map(move |c| format!("{head}{c}"))).collect();
    }
    let mut valid = readings.into_iter().filter(|reading| is_valid(reading));
    match (valid.next(), valid.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    }
}

/// The digits that a letter may be. Where two checks prove a number (France, Monaco), the less likely ones too.
fn digits_like(c: char, doubly_checked: bool) -> Vec<char> {
    let also: &[char] = match c {
        'S' => &['6', '8'],
        'B' => &['3', '6'],
        'G' => &['9', '0'],
        'Z' | 'I' | 'L' => &['7'],
        'T' => &['1'],
        _ => &[],
    };
    let also = if doubly_checked { also } else { &[] };
    digit_for(c).into_iter().chain(also.iter().copied()).collect()
}

fn is_valid(compact: &str) -> bool {
    compact.parse::<iban::Iban>().is_ok()
        && (!is_french(compact.get(..2).unwrap_or_default()) || has_french_key(compact))
}

fn has_french_key(compact: &str) -> bool {
    let part = |from, to| compact.get(from..to).unwrap_or_default();
    has_right_key(part(4, 9), part(9, 14), part(14, 25), part(25, 27))
}

/// A number as printed, groups joined.
struct Printed {
    text: String,
    /// Byte after its last character.
    end: usize,
    /// Figures go on where the country's number ends.
    overflows: bool,
}

impl Printed {
    /// Reads groups as long as each fits the country's number at its place.
    fn read(rest: &str, classes: &[Class]) -> Self {
        let mut printed = Self { text: String::new(), end: 0, overflows: false };
        let mut at = 0;
        while let Some((group_start, group)) = next_group(rest, at) {
            let place = printed.text.len();
            let Some(expected) = classes.get(place..).filter(|c| !c.is_empty()) else { break };
            let fitting = group.chars().zip(expected).take_while(|(c, class)| class.fits(*c)).count();
            let filled = fitting == expected.len();
            if fitting < group.len() && !filled {
                break;
            }
            let taken = group.get(..fitting).unwrap_or_default();
            // A word among groups of digits is what comes after the number.
            let has_digit = taken.bytes().any(|b| b.is_ascii_digit());
            let wants_digits = expected.iter().take(fitting).all(|class| *class == Class::Digit);
            if place > 0 && wants_digits && !has_digit {
                break;
            }
            printed.text.push_str(taken);
            printed.end = group_start + fitting;
            let next = group.get(fitting..).and_then(|tail| tail.chars().next());
            printed.overflows = next.is_some_and(|c| c.is_ascii_digit());
            if filled {
                break;
            }
            at = group_start + group.len();
        }
        printed
    }
}

/// The run of letters and digits at byte `at`, or after a few separators, with the byte it starts at.
fn next_group(text: &str, at: usize) -> Option<(usize, &str)> {
    let rest = text.get(at..)?;
    let gap = if at == 0 { 0 } else { rest.find(|c| !matches!(c, ' ' | '\n' | '|' | '.' | '-' | ':'))? };
    if gap > 3 {
        return None;
    }
    let rest = rest.get(gap..)?;
    let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    (length > 0).then(|| rest.get(..length).map(|group| (at + gap, group)))?
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use proptest::prelude::*;

    use super::*;
    use crate::values::rib::key;

    fn one(text: &str, born_digital: bool) -> (String, bool, bool) {
        let found = find_ibans(text, born_digital);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        let iban = &found[0].value;
        (iban.compact.clone(), iban.valid, iban.repaired)
    }

    #[test]
    fn every_layout_has_the_length_the_registry_knows() {
        for (country, expected) in
            [("FR", 27), ("DE", 22), ("GB", 22), ("BE", 16), ("MT", 31), ("NO", 15), ("ES", 24)]
        {
            assert_eq!(CLASSES[country].len(), expected, "{country}");
        }
    }

    #[test]
    fn valid_numbers_however_printed() {
        for (text, compact) in [
            ("IBAN FR76 3000 1000 6449 1900 9562 088", "FR7630001000644919009562088"),
            ("FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606"),
            ("FR70 3000 2005 5000 0015 7845 Z02 BIC CRLYFRPP", "FR7030002005500000157845Z02"),
            ("IBANFR7630001000644919009562088", "FR7630001000644919009562088"),
            ("IBAN : FR 76 3000 1000 6449 1900 9562 088", "FR7630001000644919009562088"),
            ("FR76 | 3000 | 1000 | 6449 | 1900 | 9562 | 088", "FR7630001000644919009562088"),
            (
                "IBAN - IDENTIFIANT INTERNATIONAL DE COMPTE\nF R 7 6\n3 0 0 0\n1 0 0 0\n6 4 4 9 1 9 0 0\n9 5 6 2\n0 8 8",
                "FR7630001000644919009562088",
            ),
            ("FR76.3000.1000.6449.1900.9562.088", "FR7630001000644919009562088"),
            ("FR76 3000 1000\n6449 1900 9562 088\nBIC", "FR7630001000644919009562088"),
            ("FR76 30001 00064 49190095620 88 12345", "FR7630001000644919009562088"),
            ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
            ("GB29 NWBK 6016 1331 9268 19", "GB29NWBK60161331926819"),
            ("NL91 ABNA 0417 1643 00", "NL91ABNA0417164300"),
            ("BE68 5390 0754 7034", "BE68539007547034"),
        ] {
            for born_digital in [true, false] {
                assert_eq!(one(text, born_digital), (compact.to_owned(), true, false), "{text}");
            }
        }
    }

    #[test]
    fn the_range_is_the_number_alone() {
        let text = "IBAN : FR76 3000 1000 6449 1900 9562 088 BIC";
        assert_eq!(&text[find_ibans(text, true)[0].range.clone()], "FR76 3000 1000 6449 1900 9562 088");
    }

    #[test]
    fn misread_digits_are_repaired_on_pictures_only() {
        let text = "FR76 3OO0 1O00 6449 1900 9562 088";
        assert_eq!(one(text, false), ("FR7630001000644919009562088".to_owned(), true, true));
        assert!(find_ibans(text, false)[0].certainty <= 0.7);
        assert_eq!(one(text, true), ("FR763OO01O00644919009562088".to_owned(), false, false));
        for text in ["FR7G 3000 1000 6449 1900 9562 0B8", "FR7S 3000 1000 6449 1900 9562 088"] {
            assert_eq!(one(text, false), ("FR7630001000644919009562088".to_owned(), true, true), "{text}");
        }
    }

    #[test]
    fn wrong_numbers_stay_wrong() {
        // Another digit, four letters, a letter where the account may have one.
        for text in [
            "FR76 3000 1000 6449 1900 9562 089",
            "FR76 3OOO 1O00 6449 1900 9562 088",
            "IBAN FR76 3000 1000 6449 1900 9S62 088",
        ] {
            for found in find_ibans(text, false) {
                assert!(!found.value.valid && !found.value.repaired, "{text}");
            }
        }
        assert!(!one("FR76 3000 1000 6449 1900 9562 089", true).1);
        assert!(find_ibans("FR76 3000 1000 6449 1900 9562 089", false)[0].certainty < 0.6);
        // Right modulo 97, wrong RIB key.
        let bban = "30001000644919009562089";
        let check =
            (10..98).map(|c| format!("FR{c:02}{bban}")).find(|i| i.parse::<iban::Iban>().is_ok()).unwrap();
        assert_eq!(one(&check, true), (check.clone(), false, false));
    }

    #[test]
    fn a_number_with_a_digit_lost_or_doubled_is_a_wrong_number() {
        assert!(!one("IBAN FR76 3000 1000 6449 1900 9562 08", true).1);
        assert!(!one("IBAN FR76 3000 1000 6449 1900 9562 0888", true).1);
    }

    #[test]
    fn not_ibans() {
        for text in [
            "FR76 XXXX XXXX XXXX XXXX XXXX 088",
            "FR76 **** **** **** **** **** 088",
            "FR XX 12345",
            "FR7630001XXXXXXXXXXXXXXXX88",
            "GN82 BNG 001 0001234567890",
            "SIRET 793 456 781 00015",
            "FACTURE DE 12 MOIS",
            "LE 20 MARS 2026",
            "TVA FR 40 303 265 045",
            "TVA FR40303265045",
            "",
        ] {
            assert_eq!(find_ibans(text, true), [], "{text}");
            assert_eq!(find_ibans(text, false), [], "{text}");
        }
    }

    fn french() -> impl Strategy<Value = String> {
        ("[0-9]{5}", "[0-9]{5}", "[0-9]{9}[0-9A-Z]{2}").prop_map(|(bank, branch, account)| {
            let key = key(&bank, &branch, &account).unwrap();
            let bban = format!("{bank}{branch}{account}{key:02}");
            (2..=98).map(|c| format!("FR{c:02}{bban}")).find(|i| i.parse::<iban::Iban>().is_ok()).unwrap()
        })
    }

    proptest! {
        #[test]
        fn a_printed_number_is_read_back(iban in french()) {
            let groups: Vec<_> = iban.as_bytes().chunks(4).map(|c| std::str::from_utf8(c).unwrap()).collect();
            prop_assert_eq!(one(&format!("IBAN {}", groups.join(" ")), false), (iban, true, false));
        }

        #[test]
        fn one_damaged_character_is_never_valid_unrepaired(iban in french(), at in 2usize..27, to in "[0-9A-Z]") {
            let mut damaged = iban.clone();
            damaged.replace_range(at..=at, &to);
            // A letter that counts as the digit it replaces leaves the key right: no check can tell.
            let in_account = (14..25).contains(&at);
            if damaged == iban || (in_account && has_french_key(&damaged)) {
                return Ok(());
            }
            for found in find_ibans(&damaged, false) {
                prop_assert!(!found.value.valid || (found.value.repaired && found.value.compact == iban));
            }
            for found in find_ibans(&damaged, true) {
                prop_assert!(!found.value.valid);
            }
        }

        #[test]
        fn any_text_is_survived(text in "\\PC{0,80}") {
            find_ibans(&text, false);
        }
    }
}
