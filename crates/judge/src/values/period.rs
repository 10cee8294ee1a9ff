//! Periods.

use complet_model::{Date, Month};

use super::Found;

/// A run of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
}

impl Period {
    /// The months it stands for.
    pub fn months(&self) -> Vec<Month> {
        Vec::new()
    }
}

/// The periods in a folded text.
pub fn find_periods(_text: &str, _context_year: Option<i16>) -> Vec<Found<Period>> {
    Vec::new()
}
