//! Comparison of people's names.

/// A name as printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonName {
    /// Family name.
    pub family: Option<String>,
    /// Given names.
    pub given: Option<String>,
    /// The whole name when it is not known which part is which.
    pub full: Option<String>,
}

/// How two names compare, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameMatch {
    /// The same names.
    Same,
    /// One has more given names than the other.
    Compatible,
    /// Cannot be told.
    Doubtful,
    /// Two people.
    Different,
}

/// Compares two names.
pub fn compare_names(_a: &PersonName, _b: &PersonName) -> NameMatch {
    NameMatch::Doubtful
}
