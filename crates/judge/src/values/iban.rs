//! International bank account numbers.

use super::Found;

/// An IBAN as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Iban {
    /// Letters and digits without spaces.
    pub compact: String,
    /// Length, structure and check digits are right; for France and Monaco the RIB key too.
    pub valid: bool,
    /// Letters were taken for digits to make it valid.
    pub repaired: bool,
}

/// The IBANs in a folded text.
pub fn find_ibans(_text: &str, _born_digital: bool) -> Vec<Found<Iban>> {
    Vec::new()
}
