use std::collections::BTreeMap;

use complet_model::Localized;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::anchor::Anchors;
use crate::pattern::Pattern;

/// What tells a document type and what is read off it: one TOML file.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocType {
    /// Stable id, `rent_receipt`.
    pub id: String,
    /// The type's name for people.
    #[schemars(with = "LocalizedForm")]
    pub label: Localized,
    /// Points a document needs to be of this type.
    #[serde(default = "default_min_score")]
    pub min_score: f32,
    /// Which of the pages that follow belong to it.
    #[serde(default)]
    pub pages: Pages,
    /// Fields in which two documents of the type differ: in a file of several pages, a page that is titled and
    /// has another value begins a new document.
    #[serde(default)]
    pub apart: Vec<String>,
    /// Several of them may stand under each other on one page, each with the title of the first and other values
    /// in `apart`: three rent receipts on one sheet.
    #[serde(default)]
    pub stacked: bool,
    /// Who the document is about.
    #[serde(default)]
    pub holder: Option<Holder>,
    /// What tells the type.
    pub anchors: Anchors,
    /// What is read off it, by the field's name.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldSpec>,
    /// Texts that are of this type.
    #[serde(default)]
    pub examples: Vec<Example>,
    /// Texts that look like this type and are not.
    #[serde(default)]
    pub counter_examples: Vec<CounterExample>,
}

fn default_min_score() -> f32 {
    6.0
}

/// Which of the pages that follow the first page of a document belong to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pages {
    /// Hardly any: a receipt.
    #[default]
    One,
    /// Those that are not told to be something, until the next page with the type's title: a payslip.
    Few,
    /// All until one calls itself something else: a lease.
    Many,
}

/// The fields that say who a document is about.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// Field with the family name, where the names are told apart.
    pub family_name: Option<String>,
    /// Field with the given names, where the names are told apart.
    pub given_names: Option<String>,
    /// Field with the whole name, where they are not.
    pub full_name: Option<String>,
    /// Field with the family name that the person goes by, where it is another than that at birth.
    pub usage_name: Option<String>,
    /// Field with the parents' names. Acts that print given names alone, as Irish ones do, give their family name with
    /// these.
    pub parents: Option<String>,
    /// Field with who lodges the person: documents in that name may lie in the dossier.
    pub host: Option<String>,
    /// Field with the birth date.
    pub birth_date: Option<String>,
    /// Type of the documents that name the person in Latin letters, and field in which they say what they translate:
    /// of an act whose own names cannot be compared, one with the same birth date tells who it is about.
    pub translation: Option<Translation>,
    /// Field with the address of the person's home. Where it differs from one document to the next, that is told.
    pub address: Option<String>,
    /// True on documents that prove who the person is.
    #[serde(default)]
    pub is_identity: bool,
    /// Where no holder was read for sure, the applicant's whole name on the document tells that it is theirs,
    /// unless it stands beside another part (landlord, father, guarantor). Not for documents that name
    /// relatives, as certificates of civil status do.
    #[serde(default)]
    pub by_name: bool,
}

/// The documents that name the holder of another.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Translation {
    /// Id of their type.
    pub doc_type: String,
    /// Their field with the id of the type that they translate.
    pub field: String,
}

impl Holder {
    /// Names of the fields that say who it is: those of one way tell it.
    pub fn ways(&self) -> Vec<Vec<&str>> {
        let apart =
            [&self.family_name, &self.given_names].into_iter().flatten().map(String::as_str).collect();
        let whole = self.full_name.iter().map(String::as_str).collect();
        [whole, apart].into_iter().filter(|way: &Vec<&str>| !way.is_empty()).collect()
    }
}

/// What a field holds and how it is found.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldSpec {
    /// The form of its value.
    pub kind: Kind,
    /// Ways to find it, the most trusted first.
    pub find: Vec<Find>,
    /// When several values are found the same way: which one.
    #[serde(default)]
    pub pick: Pick,
    /// For `choice`: the value that each pattern stands for, the first that matches.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// Patterns that make a `flag` false.
    #[serde(default)]
    pub unless: Vec<Pattern>,
    /// For `flag`: false is concluded when nothing was found. Else the flag stays unknown.
    #[serde(default)]
    pub false_when_absent: bool,
}

impl FieldSpec {
    /// True for a flag that handwriting or a stamp makes true, rather than words.
    pub fn is_ink(&self) -> bool {
        let is_ink =
            |find: &Find| !find.ink_near.is_empty() || !find.ink_of_each.is_empty() || find.stamp.is_some();
        self.find.iter().any(is_ink)
    }
}

