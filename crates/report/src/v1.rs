//! Version 1 of the JSON report. Frozen: keys may be added, none may change its meaning or go.
//!
//! Separate from the inner types, so that those may change. The comments of the fields are the
//! descriptions of the JSON Schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

mod convert;

/// The version of the form of this report.
pub const SCHEMA_VERSION: u32 = 1;

/// Whether a dossier is complete, and if not, what is missing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// Version of the form of this report: 1.
    #[schemars(extend("const" = SCHEMA_VERSION))]
    pub schema_version: u32,
    /// The program that made the report.
    pub tool: Tool,
    /// The dossier.
    pub dossier: Dossier,
    /// The day for which it was judged, `YYYY-MM-DD`.
    #[schemars(extend("format" = "date"))]
    pub as_of: String,
    /// The profile of the person.
    pub profile: Profile,
    /// True when every requirement is met or does not apply.
    pub complete: bool,
    /// One verdict a requirement, in the order of the requirement list.
    pub requirements: Vec<Requirement>,
    /// Findings about the dossier as a whole.
    pub findings: Vec<Finding>,
    /// The documents found in the files.
    pub documents: Vec<Document>,
    /// The files of the dossier.
    pub files: Vec<File>,
    /// What to do once the dossier is complete.
    pub next_steps: Vec<String>,
}

/// What was recognised in some files, without a verdict.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Inspection {
    /// Version of the form of this report: 1.
    #[schemars(extend("const" = SCHEMA_VERSION))]
    pub schema_version: u32,
    /// The program that made the report.
    pub tool: Tool,
    /// The documents found in the files.
    pub documents: Vec<Document>,
    /// The files.
    pub files: Vec<File>,
}

/// The program that made the report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Tool {
    /// `complet`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The dossier.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Dossier {
    /// Name of its folder.
    pub name: String,
    /// The folder, as it was given.
    pub path: String,
}

/// The profile of the person.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Profile {
    /// Id of the profile: `employee`, `self_employed`, `student`, `resident`, `retiree`.
    pub id: String,
    /// True when it was concluded from the documents.
    pub inferred: bool,
    /// Ids of the documents it was concluded from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inferred_from: Vec<String>,
}

/// The verdict on one requirement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Requirement {
    /// Stable id of the requirement.
    pub id: String,
    /// What is required, for people.
    pub label: String,
    /// Whether it is satisfied.
    pub status: Status,
    /// Ids of the documents that count for it, or were tried and failed.
    pub documents: Vec<String>,
    /// What there is to say of it.
    pub findings: Vec<Finding>,
}

/// Whether a requirement is satisfied.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Satisfied.
    Met,
    /// There is no document for it.
    Missing,
    /// A document is there and fails a rule.
    Invalid,
    /// It could not be decided: somebody must look.
    Review,
    /// It does not concern this person.
    NotApplicable,
}

/// Something to say of a requirement, a document or the dossier, with the evidence.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Finding {
    /// Stable code, `rent-gap`.
    pub code: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What is the matter, for people.
    pub message: String,
    /// What to ask the client for, or to do.
    pub help: Option<String>,
    /// Ids of the documents it speaks of.
    pub documents: Vec<String>,
    /// Where it shows.
    pub evidence: Vec<Evidence>,
}

/// How much a finding weighs.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The dossier will be sent back for it.
    Error,
    /// Often refused, or to be looked at.
    Warning,
    /// Good to know.
    Info,
}

/// A place on a page that shows something.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Evidence {
    /// Id of the document.
    pub document: String,
    /// Number of the page in the document's file, from 1.
    #[schemars(range(min = 1))]
    pub page: u32,
    /// Left, top, right and bottom edges, as fractions of the upright page's width and height.
    #[schemars(inner(range(min = 0.0, max = 1.0)))]
    pub bbox: [f64; 4],
    /// The words that stand there, as printed.
    pub text: String,
}

/// A document: a run of pages of one file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Document {
    /// Id of the document in this report, `d7`.
    pub id: String,
    /// Path of its file, as in `files`.
    pub file: String,
    /// Numbers of its pages in the file, from 1.
    pub pages: Vec<u32>,
    /// Id of the document type; `other` for anything not known.
    #[serde(rename = "type")]
    pub doc_type: String,
    /// How sure the type is.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub confidence: f64,
    /// Id of the type that came second, or came nearest when the type is `other`.
    pub runner_up: Option<String>,
    /// Where its words come from.
    pub text_source: TextSource,
    /// What was read off it, by the field's name.
    pub fields: BTreeMap<String, Field>,
    /// What there is to say of the document itself.
    pub findings: Vec<Finding>,
}

/// Where the words of a document come from.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextSource {
    /// The pages' own text.
    TextLayer,
    /// Read off the picture of the pages.
    Ocr,
    /// Both.
    Mixed,
}

/// A value read off a document.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Field {
    /// A day as `YYYY-MM-DD`, a month as `YYYY-MM`, an amount as a decimal with a point, other texts as
    /// printed, numbers without spaces.
    pub value: Value,
    /// How sure the value is.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub confidence: f64,
    /// False when the value was read but fails its own check: a checksum, a calendar.
    pub valid: bool,
    /// Where it stands; null when it was concluded from what is absent.
    pub evidence: Option<Evidence>,
    /// Further places, when it was read from several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further_evidence: Vec<Evidence>,
}

/// The value of a field.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Value {
    /// Something was seen, or was looked for in vain.
    Bool(bool),
    /// One text.
    Text(String),
    /// Several texts.
    List(Vec<String>),
}

/// A file of the dossier.
#[derive(Debug, Serialize, JsonSchema)]
pub struct File {
    /// Path relative to the dossier, `/` between folders.
    pub path: String,
    /// What became of it.
    pub status: FileStatus,
    /// Why, when it was not read.
    pub reason: Option<String>,
    /// How many pages were read.
    pub pages: u32,
    /// BLAKE3 hash of its content in hexadecimal.
    pub hash: Option<String>,
    /// What is wrong or doubtful with single pages.
    pub problems: Vec<Problem>,
}

/// What became of a file.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileStatus {
    /// Read; single pages may still have problems.
    Read,
    /// Damaged, empty, over a limit, or impossible to open.
    Unreadable,
    /// Needs a password.
    Encrypted,
    /// A kind of file that is not read.
    Unsupported,
    /// Left out on purpose.
    Skipped,
}

/// Something that is wrong or doubtful with a page.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// Number of the page, from 1.
    #[schemars(range(min = 1))]
    pub page: u32,
    /// Stable code.
    pub code: String,
    /// True when what the page holds is not known.
    pub unreadable: bool,
    /// What is wrong, for people.
    pub message: String,
    /// What to ask the client for, or to do.
    pub help: Option<String>,
    /// The part of the upright page it is about: left, top, right and bottom as fractions of it; the
    /// whole page when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bbox: Option<[f64; 4]>,
}
