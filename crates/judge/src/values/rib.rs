//! French account numbers.

use super::Found;

/// A French account number with its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rib {
    /// Five digits.
    pub bank: String,
    /// Five digits.
    pub branch: String,
    /// Eleven letters or digits.
    pub account: String,
    /// Two digits.
    pub key: String,
    /// The key is right.
    pub valid: bool,
}

/// The French account numbers in a folded text.
pub fn find_ribs(_text: &str) -> Vec<Found<Rib>> {
    Vec::new()
}
