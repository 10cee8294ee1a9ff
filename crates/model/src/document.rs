use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{BBox, Finding, Month, TextSource};

/// A place on a page that shows something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Id of the document, `d7`.
    pub document: String,
    /// Number of the page in the document's file, from 1.
    pub page: u32,
    /// Where on the page.
    pub bbox: BBox,
    /// The words that stand there, as printed.
    pub text: String,
}

/// The value of a field, in the form its kind calls for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// `true` or `false`: something was seen or was looked for in vain.
    Bool(bool),
    /// A day.
    Date(Date),
    /// Months, in order, each once.
    Months(Vec<Month>),
    /// An amount of money, in the currency of the document.
    Amount(Decimal),
    /// Several texts.
    List(Vec<String>),
    /// Text as printed, or a number in its compact form (IBAN, SIRET, NIR).
    Text(String),
}

impl FieldValue {
    /// The text, when it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The day, when it is one.
    pub fn as_date(&self) -> Option<Date> {
        if let Self::Date(date) = self { Some(*date) } else { None }
    }

    /// The months, when they are some.
    pub fn as_months(&self) -> Option<&[Month]> {
        if let Self::Months(months) = self { Some(months) } else { None }
    }

    /// The flag, when it is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// Every text it holds: one for a text, several for a list.
    pub fn texts(&self) -> &[String] {
        match self {
            Self::Text(text) => std::slice::from_ref(text),
            Self::List(list) => list,
            _ => &[],
        }
    }
}

/// A value read off a document, with its evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// The value.
    pub value: FieldValue,
    /// The words it was read from, as printed.
    pub raw: String,
    /// From 0 to 1. Under [`Field::SURE`] a rule must not rest on it alone.
    pub confidence: f32,
    /// False when the value was read but fails its own check: a checksum, a calendar.
    pub valid: bool,
    /// Where it stands; empty for what was concluded from its absence.
    pub evidence: Vec<Evidence>,
}

impl Field {
    /// The confidence from which a rule may decide on a field.
    pub const SURE: f32 = 0.6;

    /// True when a rule may decide on it.
    pub fn is_sure(&self) -> bool {
        self.confidence >= Self::SURE
    }
}

/// What a document is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Classified {
    /// Id of the document type; `other` for anything not known.
    pub doc_type: String,
    /// From 0 to 1. Under [`Classified::SURE`] a requirement must not rest on the document alone.
    pub confidence: f32,
    /// Id of the type that came second, or came nearest when the type is `other`.
    pub runner_up: Option<String>,
    /// The words that told it.
    pub evidence: Vec<Evidence>,
}

impl Classified {
    /// The type of a document that is nothing complet knows.
    pub const OTHER: &'static str = "other";
    /// The confidence from which a requirement may rest on the document.
    pub const SURE: f32 = 0.5;
}

/// One document: a run of pages of one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// `d1`, `d2`, … in the order of files and pages.
    pub id: String,
    /// Path of its file, as in [`crate::ScannedFile::path`].
    pub file: String,
    /// Numbers of its pages in the file, from 1.
    pub pages: Vec<u32>,
    /// Where its words come from.
    pub text_source: TextSource,
    /// What it is.
    pub classified: Classified,
    /// What was read off it, by the field's name.
    pub fields: BTreeMap<String, Field>,
    /// What is to be said of the document itself.
    pub findings: Vec<Finding>,
}
