//! Amounts of money.

use complet_model::Decimal;

use super::Found;

/// An amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// How much, in units of the currency.
    pub value: Decimal,
    /// ISO 4217 code of the currency printed beside it, or `CFA` for a franc that may be either of the two.
    pub currency: Option<&'static str>,
}

/// The amounts in a folded text.
pub fn find_amounts(_text: &str) -> Vec<Found<Amount>> {
    Vec::new()
}

/// As [`find_amounts`], with whole numbers that no currency stands beside.
pub fn find_amounts_loose(_text: &str) -> Vec<Found<Amount>> {
    Vec::new()
}