/// The form of a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Words as printed.
    Text,
    /// The name of a person.
    Person,
    /// The names of several persons.
    Persons,
    /// The name of a company or an office.
    Organisation,
    /// A postal address.
    Address,
    /// A number or code with letters, compact.
    Code,
    /// A day.
    Date,
    /// The months a document covers.
    Period,
    /// An amount of money.
    Amount,
    /// An IBAN; invalid when its checksum is wrong.
    Iban,
    /// A BIC.
    Bic,
    /// A SIRET; invalid when its checksum is wrong.
    Siret,
    /// A French social security number; invalid when its key is wrong.
    Nir,
    /// True or false.
    Flag,
    /// One of the `choices`.
    Choice,
    /// The language of the document's text, `fr`, `en`, …
    Language,
    /// The nationality as an ICAO three-letter code.
    Nationality,
    /// `M` or `F`.
    Sex,
    /// The lines of a machine-readable zone; invalid when a check digit is wrong.
    Mrz,
}

/// Which of several values is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// The first in reading order.
    #[default]
    First,
    /// The last in reading order.
    Last,
    /// The largest, or latest.
    Largest,
    /// The smallest, or earliest.
    Smallest,
    /// All of them, for kinds that hold several.
    All,
}

/// A way to find a field's value. Exactly one of the ways is given.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Find {
    /// Labels beside or above the value.
    pub label: Vec<String>,
    /// Where the value stands from its label.
    pub side: Side,
    /// How many lines of text the value may take, from 1.
    pub lines: Option<u8>,
    /// A regular expression over the folded text; the group `v` (or the whole match) is the value, and a
    /// group `w` another one.
    pub pattern: Option<Pattern>,
    /// A field of the machine-readable zone.
    pub mrz: Option<MrzField>,
    /// Anywhere in the document.
    pub anywhere: bool,
    /// Ink, a stamp or a signature near one of these labels (below it, or beside it).
    pub ink_near: Vec<String>,
    /// Ink, a stamp or a signature near a label of each of these groups: the parties to a contract. One without any makes
    /// the flag false. The labels count where those of all groups stand close together.
    pub ink_of_each: Vec<Vec<String>>,
    /// Names in a table, one under each of its heads.
    pub table: Option<TableFind>,
    /// An ink stamp, for flags.
    pub stamp: Option<StampFind>,
    /// The pattern is looked for in the words on ink stamps, not in the text of the page.
    pub on_stamp: bool,
    /// Concluded from another field: true when that one was found.
    pub from: Option<String>,
    /// Put together from other fields of the type, when all of them were found: a name from its parts.
    pub joined: Vec<String>,
    /// Confidence of this way, instead of the usual.
    pub confidence: Option<f32>,
}

/// A table of names: people side by side, the parts of their names in rows, as on the multilingual extracts of the
/// CIEC (form A of the conventions no. 16 and no. 34).
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TableFind {
    /// Labels of each column, from the left.
    pub heads: Vec<Vec<String>>,
    /// Labels of each row, from the top, left of all columns.
    pub rows: Vec<Vec<String>>,
}

/// Whose ink stamp makes a flag true.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StampFind {
    /// One of these labels stands near the stamp: above or beside it.
    pub near: Vec<String>,
    /// What stands on the stamp. One whose words can be read and say something else makes the flag false;
    /// one on which little can be read counts when it stands near a label.
    pub says: Option<Pattern>,
    /// Another flag of the type that must be true as well.
    pub with: Option<String>,
}

/// Where a value stands from its label.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// After it on its line, else right of it, else below it.
    #[default]
    Any,
    /// After it on its line, or right of it.
    Right,
    /// Below it.
    Below,
    /// Above it: cards print the name over the day of birth.
    Above,
}

/// A field of a machine-readable zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MrzField {
    /// The family name.
    FamilyName,
    /// The given names.
    GivenNames,
    /// The document number.
    Number,
    /// The nationality, ICAO three-letter code.
    Nationality,
    /// The birth date.
    BirthDate,
    /// The expiry date.
    ExpiryDate,
    /// `M` or `F`.
    Sex,
    /// All lines.
    Lines,
}

/// A value of a `choice` field.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The value.
    pub value: String,
    /// Found anywhere in the document, it stands for the value.
    pub pattern: Pattern,
}

/// A text that is of the type. One test runs them all.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The text, line by line.
    pub text: String,
    /// Values that must be read off it, written as in the JSON report.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

/// A text that looks like the type and is not. One test runs them all.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CounterExample {
    /// The text, line by line.
    pub text: String,
    /// The type it is; anything but this file's type when absent.
    #[serde(default)]
    pub is: Option<String>,
}

/// The schema of [`Localized`], which has none of its own: the model knows nothing of schemas.
#[derive(JsonSchema)]
#[allow(dead_code)] // only its schema is used
#[schemars(rename = "Localized")]
pub(crate) struct LocalizedForm {
    /// In French.
    fr: String,
    /// In English.
    en: String,
}
