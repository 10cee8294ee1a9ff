//! French account numbers: the RIB.

use std::sync::LazyLock;

use regex::Regex;

use super::Found;

/// A French account number with its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rib {
    /// Code of the bank, five digits.
    pub bank: String,
    /// Code of the branch, five digits.
    pub branch: String,
    /// Number of the account, eleven letters or digits.
    pub account: String,
    /// Key, two digits.
    pub key: String,
    /// The key is right.
    pub valid: bool,
}

impl Rib {
    /// The IBAN of the account; `None` when the key is wrong.
    pub fn iban(&self) -> Option<String> {
        if !self.valid {
            return None;
        }
        let bban = format!("{}{}{}{}", self.bank, self.branch, self.account, self.key);
        let mut remainder: u64 = 0;
        for c in bban.chars().chain("FR00".chars()) {
            let value = u64::from(c.to_digit(36)?);
            remainder = (remainder * if value < 10 { 10 } else { 100 } + value) % 97;
        }
        Some(format!("FR{:02}{bban}", 98 - remainder))
    }
}

/// Spaces, cells and captions that may part the four numbers.
const GAP: &str = r"(?:[\s|:./*°-]|\b(?:CODE|BANQUE|ETABLISSEMENT|ETAB|AGENCE|GUICHET|NUMERO|NO|N|DE|DU|COMPTE|CLE|RIB)\b)+";

/// The account in one piece.
static PLAIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(r"\b([0-9]{{5}}){GAP}([0-9]{{5}}){GAP}([0-9A-Z]{{11}}){GAP}([0-9]{{2}})\b")).ok()
});
/// The account in groups.
static GROUPED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"\b([0-9]{{5}}){GAP}([0-9]{{5}}){GAP}([0-9A-Z](?: ?[0-9A-Z]){{10}}){GAP}([0-9]{{2}})\b"
    ))
    .ok()
});

/// The French account numbers in a folded text: bank, branch, account and key, with or without their captions
/// between. An account printed in groups counts only with the right key.
pub fn find_ribs(text: &str) -> Vec<Found<Rib>> {
    let plain = read(&PLAIN, text);
    if plain.is_empty() {
        read(&GROUPED, text).into_iter().filter(|f| f.value.valid).collect()
    } else {
        plain
    }
}

fn read(regex: &LazyLock<Option<Regex>>, text: &str) -> Vec<Found<Rib>> {
    let captures = regex.iter().flat_map(|regex| regex.captures_iter(text));
    captures
        .filter_map(|captures| {
            let group = |i| captures.get(i).map(|m| m.as_str().replace(' ', ""));
            let (bank, branch, account, key) = (group(1)?, group(2)?, group(3)?, group(4)?);
            if account.bytes().filter(u8::is_ascii_digit).count() < 6 {
                return None;
            }
            let valid = has_right_key(&bank, &branch, &account, &key);
            let certainty = if valid { 1.0 } else { 0.7 };
            Some(Found::new(captures.get(0)?.range(), Rib { bank, branch, account, key, valid }, certainty))
        })
        .collect()
}

/// True when `printed` is the key of the account.
pub(super) fn has_right_key(bank: &str, branch: &str, account: &str, printed: &str) -> bool {
    printed.parse().ok().is_some_and(|printed: u64| key(bank, branch, account) == Some(printed))
}

/// The key of an account, 1 to 97; `None` when a part holds other characters than letters and digits.
pub(super) fn key(bank: &str, branch: &str, account: &str) -> Option<u64> {
    let number = |part: &str| part.chars().map(digit).collect::<Option<String>>()?.parse::<u64>().ok();
    let weighted = 89 * number(bank)? % 97 + 15 * number(branch)? % 97 + 3 * (number(account)? % 97);
    Some(97 - weighted % 97)
}

/// The digit that a letter of an account number counts for: A and J are 1, B, K and S are 2.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        'A'..='I' => char::from_digit(c as u32 - 'A' as u32 + 1, 10),
        'J'..='R' => char::from_digit(c as u32 - 'J' as u32 + 1, 10),
        'S'..='Z' => char::from_digit(c as u32 - 'S' as u32 + 2, 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn keys() {
        assert_eq!(key("30001", "00064", "49190095620"), Some(88));
        assert_eq!(key("20041", "01005", "0500013M026"), Some(6));
        assert_eq!(key("30002", "00550", "0000157845Z"), Some(2));
        assert_eq!(key("3000É", "00550", "0000157845Z"), None);
    }

    #[test]
    fn with_and_without_captions() {
        for text in [
            "30001 00064 49190095620 88",
            "BANQUE GUICHET N° COMPTE CLE RIB 30001 00064 49190095620 88",
            "CODE BANQUE 30001 CODE GUICHET 00064 N° DE COMPTE 49190095620 CLE RIB 88",
            "30001 | 00064 | 49190095620 | 88",
            "30001\n00064\n49190095620\n88",
            "FR76 30001 00064 49190095620 88",
            "30001 00064 491 9009 5620 88",
        ] {
            let found = find_ribs(text);
            assert_eq!(found.len(), 1, "{text}");
            assert!(found[0].value.valid, "{text}");
            assert_eq!(found[0].value.iban().unwrap(), "FR7630001000644919009562088", "{text}");
        }
    }

    #[test]
    fn a_wrong_key_is_told() {
        let found = find_ribs("30001 00064 49190095620 89");
        assert!(!found[0].value.valid);
        assert_eq!(found[0].value.iban(), None);
        assert!(find_ribs("75001 PARIS 30001 LYON").is_empty());
    }

    #[test]
    fn iban_of_an_account_with_letters() {
        let found = find_ribs("20041 01005 0500013M026 06");
        assert_eq!(found[0].value.iban().unwrap(), "FR1420041010050500013M02606");
    }
}
