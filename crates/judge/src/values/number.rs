//! Numbers of companies (SIRET) and of insured persons (NIR).

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Found, char_at, char_before};

/// The number of a company's establishment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Siret {
    /// Fourteen digits.
    pub digits: String,
    /// The check digit is right.
    pub valid: bool,
}

/// The number of an insured person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nir {
    /// Thirteen characters, or fifteen with the key.
    pub digits: String,
    /// The key is printed and right.
    pub valid: bool,
}

impl Nir {
    /// True for a number given until the final one is: it says nothing of the sex.
    pub fn is_provisional(&self) -> bool {
        !self.digits.starts_with(['1', '2'])
    }
}

static SIRET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[0-9]{3}([ .]?)[0-9]{3}[ .]?[0-9]{3}[ .]?(?:[0-9]{5}|[0-9]{2} [0-9]{3})").ok()
});
static NIR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"[1-478][ .-]?[0-9]{2}[ .-]?(?:0[1-9]|1[0-2]|[2-9][0-9])[ .-]?(?:2[AB]|[0-9]{2})",
        r"[ .-]?[0-9]{3}[ .-]?[0-9]{3}(?:[ ./-]{0,3}(?:CLE :? ?)?([0-9]{2}))?"
    ))
    .ok()
});

/// The SIRETs in a folded text. Without the word `SIRET` before it, a number counts only with the right check
/// digit, and is less sure: meters and contracts have fourteen digits too.
pub fn find_sirets(text: &str) -> Vec<Found<Siret>> {
    all(&SIRET, text, |captures, labelled| {
        let digits = compact(captures);
        let valid = has_siret_check(&digits);
        let certainty = if labelled { 1.0 } else { 0.7 };
        (labelled || valid).then_some((Siret { digits, valid }, certainty))
    })
}

/// The NIRs in a folded text, with or without their key. Without a label before it, a number counts only
/// with the right key.
pub fn find_nirs(text: &str) -> Vec<Found<Nir>> {
    all(&NIR, text, |captures, labelled| {
        let digits = compact(captures);
        let valid = captures.get(1).is_some() && has_nir_key(&digits);
        let certainty = match (valid, labelled) {
            (true, true) => 1.0,
            (true, false) => 0.9,
            (false, _) => 0.6,
        };
        (valid || labelled).then_some((Nir { digits, valid }, certainty))
    })
}

fn compact(captures: &Captures) -> String {
    let printed = captures.get(0).map_or("", |m| m.as_str());
    let without_label = printed.replace("CLE", "");
    without_label.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn all<T>(
    regex: &LazyLock<Option<Regex>>,
    text: &str,
    read: impl Fn(&Captures, bool) -> Option<(T, f32)>,
) -> Vec<Found<T>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(captures) = regex.as_ref().and_then(|r| r.captures_at(text, at)) {
        let Some(range) = captures.get(0).map(|m| m.range()) else { break };
        // A number that fails may hide one that starts a character later.
        at = range.start + 1;
        if is_inside_a_number(text, &range) {
            continue;
        }
        if let Some((value, certainty)) = read(&captures, is_labelled(text, range.start)) {
            at = range.end;
            found.push(Found::new(range, value, certainty));
        }
    }
    found
}

fn is_inside_a_number(text: &str, range: &std::ops::Range<usize>) -> bool {
    char_before(text, range.start).is_some_and(char::is_alphanumeric)
        || char_at(text, range.end).is_some_and(char::is_alphanumeric)
}

/// True when the words right before say what the number is.
fn is_labelled(text: &str, at: usize) -> bool {
    const REACH: usize = 60;
    const LABELS: [&str; 8] =
        ["SIRET", "SECURITE SOCIALE", "SECU", "N° SS", "NIR", "IMMATRICULATION", "ASSURE SOCIAL", "N SS"];
    let mut from = at.saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text.get(from..at).unwrap_or_default();
    // Figures between would be the labelled number.
    let label = LABELS.iter().filter_map(|label| before.rfind(label).map(|i| i + label.len())).max();
    label.and_then(|end| before.get(end..)).is_some_and(|gap| !gap.contains(|c: char| c.is_ascii_digit()))
}

/// Luhn's sum from the right; La Poste's establishments may instead have a sum of digits divisible by five.
fn has_siret_check(digits: &str) -> bool {
    let values: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    let luhn: u32 = values
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| if i % 2 == 0 { *d } else { d * 2 / 10 + d * 2 % 10 })
        .sum();
    luhn.is_multiple_of(10)
        || (digits.starts_with("356000000") && values.iter().sum::<u32>().is_multiple_of(5))
}

/// The key is 97 less the number modulo 97; Corsica's letters count as 19 and 18.
fn has_nir_key(digits: &str) -> bool {
    let Some((number, key)) = digits.split_at_checked(13) else { return false };
    let number = number.replace("2A", "19").replace("2B", "18");
    let (Ok(number), Ok(key)) = (number.parse::<u64>(), key.parse::<u64>()) else { return false };
    97 - number % 97 == key
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn siret_vectors() {
        for (digits, valid) in [
            ("73282932000074", true),
            ("21750001600019", true),
            ("35600000049837", true),
            ("73282932000075", false),
        ] {
            let found = find_sirets(&format!("SIRET : {digits}"));
            assert_eq!((found[0].value.digits.as_str(), found[0].value.valid), (digits, valid));
        }
        assert_eq!(find_sirets("SIRET 732 829 320 00074")[0].value.digits, "73282932000074");
        assert!(find_sirets("73282932000075").is_empty());
        assert!(find_sirets("173282932000074").is_empty());
        assert!(find_sirets("732 829 320 00074")[0].certainty < 1.0);
    }

    #[test]
    fn nir_vectors() {
        for nir in [
            "2 69 05 49 588 157 80",
            "1 84 01 76 451 089 64",
            "2 99 04 2A 033 001 11",
            "1 99 04 2B 033 001 88",
            "1 80 05 06 324 023 76",
        ] {
            let found = find_nirs(nir);
            assert!(found[0].value.valid, "{nir}");
            assert_eq!(found[0].value.digits, nir.replace(' ', ""));
        }
        let specimen = &find_nirs("N° SECURITE SOCIALE 1 80 05 06 324 023 15")[0];
        assert!(!specimen.value.valid);
        assert!(find_nirs("1 80 05 06 324 023 15").is_empty());
    }

    #[test]
    fn nirs_without_a_key_and_provisional_ones() {
        let found = &find_nirs("N° DE SECURITE SOCIALE : 1 80 05 06 324 023")[0];
        assert_eq!((found.value.digits.as_str(), found.value.valid), ("1800506324023", false));
        let found = &find_nirs("NIR 7 88 02 99 253 001 23")[0];
        assert!(found.value.is_provisional());
        assert!(find_nirs("01 43 12 50 00").is_empty());
    }
}
