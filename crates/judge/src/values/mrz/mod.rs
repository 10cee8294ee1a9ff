//! Machine-readable zones.

use complet_model::{Date, Month};

/// The layouts of machine-readable zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Cards, three lines of 30.
    Td1,
    /// Cards and travel documents, two lines of 36.
    Td2,
    /// Passports, two lines of 44.
    Td3,
    /// Visas, two lines of 44.
    MrvA,
    /// Visas, two lines of 36.
    MrvB,
    /// The French identity card of 1988 to 2021, two lines of 36.
    OldFrench,
}

/// Which check digits are right; `None` for one that the format does not have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checks {
    /// Of the document number.
    pub number: Option<bool>,
    /// Of the birth date.
    pub birth_date: Option<bool>,
    /// Of the expiry date.
    pub expiry_date: Option<bool>,
    /// Of the optional data.
    pub optional: Option<bool>,
    /// Of the whole.
    pub composite: Option<bool>,
}

/// A machine-readable zone as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mrz {
    /// Its layout.
    pub format: Format,
    /// Indexes of the lines of text it was read from.
    pub lines: Vec<usize>,
    /// Its lines, at full width.
    pub text: Vec<String>,
    /// `P`, `ID`, `VC`: without fillers.
    pub document_code: String,
    /// Three-letter code of the issuing state.
    pub issuer: String,
    /// Family name, words parted by spaces.
    pub family_name: String,
    /// Given names, words parted by spaces.
    pub given_names: String,
    /// Document number.
    pub number: String,
    /// Three-letter code of the nationality; empty when the zone has none.
    pub nationality: String,
    /// Birth date, when the calendar has it.
    pub birth_date: Option<Date>,
    /// `M`, `F` or `X`.
    pub sex: Option<char>,
    /// Expiry date; none on the old French card.
    pub expiry_date: Option<Date>,
    /// Month of issue; only the old French card has it.
    pub issue_month: Option<Month>,
    /// Every check digit is right.
    pub valid: bool,
    /// Characters were changed to make it so.
    pub repaired: bool,
    /// The check digits one by one.
    pub checks: Checks,
}

/// The machine-readable zones in the lines of a page, as read.
pub fn find_mrz(_lines: &[&str], _as_of: Date) -> Vec<Mrz> {
    Vec::new()
}
