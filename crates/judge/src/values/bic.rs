//! Bank identifier codes.

use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use super::country::is_alpha2;

/// In one piece, or letter by letter in cells (`P S S T F R P P X X X`).
static PLAIN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b").ok());
static SPACED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b[A-Z](?:[ |]{1,3}[A-Z]){5}(?:[ |]{1,3}[A-Z0-9]){2}(?:(?:[ |]{1,3}[A-Z0-9]){3})?\b").ok()
});
/// Bank, country, place and branch apart: only right after a label.
static GROUPED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:BIC|SWIFT)\W{1,4}([A-Z]{4} [A-Z]{2} [A-Z0-9]{2}(?: (?:XXX|[A-Z0-9]*[0-9][A-Z0-9]*))?)\b",
    )
    .ok()
});
/// A label right before a code, and one anywhere before it.
static LABEL_BEFORE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(?:BIC|SWIFT)\b(?:\W|\b(?:CODE|SWIFT|BIC|ADRESSE)\b)*$").ok());
static LABEL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(?:BIC|SWIFT|BANK IDENTIFIER CODE)\b").ok());

/// A label stands within this many bytes before its code.
const LABEL_REACH: usize = 60;

/// Where a label stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Beside,
    Near,
    None,
}

/// The BICs in a folded text, without spaces. Words have the form of a BIC more often than BICs have: without
/// a label right before, only codes with a figure or a head-office branch (`XXX`) count; without any, only French
/// ones and those of a head office.
pub fn find_bics(text: &str) -> Vec<Found<String>> {
    let grouped = GROUPED.iter().flat_map(|r| r.captures_iter(text)).filter_map(|c| c.get(1));
    let plain = PLAIN.iter().flat_map(|r| r.find_iter(text));
    let spaced = SPACED.iter().flat_map(|r| r.find_iter(text));
    let mut found: Vec<Found<String>> = Vec::new();
    for place in grouped.chain(plain).chain(spaced) {
        let range = place.range();
        let code: String = place.as_str().chars().filter(char::is_ascii_alphanumeric).collect();
        let overlaps = found.iter().any(|f| super::overlap(&f.range, &range));
        if let Some(certainty) = certainty(&code, label(text, range.start)).filter(|_| !overlaps) {
            found.push(Found::new(range, code, certainty));
        }
    }
    found.sort_by_key(|f| f.range.start);
    found
}

fn label(text: &str, at: usize) -> Label {
    let mut from = at.saturating_sub(LABEL_REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text.get(from..at).unwrap_or_default();
    let matches =
        |regex: &LazyLock<Option<Regex>>| regex.as_ref().is_some_and(|regex| regex.is_match(before));
    if matches(&LABEL_BEFORE) {
        Label::Beside
    } else if matches(&LABEL) {
        Label::Near
    } else {
        Label::None
    }
}

fn certainty(code: &str, label: Label) -> Option<f32> {
    let country = code.get(4..6)?;
    if !matches!(code.len(), 8 | 11) || !is_alpha2(country) {
        return None;
    }
    let place = code.get(6..)?;
    let head_office = place.ends_with("XXX");
    let telling = place.bytes().any(|b| b.is_ascii_digit()) || head_office || place.starts_with("PP");
    match label {
        Label::Beside => Some(if telling { 1.0 } else { 0.8 }),
        Label::Near if telling => Some(0.9),
        Label::None if telling && (head_office || matches!(country, "FR" | "MC")) => Some(0.8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        find_bics(text).into_iter().map(|f| f.value).collect()
    }

    #[test]
    fn printed_in_every_way() {
        for (text, code) in [
            ("BIC : CEPAFRPP399", "CEPAFRPP399"),
            ("BIC CMCIFR2A", "CMCIFR2A"),
            ("CODE BIC : BNGNGNCX", "BNGNGNCX"),
            ("P S S T F R P P X X X", "PSSTFRPPXXX"),
            ("P | S | S | T | F | R | P | P | N | T | E", "PSSTFRPPNTE"),
            ("SWIFT: BNPA FR PP XXX", "BNPAFRPPXXX"),
            ("AGRIFRPP882", "AGRIFRPP882"),
            ("BIC DEUTDEFF500 BANQUE", "DEUTDEFF500"),
        ] {
            assert_eq!(read(text), [code], "{text}");
        }
    }

    #[test]
    fn words_are_no_codes() {
        for text in [
            "RELEVE D'IDENTITE BANCAIRE",
            "SOUFFRIR",
            "BIC ET IBAN DES DERNIERS COMPTES",
            "DOMICILIATION",
            "TITULAIRE",
            "FR7630001000644919009562088",
            "",
        ] {
            assert_eq!(read(text), Vec::<String>::new(), "{text}");
        }
    }
}
