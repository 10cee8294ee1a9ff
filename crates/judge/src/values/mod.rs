//! Readers of single values: dates, periods, amounts, account numbers, names, machine-readable zones.
//!
//! Each takes text and gives what it found there, with the place and how sure the reading is. Text is
//! folded ([`complet_model::fold`]) unless a reader says otherwise; lines are joined by a space or `\n`.
//! Pure functions: no clock, no files.

mod address;
mod amount;
mod bic;
mod calendar;
mod confusion;
mod country;
mod date;
mod iban;
mod iban_layouts;
mod month_names;
mod mrz;
mod name;
mod nationality_words;
mod number;
mod number_words;
mod period;
mod rib;
#[cfg(test)]
mod sample_tests;

use std::ops::Range;

pub use address::{AddressMatch, Postcode, compare_addresses, find_postcodes};
pub use amount::{Amount, find_amounts, find_amounts_loose};
pub use bic::find_bics;
pub(crate) use confusion::skeleton;
pub use country::{is_country_code, is_eea_or_swiss, nationality_from_words};
pub use date::{DateOrder, find_dates};
pub use iban::{Iban, find_ibans};
pub use mrz::{Checks, Format, Mrz, Support, find_mrz, read_zone};
pub use name::{
    NameMatch, PersonName, compare_names, is_misread_of, looks_the_same, may_be_misread, other_families,
};
pub use number::{Nir, Siret, find_nirs, find_sirets};
pub use period::{Period, find_periods};
pub use rib::{Rib, find_ribs};

/// A value read in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<T> {
    /// Where it stands, in bytes of the text.
    pub range: Range<usize>,
    /// What it says.
    pub value: T,
    /// From 0 to 1: 1 when plain and unambiguous, under 0.6 when it rests on a guess.
    pub certainty: f32,
}

impl<T> Found<T> {
    pub(crate) fn new(range: Range<usize>, value: T, certainty: f32) -> Self {
        Self { range, value, certainty }
    }
}

/// True when the ranges share a byte.
pub(crate) fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// The character that ends right before byte `at`.
pub(crate) fn char_before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

/// The character that starts at byte `at`.
pub(crate) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}
