use std::collections::BTreeMap;

use complet_model::{Page, Report, Status};
use serde::{Deserialize, Serialize};

/// What is said of a dossier in one line. Keys may be added, none may change its meaning or go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// Name of its folder.
    pub(crate) dossier: String,
    pub(crate) outcome: Outcome,
    /// Id of the profile it was judged for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) profile: Option<String>,
    /// Status of each requirement by its id.
    #[serde(default)]
    pub(crate) requirements: BTreeMap<String, Status>,
    /// Files and pages in it, and those of them that could not be read.
    #[serde(default)]
    pub(crate) files: usize,
    #[serde(default)]
    pub(crate) pages: usize,
    #[serde(default)]
    pub(crate) unreadable: usize,
    /// File of the report, in the folder of reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) report: Option<String>,
    /// Why it could not be checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

/// How a dossier stands as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// Nothing is missing.
    Complete,
    /// Nothing is known to be missing, and something is for a person to decide.
    Review,
    /// Something is missing or refused.
    Incomplete,
    /// Nothing in it could be read.
    NothingReadable,
    /// It could not be checked.
    Failed,
}

impl Outcome {
    pub(crate) const ALL: [Self; 5] =
        [Self::Complete, Self::Review, Self::Incomplete, Self::NothingReadable, Self::Failed];

    /// Its name in tables of data.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Review => "review",
            Self::Incomplete => "incomplete",
            Self::NothingReadable => "nothing_readable",
            Self::Failed => "failed",
        }
    }
}

impl Line {
    pub(crate) fn of(dossier: String, report: &Report, is_readable: bool) -> Self {
        let statuses = || report.verdicts.iter().map(|v| v.status);
        let outcome = if !is_readable {
            Outcome::NothingReadable
        } else if report.is_complete() {
            Outcome::Complete
        } else if statuses().any(|s| matches!(s, Status::Missing | Status::Invalid)) {
            Outcome::Incomplete
        } else {
            Outcome::Review
        };
        let pages = || report.files.iter().flat_map(|f| &f.pages);
        let closed =
            report.files.iter().filter(|f| f.reason.is_some() && f.hash.is_some() && f.pages.is_empty());
        Self {
            dossier,
            outcome,
            profile: Some(report.profile.id.clone()),
            requirements: report.verdicts.iter().map(|v| (v.id.clone(), v.status)).collect(),
            files: report.files.len(),
            pages: pages().count(),
            unreadable: pages().filter(|p| Page::is_unreadable(p)).count() + closed.count(),
            report: None,
            error: None,
        }
    }

    pub(crate) fn failed(dossier: String, error: String) -> Self {
        Self {
            dossier,
            outcome: Outcome::Failed,
            profile: None,
            requirements: BTreeMap::new(),
            files: 0,
            pages: 0,
            unreadable: 0,
            report: None,
            error: Some(error),
        }
    }

    /// Ids of the requirements with one of these statuses.
    pub(crate) fn with(&self, wanted: &[Status]) -> Vec<&str> {
        let found = self.requirements.iter().filter(|(_, status)| wanted.contains(status));
        found.map(|(id, _)| id.as_str()).collect()
    }
}
