use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Document, Evidence, Localized, Message, ScannedFile};

/// Whether a requirement is satisfied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Satisfied.
    Met,
    /// It does not concern this person.
    NotApplicable,
    /// It could not be decided: somebody must look.
    Review,
    /// A document is there and fails a rule.
    Invalid,
    /// There is no document for it.
    Missing,
}

impl Status {
    /// All of them, the best first.
    pub const ALL: [Self; 5] = [Self::Met, Self::NotApplicable, Self::Review, Self::Invalid, Self::Missing];

    /// True when the requirement does not stand in the way of a complete dossier.
    pub fn is_fine(self) -> bool {
        matches!(self, Self::Met | Self::NotApplicable)
    }

    /// The id used in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotApplicable => "not_applicable",
            Self::Review => "review",
            Self::Invalid => "invalid",
            Self::Missing => "missing",
        }
    }
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Often refused, or to be looked at.
    Warning,
    /// The dossier will be sent back for it.
    Error,
}

/// Something to say of a requirement or a document, with the evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// What is the matter; its code is the finding's code. The catalogue also holds, under the same
    /// code, what to ask the client for.
    pub message: Message,
    /// Ids of the documents it speaks of.
    pub documents: Vec<String>,
    /// Where it shows.
    pub evidence: Vec<Evidence>,
}

/// The verdict on one requirement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Id of the requirement.
    pub id: String,
    /// What is required, for people.
    pub label: Localized,
    /// Whether it is satisfied.
    pub status: Status,
    /// Ids of the documents that count for it, or were tried and failed.
    pub documents: Vec<String>,
    /// What to say of it.
    pub findings: Vec<Finding>,
}

/// The profile of the person, and how it is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProfileChoice {
    /// Id of the profile: `employee`, `self_employed`, `student`, `resident`, `retiree`.
    pub id: String,
    /// True when it was concluded from the documents.
    pub inferred: bool,
    /// Ids of the documents it was concluded from; empty when none tells and the default was taken.
    pub from: Vec<String>,
}

/// Everything that is said of one dossier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The day for which it was judged.
    pub as_of: Date,
    /// The profile.
    pub profile: ProfileChoice,
    /// One verdict a requirement, in the order of the list.
    pub verdicts: Vec<Verdict>,
    /// Findings about the dossier as a whole.
    pub findings: Vec<Finding>,
    /// What was found in the files.
    pub documents: Vec<Document>,
    /// The files.
    pub files: Vec<ScannedFile>,
    /// What to do once the dossier is complete.
    pub next_steps: Vec<Localized>,
}

impl Report {
    /// True when no requirement stands in the way.
    pub fn is_complete(&self) -> bool {
        !self.verdicts.is_empty() && self.verdicts.iter().all(|v| v.status.is_fine())
    }
}

/// Shorthand used by every stage: a message with its arguments.
impl From<Message> for Finding {
    fn from(message: Message) -> Self {
        Self { severity: Severity::Error, message, documents: Vec::new(), evidence: Vec::new() }
    }
}
