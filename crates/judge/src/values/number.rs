//! Numbers of companies and of insured persons.

use super::Found;

/// A SIRET.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Siret {
    /// Fourteen digits.
    pub digits: String,
    /// The check digit is right.
    pub valid: bool,
}

/// A NIR.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nir {
    /// Thirteen characters, or fifteen with the key.
    pub digits: String,
    /// The key is printed and right.
    pub valid: bool,
}

/// The SIRETs in a folded text.
pub fn find_sirets(_text: &str) -> Vec<Found<Siret>> {
    Vec::new()
}

/// The NIRs in a folded text.
pub fn find_nirs(_text: &str) -> Vec<Found<Nir>> {
    Vec::new()
}
