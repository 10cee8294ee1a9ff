//! A value that was read.

use std::cmp::Ordering;
use std::ops::Range;

use complet_model::FieldValue;

/// A value that was read, with the places it was read from.
#[derive(Debug, Clone)]
pub(crate) struct Value {
    pub(crate) content: FieldValue,
    /// Bytes of the page's text.
    pub(crate) places: Vec<Range<usize>>,
    /// From 0 to 1: under 1 when letters were repaired or the reading is ambiguous.
    pub(crate) certainty: f32,
    /// False when the value fails its own check.
    pub(crate) valid: bool,
    /// True when it passes a check that a misread value would hardly pass.
    pub(crate) proven: bool,
}

impl Value {
    pub(crate) fn plain(content: FieldValue, places: Vec<Range<usize>>) -> Self {
        Self { content, places, certainty: 1.0, valid: true, proven: false }
    }

    /// Order by size or by time, for picking the largest or the smallest.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        match (&self.content, &other.content) {
            (FieldValue::Date(a), FieldValue::Date(b)) => a.cmp(b),
            (FieldValue::Amount(a), FieldValue::Amount(b)) => a.cmp(b),
            (FieldValue::Months(a), FieldValue::Months(b)) => a.last().cmp(&b.last()),
            _ => Ordering::Equal,
        }
    }
}
